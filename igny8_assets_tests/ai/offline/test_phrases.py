"""Understanding keywords, and the forms that sentences take them in."""

import pytest
from hypothesis import given

from igny8_assets.ai.offline.grammar import article, noun_phrase, with_article
from igny8_assets.ai.offline.patterns import Pattern, read_keyword
from igny8_assets.ai.offline.phrases import phrases
from igny8_assets_tests.ai.offline.strategies import keyword_texts


@pytest.mark.parametrize(
    ("keyword", "pattern"),
    [
        ("how to clean moka pot", Pattern.HOW_TO),
        ("How do I descale a kettle?", Pattern.HOW_TO),
        ("clean espresso machine", Pattern.HOW_TO),
        ("french press vs pour over", Pattern.COMPARISON),
        ("difference between latte and cappuccino", Pattern.COMPARISON),
        ("burr or blade grinder", Pattern.COMPARISON),
        ("coffee subscription near me", Pattern.NEAR),
        ("what is cold brew", Pattern.QUESTION),
        ("is decaf bad for you", Pattern.QUESTION),
        ("where to buy green coffee", Pattern.BUY),
        ("buy coffee beans online", Pattern.BUY),
        ("best coffee grinder for espresso", Pattern.BEST),
        ("top 10 coffee makers", Pattern.BEST),
        ("top load washer", Pattern.THING),
        ("breville review", Pattern.REVIEW),
        ("espresso machine under $500", Pattern.PRICE),
        ("cheap grinder", Pattern.PRICE),
        ("keurig alternatives", Pattern.ALTERNATIVE),
        ("grinder not working", Pattern.PROBLEM),
        ("brewing chart", Pattern.RESOURCE),
        ("manual coffee grinder", Pattern.THING),
        ("coffee recipes", Pattern.LIST),
        ("cold brew meaning", Pattern.DEFINITION),
        ("coffee trends 2025", Pattern.NEWS),
        ("coffee shop case study", Pattern.CASE_STUDY),
        ("espresso machine", Pattern.THING),
        ("<script>", Pattern.THING),
    ],
)
def test_a_keyword_is_understood_by_its_words(keyword: str, pattern: Pattern) -> None:
    assert read_keyword(keyword).pattern is pattern


@pytest.mark.parametrize(
    ("noun", "one", "many"),
    [
        ("espresso machine", "an espresso machine", "espresso machines"),
        ("coffee beans", "coffee beans", "coffee beans"),
        ("cold brew", "cold brew", "cold brew"),
        ("coffee grinder for espresso", "a coffee grinder for espresso", "coffee grinders for espresso"),
        ("pour over coffee maker", "a pour over coffee maker", "pour over coffee makers"),
        ("SEO tool", "an SEO tool", "SEO tools"),
        ("USB charger", "a USB charger", "USB chargers"),
        ("coffee knife", "a coffee knife", "coffee knives"),
        ("brewing", "brewing", "brewing"),
        ("the best cup", "the best cup", "the best cup"),
        ("кофемолка", "кофемолка", "кофемолка"),
        ("iphone 15", "an iphone 15", "an iphone 15"),
    ],
)
def test_nouns_are_counted_as_in_english(noun: str, one: str, many: str) -> None:
    phrase = noun_phrase(noun)
    assert (phrase.one, phrase.many) == (one, many)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("clean moka pot", "clean a moka pot"),
        ("clean a moka pot", "clean a moka pot"),
        ("store coffee beans", "store coffee beans"),
        ("make espresso", "make espresso"),
        ("use french press for cold brew", "use a french press for cold brew"),
        ("work from home", "work from home"),
        ("sleep better", "sleep better"),
    ],
)
def test_an_article_comes_only_before_one_counted_thing(action: str, expected: str) -> None:
    assert with_article(action) == expected


def test_the_article_follows_the_sound() -> None:
    assert [article(word) for word in ("hour", "user", "egg", "SEO tool", "one-pot")] == ["an", "a", "an", "an", "a"]


@pytest.mark.parametrize(
    ("keyword", "form", "words"),
    [
        ("best coffee grinder for espresso", "np", "the best coffee grinder for espresso"),
        ("best coffee grinder for espresso", "vp", "choose a coffee grinder for espresso"),
        ("best espresso machine 2025", "np", "the best espresso machine of 2025"),
        ("how to clean moka pot", "vp", "clean a moka pot"),
        ("how to clean moka pot", "about", "how to clean moka pot"),
        ("french press vs pour over", "about", "French press vs pour over"),
        ("moka pot vs espresso", "sides", "a moka pot and espresso"),
        ("coffee subscription near me", "np", "a coffee subscription near you"),
        ("espresso machine price", "about", "prices for espresso machines"),
        ("what is cold brew", "question", "What is cold brew?"),
        ("what is cold brew", "about", "cold brew"),
        ("breville review", "np", "reviews of breville"),
        ("milk frother review", "np", "reviews of the milk frother"),
        ("buy coffee beans online", "ving", "buying coffee beans online"),
        ("making cold brew at home", "ving", "making cold brew at home"),
    ],
)
def test_a_keyword_takes_the_form_that_a_sentence_needs(keyword: str, form: str, words: str) -> None:
    assert phrases(read_keyword(keyword), commercial=True)[form] == words


def test_a_bare_question_gets_no_question_mark() -> None:
    forms = phrases(read_keyword("how fine to grind espresso"), commercial=False)
    assert "question" not in forms
    assert forms["ask"] == "How fine to grind espresso"


@given(keyword=keyword_texts)
def test_any_keyword_has_the_forms_that_every_sentence_may_ask_for(keyword: str) -> None:
    forms = phrases(read_keyword(keyword), commercial=False)
    assert {"text", "quoted", "np", "about", "vp", "ving"} <= forms.keys()
    assert all(form.strip() for form in forms.values())
