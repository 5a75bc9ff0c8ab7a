"""Plans of texts for a cluster."""

import pytest
from hypothesis import HealthCheck, given, settings

from igny8_assets.ai.offline.idea_titles import title_of
from igny8_assets.ai.offline.ideas import plan_ideas
from igny8_assets.ai.schemas import GenerateIdeasInput, GenerateIdeasOutput, Idea, KeywordFacts
from igny8_assets.vocabulary import ContentStructure, ContentType, Intent
from igny8_assets_tests.ai.offline.strategies import cluster_inputs, facts


def planned(keywords: list[KeywordFacts], wanted: int = 3, existing: list[str] | None = None) -> list[Idea]:
    asked = GenerateIdeasInput(
        language="en",
        site_name="Bean There",
        brand_voice="",
        cluster_name="c",
        cluster_description="",
        keywords=keywords,
        ideas_wanted=wanted,
        existing_titles=existing or [],
    )
    return plan_ideas(asked).ideas


def only_idea(*texts: str, intent: tuple[Intent, ...] = ()) -> Idea:
    (idea,) = planned(facts(list(texts), intent))
    return idea


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=cluster_inputs())
def test_every_keyword_is_a_target_of_exactly_one_idea(asked: GenerateIdeasInput) -> None:
    ideas = plan_ideas(asked).ideas
    targets = [identity for idea in ideas for identity in idea.keyword_ids]
    assert sorted(targets) == [keyword.id for keyword in asked.keywords]
    assert len(ideas) <= asked.ideas_wanted


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=cluster_inputs())
def test_no_title_is_taken_twice(asked: GenerateIdeasInput) -> None:
    answer = plan_ideas(asked)
    assert GenerateIdeasOutput.model_validate_json(answer.model_dump_json()) == answer
    titles = [idea.title.casefold() for idea in answer.ideas]
    assert len(set(titles)) == len(titles)
    assert not {" ".join(title.casefold().split()) for title in asked.existing_titles} & set(titles)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked=cluster_inputs())
def test_the_same_cluster_gives_the_same_plan(asked: GenerateIdeasInput) -> None:
    assert plan_ideas(asked).model_dump_json() == plan_ideas(asked).model_dump_json()


def test_a_small_cluster_gives_one_idea() -> None:
    texts = ["how to froth milk", "best milk frother", "milk frother vs steam wand", "milk frother price", "oat milk"]
    assert len(planned(facts(texts), wanted=5)) == 1


def test_the_keyphrase_is_the_most_searched_keyword() -> None:
    keywords = [KeywordFacts(id=7, text="cold brew tips", volume=10), KeywordFacts(id=9, text="cold brew", volume=90)]
    (idea,) = planned(keywords)
    assert idea.keyword_ids == [9, 7]
    assert idea.title.startswith("Cold Brew")


def test_searches_with_different_wishes_become_different_texts() -> None:
    doing = [f"how to clean a {thing}" for thing in ("kettle", "mug", "jug", "pot", "cup", "sieve", "press", "lid")]
    choosing = [f"best {thing}" for thing in ("kettle", "mug", "jug", "pot", "cup", "sieve", "press", "lid")]
    ideas = planned(facts([*doing, *choosing]), wanted=4)
    assert sorted(tuple(sorted(idea.keyword_ids)) for idea in ideas) == [tuple(range(1, 9)), tuple(range(9, 17))]


def test_a_large_group_of_one_kind_is_split_by_a_telling_word() -> None:
    texts = [f"{colour} kettle {size}" for colour in ("red", "blue") for size in "abcdefghij"]
    ideas = planned(facts(texts), wanted=2)
    assert [len(idea.keyword_ids) for idea in ideas] == [10, 10]


@pytest.mark.parametrize(
    ("keyword", "intent", "structure", "kind"),
    [
        ("how to froth milk", (), ContentStructure.HOW_TO, ContentType.BLOG_POST),
        ("latte vs cappuccino", (), ContentStructure.COMPARISON, ContentType.BLOG_POST),
        ("best milk frother", (), ContentStructure.ROUND_UP, ContentType.BLOG_POST),
        ("best milk frother", (Intent.TRANSACTIONAL,), ContentStructure.BUYERS_GUIDE, ContentType.BLOG_POST),
        ("top 10 milk frothers", (), ContentStructure.LISTICLE, ContentType.BLOG_POST),
        ("milk frother review", (), ContentStructure.REVIEW, ContentType.BLOG_POST),
        ("cheap milk frother", (), ContentStructure.BUYERS_GUIDE, ContentType.BLOG_POST),
        ("coffee shop near me", (), ContentStructure.LISTICLE, ContentType.LANDING_PAGE),
        ("buy coffee beans", (), ContentStructure.BUYERS_GUIDE, ContentType.CATEGORY_PAGE),
        ("what is crema", (), ContentStructure.EXPLAINER, ContentType.BLOG_POST),
        ("brewing chart", (), ContentStructure.TUTORIAL, ContentType.BLOG_POST),
        ("coffee recipes", (), ContentStructure.LISTICLE, ContentType.BLOG_POST),
        ("coffee trends", (), ContentStructure.NEWS_ANALYSIS, ContentType.BLOG_POST),
        ("coffee shop case study", (), ContentStructure.CASE_STUDY, ContentType.CASE_STUDY),
        ("milk frother", (Intent.COMMERCIAL,), ContentStructure.BUYERS_GUIDE, ContentType.BLOG_POST),
        ("crema", (Intent.INFORMATIONAL,), ContentStructure.EXPLAINER, ContentType.BLOG_POST),
    ],
)
def test_the_structure_fits_the_search(
    keyword: str, intent: tuple[Intent, ...], structure: ContentStructure, kind: ContentType
) -> None:
    idea = only_idea(keyword, intent=intent)
    assert (idea.content_structure, idea.content_type) == (structure, kind)


def test_many_questions_become_an_faq() -> None:
    idea = only_idea(
        "is decaf bad", "does decaf have caffeine", "why drink decaf", "how is decaf made", "what is decaf"
    )
    assert idea.content_structure is ContentStructure.FAQ


def test_a_description_names_the_readers_the_aim_and_the_keywords() -> None:
    description = only_idea("how to froth milk", "frothing oat milk", intent=(Intent.INFORMATIONAL,)).description
    assert "readers who want to understand" in description
    assert "which steps" in description
    assert "frothing oat milk" in description


@pytest.mark.parametrize("structure", ContentStructure)
@pytest.mark.parametrize("keyphrase", ["espresso machine", "how to clean moka pot", "what is cold brew"])
def test_a_title_holds_its_keyphrase_and_has_a_good_length(structure: ContentStructure, keyphrase: str) -> None:
    title = title_of(keyphrase, structure, [])
    assert keyphrase in title.casefold()
    assert 30 <= len(title) <= 65


def test_a_title_is_found_even_when_many_are_taken() -> None:
    taken: list[str] = []
    for _ in range(60):
        taken.append(title_of("espresso machine", ContentStructure.EXPLAINER, taken))
    assert len({title.casefold() for title in taken}) == 60
