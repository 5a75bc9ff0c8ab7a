"""Counters equal the rows, whatever is done to the rows through a session."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.store import counters
from igny8_assets.store.counters import COUNTED
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Cluster,
    ClusterStatus,
    Content,
    ContentIdea,
    ContentStatus,
    IdeaStatus,
    Illustration,
    Image,
    ImageStatus,
    Keyword,
    KeywordStatus,
    Site,
    SiteCounter,
    Task,
    TaskStatus,
)
from igny8_assets_tests.factories import (
    make_cluster,
    make_content,
    make_idea,
    make_image,
    make_keyword,
    make_site,
    make_task,
)
from igny8_assets_tests.pipeline.sites import make_site as make_stored_site

REASONS = st.sampled_from([None, "no"])
UNMAPPED = [status for status in KeywordStatus if status != KeywordStatus.MAPPED]
VALUES: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    Keyword: {"status": st.sampled_from(UNMAPPED), "failure_reason": REASONS},
    Cluster: {"status": st.sampled_from(ClusterStatus), "ideas_pending": st.booleans(), "failure_reason": REASONS},
    ContentIdea: {"status": st.sampled_from(IdeaStatus)},
    Task: {"status": st.sampled_from(TaskStatus), "word_target": st.integers(100, 20000)},
    Content: {
        "status": st.sampled_from(ContentStatus),
        "illustration": st.sampled_from(Illustration),
        "failure_reason": REASONS,
    },
    Image: {"status": st.sampled_from(ImageStatus)},
}
MAKERS: dict[type[Any], Callable[..., Any]] = {
    Keyword: make_keyword,
    Cluster: make_cluster,
    ContentIdea: make_idea,
    Task: make_task,
    Content: lambda session, site, **values: make_content(session, site, images=0, **values),
    Image: lambda session, site, **values: make_image(session, make_content(session, site, images=0), **values),
}
DELETABLE = (Keyword, Image)
"""Nothing points to these; the others are never deleted."""


def assert_true(session: Session, site_id: int) -> None:
    def without_zeros(amounts: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        return {key: amount for key, amount in amounts.items() if amount}

    session.flush()
    assert without_zeros(counters.read(session, site_id)) == without_zeros(counters.recount(session, site_id))


def test_the_strategies_know_every_column_that_is_counted() -> None:
    assert {model: set(values) for model, values in VALUES.items()} == {
        model: set(model.counted_by) for model in COUNTED
    }


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_sequence_of_changes_keeps_the_counters_equal_to_the_rows(store: Store, data: st.DataObject) -> None:
    with store.write() as session:
        sites = [make_site(session, uuid.uuid4().hex) for _ in range(2)]
        ids = [site.id for site in sites]
    for _ in range(data.draw(st.integers(1, 4), label="transactions")):
        with store.write() as session:
            for _ in range(data.draw(st.integers(1, 5), label="changes")):
                _change_something(session, session.get_one(Site, data.draw(st.sampled_from(ids))), data)
            for site_id in ids:
                assert_true(session, site_id)


def _change_something(session: Session, site: Site, data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(COUNTED), label="model")
    rows = session.scalars(select(model).where(model.site_id == site.id).order_by(model.id)).all()
    actions = ["insert", *(["update", "update"] if rows else []), *(["delete"] if rows and model in DELETABLE else [])]
    action = data.draw(st.sampled_from(actions), label="action")
    if action == "insert":
        MAKERS[model](session, site, **data.draw(st.fixed_dictionaries(VALUES[model])))
        return
    row = data.draw(st.sampled_from(rows))
    if action == "delete":
        session.delete(row)
        return
    for name, value in data.draw(st.fixed_dictionaries({}, optional=VALUES[model])).items():
        setattr(row, name, value)
    if data.draw(st.booleans(), label="flush"):
        session.flush()


def test_a_change_that_is_rolled_back_counts_nothing(store: Store) -> None:
    site = make_stored_site(store)
    with store.write() as session:
        make_keyword(session, session.get_one(Site, site.id))
    try:
        with store.write() as session:
            make_keyword(session, session.get_one(Site, site.id))
            raise InterruptedError
    except InterruptedError:
        pass
    with store.read() as session:
        assert counters.read(session, site.id)["keyword", "pending"] == 1
        assert_true(session, site.id)


def test_a_change_within_a_savepoint_that_is_rolled_back_counts_nothing(store: Store) -> None:
    site = make_stored_site(store)
    with store.write() as session:
        here = session.get_one(Site, site.id)
        make_keyword(session, here)
        savepoint = session.begin_nested()
        make_keyword(session, here)
        savepoint.rollback()
        assert_true(session, site.id)


def test_a_pending_task_is_counted_with_what_it_costs(store: Store) -> None:
    with store.write() as session:
        site = make_site(session)
        task = make_task(session, site, word_target=2500)
        make_task(session, site, word_target=501)
        assert counters.read(session, site.id)["task", "pending_tenths"] == 50 + 11
        task.word_target = 1000
        session.flush()
        assert counters.read(session, site.id)["task", "pending_tenths"] == 20 + 11
        task.status = TaskStatus.HELD
        session.flush()
        assert counters.read(session, site.id)["task", "pending_tenths"] == 11


def test_rows_that_are_written_past_the_session_are_counted_by_hand(store: Store) -> None:
    site = make_stored_site(store)
    with store.write() as session:
        counters.add(session, site.id, "keyword", {"new": 3, "pending": 2})
        counters.add(session, site.id, "keyword", {"new": -1})
    with store.read() as session:
        found = counters.read(session, site.id)
        assert (found["keyword", "new"], found["keyword", "pending"], found["keyword", "mapped"]) == (2, 2, 0)


def test_counters_that_went_astray_are_rebuilt_from_the_rows(store: Store) -> None:
    with store.write() as session:
        site, other = make_site(session), make_site(session, "other")
        make_keyword(session, site)
        make_keyword(session, other)
        session.flush()
        counters.add(session, site.id, "keyword", {"new": 41, "mapped": 5})
        counters.add(session, site.id, "nonsense", {"new": 1})
        counters.rebuild(session, site.id)
        assert_true(session, site.id)
        assert_true(session, other.id)


def test_two_writers_at_once_are_both_counted(store: Store) -> None:
    site = make_stored_site(store)
    others = [Store(store.url) for _ in range(4)]

    def write(own: Store) -> None:
        for _ in range(5):
            with own.write() as session:
                make_keyword(session, session.get_one(Site, site.id))
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, others))
    with store.read() as session:
        assert counters.read(session, site.id)["keyword", "pending"] == 20
        assert len(session.scalars(select(SiteCounter.name)).all()) == 2
