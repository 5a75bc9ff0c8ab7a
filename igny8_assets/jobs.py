"""The jobs: the whole pipeline of a site, and its three parts alone."""

import dagster as dg

RUN_TAG = "igny8/run_id"
LAUNCH_TAG = "igny8/launch"
ALL_ASSETS = ("keywords", "clusters", "ideas", "tasks", "content", "image_prompts", "images", "review_queue")
"""In the order of the stages: the asset at 1 is stage 1."""

site_pipeline = dg.define_asset_job(
    "site_pipeline",
    selection=dg.AssetSelection.assets(*ALL_ASSETS),
    description="All seven stages of a site, after the import of what lies in its inbox.",
)
planning = dg.define_asset_job(
    "planning",
    selection=dg.AssetSelection.assets("keywords", "clusters", "ideas", "tasks"),
    description="Keywords to tasks.",
)
writing = dg.define_asset_job(
    "writing", selection=dg.AssetSelection.assets("content"), description="Pending tasks to drafts."
)
imaging = dg.define_asset_job(
    "imaging",
    selection=dg.AssetSelection.assets("image_prompts", "images", "review_queue"),
    description="Drafts to illustrated drafts at the review gate.",
)
JOBS = (site_pipeline, planning, writing, imaging)


def assets_of_stages(first: int, last: int) -> tuple[str, ...]:
    """The assets that a run of these stages materializes; the first stage brings the import along."""
    stages = ALL_ASSETS[first : last + 1]
    return ("keywords", *stages) if first == 1 else stages
