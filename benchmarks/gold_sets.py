"""Keyword lists whose groups are known, read from a folder that is not part of the project."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8_assets.errors import UserError
from igny8_assets.vocabulary import Granularity

SETS = {
    "wands": Granularity.TOPIC,
    "clinc150": Granularity.TOPIC,
    "ahrefs_ai_tools": Granularity.PAGE,
}
"""What is read from every folder, and how wide its groups are."""
COLUMNS = ("keyword", "group")


@dataclass(frozen=True)
class GoldSet:
    """A list; `groups` holds the known group of each keyword, empty where none is known."""

    name: str
    granularity: Granularity
    groups: dict[str, str]

    @property
    def keywords(self) -> list[str]:
        """All that a method may see."""
        return list(self.groups)


def read_sets(folder: str, extra: Sequence[str] = ()) -> list[GoldSet]:
    """Read the lists of a folder.

    Args:
        folder: where the CSVs are.
        extra: further lists, or other widths of the usual ones, each as NAME=GRANULARITY.

    Raises:
        UserError: the folder or a list is missing or has no group, or `extra` can't be understood.
    """
    if not folder or not Path(folder).is_dir():
        raise UserError(
            f"there is no folder {folder or '(none was named)'}; name the one with {', '.join(SETS)} as CSV: "
            "make bench-clustering DATA=FOLDER"
        )
    wanted = {**SETS, **dict(_named(text) for text in extra)}
    return [_read(Path(folder) / f"{name}.csv", granularity) for name, granularity in wanted.items()]


def _named(text: str) -> tuple[str, Granularity]:
    name, _, granularity = text.partition("=")
    if not name or granularity not in list(Granularity):
        raise UserError(f"--set {text} is not NAME=GRANULARITY, where that is {', '.join(Granularity)}")
    return name, Granularity(granularity)


def _read(path: Path, granularity: Granularity) -> GoldSet:
    if not path.is_file():
        raise UserError(f"there is no file {path}, a CSV with the columns {','.join(COLUMNS)}; put it there")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise UserError(f"{path} lacks a column of {','.join(COLUMNS)} in its first line")
        groups: dict[str, str] = {}
        for row in rows:
            groups.setdefault(row["keyword"], row["group"] or "")
    if not any(group.strip() for group in groups.values()):
        raise UserError(f"{path} names no keyword's group, so there is nothing to score")
    return GoldSet(path.stem, granularity, groups)
