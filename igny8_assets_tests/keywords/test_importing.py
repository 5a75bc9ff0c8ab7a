import csv
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from igny8_assets.errors import UserError
from igny8_assets.keywords.importing import ImportSummary, import_file
from igny8_assets.keywords.normalising import tidy
from igny8_assets.store import counters
from igny8_assets.store.database import Store
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Cluster, Keyword, KeywordFile, KeywordStatus, Sector, Site, SiteCounter
from igny8_assets_tests import factories
from igny8_assets_tests.keywords.importing_processes import import_at_once, import_until_killed
from igny8_assets_tests.pipeline.sites import import_export, make_site

HEADER = ("keyword", "volume", "difficulty", "cpc", "intent", "parent keyword", "url", "country")
FACTS = ("volume", "volume_kind", "difficulty", "cpc_millis", "intents", "parent", "url")
# A site of its own per example, in one database.
SHARED_STORE = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write_csv(path: Path, *rows: tuple[object, ...], header: tuple[str, ...] = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row + ("",) * (len(header) - len(row)) for row in rows)])
    return path


def keyword(store: Store, site: Site, normalised: str, market: str = "us") -> Keyword:
    with store.read() as session:
        here = (Keyword.site_id == site.id, Keyword.normalised == normalised, Keyword.market == market)
        return session.scalars(select(Keyword).where(*here)).one()


def facts(store: Store, site: Site) -> dict[tuple[str, str], tuple[object, ...]]:
    """All keywords of a site by market and text: everything but where each came from first."""
    with store.read() as session:
        rows = session.scalars(select(Keyword).where(Keyword.site_id == site.id))
        return {(row.market, row.normalised): (row.text, *(getattr(row, name) for name in FACTS)) for row in rows}


def everything(store: Store) -> list[Any]:
    """All that an import may write, as it stands in the tables."""
    with store.read() as session:
        tables = (Keyword, KeywordFile, SiteCounter, Cluster)
        return [session.execute(select(*table.__table__.c).order_by(text("1, 2, 3"))).all() for table in tables]


def hold_counters_to_rows(store: Store, site: Site) -> None:
    with store.read() as session:
        kept = {key: amount for key, amount in counters.read(session, site.id).items() if amount}
        assert kept == {key: amount for key, amount in counters.recount(session, site.id).items() if amount}


def test_every_row_is_new_merged_or_rejected(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    path = write_csv(tmp_path / "a.csv", ("tent",), ("Tent",), ("stove",), ("x" * 201,), ("bag",))
    summary = import_export(store, site, path)
    assert (summary.rows, summary.new, summary.merged, summary.rejected) == (5, 3, 1, 1)
    summary = import_export(store, site, write_csv(tmp_path / "b.csv", ("tent",), ("rope",), ("BAG",), ("\a",)))
    assert (summary.rows, summary.new, summary.merged, summary.rejected) == (4, 1, 2, 1)
    assert len(facts(store, site)) == 4
    hold_counters_to_rows(store, site)


def test_an_imported_keyword_is_pending_and_knows_its_file_line_and_sector(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    import_export(store, site, write_csv(tmp_path / "a.csv", ("tent",), ("stove",)))
    with store.read() as session:
        file = session.scalars(select(KeywordFile)).one()
        sector = session.scalars(select(Sector)).one()
        assert counters.read(session, site.id)["keyword", "pending"] == 2
    stove = keyword(store, site, "stove")
    assert (stove.file_id, stove.file_line, stove.sector_id) == (file.id, 3, sector.id)
    assert (stove.status, stove.attempt, stove.failure_reason) == (KeywordStatus.NEW, 1, None)


def test_a_file_is_imported_once_whatever_its_name(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    path = write_csv(tmp_path / "a.csv", ("tent", 10), ("stove", 20))
    first = import_export(store, site, path)
    before = everything(store)
    again = import_export(store, site, path.rename(tmp_path / "b.csv"))
    assert again == ImportSummary("a.csv", first.layout, 2, 0, 2, 0, None, again=True)
    assert everything(store) == before


def test_another_site_imports_the_same_file_for_itself(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("tent", 10))
    assert [import_export(store, make_site(store, slug), path).new for slug in ("one", "two")] == [1, 1]


def test_two_processes_with_the_same_file_import_it_once(database_url: str, store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    path = write_csv(tmp_path / "a.csv", *((f"tent {number}", number) for number in range(500)))
    summaries = import_at_once(database_url, site, [path, path])
    assert sorted(summary.again for summary in summaries) == [False, True]
    assert len(facts(store, site)) == 500
    hold_counters_to_rows(store, site)


def test_two_processes_with_overlapping_files_merge_them(database_url: str, store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    up = write_csv(tmp_path / "a.csv", *((f"tent {number}", number) for number in range(400)))
    down = write_csv(tmp_path / "b.csv", *((f"tent {number}", 1000 - number) for number in range(599, 199, -1)))
    summaries = import_at_once(database_url, site, [up, down])
    assert sorted((summary.new, summary.merged) for summary in summaries) == [(200, 200), (400, 0)]
    assert keyword(store, site, "tent 300").volume == 700
    hold_counters_to_rows(store, site)


VOLUMES = st.sampled_from(["", "0", "90", "720", "1K – 10K", "10K – 100K"])
TOOL_ROWS = st.tuples(
    st.sampled_from(["tent", "Tent", "stove"]),
    VOLUMES,
    st.sampled_from(["", "0", "40"]),
    st.sampled_from(["", "0.5", "1.25"]),
    st.sampled_from(["", "informational", "commercial", "commercial, transactional", "navigational"]),
    st.sampled_from(["", "camping", "outdoors"]),
    st.sampled_from(["", "https://camp.example/a", "https://camp.example/b"]),
)
CONSOLE_ROWS = st.tuples(
    st.sampled_from(["tent", "TENT", "stove"]), st.just("1"), st.sampled_from(["50", "5000"]), st.just("1%")
)
CONSOLE_HEADER = ("Top queries", "Clicks", "Impressions", "CTR", "Position")


@SHARED_STORE
@given(
    tools=st.lists(st.lists(TOOL_ROWS, min_size=1, max_size=3), min_size=1, max_size=3),
    console=st.lists(CONSOLE_ROWS, min_size=1, max_size=2),
)
def test_the_order_of_files_makes_no_difference(
    store: Store, tmp_path: Path, tools: list[list[tuple[object, ...]]], console: list[tuple[object, ...]]
) -> None:
    number = len(list(tmp_path.glob("example*")))
    folder = tmp_path / f"example{number}"
    paths = [write_csv(folder / f"{place}.csv", *rows) for place, rows in enumerate(tools)]
    paths.append(write_csv(folder / "console.csv", *console, header=CONSOLE_HEADER))
    there, back = make_site(store, f"there-{number}"), make_site(store, f"back-{number}")
    for path in paths:
        import_export(store, there, path)
    for path in reversed(paths):
        import_export(store, back, path)
    assert facts(store, there) == facts(store, back)
    hold_counters_to_rows(store, there)


@pytest.mark.parametrize("order", [1, -1])
def test_an_exact_volume_beats_an_estimate_and_an_estimate_beats_impressions(
    store: Store, tmp_path: Path, order: int
) -> None:
    exact = write_csv(tmp_path / "a.csv", ("tent", "720"))
    estimate = write_csv(tmp_path / "b.csv", ("tent", "10K – 100K"), ("stove", "10 – 100"))
    impressions = write_csv(tmp_path / "c.csv", ("tent", 1, 90000), ("stove", 1, 90000), header=CONSOLE_HEADER)
    site = make_site(store)
    for path in [exact, estimate, impressions][::order]:
        import_export(store, site, path)
    tent, stove = keyword(store, site, "tent"), keyword(store, site, "stove")
    assert (tent.volume, tent.volume_kind) == (720, "exact")
    assert (stove.volume, stove.volume_kind) == (50, "estimate")


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_known_numbers_the_larger_stands_and_what_is_missing_is_filled(
    store: Store, tmp_path: Path, order: int
) -> None:
    one = write_csv(tmp_path / "a.csv", ("tent", 90, "", "1.5", "commercial", "", "https://camp.example/"))
    two = write_csv(tmp_path / "b.csv", ("tent", 720, 0, "0.5", "informational, commercial", "shelter"))
    site = make_site(store)
    for path in [one, two][::order]:
        import_export(store, site, path)
    expected = ("tent", 720, "exact", 0, 1500, "commercial,informational", "shelter", "https://camp.example/")
    assert facts(store, site) == {("us", "tent"): expected}


def test_the_volume_of_a_cluster_follows_its_keywords(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    with store.write() as session:
        cluster, other = factories.make_cluster(session, site), factories.make_cluster(session, site)
        factories.make_keyword(session, site, "tent", cluster=cluster, volume=10)
        factories.make_keyword(session, site, "large tent", cluster=cluster, volume=5)
        factories.make_keyword(session, site, "stove", cluster=other, volume=7)
    import_export(store, site, write_csv(tmp_path / "a.csv", ("tent", 1000), ("rope", 50)))
    with store.read() as session:
        assert session.get_one(Cluster, cluster.id).volume == 1005
        assert session.get_one(Cluster, other.id).volume == 7
    assert keyword(store, site, "tent").status == KeywordStatus.MAPPED
    hold_counters_to_rows(store, site)


def test_a_keyword_of_another_market_is_another_keyword(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    rows = [("tent", volume, "", "", "", "", "", market) for volume, market in ((10, "us"), (20, "de"))]
    import_export(store, site, write_csv(tmp_path / "a.csv", *rows))
    summary = import_export(store, site, write_csv(tmp_path / "b.csv", ("tent", 30, "", "", "", "", "", "de")))
    assert summary.merged == 1
    assert [keyword(store, site, "tent", market).volume for market in ("us", "de")] == [10, 30]


def test_a_row_without_a_market_is_of_the_sites_market(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    rows = [("tent", 10, "", "", "", "", "", "US"), ("tent", 30), ("tent", 20, "", "", "", "", "", "gb")]
    summary = import_export(store, site, write_csv(tmp_path / "a.csv", *rows))
    assert (summary.new, summary.merged) == (2, 1)
    assert keyword(store, site, "tent").volume == 30
    hold_counters_to_rows(store, site)


AWKWARD = [
    "\\",
    "\\N",
    "\\.",
    "\\\\.",
    "\\t",
    '"',
    "'",
    "%",
    "%s",
    ":x",
    "null",
    "none",
    "🙂",
    "שלום",
    "é",
    ",",
    ";",
    "a",
]
# The sign that stands for what could not be decoded is no keyword's.
TEXTS = st.lists(
    st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffd")),
    min_size=1,
).map("".join)


@SHARED_STORE
@given(texts=st.lists(TEXTS.map(lambda text: text[:60]), min_size=1, max_size=60, unique_by=str.casefold))
def test_texts_survive_byte_for_byte(store: Store, tmp_path: Path, texts: list[str]) -> None:
    number = len(list(tmp_path.glob("*.csv")))
    site = make_site(store, f"site-{number}")
    # A parent and a URL in every other row: missing ones must stay missing.
    rows = [(text, 1, "", "", "", text * (place % 2), text * (place % 2)) for place, text in enumerate(texts)]
    import_export(store, site, write_csv(tmp_path / f"{number}.csv", *rows))
    with store.read() as session:
        stored = session.execute(
            select(Keyword.text, Keyword.parent, Keyword.url)
            .where(Keyword.site_id == site.id)
            .order_by(Keyword.file_line)
        ).all()
    wanted = [(tidy(text), tidy(text) or None, tidy(text) or None) for text in texts]
    assert [tuple(row) for row in stored] == [
        (text, parent if place % 2 else None, url if place % 2 else None)
        for place, (text, parent, url) in enumerate(wanted)
    ]


def test_rows_that_cannot_be_read_are_listed_with_line_and_reason(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ("tent",), ("x" * 201,), ("bell\a",))
    summary = import_export(store, make_site(store), path)
    assert summary.rejects_file is not None
    with summary.rejects_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["reason"]) for row in rows] == [
        ("3", "the keyword is 201 characters long, 200 are allowed"),
        ("4", "control characters in the keyword"),
    ]


def test_a_file_of_good_rows_has_no_rejects_file(store: Store, tmp_path: Path) -> None:
    summary = import_export(store, make_site(store), write_csv(tmp_path / "a.csv", ("tent",)))
    assert summary.rejects_file is None
    assert not (tmp_path / "rejects").exists()


def test_a_file_name_of_any_length_is_fit_for_its_rejects(store: Store, tmp_path: Path) -> None:
    path = write_csv(tmp_path / f"{'ü' * 120}.csv", ("tent",), ("\a",))
    assert import_export(store, make_site(store), path).rejected == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02" * 100,
        b"a,b\n1,2\n",
        b"keyword,volume\n",
        b"keyword\n" + b"x" * 1_000_000,
        b"keyword,volume\ntent,10" + b",x" * 50,
        b"keyword,volume\nte\0nt,10\n",
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing(store: Store, tmp_path: Path, content: bytes) -> None:
    site = make_site(store)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    before = everything(store)
    with pytest.raises(UserError):
        import_export(store, site, path)
    assert everything(store) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["a.csv"]


def test_a_file_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"missing\.csv can't be read: No such file or directory"):
        import_export(store, make_site(store), tmp_path / "missing.csv")


def test_nothing_is_stored_when_the_rejects_cannot_be_written(store: Store, tmp_path: Path) -> None:
    site = make_site(store)
    path = write_csv(tmp_path / "a.csv", ("tent",), ("\a",))
    (tmp_path / "rejects").write_text("in the way", encoding="utf-8")
    before = everything(store)
    with pytest.raises(UserError, match="rejects can't be made"):
        import_export(store, site, path)
    assert everything(store) == before


def test_a_sector_of_another_site_is_refused(store: Store, tmp_path: Path) -> None:
    site, other = make_site(store), make_site(store, "other")
    with store.read() as session:
        sector_id = session.scalars(select(Sector.id).where(Sector.site_id == other.id)).one()
    before = everything(store)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        import_file(store, site.id, sector_id, "us", write_csv(tmp_path / "a.csv", ("tent",)), tmp_path)
    assert everything(store) == before


@pytest.mark.parametrize("moment", ["insert into keyword_file", "insert into site_counter", "commit"])
def test_a_first_import_that_is_killed_leaves_nothing(
    database_url: str, store: Store, tmp_path: Path, moment: str
) -> None:
    site = make_site(store)
    path = write_csv(tmp_path / "a.csv", *((f"tent {number}", number) for number in range(3000)))
    before = everything(store)
    import_until_killed(database_url, site, path, moment)
    assert everything(store) == before
    assert import_export(store, site, path).new == 3000
    hold_counters_to_rows(store, site)


@pytest.mark.parametrize("moment", ["insert into keyword (", "update keyword", "update cluster", "commit"])
def test_a_merge_that_is_killed_leaves_what_was(database_url: str, store: Store, tmp_path: Path, moment: str) -> None:
    site = make_site(store)
    import_export(store, site, write_csv(tmp_path / "a.csv", ("tent", 10), ("stove", 20)))
    path = write_csv(tmp_path / "b.csv", ("tent", 30), ("rope", 40))
    before = everything(store)
    import_until_killed(database_url, site, path, moment)
    assert everything(store) == before
    assert import_export(store, site, path).merged == 1
    assert keyword(store, site, "tent").volume == 30
    hold_counters_to_rows(store, site)


def waiting_backend(store: Store) -> int:
    """The process of the connection that waits for a lock, once there is one."""
    waiting = text("select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")
    for _ in range(1000):
        with store.read() as session:
            pid = session.scalar(waiting)
        if pid is not None:
            return int(pid)
        time.sleep(0.01)
    raise AssertionError("nothing waits for a lock")


def test_an_import_whose_connection_breaks_leaves_nothing(store: Store, tmp_path: Path) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite has no connection that could break")
    site = make_site(store)
    path = write_csv(tmp_path / "a.csv", ("tent", 30), ("rope", 40))
    before = everything(store)
    failures: list[Exception] = []

    def run() -> None:
        try:
            import_export(store, site, path)
        except Exception as error:
            failures.append(error)

    with pytest.raises(InterruptedError), store.write() as session:
        # The import has sent its keywords when their foreign key is checked, which waits for this transaction.
        session.execute(select(Sector.id).where(Sector.site_id == site.id).with_for_update())
        thread = threading.Thread(target=run)
        thread.start()
        session.execute(text("select pg_terminate_backend(:pid)"), {"pid": waiting_backend(store)})
        thread.join()
        raise InterruptedError
    assert len(failures) == 1
    assert everything(store) == before
    assert import_export(store, site, path).new == 2


def test_an_import_and_another_writer_of_the_site_wait_for_each_other_in_one_order(
    store: Store, tmp_path: Path
) -> None:
    site = make_site(store)
    import_export(store, site, write_csv(tmp_path / "a.csv", ("rope", 1), ("tent", 1)))
    summaries: list[ImportSummary] = []
    path = write_csv(tmp_path / "b.csv", ("rope", 30), ("tent", 40))
    thread = threading.Thread(target=lambda: summaries.append(import_export(store, site, path)))
    with store.write() as session:
        take_turn(session, site.id)
        rows = {row.normalised: row for row in session.scalars(select(Keyword))}
        rows["tent"].status = KeywordStatus.IGNORED
        session.flush()
        thread.start()
        if not store.is_sqlite:
            waiting_backend(store)
        rows["rope"].status = KeywordStatus.IGNORED
        session.flush()
    thread.join()
    assert summaries[0].merged == 2
    assert [keyword(store, site, each).volume for each in ("rope", "tent")] == [30, 40]
    hold_counters_to_rows(store, site)
