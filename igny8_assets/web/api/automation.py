"""The ten operations of automation."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from igny8_assets.automation.configuration import change_configuration
from igny8_assets.automation.door import RunRequest, active_run, parse_stages, request_run
from igny8_assets.automation.estimating import estimate as work_out
from igny8_assets.automation.history import page_of_runs
from igny8_assets.automation.overview import pipeline_overview as overview_of
from igny8_assets.automation.run_facts import run_facts
from igny8_assets.automation.runs import request_stop, resume_run
from igny8_assets.stages.run_log import last_lines
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import AutomationRun, Launcher, Site, StopRequest, Trigger
from igny8_assets.web.api.automation_answers import (
    ConfigAnswer,
    ConfigChanges,
    CurrentRun,
    EstimateAnswer,
    HistoryPage,
    LogAnswer,
    OverviewAnswer,
    RunFacts,
    RunStarted,
    RunState,
    StageRow,
    config_of,
)
from igny8_assets.web.callers import Administering, Editing, Viewing
from igny8_assets.web.kept_answers import DoingOnce
from igny8_assets.web.problems import problems
from igny8_assets.web.shapes import RunId, SiteId
from igny8_assets.web.versions import IfMatch, etag_of, refuse_another_version

router = APIRouter(prefix="/automation", tags=["automation"])

Stages = Annotated[str, Query(pattern=r"^[1-7](-[1-7])?$", description="One stage or a range.", examples=["1-3"])]
QUEUED = "queued; the daemon of `igny8 ui` launches it"


@router.get("/config/", responses=problems())
def config(access: Viewing, site_id: SiteId, response: Response) -> ConfigAnswer:
    """The settings of a site's automation; the ETag is for `update_config`."""
    with access.reading(site_id) as (session, site):
        shown = config_of(session, site)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.put("/update_config/", responses=problems(400, 412))
def update_config(
    access: Administering,
    site_id: SiteId,
    changes: ConfigChanges,
    response: Response,
    if_match: IfMatch = None,
) -> ConfigAnswer:
    """Change settings; all are checked before any is written. `If-Match` refuses what another changed meanwhile."""
    with access.store.write() as session:
        site = access.site(session, site_id)
        take_turn(session, site.id)
        refuse_another_version(if_match, config_of(session, site), required=False)
        change_configuration(session, site, changes.model_dump(exclude_unset=True))
        session.flush()
        shown = config_of(session, site)
    response.headers["ETag"] = etag_of(shown)
    return shown


@router.post("/run_now/", status_code=202, response_model=RunStarted, responses=problems(400, 402, 409))
def run_now(access: Editing, once: DoingOnce, site_id: SiteId, stages: Stages = "1-7") -> Response:
    """Ask for a run; refused, with the reason, where there may be none."""
    first, last = parse_stages(stages)

    def ask(session: Session) -> RunStarted:
        site = access.site(session, site_id)
        request = RunRequest(Trigger.MANUAL, Launcher.DAEMON, first, last)
        run = request_run(session, site, access.settings, request)
        return RunStarted(run_id=run.id, message=QUEUED)

    return once.do(ask, status=202)


@router.get("/current_run/", responses=problems())
async def current_run(access: Viewing, site_id: SiteId) -> CurrentRun:
    """The run that is queued, running or paused, with its progress."""
    return await access.read_shared(site_id, _current)


@router.post("/pause/", response_model=RunState, responses=problems(409))
def pause(access: Editing, once: DoingOnce, run_id: RunId) -> Response:
    """Have a run stop between items; `resume` goes on."""
    return once.do(lambda session: _state(request_stop(access.run(session, run_id), StopRequest.PAUSE)))


@router.post("/resume/", response_model=RunState, responses=problems(409))
def resume(access: Editing, once: DoingOnce, run_id: RunId) -> Response:
    """Go on with a paused run, at the stage where it stopped."""
    return once.do(lambda session: _state(resume_run(session, access.run(session, run_id), Launcher.DAEMON)))


@router.post("/cancel/", response_model=RunState, responses=problems(409))
def cancel(access: Editing, once: DoingOnce, run_id: RunId) -> Response:
    """End a run between items; what is made stays."""
    return once.do(lambda session: _state(request_stop(access.run(session, run_id), StopRequest.CANCEL)))


@router.get("/history/", responses=problems())
def history(
    access: Viewing,
    site_id: SiteId,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str | None, Query(max_length=36, description="`next` of the page before.")] = None,
) -> HistoryPage:
    """A site's runs, the latest first."""
    with access.reading(site_id) as (session, site):
        rows, following = page_of_runs(session, site, limit, after)
        return HistoryPage(runs=[_facts(session, row) for row in rows], next=following)


@router.get("/logs/", responses=problems())
def logs(access: Viewing, run_id: RunId, lines: Literal["50", "100", "200", "500"] = "100") -> LogAnswer:
    """The last lines of a run's log."""
    with access.store.read() as session:
        run = access.run(session, run_id)
    return LogAnswer(log="\n".join(last_lines(access.settings, run.id, int(lines))))


@router.get("/estimate/", responses=problems(400))
def estimate(access: Viewing, site_id: SiteId, stages: Stages = "1-7") -> EstimateAnswer:
    """What a run would cost, and whether the balance covers it."""
    first, last = parse_stages(stages)
    with access.reading(site_id) as (session, site):
        return EstimateAnswer.of(work_out(session, site, access.settings, first=first, last=last))


@router.get("/pipeline_overview/", responses=problems())
async def pipeline_overview(access: Viewing, site_id: SiteId) -> OverviewAnswer:
    """What waits at each of the seven stages."""
    return await access.read_shared(site_id, _overview)


def _current(session: Session, site: Site) -> CurrentRun:
    run = active_run(session, site)
    return CurrentRun(run=None if run is None else _facts(session, run))


def _overview(session: Session, site: Site) -> OverviewAnswer:
    return OverviewAnswer(stages=[StageRow.of(stage) for stage in overview_of(session, site)])


def _facts(session: Session, run: AutomationRun) -> RunFacts:
    return RunFacts.model_validate(run_facts(session, run))


def _state(run: AutomationRun) -> RunState:
    return RunState(run_id=run.id, status=run.status, stop_request=run.stop_request)
