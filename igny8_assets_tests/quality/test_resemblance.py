"""When two titles or keyphrases say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.quality.resemblance import Existing, SiteIndex, telling_words


def alike(title: str, keyphrase: str, there: Existing) -> str | None:
    found = SiteIndex.of([there]).resembling(title, keyphrase)
    return found.reason if found else None


def page(title: str, keyphrase: str = "") -> Existing:
    return Existing("page", 1, title, keyphrase, "https://shop.example/x")


@pytest.mark.parametrize(
    ("title", "keyphrase", "there"),
    [
        ("How to Descale a Kettle", "", page("How to descale kettles")),
        ("How to Descale a Kettle", "", page("How to descale a kettle | Kettle Shop")),
        ("Kettle care", "descale kettle", page("Descale Kettle")),
        ("Kettle care", "descale kettle", page("x", "Kettle, descale")),
        ("Shopify vs WooCommerce", "", page("WooCommerce vs Shopify")),
        ("Café à Paris", "", page("CAFÉ À PARIS")),
        ("電気ケトルの洗い方", "", page("電気ケトルの洗い方")),
        (
            "The best electric kettles for small kitchens in 2026",
            "",
            page("Best electric kettle for small kitchens, 2026"),
        ),
    ],
)
def test_the_same_in_other_words_order_and_number(title: str, keyphrase: str, there: Existing) -> None:
    assert alike(title, keyphrase, there)


@pytest.mark.parametrize(
    ("title", "there"),
    [
        ("Shoes for men", "Shoes for women"),
        ("iPhone 14 review", "iPhone 15 review"),
        ("How to descale a kettle", "How to clean a kettle"),
        ("What is a moka pot", "How to use a moka pot"),
        ("Best running shoes for wide feet", "Best running shoes for flat feet"),
        ("Shop with reviews", "Shop without reviews"),
        ("", ""),
        ("???", "!!!"),
    ],
)
def test_one_word_makes_a_difference(title: str, there: str) -> None:
    assert alike(title, title, page(there, there)) is None


def test_what_is_compared_is_chosen() -> None:
    index = SiteIndex.of([page("Kettles"), Existing("idea", 7, "Kettles", idea_id=7)])
    found = index.resembling("Kettles", "", compare=lambda one: one.kind == "idea")
    assert found is not None
    assert (found.existing.name, found.reason) == ("idea 7: Kettles", "an idea of this site has the same title")


def test_something_that_changed_is_found_as_it_is_now() -> None:
    index = SiteIndex.of([page("Kettles")])
    index.add(page("Pots"))
    assert index.resembling("Kettles", "") is None
    assert index.resembling("Pots", "") is not None


def test_the_nearest_share_the_rarest_words() -> None:
    index = SiteIndex.of(
        Existing("page", number, title, url=f"https://shop.example/{number}")
        for number, title in enumerate(["Kettle care", "Kettle sizes", "Kettle for gas stoves", "Tea"])
    )
    near = index.nearest("The best kettle for gas stoves", 2, compare=lambda _: True)
    assert [one.id for one in near] == [2, 0]


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_title_is_it_resembles_itself_and_no_empty_one(title: str, other: str) -> None:
    index = SiteIndex.of([page(title, other)])
    assert (index.resembling(title, "") is not None) == bool(telling_words(title))
    assert index.resembling("", "") is None


WORDS = ["tent", "stove", "boots", "lamp", "rope", "tarp", "axe", "saw", "mat", "pump"]
TITLES = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@given(st.lists(st.tuples(TITLES, TITLES), max_size=12), TITLES, TITLES)
def test_among_many_the_same_is_found_as_among_each_alone(
    there: list[tuple[str, str]], title: str, keyphrase: str
) -> None:
    pages = [Existing("page", number, *texts) for number, texts in enumerate(there)]
    alone = [found for one in pages if (found := SiteIndex.of([one]).resembling(title, keyphrase))]
    assert SiteIndex.of(pages).resembling(title, keyphrase) == (alone[0] if alone else None)
