from hypothesis import given, settings
from hypothesis import strategies as st

from igny8_assets.clustering.evidence import find_ties
from igny8_assets.clustering.together import NO_CLUSTER, together

RESULTS = st.lists(st.lists(st.integers(0, 14), max_size=10, unique=True), max_size=20)


def _groups(results: list[list[str]], shared: int) -> list[int]:
    texts = [f"keyword {place}" for place in range(len(results))]
    nothing: list[None] = [None] * len(texts)
    ties = find_ties(texts, nothing, nothing, results, shared_urls=shared)
    labels: list[int] = together([(tie.first, tie.second) for tie in ties], [NO_CLUSTER] * len(texts)).tolist()
    return labels


@given(RESULTS, st.integers(1, 10))
@settings(deadline=None)
def test_those_are_together_that_a_chain_of_shared_results_leads_to(numbers: list[list[int]], shared: int) -> None:
    results = [[f"https://example.org/{number}" for number in each] for each in numbers]
    expected = list(range(len(results)))
    for one in range(len(results)):
        for other in range(one):
            if len(set(results[one]) & set(results[other])) >= shared:
                low, high = sorted((expected[one], expected[other]))
                expected = [low if label == high else label for label in expected]
    assert _groups(results, shared) == expected


def test_ten_thousand_keywords_with_the_same_results_are_a_chain() -> None:
    results = [[f"https://example.org/{number}" for number in range(10)]] * 10_000
    assert set(_groups(results, 4)) == {0}


def test_ten_thousand_keywords_with_one_result_in_common_are_a_chain_where_one_is_enough() -> None:
    results = [["https://example.org/all", f"https://example.org/{number}"] for number in range(10_000)]
    assert set(_groups(results, 1)) == {0}
