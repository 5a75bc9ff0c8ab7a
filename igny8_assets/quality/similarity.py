"""Finding texts of a site that say nearly the same in the same words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igny8_assets.quality.blocks import Body, read_body, without_sections
from igny8_assets.quality.draft import OtherText
from igny8_assets.quality.keyphrase import same_keyphrase_key
from igny8_assets.quality.words import folded, words_of

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

Shingles = frozenset[tuple[str, ...]]

_SHINGLE_WORDS = 5
_HASHES = 128
# 25 bands of 5 rows let a text of Jaccard 0.9 slip through once in 10^9; more bands would only find more strangers.
_BANDS, _ROWS = 25, 5
# The estimate of 128 hashes has a standard deviation of 0.027 at 0.9: 0.75 is more than five of them below.
_WORTH_DECIDING = 0.75


@dataclass(frozen=True)
class Likeness:
    """Another text of the site, and the exact Jaccard similarity of the 5-word shingles, 0 to 1."""

    id: int
    title: str
    jaccard: float


@dataclass(frozen=True)
class _Known:
    title: str
    keyphrase: str
    words: str
    sketch: "MinHash"


class SiteTexts:
    """The texts of one site, kept while many drafts are checked: each is read once, few are compared with a draft.

    `fixed_sections` are the headings of sections that stand in every text of the site and count for no likeness.
    Keep one for a run, and `add` each draft after it is saved.
    """

    def __init__(self, texts: Iterable[OtherText] = (), *, fixed_sections: tuple[str, ...] = ()) -> None:
        self._fixed_sections = fixed_sections
        self._known: dict[int, _Known] = {}
        self._keyphrases: dict[str, list[int]] = {}
        self._index: MinHashLSH | None = None
        for text in texts:
            self.add(text)

    def add(self, text: OtherText) -> None:
        """Remember a text; one with the same id is replaced."""
        self.remove(text.id)
        words = comparable_words(read_body(text.html), self._fixed_sections)
        key = same_keyphrase_key(text.keyphrase)
        known = _Known(text.title, key, " ".join(words), _sketch(shingles_of(words)))
        self._known[text.id] = known
        if key:
            self._keyphrases.setdefault(key, []).append(text.id)
        if words:
            self._lookup().insert(text.id, known.sketch)

    def remove(self, text_id: int) -> None:
        """Forget a text; an unknown id is fine."""
        known = self._known.pop(text_id, None)
        if known is None:
            return
        if known.keyphrase:
            self._keyphrases[known.keyphrase].remove(text_id)
        if known.words:
            self._lookup().remove(text_id)

    def candidates(self, html: str) -> list[Likeness]:
        """The texts that may be near-duplicates of this body, with their exact similarity, the most similar first."""
        return self.similar_to(comparable_words(read_body(html), self._fixed_sections))

    def similar_to(self, words: list[str], *, own_id: int | None = None) -> list[Likeness]:
        """As `candidates`, for words from `comparable_words`; `own_id`, the draft's own entry, is passed over."""
        if not words or self._index is None:
            return []
        shingles = shingles_of(words)
        sketch = _sketch(shingles)
        found = [
            Likeness(text_id, known.title, jaccard(shingles, shingles_of(known.words.split(" "))))
            for text_id in self._index.query(sketch)
            if text_id != own_id and (known := self._known[text_id]).sketch.jaccard(sketch) >= _WORTH_DECIDING
        ]
        return sorted(found, key=lambda likeness: (-likeness.jaccard, likeness.id))

    def titles_with_keyphrase(self, keyphrase: str, *, own_id: int | None = None) -> list[str]:
        """Titles of the texts that have this keyphrase too, whatever its case and spacing."""
        ids = self._keyphrases.get(same_keyphrase_key(keyphrase), [])
        return [self._known[text_id].title for text_id in ids if text_id != own_id]

    def _lookup(self) -> "MinHashLSH":
        if self._index is None:
            from datasketch import MinHashLSH

            self._index = MinHashLSH(num_perm=_HASHES, params=(_BANDS, _ROWS))
        return self._index


def comparable_words(body: Body, fixed_sections: tuple[str, ...]) -> list[str]:
    """The visible words of a body in lower case, the sections under the given headings left out."""
    blocks = without_sections(body.blocks, fixed_sections)
    return words_of(folded("\n".join(block.text for block in blocks)))


def shingles_of(words: list[str]) -> Shingles:
    """Every run of five words; a shorter text is one shingle, no words are none."""
    if not words:
        return frozenset()
    last = max(1, len(words) - _SHINGLE_WORDS + 1)
    return frozenset(tuple(words[begin : begin + _SHINGLE_WORDS]) for begin in range(last))


def jaccard(one: Shingles, other: Shingles) -> float:
    """Shared shingles by all shingles of both, 0 to 1; two empty sets are not alike."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _sketch(shingles: Shingles) -> "MinHash":
    from datasketch import MinHash

    sketch = MinHash(num_perm=_HASHES)
    sketch.update_batch([" ".join(shingle).encode("utf-8", "replace") for shingle in shingles])
    return sketch
