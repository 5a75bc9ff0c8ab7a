"""The questions and answers at the end of a draft."""

from collections.abc import Iterator

from igny8_assets.ai.offline.choice import ordered
from igny8_assets.ai.offline.patterns import Pattern
from igny8_assets.ai.offline.wording import clip
from igny8_assets.ai.offline.writing.bank import bank, fields
from igny8_assets.ai.offline.writing.brief import Brief, Topic
from igny8_assets.ai.offline.writing.density import KeyphraseCounter
from igny8_assets.ai.offline.writing.prose import Prose, fill
from igny8_assets.ai.schemas import FaqEntry

_LONGEST_QUESTION = 200


def how_many_questions(words: int) -> int:
    """Three questions for a short text, six for a long one."""
    return min(6, max(3, 1 + words // 400))


def choose_questions(brief: Brief, keyphrase: KeyphraseCounter, asked: set[str]) -> list[tuple[str, str]]:
    """Choose the questions, so that the headings can take account of them.

    Args:
        brief: What the draft is about.
        keyphrase: Tells whether a question holds the keyphrase; about half of them shall.
        asked: Keyword texts that have a section of their own, which are not asked again.

    Returns:
        Pairs of a question and the frame of its answer.
    """
    count = how_many_questions(brief.words)
    with_keyphrase: list[tuple[str, str]] = []
    without: list[tuple[str, str]] = []
    for question, answer in _candidates(brief, asked):
        (with_keyphrase if keyphrase.within(question) else without).append((question, answer))
    half = min(len(with_keyphrase), max(-(-count // 2), count - len(without)))
    mixed = with_keyphrase[:half] + without[: count - half]
    return _unlike(mixed, count)


def write_answers(prose: Prose, questions: list[tuple[str, str]]) -> list[FaqEntry]:
    """Write the questions with their answers, both plain text; a question whose answer would repeat is left out."""
    entries = []
    for question, frame in questions:
        if answer := prose.say([frame], {}, plain=True):
            prose.note(question)
            entries.append(FaqEntry(question=question, answer=answer))
    return entries


def _candidates(brief: Brief, asked: set[str]) -> Iterator[tuple[str, str]]:
    """Questions that readers typed first, then those made from keywords, the keyphrase's own among them."""
    questions = [topic for topic in brief.supporting if topic.pattern is Pattern.QUESTION and topic.text not in asked]
    rest = [topic for topic in brief.supporting if topic.pattern is not Pattern.QUESTION]
    queues = [list(_pairs(brief, brief.topic))]
    queues += [list(_pairs(brief, topic))[:2] for topic in [*questions[:4], *rest[:6]]]
    queues.append(list(_filled(brief, "any", brief.topic)))
    while any(queues):
        for queue in queues:
            if queue:
                yield queue.pop(0)


def _pairs(brief: Brief, topic: Topic) -> Iterator[tuple[str, str]]:
    theme = topic.theme
    if topic is brief.topic and topic.pattern is Pattern.QUESTION:
        theme = "thing-learning" if topic.slots.get("core") else "asked"
    yield from _filled(brief, theme, topic)


def _filled(brief: Brief, theme: str, topic: Topic) -> Iterator[tuple[str, str]]:
    pairs = {f"{ask}\n{answer}": (ask, answer) for ask, answer in bank(theme).pairs}
    for key in ordered(list(pairs), brief.seed + topic.text):
        ask, answer = pairs[key]
        is_doubled = ask.startswith("{text}") and "question" in topic.slots
        if fields(ask) <= topic.slots.keys() and not is_doubled:
            question = fill(ask, topic.slots, plain=True)
            if len(question) <= _LONGEST_QUESTION:
                yield clip(question, _LONGEST_QUESTION), answer


def _unlike(pairs: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Pairs without a question or answer that came before."""
    seen: set[str] = set()
    kept = []
    for question, answer in pairs:
        if question.casefold() not in seen and answer not in seen:
            seen |= {question.casefold(), answer}
            kept.append((question, answer))
    return kept[:count]
