"""What a person does and sees in the Dagster UI, by the requests that its pages send."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from igny8_assets_tests.servers.igny8_process import RunningUi, wait_for

RUNS = """{ runsOrError { ... on Runs { results {
    runId status tags { key value } assetSelection { path } startTime endTime
} } } }"""
BACKFILL = """mutation ($assets: [AssetKeyInput!], $sites: [String!]) {
    launchPartitionBackfill(backfillParams: { assetSelection: $assets, partitionNames: $sites }) {
        __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
    }
}"""
REEXECUTE = """mutation ($run: String!, $strategy: ReexecutionStrategy!) {
    launchRunReexecution(reexecutionParams: { parentRunId: $run, strategy: $strategy }) {
        __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
    }
}"""
TRIGGERS = """{ repositoriesOrError { ... on RepositoryConnection { nodes {
    schedules { name description scheduleState { status ticks { status runIds skipReason } } }
    sensors { name description sensorState { status ticks { status runIds skipReason } } }
} } } }"""
PARTITIONS = """{ assetNodes { assetKey { path } dependencyKeys { path }
    assetPartitionStatuses { ... on DefaultPartitionStatuses { materializedPartitions } }
} }"""
SITES = "{ assetNodes { partitionKeys } }"
FAILURES = """query ($run: ID!) { runOrError(runId: $run) { ... on Run { eventConnection { events {
    ... on ExecutionStepFailureEvent { stepKey failureMetadata { description } error { message } }
} } } } }"""


@dataclass(frozen=True)
class DagsterRun:
    """A run as its page shows it."""

    id: str
    status: str
    tags: dict[str, str]
    assets: frozenset[str]
    started: float | None
    ended: float | None

    @property
    def site(self) -> str:
        """The partition that it works on."""
        return self.tags["dagster/partition"]

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in ("SUCCESS", "FAILURE", "CANCELED")


def ask(ui: RunningUi, query: str, **variables: Any) -> dict[str, Any]:
    """Ask the webserver until it answers."""
    return wait_for("an answer", lambda: ui.graphql(query, **variables), ui.process)


def dagster_runs(ui: RunningUi) -> list[DagsterRun]:
    """All runs, the latest first."""
    return [
        DagsterRun(
            run["runId"],
            run["status"],
            {tag["key"]: tag["value"] for tag in run["tags"]},
            frozenset(key["path"][0] for key in run["assetSelection"] or ()),
            run["startTime"],
            run["endTime"],
        )
        for run in ask(ui, RUNS)["runsOrError"]["results"]
    ]


def wait_for_sites(ui: RunningUi, *slugs: str) -> None:
    """Wait until these sites can be selected."""

    def known() -> bool:
        return all(set(slugs) <= set(node["partitionKeys"]) for node in ask(ui, SITES)["assetNodes"])

    wait_for("the partitions", known, ui.process)


def backfill(ui: RunningUi, assets: Sequence[str], sites: Sequence[str]) -> str:
    """Select assets and sites and materialize them; gives the backfill's id."""
    keys = [{"path": [name]} for name in assets]
    answer = ask(ui, BACKFILL, assets=keys, sites=list(sites))["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer
    return str(answer["backfillId"])


def runs_of_backfill(ui: RunningUi, backfill_id: str, number: int) -> dict[str, DagsterRun]:
    """The runs of a backfill by site, once it has made so many and all are over."""

    def over() -> dict[str, DagsterRun] | None:
        runs = [run for run in dagster_runs(ui) if run.tags.get("dagster/backfill") == backfill_id]
        done = len(runs) == number and all(run.is_over for run in runs)
        return {run.site: run for run in runs} if done else None

    return wait_for("the backfill's end", over, ui.process)


def execute_again(ui: RunningUi, run_id: str, strategy: str) -> str:
    """Press "re-execute" on a run's page: ALL_STEPS or FROM_FAILURE; gives the new run's id."""
    answer = ask(ui, REEXECUTE, run=run_id, strategy=strategy)["launchRunReexecution"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    return str(answer["run"]["runId"])


def ended_run(ui: RunningUi, run_id: str) -> DagsterRun:
    """A run, once it is over."""
    found = lambda: next((run for run in dagster_runs(ui) if run.id == run_id and run.is_over), None)  # noqa: E731
    return wait_for("the Dagster run's end", found, ui.process)


def triggers(ui: RunningUi) -> dict[str, dict[str, Any]]:
    """Schedules and sensors by name: description, status and ticks."""
    found: dict[str, dict[str, Any]] = {}
    for node in ask(ui, TRIGGERS)["repositoriesOrError"]["nodes"]:
        for one in (*node["schedules"], *node["sensors"]):
            state = one.get("scheduleState") or one.get("sensorState")
            found[one["name"]] = {"description": one["description"], **state}
    return found


def materialized_sites(ui: RunningUi) -> dict[str, set[str]]:
    """Asset → the partitions that are materialized."""
    return {
        node["assetKey"]["path"][0]: set(node["assetPartitionStatuses"]["materializedPartitions"])
        for node in ask(ui, PARTITIONS)["assetNodes"]
    }


def failures(ui: RunningUi, run_id: str) -> dict[str, str]:
    """The steps of a run that failed, each with its sentence."""
    events = ask(ui, FAILURES, run=run_id)["runOrError"]["eventConnection"]["events"]
    return {
        event["stepKey"]: (event["failureMetadata"] or {}).get("description") or event["error"]["message"]
        for event in events
        if event
    }
