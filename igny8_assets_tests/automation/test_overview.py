"""The overview says what waits where, from the counters alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from igny8_assets.automation.estimating import estimate
from igny8_assets.automation.overview import pipeline_overview
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    ContentStatus,
    IdeaStatus,
    Illustration,
    ImageStatus,
    KeywordStatus,
    Site,
    TaskStatus,
)
from igny8_assets_tests.factories import (
    make_cluster,
    make_content,
    make_idea,
    make_image,
    make_keyword,
    make_task,
)
from igny8_assets_tests.stages.camp import make_camp

READ_BY_FIGURES = {"site", "site_counter", "automation_config", "account"}


@contextmanager
def tables_read(engine: Engine) -> Iterator[set[str]]:
    """The tables that statements name between `from` and what follows."""
    read: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        words = statement.replace(",", " ").split()
        read.update(words[place + 1] for place, word in enumerate(words[:-1]) if word.upper() in {"FROM", "JOIN"})

    event.listen(engine, "before_cursor_execute", note)
    yield read
    event.remove(engine, "before_cursor_execute", note)


def pending(store: Store, site: Site) -> dict[int, tuple[int, int]]:
    """Stage → what is pending and what failed."""
    with store.read() as session:
        rows = pipeline_overview(session, session.get_one(Site, site.id))
        return {row.number: (row.pending, row.failed) for row in rows}


def busy_camp(store: Store) -> Site:
    """A site with something in every state that the overview has to tell apart."""
    site = make_camp(store, ["tent", "stove", "boots"])
    with store.write() as session:
        here = session.get_one(Site, site.id)
        failed = {"failure_reason": "no"}
        make_keyword(session, here, **failed)
        make_keyword(session, here, status=KeywordStatus.ORPHANED)
        make_keyword(session, here, status=KeywordStatus.IGNORED)
        quiet = make_cluster(session, here, ideas_pending=False)
        make_keyword(session, here, cluster=quiet)
        make_cluster(session, here)
        make_cluster(session, here, **failed)
        ideas = [make_idea(session, here, cluster=quiet, status=status) for status in IdeaStatus]
        for idea, status in zip(ideas, TaskStatus, strict=True):
            make_task(session, here, idea=idea, status=status, word_target=1200)
        done = make_task(session, here, idea=make_idea(session, here, cluster=quiet), status=TaskStatus.COMPLETED)
        states = [(Illustration.NEEDS_PROMPTS, {}), (Illustration.NEEDS_PROMPTS, failed), (Illustration.READY, {})]
        for attempt, (illustration, values) in enumerate(states):
            make_content(session, here, images=0, task=done, task_attempt=attempt, illustration=illustration, **values)
        make_content(session, here, images=0, task=done, task_attempt=3, status=ContentStatus.APPROVED)
        drawn = make_content(session, here, images=0, task=done, task_attempt=4, illustration=Illustration.NEEDS_IMAGES)
        for number, image_status in enumerate(ImageStatus, start=1):
            make_image(session, drawn, role=f"in_article_{number}", status=image_status)
    return site


def test_the_overview_is_what_the_rows_say(store: Store) -> None:
    assert pending(store, busy_camp(store)) == {
        1: (3, 1),
        2: (1, 1),
        3: (2, 0),
        4: (1, 1),
        5: (1, 1),
        6: (1, 1),
        7: (1, 0),
    }


def test_the_overview_has_seven_rows_of_three_kinds(store: Store) -> None:
    site = make_camp(store, [])
    with store.read() as session:
        rows = pipeline_overview(session, session.get_one(Site, site.id))
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert [row.type for row in rows] == ["AI", "AI", "Local", "AI", "AI", "AI", "Manual"]
    assert [row.name for row in rows] == [
        "Keywords → Clusters",
        "Clusters → Ideas",
        "Ideas → Tasks",
        "Tasks → Content",
        "Content → Image prompts",
        "Image prompts → Images",
        "Manual review gate",
    ]
    assert {(row.pending, row.failed) for row in rows} == {(0, 0)}


def test_another_sites_work_is_not_counted(store: Store) -> None:
    busy_camp(store)
    assert set(pending(store, make_camp(store, [], slug="other")).values()) == {(0, 0)}


def test_overview_and_estimate_read_the_counters_and_no_table_that_grows(store: Store) -> None:
    site = busy_camp(store)
    with tables_read(store.engine) as read, store.read() as session:
        here = session.get_one(Site, site.id)
        pipeline_overview(session, here)
        estimate(session, here, load_settings())
    assert read
    assert read <= READ_BY_FIGURES
