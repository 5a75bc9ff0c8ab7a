"""A person arranges clusters while a run works on their keywords: what comes of the run goes where they are now."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.review.arranging import merge, move
from igny8_assets.review.ignoring import ignore, unignore
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, ContentIdea, Keyword, KeywordStatus, PlannedMembership, Site
from igny8_assets.store.prices import KEYWORD_TENTHS
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.pipeline.sites import TOPICS
from igny8_assets_tests.stages.camp import (
    STOVES,
    TENTS,
    add_keywords,
    assert_sound,
    charged_tenths,
    count,
    make_camp,
    membership,
)
from igny8_assets_tests.stages.driving import Watched, drive
from igny8_assets_tests.stages.seeds import PRICES

LATER = TOPICS["tent"][3:]


def meanwhile(store: Store, site: Site, decide: Callable[[Session, Site], object]) -> Callable[[Item], None]:
    """What another process decides in the middle of an item."""

    def happen(_item: Item) -> None:
        other = Store(store.url)
        with other.write() as session:
            decide(session, session.get_one(Site, site.id))
        other.close()

    return happen


def cluster_of(session: Session, site: Site, text: str) -> int:
    return (
        session.scalars(select(Keyword.cluster_id).where(Keyword.site_id == site.id, Keyword.text == text)).one() or 0
    )


def camp_that_grows(store: Store) -> Site:
    """Tents and stoves in clusters, and new keywords about tents."""
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    assert len(set(membership(store, site).values())) == 2
    add_keywords(store, site, LATER)
    return site


def merge_tents_into_stoves(session: Session, site: Site) -> None:
    merge(session, site, cluster_of(session, site, STOVES[0]), [cluster_of(session, site, TENTS[0])])


def move_tents_to_stoves(session: Session, site: Site) -> None:
    move(session, site, TENTS, cluster_of(session, site, STOVES[0]))


def test_keywords_join_the_cluster_into_which_theirs_was_merged(store: Store) -> None:
    site = camp_that_grows(store)
    stage = Watched(STAGES[1], processing=meanwhile(store, site, merge_tents_into_stoves))
    drive(open_run(store, site, 1, 1), stage)
    assert len(set(membership(store, site).values())) == 1
    with store.read() as session:
        cluster = session.scalars(select(Cluster)).one()
        assert cluster.keyword_count == cluster.uncovered_count == len(TENTS) + len(STOVES) + len(LATER)
    assert_sound(store, site)


def test_keywords_whose_cluster_was_emptied_wait_for_the_next_plan(store: Store) -> None:
    site = camp_that_grows(store)
    stage = Watched(STAGES[1], processing=meanwhile(store, site, move_tents_to_stoves))
    drive(open_run(store, site, 1, 1), stage)
    assert count(store, Keyword, Keyword.status == KeywordStatus.NEW) == len(LATER)
    assert_sound(store, site)
    run_stages(store, site, 1, 1)
    assert count(store, Keyword, Keyword.status == KeywordStatus.NEW) == count(store, PlannedMembership) == 0
    assert_sound(store, site)


def test_a_keyword_that_a_person_moved_while_its_group_was_named_stays_where_it_was_put(store: Store) -> None:
    site = make_camp(store, STOVES)
    run_stages(store, site, 1, 1)
    add_keywords(store, site, [*TENTS, *LATER])

    def move_one(session: Session, site: Site) -> None:
        move(session, site, [TENTS[0]], cluster_of(session, site, STOVES[0]))

    drive(open_run(store, site, 1, 1), Watched(STAGES[1], processing=meanwhile(store, site, move_one)))
    there = membership(store, site)
    assert there[TENTS[0]] == there[STOVES[0]] != there[TENTS[1]]
    with store.read() as session:
        assert session.scalars(select(Keyword.reason).where(Keyword.text == TENTS[0])).one() == Reason.PERSON
    assert_sound(store, site)


def test_no_ideas_are_charged_for_a_cluster_that_was_merged_away_meanwhile(store: Store) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    with store.read() as session:
        first = session.scalars(select(Cluster.id).order_by(Cluster.volume.desc(), Cluster.id)).first()
        (other,) = session.scalars(select(Cluster.id).where(Cluster.id != first)).all()

    def merge_it(session: Session, site: Site) -> None:
        merge(session, site, other, [first or 0])

    drive(open_run(store, site, 2, 2), Watched(STAGES[2], processing=meanwhile(store, site, merge_it)))
    assert count(store, ContentIdea) == count(store, ContentIdea, ContentIdea.cluster_id == other) == 1
    assert charged_tenths(store, site, 2) == PRICES[2]
    assert_sound(store, site)


def test_keywords_that_are_taken_up_again_are_back_and_charged_once(store: Store) -> None:
    site = make_camp(store, TENTS)
    run_stages(store, site, 1, 1)
    with store.write() as session:
        ignore(session, session.get_one(Site, site.id), TENTS)
        unignore(session, session.get_one(Site, site.id), TENTS)
    run_stages(store, site, 1, 1)
    assert count(store, Keyword, Keyword.status == KeywordStatus.MAPPED) == len(TENTS)
    assert count(store, Cluster) == 1
    assert charged_tenths(store, site, 1) == KEYWORD_TENTHS * len(TENTS)
    assert_sound(store, site)
