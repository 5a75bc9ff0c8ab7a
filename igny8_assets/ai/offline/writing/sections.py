"""The bodies of the sections: paragraphs, steps, checklists, tables, and lists of keywords."""

from collections.abc import Mapping

from igny8_assets.ai.offline.wording import listed, markdown, words_in
from igny8_assets.ai.offline.writing.bank import Bank, bank
from igny8_assets.ai.offline.writing.brief import Brief, Topic
from igny8_assets.ai.offline.writing.outline import Plan
from igny8_assets.ai.offline.writing.prose import Prose

# A reader needs a sub-heading after 300 words; keep well below.
LONGEST_BODY = 230
_ROOM_FOR_A_LIST = 70
_ROOM_FOR_A_CLOSING = 60
_SHORT_PARAGRAPH = 38
_POINTS = 5
_STEPS = 7
_ROWS = 5


def write_body(prose: Prose, brief: Brief, plan: Plan, words: int) -> str:
    """Write one section in Markdown; it ends with a whole sentence.

    Args:
        prose: The draft so far; what it holds is not said again.
        brief: What the draft is about.
        plan: What the section is about.
        words: Words to aim at; it may be less where nothing new is left to say, and is never over `LONGEST_BODY` by
            more than a few sentences.
    """
    words = min(words, LONGEST_BODY)
    if len(plan.topics) > 1:
        return _about_several(prose, plan.topics, words)
    if plan.topics:
        return _about_one(prose, plan.topics[0], words)
    return _about_theme(prose, brief, bank(plan.theme), words)


def _about_one(prose: Prose, topic: Topic, words: int) -> str:
    theme = bank(topic.theme)
    text = [_must_say(prose, theme.openings, topic)]
    _add_moves(prose, text, theme, topic.slots, words)
    if words_in(" ".join(text)) < words - _ROOM_FOR_A_CLOSING:
        general = bank("thing-choosing" if topic.commercial else "thing-learning")
        _add_moves(prose, text, general, topic.slots, words)
    return _closed(prose, _paragraphs(text), words)


def _about_several(prose: Prose, topics: tuple[Topic, ...], words: int) -> str:
    lead = prose.say(bank("any").leads, {}) or prose.say(bank("any").leads, {}, again=True)
    bullets = []
    for topic in topics:
        frames = bank(topic.theme).bullets
        bullet = (
            prose.say(frames, topic.slots)
            or prose.say(bank("any").bullets, topic.slots)
            or prose.say(frames, topic.slots, again=True)
        )
        bullets.append(f"- {bullet}" if bullet else f"- {_mention(prose, topic)}")
    blocks = [lead, "\n".join(bullets)] if lead else ["\n".join(bullets)]
    return _closed(prose, blocks, words, always=True)


def _about_theme(prose: Prose, brief: Brief, theme: Bank, words: int) -> str:
    slots = brief.topic.slots
    text: list[str] = []
    listing = _listing(prose, brief, theme, slots) if words >= _ROOM_FOR_A_LIST or theme.steps else ""
    _add_moves(prose, text, theme, slots, max(words - words_in(listing), _SHORT_PARAGRAPH) if listing else words)
    blocks = _paragraphs(text)
    if listing:
        blocks.insert(1, listing)
    if len(blocks) > 1 and blocks[-1] == listing:
        return _closed(prose, blocks, words, always=True)
    return _closed(prose, blocks, words)


def _listing(prose: Prose, brief: Brief, theme: Bank, slots: Mapping[str, str]) -> str:
    lead = prose.say(theme.table_leads or theme.leads, slots)
    if lead is None:
        return ""
    if theme.table_leads:
        rows = prose.several(bank("choosing" if brief.commercial else "learning").rows, _ROWS)
        return "\n".join(
            [f"{lead}\n", "| What to compare | Why it counts | What to ask |", "| --- | --- | --- |", *rows]
        )
    if theme.steps:
        steps = [prose.say([step], slots) for step in _in_order(prose, theme.steps)]
        numbered = [step for step in steps if step]
        return "\n".join([f"{lead}\n", *(f"{number}. {step}" for number, step in enumerate(numbered, 1))])
    return "\n".join([f"{lead}\n", *(f"- {point}" for point in prose.several(theme.points, _POINTS))])


def _in_order(prose: Prose, steps: list[str]) -> list[str]:
    """Most of the steps, chosen by the draft's seed, in the order in which they are taken."""
    chosen = set(prose.ranked(steps)[: max(_STEPS, len(steps) - 3)])
    return [step for step in steps if step in chosen]


def _add_moves(prose: Prose, text: list[str], theme: Bank, slots: Mapping[str, str], words: int) -> None:
    written = sum(words_in(move) for move in text)
    # Half a move over is as near to the aim as half a move under.
    while written < words - 12 and (move := prose.say(theme.moves, slots)):
        text.append(move)
        written += words_in(move)


def _paragraphs(moves: list[str]) -> list[str]:
    paragraphs: list[str] = []
    for move in moves:
        if paragraphs and words_in(paragraphs[-1]) < _SHORT_PARAGRAPH:
            paragraphs[-1] += f" {move}"
        else:
            paragraphs.append(move)
    return paragraphs


def _closed(prose: Prose, blocks: list[str], words: int, *, always: bool = False) -> str:
    """Add a last sentence where there is room, or where the section would end with a list."""
    written = sum(words_in(block) for block in blocks)
    if not blocks or always or words - written > 10:
        closing = prose.say(bank("closing").moves, {})
        if closing and blocks and words_in(blocks[-1]) < _SHORT_PARAGRAPH and "\n" not in blocks[-1]:
            blocks[-1] += f" {closing}"
        elif closing:
            blocks.append(closing)
    return "\n\n".join(blocks)


def _must_say(prose: Prose, frames: list[str], topic: Topic) -> str:
    return prose.say(frames, topic.slots) or prose.say(frames, topic.slots, again=True) or _mention(prose, topic)


def _mention(prose: Prose, topic: Topic) -> str:
    """The plainest sentence about a keyword, for when every other one has been used with the same words."""
    sentence = f"This part also has a place for “{markdown(topic.text)}”."
    prose.note(sentence)
    return sentence


def others_named(topics: tuple[Topic, ...]) -> str:
    """Up to three supporting keywords in a row, for a sentence that names them; empty if none is short enough."""
    names = [topic.slots["about"] for topic in topics if "this topic" not in topic.slots["about"]]
    short = [name for name in dict.fromkeys(names) if words_in(name) <= 6][:3]
    return listed(short) if short else ""
