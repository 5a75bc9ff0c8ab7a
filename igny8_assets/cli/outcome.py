"""What a person is told when a run has ended or stopped."""

import shlex
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from igny8_assets.automation.runs import stage_results
from igny8_assets.cli.output import amount, console, say
from igny8_assets.cli.waiting import show_held
from igny8_assets.stages.cluster_names import NAMED
from igny8_assets.stages.payment import BUDGET_REACHED, OUT_OF_CREDITS
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.run_log import INBOX
from igny8_assets.store.models import Account, AutomationRun, RunStatus, StageResult

MOST_FAILURES_SHOWN = 5


def show_outcome(session: Session, run: AutomationRun, log: Iterable[dict[str, Any]]) -> int:
    """Show what a run imported, processed and made, what failed, and what to do next.

    Args:
        log: the lines that this execution added to the run's log.

    Returns:
        The exit code: 0 when the run was completed, unless all that a stage tried came to nothing; 1 otherwise.
    """
    results = list(stage_results(session, run.id))
    for entry in log:
        if entry["stage"] == INBOX:
            say(entry["message"])
    _show_table(run, results)
    if named := sum(row.result.get(NAMED, 0) for row in results):
        say(f"{amount(named, 'cluster')} of a rebuild named and described")
    _show_failures(run, results)
    show_held(session, run.site)
    say(f"run {run.id}: {run.status.value}" + (f" ({run.reason})" if run.reason else ""))
    if run.status == RunStatus.CANCELED:
        say(f"`igny8 run {run.site.slug}` goes on with what is left.")
    if run.status == RunStatus.PAUSED:
        first = ""
        if (run.reason or "").startswith(OUT_OF_CREDITS):
            account = session.get_one(Account, run.account_id).name
            first = f"`igny8 account grant {shlex.quote(account)} CREDITS` adds credits, then "
        if (run.reason or "").startswith(BUDGET_REACHED):
            slug = run.site.slug
            first = f"Tomorrow (UTC), or after a higher cap (`igny8 config set {slug}`, `igny8 account cap`), "
        say(f"{first}`igny8 resume {run.id}` goes on where it stopped.")
    in_vain = any(row.done and row.done == row.result.get("failed") for row in results)
    return 0 if run.status == RunStatus.COMPLETED and not in_vain else 1


def _show_failures(run: AutomationRun, results: Sequence[StageResult]) -> None:
    failures = [(row.stage, failure) for row in results for failure in row.result.get("failures", ())]
    for stage, failure in failures[:MOST_FAILURES_SHOWN]:
        say(f"stage {stage}, {failure['item']}: {failure['reason']}")
    if len(failures) > MOST_FAILURES_SHOWN:
        say(f"… and {len(failures) - MOST_FAILURES_SHOWN} more; `igny8 logs {run.id}` has them all")
    if failures:
        slug = run.site.slug
        say(
            f"What failed for a passing reason is tried again by the next `igny8 run {slug}`; "
            f"`igny8 retry {slug}` asks for the rest again."
        )


def _show_table(run: AutomationRun, results: Sequence[StageResult]) -> None:
    """The closing table: per stage what was processed, what was made, what it cost and how long it took."""
    from rich.table import Table

    first, last = run.first_stage, run.last_stage
    title = f"Stage {first}" if first == last else f"Stages {first} to {last}"
    table = Table(title=title, title_justify="left", show_edge=False)
    table.add_column("stage")
    for name in ("processed", "made", "failed", "credits", "seconds"):
        table.add_column(name, justify="right")
    for row in results:
        stage = STAGES[row.stage]
        made = next((row.result.get(name, 0) for name in stage.made), row.done)
        table.add_row(
            f"{row.stage}. {stage.name}",
            f"{row.done:,}",
            f"{made:,}",
            f"{row.result.get('failed', 0):,}",
            f"{row.result.get('credits_used', 0.0):,.1f}",
            f"{row.seconds:,.1f}",
        )
    table.add_section()
    seconds = sum(row.seconds for row in results)
    table.add_row("all", "", "", "", f"{run.total_credits_tenths / 10:,.1f}", f"{seconds:,.1f}")
    console().print(table)
