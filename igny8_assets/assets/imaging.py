"""The group `imaging`: prompts and pictures."""

from igny8_assets.assets.declaring import stage_asset

image_prompts = stage_asset(
    5,
    "image_prompts",
    after="content",
    group="imaging",
    kinds={"ai"},
    description="Stage 5: drafts get a prompt for every picture that they lack.",
    columns={
        "role": ("string", "featured, or in_article_1 and so on."),
        "alt_text": ("string", "What the picture shows, for those who can't see it."),
    },
)


images = stage_asset(
    6,
    "images",
    after="image_prompts",
    group="imaging",
    kinds={"ai", "image"},
    description="Stage 6: prompts become pictures, 16:9 and webp, of which we keep our own copy.",
    columns={
        "name": ("string", "The file in the image library."),
        "width": ("integer", "Pixels."),
        "height": ("integer", "Pixels."),
        "sha256": ("string", "Of the file's bytes."),
        "status": ("string", "pending, generated, failed or removed."),
    },
)
