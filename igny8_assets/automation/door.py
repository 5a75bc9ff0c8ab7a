"""The one door: whoever wants a run asks here, and is refused with the reason when it may not be."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_assets.ai.prices import load_prices
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.ai.provider import Misconfigured
from igny8_assets.automation.estimating import Counted, estimate, last_stage
from igny8_assets.errors import Refusal, UserError
from igny8_assets.settings import Settings
from igny8_assets.site_settings import for_site
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.tools import make_provider
from igny8_assets.store import counters
from igny8_assets.store.models import (
    ACTIVE,
    Account,
    AutomationConfig,
    AutomationRun,
    Launcher,
    RunStatus,
    Site,
    SiteStatus,
    Trigger,
)

GATE = 7


@dataclass(frozen=True)
class RunRequest:
    """What is asked for: stages `first` to `last` of a site, or up to where its settings say; `slot` if it was due."""

    trigger: Trigger
    launcher: Launcher
    first: int = 1
    last: int = GATE
    parent_run_id: str | None = None
    slot: datetime | None = None


def parse_stages(text: str) -> tuple[int, int]:
    """Read `4` or `2-5`.

    Raises:
        UserError: it is neither.
    """
    written = re.fullmatch(rf"([1-{GATE}])(?:-([1-{GATE}]))?", text.strip())
    if written is not None:
        first, last = int(written[1]), int(written[2] or written[1])
        if first <= last:
            return first, last
    raise UserError(f"{text!r} are not stages; write one from 1 to 7, or a range such as 2-5")


def active_run(session: Session, site: Site) -> AutomationRun | None:
    """The run that is queued, running or paused, if there is one."""
    return session.scalar(
        select(AutomationRun).where(AutomationRun.site_id == site.id, AutomationRun.status.in_(ACTIVE))
    )


def active_runs(session: Session, site_ids: Iterable[int]) -> dict[int, AutomationRun]:
    """The runs of these sites that are queued, running or paused, by site."""
    rows = session.scalars(
        select(AutomationRun).where(AutomationRun.site_id.in_(list(site_ids)), AutomationRun.status.in_(ACTIVE))
    )
    return {run.site_id: run for run in rows}


def request_run(session: Session, site: Site, settings: Settings, request: RunRequest) -> AutomationRun:
    """Write a queued run, or refuse it.

    Raises:
        Refusal: as `decide`; nothing was written.
    """
    run = decide(session, site, settings, request, active_run(session, site), counters.read(session, site.id))
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        # Another asked in the same moment; the index on active runs let one of the two in.
        active = active_run(session, site)
        if active is None:
            raise
        raise already_active(site, active) from None
    return run


def decide(
    session: Session,
    site: Site,
    settings: Settings,
    request: RunRequest,
    active: AutomationRun | None,
    counted: Counted,
) -> AutomationRun:
    """The queued run of a request, which is not written yet.

    Args:
        active: the site's active run.
        counted: the site's counters.

    Raises:
        Refusal: the site is archived, its account's writer is off, a run is active, what the site has of its own
            can't be used, the AI provider can't work as it is set, or the credits don't cover what is pending now.
    """
    config = session.get_one(AutomationConfig, site.id)
    last = last_stage(config, request.first, request.last)
    refuse_unfit(session, site)
    if active is not None:
        raise already_active(site, active)
    _refuse_unusable(settings, site, range(request.first, last + 1))
    cost = estimate(session, site, settings, first=request.first, last=last, counted=counted)
    if not cost.sufficient:
        raise Refusal(
            f"site {site.slug!r} needs {cost.tenths / 10} credits for what is pending now and its account has "
            f"{cost.balance_tenths / 10}; `igny8 account grant` adds credits",
            code="insufficient_credits",
            status=402,
        )
    return AutomationRun(
        id=str(uuid.uuid4()),
        site_id=site.id,
        account_id=site.account_id,
        trigger=request.trigger,
        launcher=request.launcher,
        launch=1,
        status=RunStatus.QUEUED,
        first_stage=request.first,
        last_stage=last,
        current_stage=request.first,
        parent_run_id=request.parent_run_id,
        slot=request.slot,
    )


def refuse_unfit(session: Session, site: Site) -> None:
    """Refuse what no run of this site may do now.

    Raises:
        Refusal: the site is archived, or its account's writer is off.
    """
    if site.status == SiteStatus.ARCHIVED:
        raise Refusal(
            f"site {site.slug!r} is archived; `igny8 site restore {site.slug}` brings it back", code="site_archived"
        )
    if not session.get_one(Account, site.account_id).writer_enabled:
        raise Refusal(f"the writer of site {site.slug!r}'s account is off", code="writer_disabled", status=403)


def _refuse_unusable(settings: Settings, site: Site, stages: Iterable[int]) -> None:
    """Refuse a site's settings, prices and prompts that can't be used, and a provider that can't work as it is set."""
    try:
        settings = for_site(settings, site.slug)
        if any(STAGES[stage].kind == "AI" for stage in stages):
            make_provider(settings).check()
            load_prices(settings.prices)
            Prompts.of_site(settings, site.slug, site.language).load_own()
    except (Misconfigured, UserError) as error:
        raise Refusal(str(error), code="provider_misconfigured") from None


def already_active(site: Site, active: AutomationRun) -> Refusal:
    """Why a site with this run gets no other."""
    remedy = (
        f"`igny8 resume {active.id}` goes on, `igny8 cancel {active.id}` ends it"
        if active.status == RunStatus.PAUSED
        else f"`igny8 current {site.slug}` shows it"
    )
    return Refusal(
        f"site {site.slug!r} has a run that is {active.status.value} ({active.id}); {remedy}", code="run_active"
    )
