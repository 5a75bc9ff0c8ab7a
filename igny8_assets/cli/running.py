"""Running a site's pipeline in this process: taking over what is dead, showing progress, telling what came of it."""

from typing import TYPE_CHECKING

from igny8_assets.automation.door import RunRequest, active_run, already_active, refuse_unfit, request_run
from igny8_assets.automation.runs import find_run, is_dead
from igny8_assets.automation.sites import find_site
from igny8_assets.cli.installation import OpenInstallation
from igny8_assets.cli.outcome import show_outcome
from igny8_assets.cli.output import say
from igny8_assets.cli.progress import shown_progress
from igny8_assets.errors import Refusal
from igny8_assets.interrupts import held
from igny8_assets.stages.run_log import read_log
from igny8_assets.store.models import ACTIVE, AutomationRun, Launcher, RunStatus, Site, Trigger

if TYPE_CHECKING:
    from dagster import DagsterInstance


def run_here(installation: OpenInstallation, slug: str, first: int = 1, last: int = 7) -> int:
    """Run a site's stages in this process and show what came of them.

    Returns:
        The exit code, as `execute_here`.

    Raises:
        UserError: there is no such site, or the door refuses.
    """
    from igny8_assets.dagster_home import dagster_instance

    with dagster_instance(installation.settings) as instance, held():
        run_id = _open_run(installation, instance, slug, first, last)
        return execute_here(installation, instance, run_id)


def execute_here(installation: OpenInstallation, instance: "DagsterInstance", run_id: str) -> int:
    """Execute a queued run in this process and show what came of it.

    Returns:
        The exit code: 0 when the run was completed; 1 when it failed, was paused or canceled, or when all that a
        stage tried came to nothing.

    Raises:
        Refusal: another process began this run in the same moment.
    """
    from igny8_assets.launch import execute_run

    store, settings = installation.store, installation.settings
    logged = len(list(read_log(settings, run_id)))
    with shown_progress(store, run_id):
        dagster_run_id = execute_run(store, settings, instance, run_id)
    with store.read() as session:
        run = find_run(session, run_id)
        launches = [launch.dagster_run_id for launch in run.launches]
        if launches and dagster_run_id not in launches:
            raise _executed_elsewhere(run)
        site = run.site
        if run.launch > 1 and launches[-1] != dagster_run_id:
            say("This process was silent for so long that another one has taken the run over.")
        code = show_outcome(session, run, list(read_log(settings, run_id))[logged:])
    _tell(installation, site)
    if dagster_run_id in launches:
        say(f"Dagster run {dagster_run_id} in {settings.dagster_home}")
    return code


def _tell(installation: OpenInstallation, site: Site) -> None:
    """Deliver the site's news; what is not delivered now is tried again later and never fails the run."""
    from igny8_assets.notices.delivery import deliver_due

    failed = [
        one for one in deliver_due(installation.store, installation.settings, site_id=site.id, seconds=15) if one.error
    ]
    for one in failed:
        say(f"notice {one.number} could not be sent to {one.channel}: {one.error}")
    if failed:
        say(f"They are tried again; `igny8 notices list {site.slug}` shows them.")


def _executed_elsewhere(run: AutomationRun) -> Refusal:
    if run.status in ACTIVE:
        return already_active(run.site, run)
    return Refusal(
        f"run {run.id} was executed by another process in this moment and is {run.status.value}; "
        f"`igny8 run {run.site.slug}` starts another",
        code="run_over",
    )


def _open_run(installation: OpenInstallation, instance: "DagsterInstance", slug: str, first: int, last: int) -> str:
    """A queued run for this process: the site's dead one taken over, or a new one from the door."""
    from igny8_assets.launch import take_over

    with installation.store.write() as session:
        site = find_site(session, slug)
        active = active_run(session, site)
        if active is not None and is_dead(installation.store, session, active):
            refuse_unfit(session, site)
            take_over(session, active, instance)
            say(f"Taking over run {active.id}, whose process is gone, at stage {active.current_stage}.")
            return active.id
        if active is not None and active.status == RunStatus.QUEUED and active.launcher == Launcher.PROCESS:
            # Who asked for it died before it began, or is just beginning: the compare-and-swap lets one of us in.
            say(f"Going on with run {active.id}, which was queued and not begun.")
            return active.id
        request = RunRequest(Trigger.MANUAL, Launcher.PROCESS, first, last)
        return request_run(session, site, installation.settings, request).id
