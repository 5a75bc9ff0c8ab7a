"""All that Dagster loads."""

import dagster as dg

from igny8_assets.assets.checks import CHECKS
from igny8_assets.assets.imaging import image_prompts, images
from igny8_assets.assets.planning import clusters, ideas, keywords, tasks
from igny8_assets.assets.review import review_queue
from igny8_assets.assets.writing import content
from igny8_assets.jobs import JOBS
from igny8_assets.resources import Installation
from igny8_assets.triggers.due_sites import due_sites
from igny8_assets.triggers.housekeeping import housekeeping
from igny8_assets.triggers.keyword_inbox import keyword_inbox
from igny8_assets.triggers.notices import notices
from igny8_assets.triggers.queued_runs import queued_runs
from igny8_assets.triggers.run_status import run_status
from igny8_assets.triggers.site_partitions import site_partitions
from igny8_assets.triggers.stalled_runs import stalled_runs


@dg.definitions
def defs() -> dg.Definitions:
    """The assets of the pipeline, their checks and jobs, and what starts them."""
    return dg.Definitions(
        assets=[keywords, clusters, ideas, tasks, content, image_prompts, images, review_queue],
        asset_checks=CHECKS,
        jobs=JOBS,
        schedules=[due_sites, housekeeping],
        sensors=[site_partitions, keyword_inbox, queued_runs, run_status, stalled_runs, notices],
        resources={"installation": Installation()},
        # The stages of a site are a chain: a process per step would only add its start to each.
        executor=dg.in_process_executor,
    )
