"""How a queued row of ours becomes a request for a Dagster run."""

from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.jobs import LAUNCH_TAG, RUN_TAG, assets_of_stages

if TYPE_CHECKING:
    from igny8_assets.triggers.planning import QueuedRun


def as_run_request(run: "QueuedRun") -> dg.RunRequest:
    """The request for a launch of a row; its run key keeps it from being launched twice."""
    return dg.RunRequest(
        run_key=f"{run.run_id}:{run.launch}",
        partition_key=run.site,
        tags=tags_of(run),
        asset_selection=[dg.AssetKey(name) for name in assets_of_stages(run.first_stage, run.last_stage)],
    )


def tags_of(run: "QueuedRun") -> dict[str, str]:
    """The tags by which a Dagster run and a launch of ours find each other."""
    return {RUN_TAG: run.run_id, LAUNCH_TAG: str(run.launch)}
