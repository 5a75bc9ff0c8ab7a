"""The automation page of a site: its run as it happens, what steers it, its pipeline, log and history."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from igny8_assets.ai.spending import Spent, spent_by
from igny8_assets.automation.configuration import change_configuration, slots_of
from igny8_assets.automation.door import RunRequest, active_run, request_run
from igny8_assets.automation.estimating import estimate as work_out
from igny8_assets.automation.history import page_of_runs
from igny8_assets.automation.run_facts import run_facts
from igny8_assets.automation.runs import request_stop, resume_run
from igny8_assets.automation.sites import sectors_of
from igny8_assets.errors import SettingRefused, UserError
from igny8_assets.stages.run_log import last_lines
from igny8_assets.store.amounts import usd_text
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import AICall, KeyRole, Launcher, RunStatus, Site, StopRequest, Trigger
from igny8_assets.web.api.automation_answers import EstimateAnswer, RunFacts, config_of
from igny8_assets.web.callers import Caller, access_of
from igny8_assets.web.cards import cards_of
from igny8_assets.web.pages.rendering import fragment, page, texts
from igny8_assets.web.pages.settings_form import changes_from, fields_of
from igny8_assets.web.sessions import Visitor, checked_token, login_of
from igny8_assets.web.snapshots import Snapshot, read_snapshot
from igny8_assets.web.versions import etag_of, refuse_another_version

router = APIRouter(prefix="/automation", include_in_schema=False, dependencies=[Depends(checked_token)])

Lines = Literal["50", "100", "200", "500"]


@router.get("")
def choose(request: Request, caller: Visitor, site_id: str | None = None) -> Response:
    """The page of the site that was chosen, or of the first."""
    access = access_of(request, caller)
    with access.store.read() as session:
        sites = access.sites(session)
        if not sites:
            return page(request, "message.html", message=texts()["no_sites"])
        chosen = sites[0].slug if site_id is None else access.site(session, site_id).slug
    return RedirectResponse(f"/automation/{chosen}", 303)


@router.get("/{slug}")
def show(request: Request, caller: Visitor, slug: str) -> Response:
    """The page."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        sites = access.sites(session)
        if not site.account.writer_enabled:
            return page(request, "writer_off.html", status=403, site=site, sites=sites, caller=caller)
        snapshot, due = read_snapshot(session, site), slots_of(session, site)["next_run_at"]
        return page(
            request,
            "automation.html",
            site=site,
            sites=sites,
            caller=caller,
            controls=_controls(caller, site, snapshot, due),
            next_slot=due,
            snapshot=snapshot,
            cards=cards_of(snapshot),
            sectors=sectors_of(session, site),
            most_bytes=access.settings.web_upload_bytes if caller.may(KeyRole.EDITOR) else None,
        )


@router.get("/{slug}/controls")
def controls(request: Request, caller: Visitor, slug: str) -> HTMLResponse:
    """What may be asked of the site now, and why what may not, and when its schedule is due."""
    with access_of(request, caller).reading(slug) as (session, site):
        due = slots_of(session, site)["next_run_at"]
        asked = _controls(caller, site, read_snapshot(session, site), due)
    return HTMLResponse(fragment("_controls.html", controls=asked, next_slot=due))


def _controls(
    caller: Caller, site: Site, snapshot: Snapshot, due: datetime | None
) -> list[tuple[str, str, str | None]]:
    """The name of each control, where it asks, and why it is refused, if it is; the last is that of the schedule."""
    run = snapshot.run if snapshot.active else None
    status = None if run is None else run.status
    words = texts()
    none = words["no_run"]
    refused: dict[str, str | None] = {
        "run_now": None if run is None else f"{words['run']} {run.run_id[:8]}: {words['states'][run.status.value]}",
        "pause": None if status in (RunStatus.QUEUED, RunStatus.RUNNING) else none,
        "resume": None if status == RunStatus.PAUSED else none,
        "cancel": None if run is not None else none,
    }
    if status == RunStatus.PAUSED:
        refused["pause"] = words["states"]["paused"]
    elif run is not None:
        refused["resume"] = words["states"][run.status.value]
    if not caller.may(KeyRole.EDITOR):
        refused = dict.fromkeys(refused, words["not_allowed"])
    switch = "on" if due is None else "off"
    here = f"/automation/{site.slug}"
    no_admin = None if caller.may(KeyRole.ADMIN) else words["admins_alone"]
    return [
        *((name, f"{here}/{name}", why) for name, why in refused.items()),
        (f"schedule_{switch}", f"{here}/schedule/{switch}", no_admin),
    ]


@router.get("/{slug}/settings")
def settings(request: Request, caller: Visitor, slug: str) -> HTMLResponse:
    """The form of the site's settings."""
    with access_of(request, caller).reading(slug) as (session, site):
        shown = config_of(session, site)
    form = fragment(
        "_settings.html",
        site=site,
        groups=fields_of(shown),
        version=etag_of(shown),
        may_save=caller.may(KeyRole.ADMIN),
    )
    return HTMLResponse(form)


async def _sent(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/{slug}/settings")
def save_settings(
    request: Request, caller: Visitor, slug: str, sent: Annotated[dict[str, str], Depends(_sent)]
) -> HTMLResponse:
    """Save what the form sent, unless another changed the settings meanwhile."""
    access = access_of(request, caller, KeyRole.ADMIN)
    with access.store.write() as session:
        site = access.site(session, slug)
        take_turn(session, site.id)
        refuse_another_version(sent.get("version"), config_of(session, site))
        try:
            change_configuration(session, site, changes_from(sent))
        except SettingRefused as error:
            words, field = texts(), texts()["fields"][error.field]
            raise UserError(
                words["refused_setting"].format(field=field, value=error.value, complaint=error.complaint)
            ) from None
    return HTMLResponse(fragment("_saved.html"), headers={"HX-Trigger": "igny8:run"})


@router.post("/{slug}/schedule/{switch}")
def switch_schedule(request: Request, caller: Visitor, slug: str, switch: Literal["on", "off"]) -> Response:
    """Let the site run by itself, or no more."""
    access = access_of(request, caller, KeyRole.ADMIN)
    with access.store.write() as session:
        change_configuration(session, access.site(session, slug), {"is_enabled": switch == "on"})
    return HTMLResponse("", headers={"HX-Trigger": "igny8:run"})


@router.get("/{slug}/run_now")
def before_the_run(request: Request, caller: Visitor, slug: str) -> HTMLResponse:
    """What a run would cost, and the button that starts it."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.reading(slug) as (session, site):
        cost = EstimateAnswer.of(work_out(session, site, access.settings))
    return HTMLResponse(fragment("_run_now.html", site=site, cost=cost))


@router.post("/{slug}/run_now")
def run_now(request: Request, caller: Visitor, slug: str) -> Response:
    """Start a run."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        site = access.site(session, slug)
        request_run(session, site, access.settings, RunRequest(Trigger.MANUAL, Launcher.DAEMON))
    return HTMLResponse("", headers={"HX-Trigger": "igny8:run, igny8:done"})


@router.post("/{slug}/{action}")
def steer(request: Request, caller: Visitor, slug: str, action: Literal["pause", "resume", "cancel"]) -> Response:
    """Pause, resume or cancel the run that is active."""
    access = access_of(request, caller, KeyRole.EDITOR)
    with access.store.write() as session:
        run = active_run(session, access.site(session, slug))
        if run is None:
            raise UserError(texts()["no_run"], code="no_run", status=409)
        if action == "resume":
            resume_run(session, run, Launcher.DAEMON)
        else:
            request_stop(run, StopRequest(action))
    return HTMLResponse("", headers={"HX-Trigger": "igny8:run"})


@router.get("/{slug}/estimate")
def estimate(request: Request, caller: Visitor, slug: str) -> HTMLResponse:
    """What a run would cost."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        cost = EstimateAnswer.of(work_out(session, site, access.settings))
    return HTMLResponse(fragment("_estimate.html", cost=cost))


@router.get("/{slug}/log")
def log(
    request: Request, caller: Visitor, slug: str, lines: Literal["50", "100", "200", "500"] = "100"
) -> HTMLResponse:
    """The last lines of the run that is active or was last."""
    access = access_of(request, caller)
    with access.reading(slug) as (session, site):
        run = read_snapshot(session, site).run
    told = [] if run is None else last_lines(access.settings, run.run_id, int(lines))
    return HTMLResponse(fragment("_log.html", lines=told))


@router.get("/{slug}/history")
def history(
    request: Request, caller: Visitor, slug: str, after: Annotated[str | None, Query(max_length=36)] = None
) -> HTMLResponse:
    """The site's runs, page by page, each with a link to its last Dagster run."""
    access = access_of(request, caller)
    dagster = (access.settings.ui_url or f"http://127.0.0.1:{access.settings.ui_port}").rstrip("/")
    with access.reading(slug) as (session, site):
        runs, following = page_of_runs(session, site, 20, after)
        spent = spent_by(session, AICall.run_id.in_([run.id for run in runs]), by=AICall.run_id)
        rows = [
            (
                RunFacts.model_validate(run_facts(session, run)),
                f"{dagster}/runs/{run.launches[-1].dagster_run_id}" if run.launches else None,
                usd_text(spent.get(run.id, Spent()).known_usd_pico),
            )
            for run in runs
        ]
    return HTMLResponse(fragment("_history.html", rows=rows, next=following, site=site))


@router.get("/{slug}/state")
def state(request: Request, caller: Visitor, slug: str) -> JSONResponse:
    """What the stream tells, for browsers that it does not reach."""
    with access_of(request, caller).reading(slug) as (session, site):
        return JSONResponse(_told(read_snapshot(session, site)))


@router.get("/{slug}/events")
async def events(request: Request, caller: Visitor, slug: str) -> StreamingResponse:
    """The site as it happens, as server-sent events."""
    access = access_of(request, caller)

    def find() -> int:
        with access.reading(slug) as (_, site):
            return site.id

    site_id = await run_in_threadpool(find)

    async def stream() -> AsyncIterator[str]:
        async with request.app.state.feeds.watch(site_id, login_of(request)) as events:
            async for event in events:
                yield event or "event: still\ndata: {}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def event_of(snapshot: Snapshot) -> str:
    """The event that tells of a snapshot; the same for everyone who may see the site."""
    return f"event: state\ndata: {json.dumps(_told(snapshot))}\n\n"


def _told(snapshot: Snapshot) -> dict[str, Any]:
    run = snapshot.run
    return {
        "run": fragment("_run.html", snapshot=snapshot),
        "cards": fragment("_cards.html", cards=cards_of(snapshot)),
        "state": "" if run is None else f"{run.run_id} {run.status} {run.stop_request}",
    }
