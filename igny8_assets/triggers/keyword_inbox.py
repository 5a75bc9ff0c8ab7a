"""The sensor that has the files of the inboxes imported soon after they arrive."""

import hashlib
import json
from typing import TYPE_CHECKING

import dagster as dg

from igny8_assets.jobs import site_pipeline
from igny8_assets.partitions import SITES
from igny8_assets.resources import Installation

if TYPE_CHECKING:
    from igny8_assets.triggers.inboxes import Inbox

FILES_TAG = "igny8/inbox_files"
MOST_REQUESTS = 3
"""Files whose import dies so often wait for the site's next run."""


@dg.sensor(
    job=site_pipeline,
    minimum_interval_seconds=15,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Imports keyword exports that were put into a site's inbox folder; it starts no stage.",
)
def keyword_inbox(context: dg.SensorEvaluationContext, installation: Installation) -> dg.SensorResult | dg.SkipReason:
    """Ask for the asset `keywords` of each site that has a settled file which was neither imported nor refused."""
    from igny8_assets.triggers.inboxes import read_inboxes

    with installation.store.read() as session:
        inboxes = read_inboxes(session, installation.settings, json.loads(context.cursor or "{}"))
    done = {inbox.site: inbox.done for inbox in inboxes}
    requests: list[dg.RunRequest] = []
    for inbox in inboxes:
        if not inbox.arrived:
            continue
        key = _key(inbox)
        asked = context.instance.get_runs(dg.RunsFilter(tags={FILES_TAG: key}))
        if not all(run.is_finished for run in asked):
            continue
        if any(run.is_success for run in asked) or len(asked) >= MOST_REQUESTS:
            # Imported or refused, which the asset says.
            done[inbox.site] = {**inbox.done, **inbox.arrived}
            continue
        context.log.info(f"Importing {', '.join(inbox.arrived)} of {inbox.site}")
        requests.append(
            dg.RunRequest(
                run_key=f"{key}:{len(asked) + 1}",
                partition_key=inbox.site,
                tags={FILES_TAG: key},
                asset_selection=[dg.AssetKey("keywords")],
            )
        )
    if not requests:
        return dg.SensorResult(skip_reason="No inbox has a new file that is settled.", cursor=json.dumps(done))
    return dg.SensorResult(
        dynamic_partitions_requests=[SITES.build_add_request([str(one.partition_key) for one in requests])],
        run_requests=requests,
        cursor=json.dumps(done),
    )


def _key(inbox: "Inbox") -> str:
    """Names the files of a site that have arrived, as they are now."""
    return inbox.site + ":" + hashlib.sha256(json.dumps(inbox.arrived, sort_keys=True).encode()).hexdigest()[:32]
