"""The head keyword of a group."""

from igny8_assets.clustering.naming import head_keyword


def test_the_much_searched_keyword_leads_when_all_are_equally_central() -> None:
    assert head_keyword([("moka pot size", 90), ("moka pot coffee", 8100)], [0.8, 0.8]) == 1


def test_a_much_searched_keyword_at_the_edge_does_not_lead() -> None:
    assert head_keyword([("espresso caffeine dose", 3000), ("clean espresso machine", 2400)], [0.3, 0.9]) == 1


def test_without_volumes_the_most_central_leads() -> None:
    assert head_keyword([("red shoe shop", 0), ("buy red shoes", 0), ("shoes in red", 0)], [0.5, 0.9, 0.6]) == 1


def test_of_two_alike_the_one_with_fewer_words_leads() -> None:
    assert head_keyword([("the best way to froth oat milk", 500), ("froth milk", 500)], [0.8, 0.8]) == 1


def test_a_full_tie_goes_to_the_alphabetically_earlier() -> None:
    assert head_keyword([("shoes red", 10), ("red shoes", 10)], [0.7, 0.7]) == 1


def test_keywords_near_nothing_still_have_a_head() -> None:
    assert head_keyword([("b", 0), ("a", 0)], [-0.1, 0.0]) == 1
