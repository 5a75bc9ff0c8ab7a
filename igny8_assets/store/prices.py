"""What a stage's item costs, in tenths of a credit: the one table of prices."""

from igny8_assets.errors import UserError

KEYWORD_TENTHS = 2
"""Stage 1: one credit for five keywords."""
CLUSTER_TENTHS = 20
"""Stage 2: two credits for a cluster."""
WORDS_PER_TENTH = 50
"""Stage 4: one credit for 500 words of target, up to the next tenth."""
IMAGE_PROMPTS_TENTHS = 20
"""Stage 5: two credits for a text, once."""
OFFLINE_IMAGE_TENTHS = 10
"""Stage 6 offline."""
MEGAPIXEL = 1_000_000
IMAGE_TENTHS = {
    ("small", "standard"): 10,
    ("small", "high"): 20,
    ("large", "standard"): 30,
    ("large", "high"): 40,
}
"""Stage 6: small is up to one megapixel."""


def content_tenths(word_target: int) -> int:
    """The price of a text of `word_target` words."""
    return -(-word_target // WORDS_PER_TENTH)


def image_tenths(provider: str, size: str, quality: str) -> int:
    """The price of an image.

    Args:
        provider: `offline` costs the same whatever the size.
        size: `WIDTHxHEIGHT` in pixels.
        quality: `standard` or `high`.

    Raises:
        UserError: size or quality is not one that has a price.
    """
    if provider == "offline":
        return OFFLINE_IMAGE_TENTHS
    width, _, height = size.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise UserError(f"image size {size!r} has no price; write it as WIDTHxHEIGHT, e.g. 1536x1024")
    scale = "small" if int(width) * int(height) <= MEGAPIXEL else "large"
    if (scale, quality) not in IMAGE_TENTHS:
        raise UserError(f"image quality {quality!r} has no price; choose standard or high")
    return IMAGE_TENTHS[scale, quality]
