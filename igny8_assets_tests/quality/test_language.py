"""Whether a text is in the language of its site."""

import pytest

from igny8_assets.quality.language import LEAST_WORDS, shares_of
from igny8_assets.quality.report import Verdict
from igny8_assets.quality.words import folded, words_of
from igny8_assets_tests.quality.drafts import finding, verdict

# A guide to coffee, and the first articles of the Universal Declaration of Human Rights.
TEXTS = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason and "
    "conscience and should act towards one another in a spirit of brotherhood. If the water is too hot, "
    "the coffee will taste bitter, so let it rest for a minute before you pour it over the grounds.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de "
    "razón y conciencia, deben comportarse fraternalmente los unos con los otros. Si el agua está "
    "demasiado caliente, el café sabe amargo, así que déjala reposar un minuto antes de verterla sobre "
    "el café molido.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen "
    "begabt und sollen einander im Geist der Brüderlichkeit begegnen. Ist das Wasser zu heiß, schmeckt "
    "der Kaffee bitter: Lassen Sie es daher eine Minute ruhen, bevor Sie es über das Pulver gießen.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良"
    "心とを授けられており、互いに同胞の精神をもって行動しなければならない。",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison "
    "et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité. Si l'eau "
    "est trop chaude, le café sera amer ; laissez-la donc reposer une minute avant de la verser sur la "
    "mouture.",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de "
    "consciência, devem agir uns para com os outros em espírito de fraternidade. Se a água estiver muito "
    "quente, o café fica amargo; por isso, deixe-a descansar um minuto antes de a deitar sobre o café "
    "moído.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и "
    "совестью и должны поступать в отношении друг друга в духе братства. Если вода слишком горячая, то "
    "кофе будет горьким, так что дайте ей постоять минуту, а уже после этого лейте ее на молотый кофе, и "
    "не спешите при этом.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e "
    "di coscienza e devono agire gli uni verso gli altri in spirito di fratellanza. Se l'acqua è troppo "
    "calda, il caffè sarà amaro: lasciatela quindi riposare per un minuto prima di versarla sul caffè "
    "macinato.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met "
    "verstand en geweten, en behoren zich jegens elkander in een geest van broederschap te gedragen. Als "
    "het water te heet is, wordt de koffie bitter; laat het dus een minuut rusten voordat je het over de "
    "koffie giet.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni "
    "rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa. Jeśli woda jest za "
    "gorąca, to kawa będzie gorzka, więc zostaw ją na minutę, a dopiero po tym wlej ją do kawy, i nie "
    "spiesz się przy tym.",
}


def html_of(language: str) -> str:
    return f"<p>{TEXTS[language]}</p>" * 2


@pytest.mark.parametrize("site", TEXTS)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_in_another_language_than_its_sites_is_warned_about(site: str, text: str) -> None:
    expected = Verdict.PASS if site == text else Verdict.WARN
    told = finding("language", html=html_of(text), language=f"{site}-XX")
    assert told.verdict is expected, told.evidence
    assert "not checked" not in told.evidence


@pytest.mark.parametrize("text", TEXTS)
def test_the_likeliest_language_is_the_texts(text: str) -> None:
    shares = shares_of(words_of(folded(TEXTS[text]).replace("'", " ")))
    assert max(shares, key=lambda language: shares[language]) == text


def test_the_evidence_says_what_the_text_seems_to_be() -> None:
    told = finding("language", language="de").evidence
    assert told.startswith("the text seems to be in English, its site is in German: ")
    assert told.endswith("0 % of the words are common in German")


def test_a_language_without_a_list_is_not_checked_unless_the_text_is_english() -> None:
    finnish = "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. " * 8
    told = finding("language", html=f"<p>{finnish}</p>", language="fi")
    assert (told.verdict, told.evidence) == (Verdict.PASS, "not checked: there is no list of common words of fi")
    assert verdict("language", language="fi") is Verdict.WARN
    assert "does not seem to be in German" in finding("language", html=f"<p>{finnish}</p>", language="de").evidence


def test_a_few_words_are_not_checked() -> None:
    told = finding("language", html="<p>Just this.</p>", language="de")
    assert (told.verdict, told.evidence) == (Verdict.PASS, f"not checked: fewer than {LEAST_WORDS} words")
