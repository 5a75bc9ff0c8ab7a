"""Names of image files: short, hyphenated, and telling what the picture belongs to."""

_SLUG_CHARACTERS = 60


def image_name(site: str, slug: str, role: str, *, content_id: int) -> str:
    """The name of a picture in the library: `demo/how-to-descale-12-featured.webp`.

    Args:
        site: the site's slug, which is the folder.
        slug: the text's slug; cut at a word to at most 60 characters.
        role: `featured` or `in_article_1` and so on.
        content_id: the text's id: texts with the same slug keep names apart.
    """
    from slugify import slugify

    short = slugify(slug, max_length=_SLUG_CHARACTERS, word_boundary=True, save_order=True) or "image"
    return f"{slugify(site) or 'site'}/{short}-{content_id}-{slugify(role)}.webp"
