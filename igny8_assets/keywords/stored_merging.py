"""Keywords that the site has already, from another file: what is stored becomes what both files say.

The result is the same for any number of files in any order: exact volumes beat estimates beat impressions, of two
known numbers the larger stands, of two known texts the first by the alphabet, and intents are united.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from igny8_assets.keywords.bulk_copy import Fixed, Rows, write_rows
from igny8_assets.keywords.merging import KINDS
from igny8_assets.vocabulary import Intent

_NUMBERS = {"volume": "bigint", "difficulty": "integer", "cpc_millis": "bigint", "file_line": "integer"}
_SAME = "k.site_id = :site_id and k.market = i.market and k.normalised = i.normalised"


def _wins(column: str, sign: str) -> str:
    return f"(i.{column} is not null and (k.{column} is null or i.{column} {sign} k.{column}))"


def _place(table: str) -> str:
    places = " ".join(f"when '{kind}' then {place}" for place, kind in enumerate(KINDS))
    return f"case {table}.volume_kind {places} else {len(KINDS)} end"


_VOLUME_WINS = f"({_place('i')} < {_place('k')} or ({_place('i')} = {_place('k')} and {_wins('volume', '>')}))"
_WINS = {
    "text": _wins("text", "<"),
    "volume": _VOLUME_WINS,
    "volume_kind": _VOLUME_WINS,
    "difficulty": _wins("difficulty", ">"),
    "cpc_millis": _wins("cpc_millis", ">"),
    "parent": _wins("parent", "<"),
    "url": _wins("url", "<"),
}
"""By column, when the file's value stands instead of the stored one."""

_INTENTS = " || ".join(
    f"case when k.intents like '%{intent}%' or i.intents like '%{intent}%' then ',{intent}' else '' end"
    for intent in sorted(Intent)
)
_INTENTS = f"ltrim({_INTENTS}, ',')"
_CHANGED = " or ".join([*_WINS.values(), f"k.intents <> {_INTENTS}"])
_VALUES = ", ".join(
    f"{column} = case when {wins} then i.{column} else k.{column} end" for column, wins in _WINS.items()
)
# All of these are made of the constants above alone.
_MERGE = f"""
    update keyword as k set intents = {_INTENTS}, {_VALUES}
    from incoming_keyword as i
    where {_SAME} and coalesce(k.file_id, 0) <> :file_id and ({_CHANGED})
"""  # noqa: S608
_CLUSTER_VOLUMES = f"""
    update cluster set volume = (
        select coalesce(sum(volume), 0) from keyword where keyword.cluster_id = cluster.id
    ) where cluster.site_id = :site_id and cluster.id in (
        select k.cluster_id from keyword as k join incoming_keyword as i on {_SAME} where k.cluster_id is not null
    )
"""  # noqa: S608


def insert_new(session: Session, rows: Rows, fixed: Fixed) -> int:
    """Insert those keywords that the site does not have, and keep all for `merge_known`.

    Args:
        rows: the keywords.
        fixed: what all new ones have in common.

    Returns:
        How many were new.
    """
    definitions = ", ".join(f"{name} {_NUMBERS.get(name, 'text')}" for name in rows.columns)
    session.execute(text(f"create temporary table incoming_keyword ({definitions})"))
    write_rows(session, "incoming_keyword", rows)
    session.execute(text("analyze incoming_keyword"))
    names, values = (", ".join((*rows.columns, *more)) for more in (fixed, [f":{name}" for name in fixed]))
    inserted = session.execute(
        text(
            f"insert into keyword ({names}) select {values} from incoming_keyword where true "  # noqa: S608
            "on conflict (site_id, market, normalised) do nothing"
        ),
        fixed,
    )
    return int(inserted.rowcount)  # type: ignore[attr-defined]


def merge_known(session: Session, site_id: int, file_id: int) -> None:
    """Merge the keywords that are not of this file, and let their clusters' volumes follow."""
    known = {"site_id": site_id, "file_id": file_id}
    session.execute(text(_MERGE), known)
    session.execute(text(_CLUSTER_VOLUMES), {"site_id": site_id})
    session.execute(text("drop table incoming_keyword"))
