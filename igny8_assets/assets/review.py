"""The group `review`: what waits for a person."""

from igny8_assets.assets.declaring import stage_asset

review_queue = stage_asset(
    7,
    "review_queue",
    after="images",
    group="review",
    kinds={"human"},
    description="Stage 7: illustrated drafts wait here for a person. Automation stops at this gate.",
    columns={
        "title": ("string", "The text."),
        "word_count": ("integer", "Words counted in it."),
        "content_id": ("integer", "What `igny8 review approve` takes."),
    },
)
