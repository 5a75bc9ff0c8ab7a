"""Which sections a draft has, and in which order."""

from dataclasses import dataclass

from igny8_assets.ai.offline.patterns import Pattern
from igny8_assets.ai.offline.writing.brief import Brief, Topic
from igny8_assets.vocabulary import ContentStructure as Structure

MOST_SECTIONS = 36
_WORDS_PER_SECTION = 95
_MOST_IN_A_GROUP = 12
_MOST_OF_A_KIND = 5


@dataclass(frozen=True)
class Plan:
    """One planned section.

    `theme` names its frames. A section about keywords has them in `topics`: one with a section of its own, or several
    that share a list. `level` is that of its heading.
    """

    theme: str
    topics: tuple[Topic, ...] = ()
    level: int = 2


@dataclass(frozen=True)
class _Form:
    """What a structure brings: sections before those on keywords, then more in the order of their use."""

    first: str
    more: str
    always: int = 2


_CHOOSING = _Form(
    "needs criteria", "mistakes cost quality shortlist checklist questions suits timing sources trial beginners terms"
)
_LEARNING = _Form(
    "basics", "background mistakes how_it_works terms myths sources practice beginners trial context doubts improve"
)
_FORMS = {
    Structure.HOW_TO: _Form("preparation steps", "mistakes result care trial time improve beginners sources myths"),
    Structure.TUTORIAL: _Form("basics preparation steps", "mistakes result trial improve terms care beginners sources"),
    Structure.COMPARISON: _Form(
        "criteria side_a side_b", "needs mistakes trial myths sources basics suits timing how_it_works", always=1
    ),
    Structure.REVIEW: _Form(
        "needs criteria", "quality suits questions cost sources mistakes trial checklist timing myths terms"
    ),
    Structure.CASE_STUDY: _Form(
        "starting_point record", "lessons mistakes trial result background sources time how_it_works", always=1
    ),
    Structure.NEWS_ANALYSIS: _Form(
        "changes affected", "watch background myths sources terms how_it_works mistakes", always=1
    ),
    Structure.FAQ: _Form(
        "basics", "mistakes myths sources how_it_works terms doubts practice beginners background", always=1
    ),
    Structure.EXPLAINER: _LEARNING,
    Structure.BUYERS_GUIDE: _CHOOSING,
    Structure.ROUND_UP: _Form(
        "shortlist criteria", "needs mistakes suits quality cost checklist questions sources timing trial myths terms"
    ),
}
_CHOOSING_PILLAR = _Form(
    "basics needs",
    "criteria mistakes cost quality shortlist checklist terms myths sources beginners questions suits timing trial",
)
_LEARNING_LIST = _Form(
    "basics", "trial mistakes practice beginners how_it_works improve sources terms context myths doubts"
)
# Sections that only make sense at the end.
_LAST = ("lessons", "watch", "beginners", "checklist")


def plan_sections(brief: Brief, words: int) -> list[Plan]:
    """Plan a draft's sections.

    Every supporting keyword is in exactly one section. There are as many sections as `words` allow, at least those
    that make the structure what it is.

    Args:
        brief: What the draft is about.
        words: Words for all sections together.
    """
    form = _form(brief)
    wanted = max(4, round(words / _WORDS_PER_SECTION))
    first = [theme for theme in form.first.split() if _applies(theme, brief)]
    more = [theme for theme in form.more.split() if _applies(theme, brief)]
    room = max(1, wanted - len(first) - form.always)
    about_keywords = _keyword_sections(brief, room)
    left = max(form.always, wanted - len(first) - len(about_keywords))
    chosen = more[: min(left, MOST_SECTIONS - len(first) - len(about_keywords))]
    body = [theme for theme in chosen if theme not in _LAST]
    end = [theme for theme in _LAST if theme in chosen]
    return [*map(Plan, first), *about_keywords, *map(Plan, [*body, *end])]


def _form(brief: Brief) -> _Form:
    match brief.structure:
        case Structure.LISTICLE:
            return _FORMS[Structure.ROUND_UP] if brief.commercial else _LEARNING_LIST
        case Structure.PILLAR_PAGE:
            return _CHOOSING_PILLAR if brief.commercial else _LEARNING
    return _FORMS[brief.structure]


def _applies(theme: str, brief: Brief) -> bool:
    if theme in {"side_a", "side_b"}:
        return "a" in brief.topic.slots
    return brief.commercial or theme not in {"cost", "questions", "suits", "quality", "shortlist", "timing"}


def _keyword_sections(brief: Brief, room: int) -> list[Plan]:
    topics = brief.supporting
    # The most searched keep a section of their own; the rest share lists, those of one kind together.
    singles = room if len(topics) <= room else max(0, min(room // 2, room - 1))
    alone = _not_too_many_alike(topics[:singles])
    rest = sorted((topic for topic in topics if topic not in alone), key=lambda topic: _kind_rank(topics, topic))
    if not rest:
        return _single_sections(alone)
    singles = len(alone)
    groups = min(max(room - singles, -(-len(rest) // _MOST_IN_A_GROUP)), MOST_SECTIONS - 8)
    size = -(-len(rest) // groups)
    shared = [tuple(rest[start : start + size]) for start in range(0, len(rest), size)]
    plans = [Plan(_shared_theme(group), group) if len(group) > 1 else Plan(group[0].theme, group) for group in shared]
    return _single_sections(alone) + plans


def _single_sections(topics: tuple[Topic, ...]) -> list[Plan]:
    questions = [topic for topic in topics if topic.pattern is Pattern.QUESTION]
    if len(questions) < 2:
        return [Plan(topic.theme, (topic,)) for topic in topics]
    others = [Plan(topic.theme, (topic,)) for topic in topics if topic.pattern is not Pattern.QUESTION]
    return [*others, Plan("umbrella"), *(Plan(topic.theme, (topic,), level=3) for topic in questions)]


def _not_too_many_alike(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """The topics without those whose kind has had its share: there is only so much to say about one kind."""
    kept: list[Topic] = []
    for topic in topics:
        if sum(other.theme == topic.theme for other in kept) < _MOST_OF_A_KIND:
            kept.append(topic)
    return tuple(kept)


def _kind_rank(topics: tuple[Topic, ...], topic: Topic) -> int:
    return next(place for place, other in enumerate(topics) if other.theme == topic.theme)


def _shared_theme(group: tuple[Topic, ...]) -> str:
    themes = {topic.theme for topic in group}
    return themes.pop() if len(themes) == 1 else "any"
