"""The commands about runs: run, current, history, logs, pause, resume, cancel."""

import time
from typing import Annotated, Any

import typer

from igny8_assets.automation.door import RunRequest, active_run, parse_stages, request_run
from igny8_assets.automation.history import page_of_runs
from igny8_assets.automation.run_facts import run_facts
from igny8_assets.automation.runs import find_run, request_stop, resume_run
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.installation import OpenInstallation, open_installation
from igny8_assets.cli.output import AsJson, print_json, say, show_facts, show_rows
from igny8_assets.interrupts import held
from igny8_assets.stages.run_log import line_of, read_log
from igny8_assets.store.models import ACTIVE, AutomationRun, Launcher, StopRequest, Trigger

SiteArgument = Annotated[str, typer.Argument(metavar="SITE", help="The site's slug.")]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="The run's id, or its beginning.")]
FOLLOW_SECONDS = 1.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run", help="Run a site's stages here, or queue them for the daemon of `igny8 ui`.")(run)
    app.command("current", help="Show the run that is queued, running or paused.")(current)
    app.command("history", help="Show a site's runs, the latest first.")(history)
    app.command("logs", help="Show the log of a run.")(logs)
    app.command("pause", help="Ask a run to stop between items; `resume` goes on.")(pause)
    app.command("resume", help="Go on with a paused run here, or queue it for the daemon.")(resume)
    app.command("cancel", help="Ask a run to end between items.")(cancel)


def run(
    site: SiteArgument,
    stages: Annotated[str, typer.Option(help="One stage or a range, e.g. 4 or 1-3.")] = "1-7",
    queue: Annotated[bool, typer.Option("--queue", help="Leave the run to the daemon of `igny8 ui`.")] = False,
) -> None:
    """Run a site's stages."""
    from igny8_assets.cli.running import run_here

    first, last = parse_stages(stages)
    with open_installation() as installation:
        if not queue:
            raise typer.Exit(run_here(installation, site, first, last))
        with installation.store.write() as session:
            request = RunRequest(Trigger.MANUAL, Launcher.DAEMON, first, last)
            queued = request_run(session, find_site(session, site), installation.settings, request)
        say(f"queued run {queued.id}; the daemon of `igny8 ui` launches it, `igny8 current {site}` shows it")


def current(site: SiteArgument, as_json: AsJson = False) -> None:
    """Show the active run with its progress."""
    with open_installation() as installation, installation.store.read() as session:
        active = active_run(session, find_site(session, site))
        if active is None:
            if as_json:
                print_json({"run": None})
            else:
                say(f"no run of {site} is queued, running or paused")
            return
        facts = run_facts(session, active)
    if as_json:
        print_json({"run": facts})
        return
    progress = facts.pop("progress")
    show_facts({name: value for name, value in facts.items() if not name.startswith("stage_")}, as_json=False)
    show_rows(progress, as_json=False, empty="no stage has begun")


def history(
    site: SiteArgument,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many runs.")] = 20,
    after: Annotated[str | None, typer.Option(metavar="RUN", help="Go on after this run of the page before.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a site's runs."""
    with open_installation() as installation, installation.store.read() as session:
        rows, following = page_of_runs(session, find_site(session, site), limit, after)
        if as_json:
            print_json({"runs": [run_facts(session, row) for row in rows], "next": following})
            return
        shown = [
            {
                "run": row.id,
                "status": row.status.value,
                "trigger": row.trigger.value,
                "started": row.started_at,
                "completed": row.completed_at,
                "credits": row.total_credits_tenths / 10,
                "stages": f"{row.first_stage}–{row.last_stage}",
                "reason": row.reason or "",
            }
            for row in rows
        ]
    show_rows(shown, as_json=False, empty=f"{site} has no {'more runs' if after else 'runs yet'}")
    if following is not None:
        say(f"`igny8 history {site} --after {following}` shows earlier ones")


def logs(
    run_id: RunArgument,
    lines: Annotated[int, typer.Option(min=1, max=100_000, help="How many of the last lines.")] = 100,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until the run ends.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the log of a run."""
    with open_installation() as installation:
        settings, store = installation.settings, installation.store
        with store.read() as session:
            found = find_run(session, run_id)
        entries = list(read_log(settings, found.id))
        if as_json:
            print_json(entries[-lines:])
            return
        if not entries and not follow:
            say(f"the log of run {found.id} is empty or was removed")
        _print_log(entries[-lines:])
        told = entries[-1:]
        while follow and found.status in ACTIVE:
            time.sleep(FOLLOW_SECONDS)
            with store.read() as session:
                found = find_run(session, found.id)
            entries = list(read_log(settings, found.id))
            # By the last line that was told, since the oldest part of a log may have gone meanwhile.
            begin = entries.index(told[0]) + 1 if told and told[0] in entries else 0
            _print_log(entries[begin:])
            told = entries[-1:]


def _print_log(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        say(line_of(entry))


def pause(run_id: RunArgument) -> None:
    """Ask a run to pause."""
    _stop(run_id, StopRequest.PAUSE)


def cancel(run_id: RunArgument) -> None:
    """Ask a run to end."""
    _stop(run_id, StopRequest.CANCEL)


def _stop(run_id: str, wanted: StopRequest) -> None:
    with open_installation() as installation, installation.store.write() as session:
        found = request_stop(find_run(session, run_id), wanted)
        if found.stop_request == wanted:
            say(f"run {found.id} will {wanted.value} after the items in hand")
        else:
            say(f"run {found.id} is {found.status.value}")


def resume(
    run_id: RunArgument,
    queue: Annotated[bool, typer.Option("--queue", help="Leave the run to the daemon of `igny8 ui`.")] = False,
) -> None:
    """Go on with a paused run."""
    from igny8_assets.cli.running import execute_here
    from igny8_assets.dagster_home import dagster_instance

    with open_installation() as installation:
        if queue:
            resumed = _resume(installation, run_id, Launcher.DAEMON)
            say(f"queued run {resumed.id} from stage {resumed.current_stage}")
            return
        with dagster_instance(installation.settings) as instance, held():
            raise typer.Exit(execute_here(installation, instance, _resume(installation, run_id, Launcher.PROCESS).id))


def _resume(installation: OpenInstallation, run_id: str, launcher: Launcher) -> AutomationRun:
    with installation.store.write() as session:
        return resume_run(session, find_run(session, run_id), launcher)
