"""The rows of an export on their way into columns: keywords are cleaned, other cells kept once per distinct value."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import is_normalized

from igny8_assets.keywords.normalising import LONGEST_KEYWORD, UNREADABLE, fault, shown, tidy

if TYPE_CHECKING:
    import numpy as np

_SLICE = 1000


class Reject(NamedTuple):
    """A row that cannot be read: its line, what stands there, and why not."""

    line: int
    text: str
    reason: str


class Gathering:
    """All rows of one file.

    Attributes:
        roles: the roles of the columns that are kept, besides `keyword`.
        texts: the keywords as shown, one per good row.
        lines: the line of each, counted from 1.
        rejects: the rows that cannot be read.
    """

    def __init__(self, roles: Sequence[str]) -> None:
        self.roles = tuple(role for role in roles if role != "keyword")
        self.texts: list[str] = []
        self.lines: list[int] = []
        self.rejects: list[Reject] = []
        self._codes: dict[str, list[np.ndarray]] = {role: [] for role in self.roles}
        self._places: dict[str, defaultdict[str, int]] = {}
        for role in self.roles:
            places: defaultdict[str, int] = defaultdict()
            places.default_factory = places.__len__
            self._places[role] = places

    def add(self, lines: Sequence[int], cells: Mapping[str, Sequence[str]]) -> None:
        """Take rows: the line of each, and per role the cells; keywords that cannot be used are rejected."""
        import numpy as np

        raws = cells["keyword"]
        texts: list[str] = []
        doubtful: list[int] = []
        for start in range(0, len(raws), _SLICE):
            part = raws[start : start + _SLICE]
            if _are_clean(part):
                texts.extend(part)
            else:
                texts.extend(" ".join(raw.split()) for raw in part)
                doubtful.extend(place for place, raw in enumerate(part, start) if not _is_plain(raw, texts[place]))
        good = np.ones(len(texts), dtype=bool)
        for place in doubtful:
            texts[place] = tidy(raws[place])
            if reason := fault(raws[place]):
                good[place] = False
                self.rejects.append(Reject(lines[place], shown(raws[place]), reason))
        whole = bool(good.all())
        self.texts.extend(texts if whole else compress(texts, good))
        self.lines.extend(lines if whole else compress(lines, good))
        for role in self.roles:
            code_of = self._places[role].__getitem__
            codes = np.fromiter(map(code_of, cells[role]), dtype=np.int32, count=len(texts))
            self._codes[role].append(codes if whole else codes[good])

    def distinct(self, role: str) -> list[str]:
        """Return every distinct cell of a column once, those of rejected rows included; none if it is not there."""
        return list(self._places.get(role, ()))

    def places(self, role: str) -> "np.ndarray":
        """Return for every good row the place of its cell among the distinct ones."""
        import numpy as np

        return np.concatenate([np.empty(0, dtype=np.int32), *self._codes[role]])


def _are_clean(raws: Sequence[str]) -> bool:
    """Say whether all of these are fit as they stand: a few looks at all together are much quicker than one at each."""
    # The mark between them is one that keywords hardly ever hold; one that does only costs the closer look.
    joined = f"`{'`'.join(raws)}`"
    return (
        joined.isprintable()
        and (joined.isascii() or (is_normalized("NFC", joined) and UNREADABLE not in joined))
        and not any(sign in joined for sign in ("  ", " `", "` ", "``"))
        and max(map(len, raws)) <= LONGEST_KEYWORD
    )


def _is_plain(raw: str, text: str) -> bool:
    """Say whether a keyword needs nothing but its white space tidied, which made it `text`."""
    return (
        raw.isprintable()
        and 0 < len(text) <= LONGEST_KEYWORD
        and (text.isascii() or (is_normalized("NFC", text) and UNREADABLE not in text))
    )
