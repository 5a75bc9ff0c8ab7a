"""The bodies of the sections: paragraphs, steps, checklists, tables, and lists of keywords."""

from collections.abc import Mapping

from igny8_assets.ai.offline.patterns import Pattern
from igny8_assets.ai.offline.wording import listed, markdown, words_in
from igny8_assets.ai.offline.writing.bank import Bank, bank
from igny8_assets.ai.offline.writing.brief import Brief, Topic
from igny8_assets.ai.offline.writing.outline import Plan
from igny8_assets.ai.offline.writing.prose import Prose

# A reader needs a sub-heading after 300 words; keep well below.
LONGEST_BODY = 230
_ROOM_FOR_A_LIST = 60
_SHORT_PARAGRAPH = 38
# Enough for one thought before a list and one after it.
_AROUND_A_LIST = 50
_MOST_PARAGRAPHS = 3
_POINTS = 5
_STEPS = 7
_ROWS = 5


def write_body(prose: Prose, brief: Brief, plan: Plan, words: int, *, alike: int = 1) -> str:
    """Write one section in Markdown; it ends with a whole sentence.

    Args:
        prose: The draft so far; what it holds is not said again.
        brief: What the draft is about.
        plan: What the section is about.
        words: Words to aim at; it may be less where nothing new is left to say, and is never over `LONGEST_BODY` by
            more than a few sentences.
        alike: How many sections on one keyword of this kind the draft has; they share what there is to say.
    """
    words = min(words, LONGEST_BODY)
    # Never all there is: another draft on a like topic shall find something of its own to say.
    most = max(2, len(bank(plan.theme).moves) * 3 // (4 * alike))
    if len(plan.topics) > 1:
        return _about_several(prose, plan.topics)
    if plan.topics:
        return _about_one(prose, plan.topics[0], words, most)
    return _about_theme(prose, brief, bank(plan.theme), words, most)


def _about_one(prose: Prose, topic: Topic, words: int, most: int) -> str:
    theme = bank(topic.theme)
    text = [_must_say(prose, theme.openings, topic)]
    text += prose.moves(theme.moves, topic.slots, words - words_in(text[0]), most=most)
    if len(text) == 1:
        general = bank("thing-choosing" if topic.commercial else "thing-learning")
        text += prose.moves(general.moves, topic.slots, words - words_in(text[0]), most=2)
    return "\n\n".join(_paragraphs(text))


def _about_several(prose: Prose, topics: tuple[Topic, ...]) -> str:
    if len(topics) <= _MOST_PARAGRAPHS:
        return "\n\n".join(_paragraph(prose, topic) for topic in topics)
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
    return _closed(prose, blocks)


def _paragraph(prose: Prose, topic: Topic) -> str:
    theme = bank(topic.theme)
    opening = _must_say(prose, theme.openings, topic)
    move = prose.say(theme.moves, topic.slots)
    return f"{opening} {move}" if move else opening


def _about_theme(prose: Prose, brief: Brief, theme: Bank, words: int, most: int) -> str:
    slots = brief.topic.slots
    lives_by_its_list = bool(theme.steps) or len(theme.moves) < len(theme.points)
    listing = _listing(prose, brief, theme, slots) if words >= _ROOM_FOR_A_LIST or lives_by_its_list else ""
    room = max(words - words_in(listing), _AROUND_A_LIST) if listing else words
    moves = prose.moves(theme.moves, slots, room, most=most)
    if not listing:
        return "\n\n".join(_paragraphs(moves)) or _closed(prose, [])
    blocks = [*moves[:1], listing, *_paragraphs(moves[1:])]
    return "\n\n".join(blocks) if blocks[-1] != listing else _closed(prose, blocks)


def _listing(prose: Prose, brief: Brief, theme: Bank, slots: Mapping[str, str]) -> str:
    lead = prose.say(theme.table_leads or theme.leads, slots)
    if lead is None:
        return ""
    if theme.table_leads:
        rows = prose.several(_criteria(brief).rows, _ROWS)
        return "\n".join(
            [f"{lead}\n", "| What to compare | Why it counts | What to ask |", "| --- | --- | --- |", *rows]
        )
    if theme.steps:
        steps = [prose.say([step], slots) for step in _in_order(prose, theme.steps)]
        numbered = [step for step in steps if step]
        return "\n".join([f"{lead}\n", *(f"{number}. {step}" for number, step in enumerate(numbered, 1))])
    return "\n".join([f"{lead}\n", *(f"- {point}" for point in prose.several(theme.points, _POINTS))])


def _criteria(brief: Brief) -> Bank:
    if brief.topic.pattern is Pattern.NEAR:
        return bank("local")
    return bank("choosing" if brief.commercial else "learning")


def _in_order(prose: Prose, steps: list[str]) -> list[str]:
    """Most of the steps, chosen by the draft's seed, in the order in which they are taken."""
    chosen = set(prose.ranked(steps)[: max(_STEPS, len(steps) - 3)])
    return [step for step in steps if step in chosen]


def _paragraphs(moves: list[str]) -> list[str]:
    paragraphs: list[str] = []
    for move in moves:
        if paragraphs and words_in(paragraphs[-1]) < _SHORT_PARAGRAPH:
            paragraphs[-1] += f" {move}"
        else:
            paragraphs.append(move)
    return paragraphs


def _closed(prose: Prose, blocks: list[str]) -> str:
    """Add a last sentence, so that the section does not end with a list."""
    frames = bank("closing").moves
    closing = prose.say(frames, {}) or "So much for this part."
    return "\n\n".join([*blocks, closing])


def _must_say(prose: Prose, frames: list[str], topic: Topic) -> str:
    general = bank("any").openings
    return (
        prose.say(frames, topic.slots)
        or prose.say(general, topic.slots)
        or prose.say(general, topic.slots, again=True)
        or _mention(prose, topic)
    )


def _mention(prose: Prose, topic: Topic) -> str:
    """The plainest sentence about a keyword, for when every other one has been used with the same words."""
    sentence = f"This part also has a place for “{markdown(topic.text)}”."
    prose.note(sentence)
    return sentence


def others_named(topics: tuple[Topic, ...]) -> str:
    """Up to three supporting keywords in a row, for a sentence that names them; empty if none is short enough."""
    names = [topic.slots["named"] for topic in topics if "named" in topic.slots]
    short = [name for name in dict.fromkeys(names) if words_in(name) <= 6][:3]
    return listed(short) if short else ""
