"""What an outline draft promises to whoever reads or edits it."""

import re
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings

from igny8_assets.ai.offline.writing.density import KeyphraseCounter
from igny8_assets.ai.offline.writing.draft import write_draft
from igny8_assets.ai.schemas import ContentBriefInput, Draft
from igny8_assets.vocabulary import ContentStructure, Intent
from igny8_assets_tests.ai.offline.reading import (
    blocks_of,
    html_of,
    prose_of,
    sentences_of,
    shingles_of,
    text_of,
    word_count,
)
from igny8_assets_tests.ai.offline.strategies import HOSTILE, brief_of, briefs, facts

INFORMATIONAL = (Intent.INFORMATIONAL,)
COMMERCIAL = (Intent.COMMERCIAL,)
BRIEFS = (
    brief_of(
        "how to clean moka pot",
        ContentStructure.HOW_TO,
        [
            "moka pot cleaning tips",
            "can you put moka pot in dishwasher",
            "how to descale a moka pot",
            "moka pot gasket",
        ],
    ),
    brief_of(
        "best coffee grinder for espresso",
        ContentStructure.BUYERS_GUIDE,
        [
            "espresso grinder under 300",
            "burr grinder vs blade grinder",
            "quiet coffee grinder",
            "coffee grinder reviews",
        ],
        intent=COMMERCIAL,
        words=1500,
    ),
    brief_of(
        "french press vs pour over",
        ContentStructure.COMPARISON,
        ["is french press stronger than pour over", "pour over coffee maker", "french press grind size"],
    ),
    brief_of(
        "coffee subscription near me",
        ContentStructure.LISTICLE,
        ["local coffee roasters", "cheap coffee subscription", "coffee delivery near me"],
        intent=COMMERCIAL,
    ),
    brief_of(
        "what is cold brew",
        ContentStructure.EXPLAINER,
        ["cold brew ratio", "how long does cold brew last", "cold brew coffee beans", "cold brew vs iced coffee"],
        words=1000,
    ),
    brief_of(
        "espresso machine",
        ContentStructure.PILLAR_PAGE,
        [
            "small espresso machine",
            "espresso machine price",
            "how to descale espresso machine",
            "espresso machine repair",
        ],
        intent=COMMERCIAL,
        words=2500,
    ),
    brief_of("coffee trends 2025", ContentStructure.NEWS_ANALYSIS, ["coffee prices", "coffee news"], words=800),
    brief_of("coffee shop case study", ContentStructure.CASE_STUDY, ["coffee shop marketing"], words=1000),
    brief_of("espresso basics", ContentStructure.TUTORIAL, ["how to tamp espresso", "espresso ratio"]),
    brief_of("breville barista express review", ContentStructure.REVIEW, ["breville grinder"], intent=COMMERCIAL),
    brief_of("top 10 coffee makers", ContentStructure.ROUND_UP, ["drip coffee maker"], intent=COMMERCIAL),
    brief_of("does decaf coffee have caffeine", ContentStructure.FAQ, ["is decaf bad for you"], words=800),
)
each_brief = pytest.mark.parametrize("brief", BRIEFS, ids=lambda brief: brief.keyphrase)
many_examples = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many_examples
@given(brief=briefs())
def test_any_brief_gives_a_whole_draft(brief: ContentBriefInput) -> None:
    draft = write_draft(brief)
    assert Draft.model_validate_json(draft.model_dump_json()) == draft
    assert word_count(draft) >= 400
    for part in (draft.introduction, *(section.body for section in draft.sections), draft.conclusion):
        assert part.rstrip()[-1] in ".?!"


@many_examples
@given(brief=briefs())
def test_no_sentence_occurs_twice_in_a_draft(brief: ContentBriefInput) -> None:
    said = [re.sub(r"[\W_]+", "", sentence).casefold() for sentence in sentences_of(write_draft(brief))]
    said = [sentence for sentence in said if sentence]
    assert sorted(said) == sorted(set(said))


@many_examples
@given(brief=briefs())
def test_keywords_become_neither_mark_up_nor_script(brief: ContentBriefInput) -> None:
    draft = write_draft(brief)
    html = html_of(draft)
    tags = {tag.split()[0].strip("/") for tag in re.findall(r"<(/?[a-zA-Z][^>]*)>", html)}
    assert tags <= {"p", "ul", "ol", "li", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert "<" not in "".join((draft.title, draft.meta_title, draft.meta_description))
    assert not any("<" in section.heading for section in draft.sections)
    assert not any("<" in entry.question + entry.answer for entry in draft.faq)


@many_examples
@given(brief=briefs())
def test_headings_differ_and_skip_no_level(brief: ContentBriefInput) -> None:
    sections = write_draft(brief).sections
    headings = [section.heading.casefold() for section in sections]
    assert len(set(headings)) == len(headings)
    assert sections[0].level == 2


@many_examples
@given(brief=briefs())
def test_the_same_brief_gives_the_same_draft(brief: ContentBriefInput) -> None:
    assert write_draft(brief).model_dump_json() == write_draft(brief).model_dump_json()


@pytest.mark.parametrize("keyword", HOSTILE)
def test_a_hostile_keyphrase_is_shown_as_text(keyword: str) -> None:
    draft = write_draft(brief_of(keyword, ContentStructure.PILLAR_PAGE, list(HOSTILE), title=keyword))
    html = html_of(draft)
    assert not re.search(r"<(?:script|img|a|h\d|code|pre|em|blockquote|hr)\b", html)
    assert "<script" not in draft.model_dump_json()


def test_two_hundred_keywords_are_all_treated() -> None:
    keywords = [f"coffee topic number {number}" for number in range(200)]
    draft = write_draft(brief_of("coffee", ContentStructure.PILLAR_PAGE, keywords, words=2500))
    text = " ".join(section.heading + " " + section.body for section in draft.sections).casefold()
    assert [keyword for keyword in keywords if not re.search(rf"{keyword}\b", text)] == []
    assert len(draft.sections) <= 40


@each_brief
def test_each_supporting_keyword_is_treated_in_a_section(brief: ContentBriefInput) -> None:
    sections = write_draft(brief).sections
    for keyword in brief.supporting_keywords:
        counter = KeyphraseCounter(keyword.text)
        assert any(counter.within(f"{section.heading}\n{section.body}") for section in sections), keyword.text


@each_brief
def test_the_length_is_within_a_fifth_of_the_target(brief: ContentBriefInput) -> None:
    assert 0.8 * brief.word_target <= word_count(write_draft(brief)) <= 1.2 * brief.word_target


@each_brief
def test_the_first_paragraph_holds_the_keyphrase(brief: ContentBriefInput) -> None:
    first = write_draft(brief).introduction.split("\n\n")[0]
    assert KeyphraseCounter(brief.keyphrase).within(first)


@each_brief
def test_a_third_to_three_quarters_of_the_headings_hold_the_keyphrase(brief: ContentBriefInput) -> None:
    draft = write_draft(brief)
    headings = [section.heading for section in draft.sections] + [entry.question for entry in draft.faq]
    held = sum(KeyphraseCounter(brief.keyphrase).within(heading) for heading in headings)
    # A renderer adds two headings: over the questions and over the conclusion.
    assert 0.30 <= held / (len(headings) + 2) <= 0.75


@each_brief
def test_the_keyphrase_makes_up_half_a_percent_to_three_percent(brief: ContentBriefInput) -> None:
    draft = write_draft(brief)
    count = sum(KeyphraseCounter(brief.keyphrase).count(block) for block in blocks_of(draft))
    assert 0.005 <= count / word_count(draft) <= 0.03


@each_brief
def test_search_engines_get_texts_of_the_right_length(brief: ContentBriefInput) -> None:
    draft = write_draft(brief)
    assert 50 <= len(draft.meta_title) <= 60
    assert 121 <= len(draft.meta_description) <= 156
    assert KeyphraseCounter(brief.keyphrase).within(draft.meta_title)


@each_brief
def test_sections_and_paragraphs_are_short(brief: ContentBriefInput) -> None:
    draft = write_draft(brief)
    assert max(len(section.body.split()) for section in draft.sections) < 300
    assert max(len(line.split()) for line in prose_of(draft)) < 150


@each_brief
def test_sentences_are_short(brief: ContentBriefInput) -> None:
    sentences = sentences_of(write_draft(brief))
    assert sum(len(sentence.split()) > 20 for sentence in sentences) / len(sentences) < 0.1


@each_brief
def test_no_figure_is_invented(brief: ContentBriefInput) -> None:
    known = set(re.findall(r"\d+", " ".join([brief.keyphrase, *(k.text for k in brief.supporting_keywords)])))
    text = re.sub(r"^\d+\. ", "", text_of(write_draft(brief)), flags=re.MULTILINE)
    assert set(re.findall(r"\d+", text)) <= known


@each_brief
def test_nothing_reads_like_a_gap_or_a_machine(brief: ContentBriefInput) -> None:
    pattern = r"lorem ipsum|\bTODO\b|\bTBD\b|\bXYZ\b|\[|\]|\{|\}|as an ai|language model|placeholder|search volume"
    assert not re.search(pattern, text_of(write_draft(brief)), re.IGNORECASE)


def test_drafts_on_different_topics_share_few_word_sequences() -> None:
    topics = ("kettle", "grinder", "tamper", "scale", "frother", "mug", "dripper", "roaster", "filter", "jug")
    briefs_of_kind = [
        brief_of(f"best {topic} for espresso", structure, [f"cheap {topic}", f"how to clean {topic}"], intent=intent)
        for structure, intent in ((ContentStructure.ROUND_UP, COMMERCIAL), (ContentStructure.EXPLAINER, INFORMATIONAL))
        for topic in topics
    ]
    shingles = [shingles_of(write_draft(brief)) for brief in briefs_of_kind]
    assert max(len(a & b) / len(a | b) for a, b in combinations(shingles, 2)) < 0.5


def test_another_reason_of_rejection_gives_another_draft() -> None:
    first = brief_of("espresso machine", ContentStructure.EXPLAINER, ["small espresso machine"])
    second = first.model_copy(update={"rejection_reason": "The opening is dull."})
    a, b = (shingles_of(write_draft(brief)) for brief in (first, second))
    assert len(a & b) / len(a | b) < 0.6


@pytest.mark.parametrize(
    ("reason", "longer"), [("This is too short.", True), ("Please expand it.", True), ("Make it shorter.", False)]
)
def test_a_rejection_for_length_changes_the_length(reason: str, longer: bool) -> None:
    plain = brief_of("espresso machine", ContentStructure.EXPLAINER, ["small espresso machine"])
    rejected = plain.model_copy(update={"rejection_reason": reason})
    assert (word_count(write_draft(rejected)) > 1.1 * word_count(write_draft(plain))) is longer


def test_a_how_to_has_numbered_steps() -> None:
    assert "\n1. " in text_of(write_draft(BRIEFS[0]))


def test_a_comparison_has_a_table_and_gives_each_side_a_section() -> None:
    draft = write_draft(BRIEFS[2])
    assert "<table>" in html_of(draft)
    headings = " ".join(section.heading for section in draft.sections)
    assert "French press" in headings
    assert "the case for" in headings.casefold() or "better fit" in headings


def test_a_buyers_guide_has_a_list_to_go_through() -> None:
    assert "\n- " in text_of(write_draft(BRIEFS[1]))


def test_a_question_of_readers_becomes_a_heading_with_its_mark() -> None:
    headings = [section.heading for section in write_draft(BRIEFS[4]).sections]
    assert "How long does cold brew last?" in headings


def test_a_keyword_given_twice_is_treated_once() -> None:
    brief = brief_of("coffee", ContentStructure.EXPLAINER, ["Cold Brew", "cold brew", "coffee"])
    headings = [section.heading.casefold() for section in write_draft(brief).sections]
    assert sum("cold brew" in heading for heading in headings) == 1


def test_facts_for_editors_stay_out_of_the_text() -> None:
    brief = brief_of("espresso machine", ContentStructure.EXPLAINER, ["small espresso machine"])
    loud = brief.model_copy(update={"supporting_keywords": facts(["small espresso machine"] * 1)})
    assert text_of(write_draft(loud)).casefold().count("volume") == 0
