"""Plans texts for a cluster from its own keywords: what each is to answer, how it is built and what it is called."""

from collections import Counter

from igny8_assets.ai.offline.grouping import Keywords, divide_keywords, is_choosing
from igny8_assets.ai.offline.idea_titles import title_of
from igny8_assets.ai.offline.naming import prevailing_intent
from igny8_assets.ai.offline.patterns import Pattern, read_keyword
from igny8_assets.ai.offline.wording import clip, inline
from igny8_assets.ai.schemas import GenerateIdeasInput, GenerateIdeasOutput, Idea, KeywordFacts
from igny8_assets.vocabulary import ContentStructure as Structure
from igny8_assets.vocabulary import ContentType, Intent

_MANY_QUESTIONS = 4
_MANY_KEYWORDS = 10
_ROOM_FOR_KEYWORDS = 600
_LONGEST_DESCRIPTION = 1000
_STRUCTURES = {
    Pattern.HOW_TO: Structure.HOW_TO,
    Pattern.PROBLEM: Structure.HOW_TO,
    Pattern.RESOURCE: Structure.TUTORIAL,
    Pattern.COMPARISON: Structure.COMPARISON,
    Pattern.ALTERNATIVE: Structure.ROUND_UP,
    Pattern.REVIEW: Structure.REVIEW,
    Pattern.PRICE: Structure.BUYERS_GUIDE,
    Pattern.BUY: Structure.BUYERS_GUIDE,
    Pattern.NEAR: Structure.LISTICLE,
    Pattern.QUESTION: Structure.EXPLAINER,
    Pattern.DEFINITION: Structure.EXPLAINER,
    Pattern.LIST: Structure.LISTICLE,
    Pattern.NEWS: Structure.NEWS_ANALYSIS,
    Pattern.CASE_STUDY: Structure.CASE_STUDY,
}
_TYPES = {
    Pattern.NEAR: ContentType.LANDING_PAGE,
    Pattern.BUY: ContentType.CATEGORY_PAGE,
    Pattern.CASE_STUDY: ContentType.CASE_STUDY,
}
_READERS = {
    "informational": "readers who want to understand the topic",
    "commercial": "readers who compare before they choose",
    "transactional": "readers who are ready to buy or order",
    "navigational": "readers who look for one certain page or place",
    "": "readers who search for this topic",
}
_AIMS = {
    Structure.HOW_TO: "what to prepare, which steps to take in which order, and how to tell that it worked",
    Structure.LISTICLE: "which options there are, how they differ and how to pick among them",
    Structure.COMPARISON: "how the sides differ on the same points, and which fits whom",
    Structure.REVIEW: "what speaks for it, what speaks against it and whom it suits",
    Structure.TUTORIAL: "what to learn first, how to practise and how to check the result",
    Structure.PILLAR_PAGE: "what belongs to the topic, what matters most and where to read on",
    Structure.CASE_STUDY: "what the start was like, what was done, what came out and what others can use",
    Structure.ROUND_UP: "how to get from many options to a few, and what to compare",
    Structure.BUYERS_GUIDE: "what to look for, what it costs in full and what to ask before paying",
    Structure.EXPLAINER: "what it is, why it matters and what the answer depends on",
    Structure.NEWS_ANALYSIS: "what is new, whom it affects and what to watch",
    Structure.FAQ: "the questions that searchers type, one by one",
}


def plan_ideas(asked: GenerateIdeasInput) -> GenerateIdeasOutput:
    """Plan at most as many texts as wanted; every keyword is a target of exactly one of them.

    Titles and descriptions are English whatever the language is. No title equals an existing one or another idea's.
    """
    taken = list(asked.existing_titles)
    ideas = []
    for keywords in divide_keywords(asked.keywords, asked.ideas_wanted):
        idea = _idea(keywords, taken)
        taken.append(idea.title)
        ideas.append(idea)
    return GenerateIdeasOutput(ideas=ideas)


def _idea(keywords: Keywords, taken: list[str]) -> Idea:
    keyphrase = keywords[0].text
    pattern = read_keyword(keyphrase).pattern
    structure = _structure(keywords, pattern)
    return Idea(
        title=title_of(keyphrase, structure, taken),
        description=_description(keywords, structure),
        content_type=_TYPES.get(pattern, ContentType.BLOG_POST),
        content_structure=structure,
        keyword_ids=[keyword.id for keyword in keywords],
    )


def _structure(keywords: Keywords, pattern: Pattern) -> Structure:
    patterns = Counter(read_keyword(keyword.text).pattern for keyword in keywords)
    if pattern in {Pattern.QUESTION, Pattern.DEFINITION} and patterns[Pattern.QUESTION] >= _MANY_QUESTIONS:
        return Structure.FAQ
    if pattern is Pattern.BEST:
        return _structure_of_best(keywords[0])
    if pattern is not Pattern.THING:
        return _STRUCTURES[pattern]
    if len(keywords) >= _MANY_KEYWORDS:
        return Structure.PILLAR_PAGE
    if 2 * sum(map(is_choosing, keywords)) >= len(keywords):
        return Structure.BUYERS_GUIDE
    others = Counter({kind: count for kind, count in patterns.items() if kind is not Pattern.THING})
    # A plain thing with mostly how-tos (or lists, or questions) around it wants their structure.
    for kind in (Pattern.HOW_TO, Pattern.LIST, Pattern.RESOURCE):
        if 2 * others[kind] > len(keywords):
            return _STRUCTURES[kind]
    return Structure.EXPLAINER


def _structure_of_best(keyphrase: KeywordFacts) -> Structure:
    if keyphrase.text.lower().startswith("top"):
        return Structure.LISTICLE
    return Structure.BUYERS_GUIDE if Intent.TRANSACTIONAL in keyphrase.intents else Structure.ROUND_UP


def _description(keywords: Keywords, structure: Structure) -> str:
    intent = prevailing_intent(keywords)
    keyphrase, *rest = [inline(keyword.text) for keyword in keywords]
    kind = structure if structure is Structure.FAQ else str(structure).capitalize()
    sentences = [f"{kind} on “{clip(keyphrase, 200)}” for {_READERS[intent]}.", f"It answers {_AIMS[structure]}."]
    named: list[str] = []
    for text in rest:
        if sum(len(name) + 2 for name in named) + len(text) > _ROOM_FOR_KEYWORDS:
            break
        named.append(text)
    if named:
        left = len(rest) - len(named)
        sentences.append(f"It covers: {'; '.join(named)}{f'; and {left} more' if left else ''}.")
    return clip(" ".join(sentences), _LONGEST_DESCRIPTION)
