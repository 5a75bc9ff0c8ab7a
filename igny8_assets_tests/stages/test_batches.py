"""Batches are how a stage goes about its work; caps are how much of it a run does."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item, ItemFailed
from igny8_assets.stages.ticket import RunTicket
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, IdeaStatus, Keyword, KeywordStatus, Site, Task
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword, make_task
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.pipeline.sites import TOPICS
from igny8_assets_tests.stages.camp import add_keywords, assert_sound, charged_tenths, count, make_camp, membership
from igny8_assets_tests.stages.driving import Watched, ask_to_stop, drive, find, resume

KEYWORDS = [keyword for topic in TOPICS.values() for keyword in topic] + ["mortgage refinancing rates"]


def test_the_batch_size_never_changes_who_belongs_together(store: Store) -> None:
    memberships, charges = [], []
    for size in (1, 7, 100):
        site = make_camp(store, KEYWORDS[::2], slug=f"by-{size}", stage_1_batch_size=size)
        run_stages(store, site, 1, 1)
        # A second import, part of which joins the clusters of the first.
        add_keywords(store, site, KEYWORDS[1::2])
        run_stages(store, site, 1, 1)
        memberships.append(membership(store, site))
        charges.append(charged_tenths(store, site))
        assert_sound(store, site)
    assert memberships[0] == memberships[1] == memberships[2]
    assert len(set(memberships[0].values()) - {None}) >= 4
    assert charges == [2 * len(KEYWORDS)] * 3


def test_a_group_wider_than_the_batch_becomes_one_cluster(store: Store) -> None:
    site = make_camp(store, TOPICS["tent"], stage_1_batch_size=2)
    run_stages(store, site, 1, 1)
    with store.read() as session:
        cluster = session.scalars(select(Cluster)).one()
        assert (cluster.keyword_count, cluster.uncovered_count) == (5, 5)
        assert cluster.volume == 1000 + 999 + 998 + 997 + 996


@pytest.mark.parametrize("cap", [1, 4])
def test_a_capped_run_leaves_the_rest_to_later_runs_which_end_the_same(store: Store, cap: int) -> None:
    whole = make_camp(store, KEYWORDS[:9], slug="whole")
    run_stages(store, whole, 1, 1)
    capped = make_camp(store, KEYWORDS[:9], slug="capped", stage_1_cap=cap)
    report = run_stages(store, capped, 1, 1)[1]
    assert (report.done, report.total, report.pending) == (cap, cap, 9 - cap)
    while count(store, Keyword, Keyword.site_id == capped.id, Keyword.status == KeywordStatus.NEW):
        run_stages(store, capped, 1, 1)
    assert membership(store, capped) == membership(store, whole)
    assert charged_tenths(store, capped) == charged_tenths(store, whole)


def test_a_run_drains_a_stage_batch_by_batch(store: Store) -> None:
    site = camp_with_ideas(store, 5, stage_3_batch_size=2)
    watched = Watched(STAGES[3])
    ticket = open_run(store, site, 3, 3)
    drive(ticket, watched)
    result = find(store, ticket.run_id).stages[0]
    assert [item.size for item in watched.begun] == [2, 2, 1]
    assert (result.done, result.total, result.result["tasks_created"]) == (5, 5, 5)


def test_progress_is_readable_while_a_stage_works(store: Store) -> None:
    site = camp_with_ideas(store, 5, stage_3_batch_size=2)
    ticket = open_run(store, site, 3, 3)
    seen: list[tuple[int, int, bool]] = []

    def look(_item: object) -> None:
        result = find(store, ticket.run_id).stages[0]
        seen.append((result.done, result.total, result.finished))

    drive(ticket, Watched(STAGES[3], processing=look, on=2))
    assert seen == [(2, 5, False)]


def test_the_cap_counts_what_a_run_did_before_it_was_paused(store: Store) -> None:
    site = camp_with_ideas(store, 5, stage_3_batch_size=1, stage_3_cap=3)
    ticket = open_run(store, site, 3, 3)
    drive(ticket, Watched(STAGES[3], processing=lambda _: ask_to_stop(store, ticket.run_id), on=2))
    assert count(store, Task) == 2
    drive(resume(store, ticket.run_id))
    assert count(store, Task) == 3
    run_stages(store, site, 3, 3)
    assert count(store, Task) == 5


def test_what_matters_most_is_written_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_AI_CONCURRENCY", "1")
    site = make_camp(store, [])
    with store.write() as session:
        here = session.get_one(Site, site.id)
        easy = make_keyword(session, here, "camping lantern", difficulty=10)
        hard = make_keyword(session, here, "rooftop tent", difficulty=90)
        for title, keyword, priority, volume in (
            ("searched and hard", hard, 0, 900),
            ("searched and easy", easy, 0, 900),
            ("hardly searched", easy, 0, 10),
            ("wanted by a person", hard, 5, 0),
        ):
            idea = make_idea(session, here, title=title, keywords=[keyword], status=IdeaStatus.IN_PROGRESS)
            make_task(session, here, idea=idea, priority=priority, volume=volume)
    ticket = open_run(store, site, 4, 4)

    def leave(item: Item) -> None:
        raise ItemFailed("only the order is looked at", permanent=False)

    watched = Watched(STAGES[4], processing=leave, always=True)
    drive(ticket, watched)
    assert [item.label for item in watched.begun] == [
        "wanted by a person",
        "searched and easy",
        "searched and hard",
        "hardly searched",
    ]


def test_ideas_that_are_held_are_left_alone(store: Store) -> None:
    site = camp_with_ideas(store, 1, status=IdeaStatus.HELD, held_reason="a person's wish")
    assert run_stages(store, site, 3, 3)[3].done == 0
    assert count(store, Task) == 0


def camp_with_ideas(store: Store, number: int, *, status: IdeaStatus = IdeaStatus.NEW, **values: Any) -> Site:
    reason = values.pop("held_reason", None)
    site = make_camp(store, [], **values)
    with store.write() as session:
        for _ in range(number):
            make_idea(session, session.get_one(Site, site.id), status=status, held_reason=reason)
    return site


class SlowToSelect(Watched):
    """A stage that looks at what is in hand for so long that items are let go meanwhile."""

    def select(self, session: Session, ticket: RunTicket, limit: int, taken: Mapping[str, Item]) -> Sequence[Item]:
        for _ in taken.values():
            time.sleep(0.01)
        return super().select(session, ticket, limit, taken)


def test_items_may_be_done_with_while_others_are_selected(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        here = session.get_one(Site, site.id)
        for number in range(30):
            make_keyword(session, here, cluster=make_cluster(session, here, name=f"tents of kind {number}"))
    ticket = open_run(store, site, 2, 2)
    assert drive(ticket, SlowToSelect(STAGES[2]))[2].done == 30
