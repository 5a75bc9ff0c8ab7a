"""Gathered cells become columns with types; every distinct cell is read once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from igny8_assets.keywords.amounts import (
    find_notation,
    is_bucket,
    read_cpc_millis,
    read_difficulty,
    read_position,
    read_volume,
)
from igny8_assets.keywords.gathering import Gathering
from igny8_assets.keywords.intents import flag_bits, intent_bits
from igny8_assets.keywords.layouts import KEYWORD_PLANNER
from igny8_assets.keywords.merging import KINDS
from igny8_assets.keywords.normalising import market_code, tidy
from igny8_assets.keywords.tables import Table
from igny8_assets.vocabulary import Intent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LONGEST_PARENT = 200
LONGEST_URL = 2000

_EXACT, _ESTIMATE, _IMPRESSIONS = range(len(KINDS))


def typed_rows(gathering: Gathering, table: Table, market: str) -> "pd.DataFrame":
    """Return one row per good row of the file, with the columns that `merge` wants; `market` fills empty cells."""
    import pandas as pd

    volume_role = next((role for role in ("volume", "impressions") if role in gathering.roles), "volume")
    notation = find_notation(
        gathering.distinct(volume_role),
        [cell for role in ("cpc", "difficulty", "position") for cell in gathering.distinct(role)],
        default="," if table.separator == ";" else ".",
    )
    volumes = [read_volume(cell, notation) for cell in gathering.distinct(volume_role)]
    kinds = _kinds(volumes, table.header.layout, volume_role)
    return pd.DataFrame(
        {
            "text": pd.Series(gathering.texts, dtype=object),
            "normalised": pd.Series([_folded(text) for text in gathering.texts], dtype=object),
            "market": _read(gathering, "market", "object", lambda cell: market_code(cell) or market, market),
            "volume": _placed(gathering, volume_role, "Int64", [volume for volume, _ in volumes]),
            "kind": _placed(gathering, volume_role, "Int8", kinds),
            "position": _read(gathering, "position", "Float64", lambda cell: read_position(cell, notation)),
            "difficulty": _read(gathering, "difficulty", "Int64", read_difficulty),
            "cpc_millis": _read(gathering, "cpc", "Int64", lambda cell: read_cpc_millis(cell, notation)),
            "bits": _bits(gathering),
            "parent": _read(gathering, "parent", "object", lambda cell: _short(cell, LONGEST_PARENT)),
            "url": _read(gathering, "url", "object", lambda cell: _short(cell, LONGEST_URL)),
            "line": pd.Series(gathering.lines, dtype="int64"),
        },
        copy=False,
    )


def _folded(text: str) -> str:
    """Return `normalise(text)` for a text that is tidy; most are in lower case already and stay the same object."""
    form = text.casefold()
    return text if form == text else normalize("NFC", form)


def _kinds(volumes: Sequence[tuple[int | None, bool]], layout: str, role: str) -> list[int | None]:
    """Return for every distinct volume its place in `KINDS`, or nothing where the volume is unknown."""
    known = [volume for volume, _ in volumes if volume is not None]
    # Accounts that spend little get buckets from Keyword Planner: then there is no other number in the file.
    buckets = layout == KEYWORD_PLANNER and all(map(is_bucket, known))
    kinds: list[int | None] = []
    for volume, estimated in volumes:
        if volume is None:
            kinds.append(None)
        elif role == "impressions":
            kinds.append(_IMPRESSIONS)
        else:
            kinds.append(_ESTIMATE if estimated or buckets else _EXACT)
    return kinds


def _bits(gathering: Gathering) -> "np.ndarray":
    """Unite what the intent column and the true/false columns say, as bits of `intents.LABELS`."""
    import numpy as np

    bits = np.zeros(len(gathering.texts), dtype=np.int64)
    readers: dict[str, Callable[[str], int]] = {"intents": intent_bits}
    readers |= {intent.value: partial(flag_bits, intent) for intent in Intent}
    for role, reader in readers.items():
        if distinct := gathering.distinct(role):
            bits |= np.array([reader(cell) for cell in distinct], dtype=np.int64)[gathering.places(role)]
    return bits


def _read(
    gathering: Gathering, role: str, dtype: str, reader: Callable[[str], object], missing: object = None
) -> "pd.Series[Any]":
    """Read the distinct cells of a column and put each where it stands; without the column all are `missing`."""
    return _placed(gathering, role, dtype, [reader(cell) for cell in gathering.distinct(role)], missing)


def _placed(
    gathering: Gathering, role: str, dtype: str, values: Sequence[object], missing: object = None
) -> "pd.Series[Any]":
    import numpy as np
    import pandas as pd

    places = gathering.places(role) if values else np.zeros(len(gathering.texts), dtype=np.int32)
    distinct: pd.Series[Any] = pd.Series(list(values) or [missing], dtype=dtype)
    return distinct.take(places).reset_index(drop=True)


def _short(cell: str, longest: int) -> str | None:
    """Return a cell's text, or nothing if it is empty, too long to be what it should be, or not readable."""
    text = tidy(cell)
    return text if 0 < len(text) <= longest and text.isprintable() else None
