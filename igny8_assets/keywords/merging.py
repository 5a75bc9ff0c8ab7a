"""Rows of one file that are the same keyword become one."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

IDENTITY = ["normalised", "market"]
KINDS = ("exact", "estimate", "impressions")

# The first row's values count; what comes after the position only makes the result the same for every order of rows.
_PRECEDENCE = {"kind": True, "volume": False, "position": True} | dict.fromkeys(
    ("difficulty", "cpc_millis", "parent", "url", "text"), True
)


def merge(rows: "pd.DataFrame") -> "tuple[pd.DataFrame, int]":
    """Make one row of those with the same `normalised` and `market`.

    An exact volume beats an estimate, an estimate beats impressions, and among equals the larger one stands. Values
    that this row lacks come from the others, best first; intents are united; `line` is the first.

    Args:
        rows: columns text, normalised, market (text, never missing), volume, kind (place in `KINDS`, missing with the
            volume), position, difficulty, cpc_millis, bits (of intents), parent, url, line.

    Returns:
        The rows in the order of their lines, and how many were merged into another.
    """
    import numpy as np
    import pandas as pd

    # Most files have one market, and one column is quicker than two.
    identity = IDENTITY if rows["market"].nunique() > 1 else IDENTITY[:1]
    repeated = rows.duplicated(identity, keep=False)
    if not repeated.any():
        return rows.sort_values("line", ignore_index=True), 0
    same = rows[repeated].sort_values(list(_PRECEDENCE), ascending=list(_PRECEDENCE.values()), na_position="last")
    groups = same.groupby(identity, sort=False)
    number = groups.ngroup().to_numpy()
    merged = groups.first().reset_index()
    merged["line"] = groups["line"].min().to_numpy()
    bits = np.zeros(len(merged), dtype=np.int64)
    np.bitwise_or.at(bits, number, same["bits"].to_numpy(dtype=np.int64))
    merged["bits"] = bits
    single = rows[~repeated]
    kept = pd.concat([single, merged[rows.columns]]) if len(single) else merged[rows.columns]
    return kept.sort_values("line", ignore_index=True), len(rows) - len(kept)
