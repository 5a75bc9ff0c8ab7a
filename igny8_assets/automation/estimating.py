"""What a run would cost: for what is pending now, at most, and as this site's history makes one expect.

All of it is worked out from the counters alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from igny8_assets.settings import Settings
from igny8_assets.site_settings import for_site
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.write_image_prompts import roles_needed
from igny8_assets.store import counters
from igny8_assets.store.models import (
    Account,
    AutomationConfig,
    ClusterStatus,
    IdeaStatus,
    Illustration,
    ImageStatus,
    KeywordStatus,
    Site,
)
from igny8_assets.store.prices import (
    CLUSTER_TENTHS,
    IMAGE_PROMPTS_TENTHS,
    KEYWORD_TENTHS,
    content_tenths,
    image_tenths,
)

LONGEST_TEXT_WORDS = 2500
"""The longest word target that stage 3 gives; what a task that does not exist yet may cost at most."""
SHORTEST_HISTORY = 5
"""So many clusters with ideas, and so many texts with pictures, say what one more of them brings."""

Counted = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class StageEstimate:
    """What a stage costs, in tenths: for what is pending now, and at most for the whole run."""

    number: int
    name: str
    pending: int
    tenths: int
    projected_items: int
    projected_tenths: int


@dataclass(frozen=True)
class Estimate:
    """What a run would cost, in tenths; `sufficient` is about what is pending now.

    `expected_tenths` is what the whole run costs if all goes as it went on this site so far; nothing while the site
    has no history.
    """

    stages: tuple[StageEstimate, ...]
    tenths: int
    projected_tenths: int
    expected_tenths: int | None
    balance_tenths: int
    assumptions: tuple[str, ...]
    history: tuple[str, ...]

    @property
    def sufficient(self) -> bool:
        """Whether the balance covers what is pending now."""
        return self.tenths <= self.balance_tenths


@dataclass(frozen=True)
class History:
    """What the stages of a site made so far, on average."""

    clusters_per_keyword: float
    ideas_per_cluster: float
    images_per_text: float

    def made(self, number: int, items: int) -> int:
        """How many rows a stage hands to the next, rounded up."""
        each = {
            1: self.clusters_per_keyword,
            2: self.ideas_per_cluster,
            5: self.images_per_text,
            6: 1 / self.images_per_text,
        }
        return -int(-items * each.get(number, 1.0) // 1)

    def in_words(self) -> tuple[str, ...]:
        """The averages, for a person."""
        return (
            f"{1 / self.clusters_per_keyword:.1f} keywords per cluster",
            f"{self.ideas_per_cluster:.1f} ideas per cluster",
            f"{self.images_per_text:.1f} pictures per text",
        )


def history_of(counted: Counted) -> History | None:
    """What a site's counters say of its past; nothing while that is too short."""
    clusters = counted["cluster", ClusterStatus.MAPPED]
    keywords = counted["keyword", KeywordStatus.MAPPED]
    ideas = sum(counted["idea", status] for status in IdeaStatus)
    texts = counted["content", Illustration.READY] + counted["content", "approved"] + counted["content", "published"]
    images = counted["image", ImageStatus.GENERATED]
    if min(clusters, keywords, ideas, texts, images) < SHORTEST_HISTORY:
        return None
    return History(clusters / max(keywords, clusters), ideas / clusters, max(1.0, images / texts))


@dataclass(frozen=True)
class _Costs:
    """What is pending at each stage, what that costs together, and the price of each further item, in tenths."""

    pending: Mapping[int, int]
    now: Mapping[int, int]
    price: Mapping[int, int]

    def of(self, number: int, items: int) -> int:
        """What so many items of a stage cost, those that are pending first."""
        known = min(items, self.pending[number])
        now, price = self.now.get(number, 0), self.price.get(number, 0)
        here = now if known == self.pending[number] else min(now, known * price)
        return here + (items - known) * price


def estimate(
    session: Session,
    site: Site,
    settings: Settings,
    *,
    first: int = 1,
    last: int = 7,
    counted: Counted | None = None,
) -> Estimate:
    """What running the stages `first` to `last` would cost.

    Beside what is pending now stands an upper bound for the whole run, which counts what the run itself will create:
    a cluster with ideas reopened by every keyword, or (when there are no more of them) a new one for every two,
    `ideas_per_cluster` ideas for each, a text of the longest target for each idea, and every picture that a text
    needs. What is expected goes by the averages of the site's history instead, and never exceeds the bound.

    Args:
        counted: the site's counters, where they have been read already.
    """
    settings = for_site(settings, site.slug)
    config = session.get_one(AutomationConfig, site.id)
    counted = counters.read(session, site.id) if counted is None else counted
    roles = len(roles_needed(site.in_article_images))
    mapped = counted["cluster", ClusterStatus.MAPPED]
    costs = _costs(counted, image_tenths(settings.provider, settings.image_size, settings.image_quality))
    numbers = range(first, last_stage(config, first, last) + 1)
    most = _items(numbers, costs, config, lambda number, items: _most_made(number, items, config, roles, mapped))
    history = history_of(counted)
    stages = tuple(
        StageEstimate(
            number,
            STAGES[number].name,
            costs.pending[number],
            _capped(costs.now.get(number, 0), config.cap(number), costs.price.get(number, 0)),
            items,
            costs.of(number, items),
        )
        for number, items in most.items()
    )
    return Estimate(
        stages=stages,
        tenths=sum(stage.tenths for stage in stages),
        projected_tenths=sum(stage.projected_tenths for stage in stages),
        expected_tenths=None if history is None else _expected(numbers, costs, config, history, most),
        balance_tenths=session.get_one(Account, site.account_id).balance_tenths,
        assumptions=(
            "every new keyword reopens a cluster that has ideas, and new clusters have two keywords",
            f"{config.ideas_per_cluster} ideas per cluster",
            f"texts of {LONGEST_TEXT_WORDS} words",
            f"{roles} pictures per text",
        ),
        history=() if history is None else history.in_words(),
    )


def last_stage(config: AutomationConfig, first: int, last: int) -> int:
    """Where a run of the stages `first` to `last` ends: where the settings say, unless a person named other stages."""
    return config.stop_after_stage if last == max(STAGES) and first <= config.stop_after_stage else last


def _costs(counted: Counted, image: int) -> _Costs:
    pending = {number: stage.pending(counted) for number, stage in STAGES.items()}
    price = {
        1: KEYWORD_TENTHS,
        2: CLUSTER_TENTHS,
        4: content_tenths(LONGEST_TEXT_WORDS),
        5: IMAGE_PROMPTS_TENTHS,
        6: image,
    }
    now = {number: pending[number] * each for number, each in price.items()}
    return _Costs(pending, {**now, 4: counted["task", "pending_tenths"]}, price)


def _items(
    numbers: Sequence[int], costs: _Costs, config: AutomationConfig, made: Callable[[int, int], int]
) -> dict[int, int]:
    """How many items each stage works on, when `made` says how many rows so many items of a stage become."""
    arriving = 0
    found: dict[int, int] = {}
    for number in numbers:
        cap = config.cap(number)
        waiting = costs.pending[number] + arriving
        found[number] = waiting if cap is None else min(cap, waiting)
        arriving = made(number, found[number])
    return found


def _expected(
    numbers: Sequence[int], costs: _Costs, config: AutomationConfig, history: History, most: Mapping[int, int]
) -> int:
    items = _items(numbers, costs, config, history.made)
    return sum(costs.of(number, min(items[number], most[number])) for number in numbers)


def _capped(tenths: int, cap: int | None, price: int) -> int:
    return tenths if cap is None else min(tenths, cap * price)


def _most_made(number: int, items: int, config: AutomationConfig, roles: int, mapped: int) -> int:
    """How many rows a stage hands to the next, at most; `mapped` clusters have ideas now."""
    if number == 1:
        reopened = min(items, mapped)
        # A new cluster has two keywords at least, but a cap may leave one of them to a later run.
        return reopened + -(-(items - reopened) // 2)
    if number == 2:
        return items * config.ideas_per_cluster
    if number == 5:
        return items * roles
    if number == 6:
        return -(-items // roles)
    return items
