import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.media.library import ImageLibrary
from igny8_assets.media.naming import image_name


@pytest.mark.parametrize(
    ("slug", "role", "expected"),
    [
        ("how-to-descale", "featured", "demo/how-to-descale-12-featured.webp"),
        ("how-to-descale", "in_article_1", "demo/how-to-descale-12-in-article-1.webp"),
        ("größe-für-alle", "featured", "demo/grosse-fur-alle-12-featured.webp"),
        ("☕", "featured", "demo/image-12-featured.webp"),
    ],
)
def test_a_name_tells_site_text_and_role(slug: str, role: str, expected: str) -> None:
    assert image_name("demo", slug, role, content_id=12) == expected


def test_a_long_slug_is_cut_at_a_word() -> None:
    name = image_name(
        "demo", "how-to-descale-every-kind-of-coffee-machine-at-home-with-vinegar", "featured", content_id=1
    )

    assert name == "demo/how-to-descale-every-kind-of-coffee-machine-at-home-with-1-featured.webp"


def test_texts_with_the_same_slug_have_different_names() -> None:
    assert image_name("demo", "tea", "featured", content_id=1) != image_name("demo", "tea", "featured", content_id=2)


@given(st.text(), st.text(), st.integers(1, 10**9))
def test_any_slug_gives_a_name_that_the_library_takes(site: str, slug: str, content_id: int) -> None:
    name = image_name(site, slug, "in_article_3", content_id=content_id)

    assert ImageLibrary("memory://").location(name).endswith(name)
    assert len(name.split("/")[1]) <= 60 + 1 + 10 + 1 + len("in-article-3.webp")
