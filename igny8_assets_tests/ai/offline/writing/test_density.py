"""Counting a keyphrase in a text."""

from igny8_assets.ai.offline.writing.density import KeyphraseCounter


def test_its_words_count_in_any_order_within_one_sentence() -> None:
    assert KeyphraseCounter("cold brew ratio").count("The ratio of a cold brew. Cold water. A brew ratio.") == 1


def test_singular_and_plural_are_the_same() -> None:
    assert KeyphraseCounter("espresso machine").count("Espresso machines differ.") == 1


def test_function_words_need_not_occur() -> None:
    assert KeyphraseCounter("how to clean a moka pot").within("Clean your moka pot.")


def test_a_keyphrase_of_function_words_is_still_counted() -> None:
    assert KeyphraseCounter("how to").count("This is how to do it.") == 1


def test_a_keyphrase_without_words_is_found_nowhere() -> None:
    assert not KeyphraseCounter("???").within("Anything at all.")
