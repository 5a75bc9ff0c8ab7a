"""What is pending at each stage and what it would cost, from the counters alone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from igny8_assets.settings import Settings
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Kind
from igny8_assets.stages.write_image_prompts import roles_needed
from igny8_assets.store import counters
from igny8_assets.store.models import Account, AutomationConfig, ClusterStatus, Site
from igny8_assets.store.prices import (
    CLUSTER_TENTHS,
    IMAGE_PROMPTS_TENTHS,
    KEYWORD_TENTHS,
    content_tenths,
    image_tenths,
)

LONGEST_TEXT_WORDS = 2500
"""The longest word target that stage 3 gives; what a task that does not exist yet may cost at most."""


@dataclass(frozen=True)
class StageOverview:
    """One row of the overview."""

    number: int
    name: str
    pending: int
    type: Kind
    failed: int


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
    """What a run would cost, in tenths; `sufficient` is about what is pending now."""

    stages: tuple[StageEstimate, ...]
    tenths: int
    projected_tenths: int
    balance_tenths: int
    assumptions: tuple[str, ...]

    @property
    def sufficient(self) -> bool:
        """Whether the balance covers what is pending now."""
        return self.tenths <= self.balance_tenths


def pipeline_overview(session: Session, site: Site) -> list[StageOverview]:
    """The seven stages with what waits at each."""
    counted = counters.read(session, site.id)
    failed = {
        1: counted["keyword", "failed"],
        2: counted["cluster", "failed"],
        4: counted["task", "failed"],
        5: counted["content", "prompts_failed"],
        6: counted["image", "failed"],
    }
    return [
        StageOverview(stage.number, stage.name, stage.pending(counted), stage.kind, failed.get(stage.number, 0))
        for stage in STAGES.values()
    ]


def last_stage(config: AutomationConfig, first: int, last: int) -> int:
    """Where a run of the stages `first` to `last` ends: where the settings say, unless a person named other stages."""
    return config.stop_after_stage if last == max(STAGES) and first <= config.stop_after_stage else last


def estimate(session: Session, site: Site, settings: Settings, *, first: int = 1, last: int = 7) -> Estimate:
    """What running the stages `first` to `last` would cost.

    Two figures: for what is pending now, and an upper bound for the whole run, which counts what the run itself
    will create: a cluster with ideas reopened by every keyword, or (when there are no more of them) a new one for
    every two, `ideas_per_cluster` ideas for each, a text of the longest target for each idea, and every picture
    that a text needs.
    """
    config = session.get_one(AutomationConfig, site.id)
    counted = counters.read(session, site.id)
    roles = len(roles_needed(site.in_article_images))
    image = image_tenths(settings.provider, settings.image_size, settings.image_quality)
    pending = {number: stage.pending(counted) for number, stage in STAGES.items()}
    now = {
        1: pending[1] * KEYWORD_TENTHS,
        2: pending[2] * CLUSTER_TENTHS,
        4: counted["task", "pending_tenths"],
        5: pending[5] * IMAGE_PROMPTS_TENTHS,
        6: pending[6] * image,
    }
    arriving = 0
    stages = []
    for number in range(first, last_stage(config, first, last) + 1):
        cap = config.cap(number)
        items = pending[number] + arriving if cap is None else min(cap, pending[number] + arriving)
        price = {
            1: KEYWORD_TENTHS,
            2: CLUSTER_TENTHS,
            4: content_tenths(LONGEST_TEXT_WORDS),
            5: IMAGE_PROMPTS_TENTHS,
            6: image,
        }.get(number, 0)
        known = min(items, pending[number])
        here = now.get(number, 0) if known == pending[number] else min(now.get(number, 0), known * price)
        projected = here + (items - known) * price
        stages.append(
            StageEstimate(
                number, STAGES[number].name, pending[number], _capped(now.get(number, 0), cap, price), items, projected
            )
        )
        arriving = _made(number, items, config, roles, mapped=counted["cluster", ClusterStatus.MAPPED])
    return Estimate(
        stages=tuple(stages),
        tenths=sum(stage.tenths for stage in stages),
        projected_tenths=sum(stage.projected_tenths for stage in stages),
        balance_tenths=session.get_one(Account, site.account_id).balance_tenths,
        assumptions=(
            "every new keyword reopens a cluster that has ideas, and new clusters have two keywords",
            f"{config.ideas_per_cluster} ideas per cluster",
            f"texts of {LONGEST_TEXT_WORDS} words",
            f"{roles} pictures per text",
        ),
    )


def _capped(tenths: int, cap: int | None, price: int) -> int:
    return tenths if cap is None else min(tenths, cap * price)


def _made(number: int, items: int, config: AutomationConfig, roles: int, *, mapped: int) -> int:
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
