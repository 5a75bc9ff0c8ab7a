"""Keywords that resembled nothing, and what new keywords make of them."""

from sqlalchemy import select

from igny8_assets.review.retrying import retry
from igny8_assets.stages.registry import STAGES
from igny8_assets.stages.stage import Item, ItemFailed
from igny8_assets.store.database import Store
from igny8_assets.store.lease import take_turn
from igny8_assets.store.models import Keyword, KeywordStatus, PlannedMembership, Site
from igny8_assets.store.prices import KEYWORD_TENTHS
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.pipeline.running import open_run, run_stages
from igny8_assets_tests.pipeline.sites import configure
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

ALONE = TENTS[0]


def keyword_of(store: Store, text: str) -> Keyword:
    with store.read() as session:
        return session.scalars(select(Keyword).where(Keyword.text == text)).one()


def camp_with_an_orphan(store: Store) -> Site:
    """Stoves in a cluster, and one tent that resembled none of them."""
    site = make_camp(store, [*STOVES, ALONE])
    run_stages(store, site, 1, 1)
    assert keyword_of(store, ALONE).status == KeywordStatus.ORPHANED
    return site


def test_new_keywords_take_an_orphan_along_that_they_resemble(store: Store) -> None:
    site = camp_with_an_orphan(store)
    add_keywords(store, site, TENTS[1:])
    run_stages(store, site, 1, 1)
    placed = membership(store, site)
    assert placed[ALONE] is not None
    assert {placed[text] for text in TENTS} == {placed[ALONE]}
    orphan = keyword_of(store, ALONE)
    assert (orphan.status, orphan.reason) == (KeywordStatus.MAPPED, Reason.LIKENESS)
    assert_sound(store, site)


def test_an_orphan_was_paid_when_it_was_new(store: Store) -> None:
    site = camp_with_an_orphan(store)
    add_keywords(store, site, TENTS[1:])
    report = run_stages(store, site, 1, 1)[1]
    assert (report.done, report.total) == (len(TENTS) - 1, len(TENTS) - 1)
    assert charged_tenths(store, site) == KEYWORD_TENTHS * len([*STOVES, *TENTS])


def test_an_orphan_that_new_keywords_do_not_resemble_stays_one(store: Store) -> None:
    site = camp_with_an_orphan(store)
    add_keywords(store, site, ["mortgage refinancing rates"])
    run_stages(store, site, 1, 1)
    assert keyword_of(store, ALONE).status == KeywordStatus.ORPHANED
    assert count(store, PlannedMembership) == 0
    assert_sound(store, site)


def test_clusters_come_before_orphans_so_that_a_cap_is_spent_on_them(store: Store) -> None:
    site = make_camp(store, ["mortgage refinancing rates", *STOVES, ALONE], stage_1_cap=len(STOVES))
    run_stages(store, site, 1, 1)
    placed = membership(store, site)
    assert None not in {placed[text] for text in STOVES}
    assert keyword_of(store, ALONE).status == KeywordStatus.NEW
    assert charged_tenths(store, site) == KEYWORD_TENTHS * len(STOVES)
    run_stages(store, site, 1, 1)
    assert keyword_of(store, ALONE).status == KeywordStatus.ORPHANED
    assert_sound(store, site)


def test_new_keywords_take_along_what_a_cap_left_to_become_an_orphan(store: Store) -> None:
    site = make_camp(store, [*STOVES, ALONE, "mortgage refinancing rates"], stage_1_cap=len(STOVES))
    run_stages(store, site, 1, 1)
    configure(store, site, stage_1_cap=None)
    add_keywords(store, site, TENTS[1:])
    run_stages(store, site, 1, 1)
    placed = membership(store, site)
    assert {placed[text] for text in TENTS} == {placed[ALONE]} != {None}
    assert keyword_of(store, "mortgage refinancing rates").status == KeywordStatus.ORPHANED
    assert charged_tenths(store, site) == KEYWORD_TENTHS * len([*STOVES, *TENTS, "mortgage refinancing rates"])
    assert count(store, PlannedMembership) == 0
    assert_sound(store, site)


def refuse(_item: Item) -> None:
    raise ItemFailed("the service refused the content")


def test_an_orphan_whose_new_group_fails_stays_one_until_others_take_it_along(store: Store) -> None:
    site = camp_with_an_orphan(store)
    add_keywords(store, site, TENTS[1:])
    drive(open_run(store, site, 1, 1), Watched(STAGES[1], processing=refuse))
    assert keyword_of(store, ALONE).status == KeywordStatus.ORPHANED
    with store.write() as session:
        take_turn(session, site.id)
        retry(session, session.get_one(Site, site.id), 1, keyword_of(store, TENTS[1]).id)
        retry(session, session.get_one(Site, site.id), 1, keyword_of(store, TENTS[2]).id)
    run_stages(store, site, 1, 1)
    assert keyword_of(store, ALONE).status == KeywordStatus.ORPHANED
    add_keywords(store, site, ["huge family tent"])
    run_stages(store, site, 1, 1)
    placed = membership(store, site)
    assert placed[ALONE] == placed[TENTS[1]] is not None
    assert_sound(store, site)


def test_a_person_who_ignores_an_orphan_meanwhile_is_heeded(store: Store) -> None:
    site = camp_with_an_orphan(store)
    add_keywords(store, site, TENTS[1:])

    def ignore(_item: Item) -> None:
        with store.write() as session:
            orphan = session.scalars(select(Keyword).where(Keyword.text == ALONE)).one()
            orphan.status = KeywordStatus.IGNORED

    drive(open_run(store, site, 1, 1), Watched(STAGES[1], processing=ignore))
    placed = membership(store, site)
    assert placed[ALONE] is None
    assert placed[TENTS[1]] is not None
    assert_sound(store, site)
