import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from igny8_assets.keywords.bulk_copy import Rows, write_rows
from igny8_assets.store.database import Store

SIGNS = st.sampled_from(
    ["\t", "\n", "\r", "\\", "\\N", "\\.", '"', "'", "%s", "?1", ":x", "None", "🙂", "ש", "e\u0301", "x"]
)
# NUL and halves of characters can't be stored by PostgreSQL; the reading of exports lets none through.
TEXTS = st.lists(st.one_of(SIGNS, st.characters(exclude_categories=["Cs"], exclude_characters="\0"))).map("".join)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            TEXTS, st.sampled_from(["us", "de"]), st.none() | st.integers(-(2**63), 2**63 - 1), st.none() | TEXTS
        ),
        min_size=1,
        max_size=120,
    ),
    label=TEXTS,
)
def test_texts_numbers_and_missing_values_are_read_back_as_they_were(
    store: Store, rows: list[tuple[str, str, int | None, str | None]], label: str
) -> None:
    keywords = pd.DataFrame(
        {
            "normalised": pd.Series([row[0] for row in rows], dtype=object),
            "market": pd.Series([row[1] for row in rows], dtype=object),
            "volume": pd.Series([row[2] for row in rows], dtype="Int64"),
            "url": pd.Series([row[3] for row in rows], dtype=object),
            "line": pd.Series(range(len(rows)), dtype="int64"),
        }
    )
    with store.write() as session:
        columns = "normalised text, market text, volume bigint, url text, file_line int, label text"
        session.execute(text(f"create temporary table x ({columns})"))
        write_rows(session, "x", Rows(keywords), {"label": label})
        stored = session.execute(
            text("select normalised, market, volume, url, file_line, label from x order by file_line")
        ).all()
        session.execute(text("drop table x"))
    assert [tuple(row) for row in stored] == [(*row, line, label) for line, row in enumerate(rows)]


@pytest.mark.parametrize("number", [1, 49, 50, 51, 1999, 2000, 2001, 4075])
def test_every_row_is_written_once(store: Store, number: int) -> None:
    keywords = pd.DataFrame({"normalised": [f"tent {place}" for place in range(number)], "market": "us"}, dtype=object)
    with store.write() as session:
        session.execute(text("create temporary table x (normalised text, market text)"))
        write_rows(session, "x", Rows(keywords))
        assert session.execute(text("select count(*), count(distinct normalised) from x")).one() == (number, number)
        session.execute(text("drop table x"))


def test_rows_come_in_the_order_of_market_and_text() -> None:
    keywords = pd.DataFrame({"normalised": ["b", "c", "a"], "market": ["us", "de", "us"]}, dtype=object)
    assert list(Rows(keywords).blocks()) == [[["c", "a", "b"], ["de", "us", "us"]]]
