"""Reads the sentence frames: Markdown files that a person can edit without knowing the program."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter

_LABEL = re.compile(r"^(Heading|Group|List|Table|Opening|Bullet|Ask|Answer): (.+)$")
_STEP = re.compile(r"^\d+\. (.+)$")


@dataclass
class Bank:
    """The frames of one theme.

    `moves` are two or three sentences that belong together, `openings` such that begin a section; `points`, `steps` and
    `rows` are parts of lists and tables, `leads` and `table_leads` the lines before those; `pairs` are questions with
    answers; `groups` are headings over several keywords and `bullets` a line on one of them.
    """

    headings: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    table_leads: list[str] = field(default_factory=list)
    openings: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


def bank(theme: str) -> Bank:
    """The frames of a theme; a theme that no file has is a mistake in the calling code.

    Raises:
        KeyError: no file has the theme.
    """
    return _banks()[theme]


@lru_cache(maxsize=4096)
def parts(frame: str) -> tuple[tuple[str, str], ...]:
    """A frame as pairs of fixed text and the name of the slot after it, which is empty at the end."""
    return tuple((literal, slot or "") for literal, slot, _, _ in Formatter().parse(frame))


@lru_cache(maxsize=4096)
def fields(frame: str) -> frozenset[str]:
    """The slots that a frame needs."""
    return frozenset(slot for _, slot in parts(frame) if slot)


@lru_cache(maxsize=1)
def _banks() -> dict[str, Bank]:
    from importlib.resources import files

    banks: dict[str, Bank] = {}
    folder = files("igny8_assets.ai.offline.writing.frames")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".md"):
            _read(file.read_text(encoding="utf-8"), banks)
    return banks


def _read(text: str, banks: dict[str, Bank]) -> None:
    """Add one file's frames; a theme may be spread over several files."""
    theme = Bank()
    question = ""
    for line in text.splitlines():
        if line.startswith("# "):
            theme = banks.setdefault(line[2:].strip(), Bank())
        elif match := _LABEL.match(line):
            label, frame = match.groups()
            if label == "Ask":
                question = frame
            elif label == "Answer":
                theme.pairs.append((question, frame))
            else:
                _lists(theme)[label].append(frame)
        elif match := _STEP.match(line):
            theme.steps.append(match[1])
        elif line.startswith("- "):
            theme.points.append(line[2:])
        elif line.startswith("|"):
            theme.rows.append(line)
        elif line.strip():
            theme.moves.append(line.rstrip())


def _lists(theme: Bank) -> dict[str, list[str]]:
    return {
        "Heading": theme.headings,
        "Group": theme.groups,
        "List": theme.leads,
        "Table": theme.table_leads,
        "Opening": theme.openings,
        "Bullet": theme.bullets,
    }
