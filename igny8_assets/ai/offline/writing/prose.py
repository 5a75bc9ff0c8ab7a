"""Takes sentence frames, puts a keyword's words into their slots, and never says the same thing twice."""

import re
from collections.abc import Mapping, Sequence

from igny8_assets.ai.offline.choice import ordered
from igny8_assets.ai.offline.wording import capitalised, markdown, words_in
from igny8_assets.ai.offline.writing.bank import fields, parts
from igny8_assets.ai.offline.writing.density import KeyphraseCounter

_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")
_MARKS = re.compile(r"[\W_]+")
# Between these shares of the words, the keyphrase reads naturally and search plugins are content (0.5 to 3 %).
_SCARCE, _PLENTY = 0.010, 0.019


class Prose:
    """The text of one draft while it grows.

    Args:
        seed: Decides which of several fitting frames is taken.
        keyphrase: Its share of the words is kept in bounds by the choice of frames.
    """

    def __init__(self, seed: str, keyphrase: KeyphraseCounter) -> None:
        self._seed = seed
        self._keyphrase = keyphrase
        self._said: set[str] = set()
        self._taken: set[str] = set()
        self._orders: dict[tuple[str, ...], list[str]] = {}
        self._last = ""
        self.words = 0
        self._hits = 0

    def note(self, text: str) -> None:
        """Count words that were written elsewhere, such as a heading."""
        self.words += words_in(text)
        self._hits += self._keyphrase.count(text)

    def say(
        self, frames: Sequence[str], slots: Mapping[str, str], *, plain: bool = False, again: bool = False
    ) -> str | None:
        """Fill a frame that has not been used.

        Args:
            frames: Frames to choose from.
            slots: The words for their slots; a frame with another slot is passed over.
            plain: Whether the text is shown as it is, rather than read as Markdown.
            again: Whether a frame may be used a second time with other words.

        Returns:
            The text, or nothing if every fitting frame is used up or would repeat a sentence.
        """
        fallback: str | None = None
        source = ""
        for frame in self._ordered(frames):
            if (frame in self._taken and not again) or not fields(frame) <= slots.keys():
                continue
            text = fill(frame, slots, plain=plain)
            if self._repeats(text):
                continue
            if self._suits(text):
                return self._keep(frame, text)
            if fallback is None:
                fallback, source = text, frame
        return None if fallback is None else self._keep(source, fallback)

    def moves(self, frames: Sequence[str], slots: Mapping[str, str], words: int, *, most: int = 99) -> list[str]:
        """Say up to `most` unused frames of about `words` words in all, in the order of the file."""
        said: list[tuple[int, str]] = []
        # Half a move over is as near to the aim as half a move under.
        left = words - 12
        places = {frame: place for place, frame in enumerate(frames)}
        while left > 0 and len(said) < most and (text := self.say(frames, slots)):
            said.append((places[self._last], text))
            left -= words_in(text)
        return [text for _, text in sorted(said)]

    def several(self, frames: Sequence[str], count: int) -> list[str]:
        """Take up to `count` unused frames without slots, in the order in which they stand in the file."""
        fresh = [frame for frame in self._ordered(frames) if frame not in self._taken and not self._repeats(frame)]
        chosen = set(fresh[:count])
        return [self._keep(frame, frame) for frame in frames if frame in chosen]

    def ranked(self, frames: Sequence[str]) -> list[str]:
        """The frames in this draft's order of preference."""
        return self._ordered(frames)

    def _keep(self, frame: str, text: str) -> str:
        self._taken.add(frame)
        self._last = frame
        self._said.update(_keys(text))
        self.note(text)
        return text

    def _repeats(self, text: str) -> bool:
        keys = _keys(text)
        return len(set(keys)) < len(keys) or not self._said.isdisjoint(keys)

    def _suits(self, text: str) -> bool:
        """Whether the text moves the keyphrase's share of the words towards what reads well."""
        share = self._hits / max(self.words, 100)
        if share > _PLENTY:
            return not self._keyphrase.count(text)
        return share >= _SCARCE or bool(self._keyphrase.count(text))

    def _ordered(self, frames: Sequence[str]) -> list[str]:
        key = tuple(frames)
        if key not in self._orders:
            self._orders[key] = ordered(key, self._seed)
        return self._orders[key]


def fill(frame: str, slots: Mapping[str, str], *, plain: bool = False) -> str:
    """Put words into a frame's slots; each sentence begins with a capital, and words can't become mark-up."""
    text = ""
    for literal, slot in parts(frame):
        text += literal
        if slot:
            words = slots[slot] if plain else markdown(slots[slot])
            text += capitalised(words) if not text or text.endswith((". ", "? ", "! ")) else words
    return text


def _keys(text: str) -> list[str]:
    """Each sentence without case, marks and spaces; parts without a letter count for nothing."""
    keys = (_MARKS.sub("", sentence).casefold() for sentence in _SENTENCE.split(text))
    return [key for key in keys if key]
