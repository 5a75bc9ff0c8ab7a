"""Keywords that join a cluster which has ideas already: they wait until there are enough for ideas of their own."""

from sqlalchemy import select

from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Cluster,
    ClusterStatus,
    ContentIdea,
    CreditEntry,
    EntryKind,
    IdeaKeyword,
    Keyword,
    Site,
)
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.pipeline.sites import TOPICS
from igny8_assets_tests.stages.camp import TENTS, add_keywords, assert_sound, count, make_camp

LATER = TOPICS["tent"][3:]


def camp_with_later_keywords(store: Store, *, reopen_after: int) -> Site:
    """A cluster with ideas that two more keywords joined."""
    site = make_camp(store, TENTS, reopen_after=reopen_after)
    run_stages(store, site, 1, 2)
    add_keywords(store, site, LATER)
    run_stages(store, site, 1, 1)
    return site


def only_cluster(store: Store) -> Cluster:
    with store.read() as session:
        return session.scalars(select(Cluster)).one()


def test_a_cluster_with_ideas_covers_all_of_its_keywords(store: Store) -> None:
    run_stages(store, make_camp(store, TENTS), 1, 2)
    cluster = only_cluster(store)
    assert (cluster.status, cluster.uncovered_count, cluster.ideas_pending) == (ClusterStatus.MAPPED, 0, False)
    assert count(store, IdeaKeyword) == len(TENTS)


def test_later_keywords_count_as_uncovered_and_wait_for_others(store: Store) -> None:
    site = camp_with_later_keywords(store, reopen_after=3)
    cluster = only_cluster(store)
    assert (cluster.keyword_count, cluster.uncovered_count, cluster.ideas_pending) == (5, 2, False)
    assert run_stages(store, site, 2, 2)[2].done == 0


def test_enough_later_keywords_get_ideas_for_themselves_alone(store: Store) -> None:
    site = camp_with_later_keywords(store, reopen_after=2)
    assert only_cluster(store).ideas_pending
    report = run_stages(store, site, 2, 2)[2]
    assert (report.done, report.counts["ideas_created"]) == (1, 1)
    with store.read() as session:
        second = session.scalars(select(ContentIdea).order_by(ContentIdea.id.desc())).first()
        assert second is not None
        assert {link.keyword.text for link in second.keywords} == set(LATER)
        assert {keyword.cluster_id for keyword in session.scalars(select(Keyword))} == {second.cluster_id}
    cluster = only_cluster(store)
    assert (cluster.uncovered_count, cluster.ideas_pending, cluster.idea_rounds) == (0, False, 2)
    assert_sound(store, site)


def test_each_round_of_ideas_is_charged_once_under_a_key_of_its_own(store: Store) -> None:
    site = camp_with_later_keywords(store, reopen_after=2)
    run_stages(store, site, 2, 2)
    run_stages(store, site, 2, 2)
    cluster = only_cluster(store)
    with store.read() as session:
        keys = select(CreditEntry.idempotency_key).where(CreditEntry.stage == 2, CreditEntry.kind == EntryKind.CHARGE)
        assert set(session.scalars(keys)) == {f"camp:2:{cluster.id}:1", f"camp:2:{cluster.id}r1:1"}
