"""What a site's requests to AI services cost, by stage, day, model, function, run or item, and a chart of it."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from igny8_assets.ai.spending import Spent, spent_by
from igny8_assets.stages.registry import STAGES
from igny8_assets.store.amounts import usd_text
from igny8_assets.store.models import AICall, Cluster, Content, Image, Site, Task

By = Literal["stage", "day", "model", "function", "run", "item"]
GROUPINGS: tuple[By, ...] = get_args(By)
_ROWS_AT_ONCE = 1000
BAR_HEIGHT, LABEL_WIDTH, BARS_WIDTH, AMOUNT_WIDTH = 18, 130, 300, 110


@dataclass(frozen=True)
class Cost:
    """One line: what it is about, in words, and what was spent on it."""

    label: str
    spent: Spent


def costs_of(session: Session, site: Site, *, by: By = "stage", since: datetime | None = None) -> list[Cost]:
    """What a site's calls cost, added up; days are those of UTC.

    Args:
        since: only calls from this moment on.
    """
    conditions = [AICall.site_id == site.id]
    if since is not None:
        conditions.append(AICall.created_at >= since)
    columns: dict[By, Any] = {
        "stage": AICall.stage,
        "day": utc_day(session, AICall.created_at),
        "model": AICall.model,
        "function": AICall.function,
        "run": AICall.run_id,
        "item": AICall.work_key,
    }
    spent = spent_by(session, *conditions, by=columns[by])
    titles = _titles(session, site, spent) if by == "item" else {}
    return [Cost(_label(by, key, titles), amount) for key, amount in spent.items()]


def total_of(costs: Sequence[Cost]) -> Spent:
    """All lines together."""
    fields = Spent.__dataclass_fields__
    return Spent(**{name: sum(getattr(cost.spent, name) for cost in costs) for name in fields})


def chart_data_uri(costs: Sequence[Cost]) -> str:
    """A bar for each line, as an SVG picture in a `data:` URI."""
    return "data:image/svg+xml;base64," + base64.b64encode(chart_svg(costs).encode()).decode("ascii")


def chart_svg(costs: Sequence[Cost]) -> str:
    """A bar for each line: what is known in full colour, what is possible beyond it pale."""
    most = max((cost.spent.known_usd_pico + cost.spent.possible_usd_pico for cost in costs), default=0) or 1
    bars = []
    for place, cost in enumerate(costs):
        top, known = place * BAR_HEIGHT, BARS_WIDTH * cost.spent.known_usd_pico / most
        possible = BARS_WIDTH * cost.spent.possible_usd_pico / most
        label = cost.label if len(cost.label) <= 20 else cost.label[:19] + "…"
        bars.append(
            f'<text x="{LABEL_WIDTH - 6}" y="{top + 13}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{LABEL_WIDTH}" y="{top + 3}" width="{known:.1f}" height="12" fill="#2f6f8f"/>'
            f'<rect x="{LABEL_WIDTH + known:.1f}" y="{top + 3}" width="{possible:.1f}" height="12" fill="#b7cfda"/>'
            f'<text x="{LABEL_WIDTH + known + possible + 6:.1f}" y="{top + 13}">'
            f"{usd_text(cost.spent.known_usd_pico)}</text>"
        )
    width, height = LABEL_WIDTH + BARS_WIDTH + AMOUNT_WIDTH, max(1, len(costs)) * BAR_HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11" fill="#444">{"".join(bars)}</svg>'
    )


def utc_day(session: Session, moment: Any) -> Any:
    """The day of a column's moment in UTC, as `2026-11-24`."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%Y-%m-%d", moment)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD")


def _label(by: By, key: Any, titles: Mapping[tuple[int, int], str]) -> str:
    if by == "stage":
        return f"{key} {STAGES[key].name}"
    if by == "item":
        stage, item, attempt, number = _parts(key)
        place = f"stage {stage}, item {item}, attempt {attempt}"
        title = titles.get((stage, number)) if number is not None else None
        return f"{title} ({place})" if title else place
    return str(key)


def _titles(session: Session, site: Site, keys: Iterable[str]) -> dict[tuple[int, int], str]:
    """What items are called, by stage and number, where they are there still; a batch of keywords has no name."""
    numbers: dict[int, set[int]] = {}
    for stage, _, _, number in map(_parts, keys):
        if number is not None:
            numbers.setdefault(stage, set()).add(number)
    sources: dict[int, Any] = {
        2: select(Cluster.id, Cluster.name).where(Cluster.site_id == site.id),
        4: select(Task.id, Task.title).where(Task.site_id == site.id),
        5: select(Content.id, Content.title).where(Content.site_id == site.id),
        6: select(Image.id, Image.role.concat(" of ").concat(Content.title))
        .join(Content, Content.id == Image.content_id)
        .where(Image.site_id == site.id),
    }
    found: dict[tuple[int, int], str] = {}
    for stage, source in sources.items():
        wanted = sorted(numbers.get(stage, ()))
        column = source.selected_columns[0]
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            rows = session.execute(source.where(column.in_(wanted[start : start + _ROWS_AT_ONCE])))
            found |= {(stage, row[0]): row[1] for row in rows}
    return found


def _parts(key: str) -> tuple[int, str, str, int | None]:
    """Stage, item and attempt of a piece of work, and the number that the item begins with: `7r2` is round 2 of 7."""
    _, stage, item, attempt = key.rsplit(":", 3)
    number = re.fullmatch(r"([0-9]+)(r[0-9]+)?", item)
    return int(stage), item, attempt, int(number[1]) if number else None
