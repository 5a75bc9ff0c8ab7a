"""The group `writing`: drafts."""

from igny8_assets.assets.declaring import stage_asset

content = stage_asset(
    4,
    "content",
    after="tasks",
    group="writing",
    kinds={"ai", "html"},
    description="Stage 4: tasks become drafts; only drafts that pass the blocking checks are kept and charged.",
    columns={
        "title": ("string", "The heading of the text."),
        "slug": ("string", "Its address on the site."),
        "word_count": ("integer", "Words counted in the text."),
        "keyphrase": ("string", "What it should be found for."),
        "status": ("string", "draft, approved, rejected or published."),
    },
)
