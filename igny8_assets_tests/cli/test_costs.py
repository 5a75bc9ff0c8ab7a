"""`igny8 costs`: what a site's requests cost, added up."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, Cluster, Content, Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.stages.driving import drive
from igny8_assets_tests.stages.seeds import make_waiting
from igny8_assets_tests.stages.service import served


@pytest.fixture
def spent(store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site with two clusters whose ideas were asked of a priced model."""
    with served(monkeypatch):
        monkeypatch.setenv("IGNY8_TEXT_MODEL", "gpt-4o-mini")
        site = make_waiting(store, 2, 2)
        drive(open_run(store, site, 2, 2))
    with store.write() as session:
        session.execute(
            update(AICall).values(tokens_in=1000, tokens_cached=200, tokens_out=500, cost_usd_pico=435_000_000)
        )
    return site.slug


def test_a_site_that_asked_nobody_has_no_costs(igny8: Igny8, site: Site) -> None:
    assert igny8("costs", "shop").out.strip() == "no AI request was made yet"


@pytest.mark.parametrize(
    ("by", "label"), [("stage", "2 Clusters → Ideas"), ("model", "gpt-4o-mini"), ("function", "generate_ideas")]
)
def test_costs_are_added_up_to_the_last_digit(igny8: Igny8, spent: str, by: str, label: str) -> None:
    told = igny8("costs", spent, "--by", by, "--json").json
    [line] = told["costs"]
    assert line["label"] == label
    assert (line["calls"], line["tokens_in"], line["tokens_cached"], line["tokens_out"]) == (2, 2000, 400, 1000)
    assert line["cost_usd"] == told["total"]["cost_usd"] == "0.00087"


@pytest.mark.parametrize("by", ["day", "run", "item"])
def test_days_runs_and_items_are_lines_of_their_own(igny8: Igny8, spent: str, by: str) -> None:
    lines = igny8("costs", spent, "--by", by, "--json").json["costs"]
    assert len(lines) == (2 if by == "item" else 1)
    assert sum(line["calls"] for line in lines) == 2


def test_items_bear_their_titles(igny8: Igny8, spent: str, store: Store) -> None:
    with store.write() as session:
        first, second = session.scalars(select(Cluster).order_by(Cluster.id))
        first.name, names = "Tents for two", [f"stage 2, item {cluster.id}, attempt 1" for cluster in (first, second)]
        session.execute(update(AICall).where(AICall.work_key.like(f"%:{second.id}:1")).values(work_key="camp:2:99r3:1"))
    lines = igny8("costs", spent, "--by", "item", "--json").json["costs"]
    assert {line["label"] for line in lines} == {f"Tents for two ({names[0]})", "stage 2, item 99r3, attempt 1"}


def test_every_kind_of_item_bears_its_title(igny8: Igny8, store: Store) -> None:
    site = make_waiting(store, 4, 1)
    run_stages(store, site, 4, 6)
    with store.read() as session:
        title = session.scalar(select(Content.title))
    labels = [line["label"] for line in igny8("costs", site.slug, "--by", "item", "--json").json["costs"]]
    assert any(label.endswith("(stage 4, item 1, attempt 1)") and not label.startswith("stage") for label in labels)
    assert f"{title} (stage 5, item 1, attempt 1)" in labels
    assert f"featured of {title} (stage 6, item 1, attempt 1)" in labels


def test_a_picture_is_svg_and_called_so(igny8: Igny8, spent: str, tmp_path: Path) -> None:
    assert_refused(igny8("costs", spent, "--chart", tmp_path / "x.png"), "the picture is SVG")
    assert not (tmp_path / "x.png").exists()


def test_people_see_a_table_with_bars_and_get_a_picture(igny8: Igny8, spent: str, tmp_path: Path) -> None:
    picture = tmp_path / "costs.svg"
    shown = igny8("costs", spent, "--by", "day", "--chart", str(picture)).out
    assert "$0.00087" in shown
    assert "█" in shown
    assert picture.read_text().startswith("<svg")
    assert "$0.00087" in picture.read_text()


@pytest.mark.parametrize(
    ("option", "complaint"), [(("--by", "mood"), "choose one of stage, day"), (("--since", "soon"), "like 2026-")]
)
def test_a_mistake_is_told(igny8: Igny8, spent: str, option: tuple[str, str], complaint: str) -> None:
    refused = igny8("costs", spent, *option)
    assert refused.code == 2
    assert complaint in refused.err


def test_an_account_is_capped(igny8: Igny8) -> None:
    igny8("account", "add", "Agency")
    assert igny8("account", "cap", "Agency", "--credits", "12.5", "--usd", "3").out == (
        "account Agency may spend 12.5 credits and $3.00 a day\n"
    )
    [row] = [row for row in igny8("account", "list", "--json").json if row["account"] == "Agency"]
    assert (row["daily_credits_cap"], row["daily_usd_cap"]) == (12.5, 3.0)
    assert igny8("account", "cap", "Agency", "--credits", "none", "--usd", "none").code == 0
    assert igny8("account", "cap", "Agency").code == 2
    assert igny8("account", "cap", "Agency", "--usd", "-1").code == 2


def test_a_site_is_capped(igny8: Igny8, site: Site) -> None:
    igny8("config", "set", "shop", "daily_usd_cap=2.5", "daily_credits_cap=100")
    config = igny8("config", "get", "shop", "--json").json
    assert (config["daily_usd_cap"], config["daily_credits_cap"]) == (2.5, 100.0)
    assert igny8("config", "set", "shop", "daily_usd_cap=none").code == 0
    assert igny8("config", "set", "shop", "daily_credits_cap=0.55").code == 2
