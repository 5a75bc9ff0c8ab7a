"""Clusters made anew."""

import pytest
from sqlalchemy import select

from igny8_assets.ai.offline.provider import OfflineProvider
from igny8_assets.errors import UserError
from igny8_assets.review.arranging import move, rename, split
from igny8_assets.review.rebuild_plan import RebuildPlan
from igny8_assets.review.rebuilding import carry_out, propose
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, ContentIdea, Keyword, KeywordStatus, Site
from igny8_assets.vocabulary import Granularity, Reason
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.pipeline.sites import configure
from igny8_assets_tests.stages.camp import STOVES, TENTS, assert_sound, everything, make_camp, membership


def plan(store: Store, site: Site) -> RebuildPlan:
    return propose(store, Settings(), OfflineProvider(), site)


def rebuild(store: Store, site: Site) -> RebuildPlan:
    made = plan(store, site)
    with store.write() as session:
        carry_out(session, session.get_one(Site, site.id), made)
    assert_sound(store, site)
    return made


def cluster_of(store: Store, text: str) -> Cluster:
    with store.read() as session:
        return session.scalars(
            select(Cluster).join(Keyword, Keyword.cluster_id == Cluster.id).where(Keyword.text == text)
        ).one()


def test_what_stage_1_made_is_as_it_would_be(store: Store) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    assert not plan(store, site).moves


def test_a_plan_writes_nothing(store: Store) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    configure(store, site, granularity=Granularity.THEME)
    before = everything(store)
    plan(store, site)
    assert everything(store) == before


def test_keywords_in_the_wrong_cluster_move_and_say_why(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        for name, texts in (("tents", [*TENTS, STOVES[0]]), ("stoves", STOVES[1:])):
            cluster = make_cluster(session, site, name=name)
            for text in texts:
                make_keyword(session, site, text, cluster=cluster)
    made = rebuild(store, site)
    assert [move.text for move in made.moves] == [STOVES[0]]
    assert cluster_of(store, STOVES[0]).name == "stoves"
    with store.read() as session:
        assert session.scalars(select(Keyword.reason).where(Keyword.text == STOVES[0])).one() == Reason.LIKENESS


def test_what_a_person_placed_stays_and_a_name_stays(store: Store) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    with store.write() as session:
        row = session.get_one(Site, site.id)
        move(session, row, [STOVES[0]], cluster_of(store, TENTS[0]).id)
        split(session, row, cluster_of(store, TENTS[0]).id, [TENTS[1]], "Apart")
        rename(session, row, cluster_of(store, STOVES[1]).id, "Cooking")
    before = membership(store, site)
    rebuild(store, site)
    assert membership(store, site) == before
    assert (cluster_of(store, TENTS[1]).name, cluster_of(store, STOVES[1]).name) == ("Apart", "Cooking")


def test_a_keyword_that_a_person_moved_leaves_the_rest_of_both_clusters_where_it_is(store: Store) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    with store.write() as session:
        move(session, session.get_one(Site, site.id), [STOVES[0]], cluster_of(store, TENTS[0]).id)
    assert not plan(store, site).moves


def test_what_a_person_put_together_takes_in_what_resembles_it(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        cluster = make_cluster(session, site, name="tents")
        for text in TENTS[:2]:
            make_keyword(session, site, text, cluster=cluster, reason=Reason.PERSON)
        make_keyword(session, site, TENTS[2], cluster=make_cluster(session, site, name="alone"))
    rebuild(store, site)
    assert cluster_of(store, TENTS[2]).id == cluster.id


def test_what_resembles_a_keyword_that_a_person_placed_stays_with_it(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        cluster = make_cluster(session, site, name="tents")
        make_keyword(session, site, TENTS[0], cluster=cluster, reason=Reason.PERSON)
        make_keyword(session, site, TENTS[1], cluster=cluster)
    assert not plan(store, site).moves


def test_what_a_person_split_off_leaves_the_larger_part_where_it_is(store: Store) -> None:
    site = make_camp(store)
    run_stages(store, site, 1, 1)
    with store.write() as session:
        split(session, session.get_one(Site, site.id), cluster_of(store, TENTS[0]).id, [TENTS[0]], "Apart")
    assert not plan(store, site).moves


def test_a_cluster_that_a_person_named_never_ends(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        for text, named in zip(TENTS, (False, True, True), strict=True):
            cluster = make_cluster(session, site, name=f"about {text}", named_by_person=named)
            make_keyword(session, site, text, cluster=cluster)
    rebuild(store, site)
    with store.read() as session:
        names = set(session.scalars(select(Cluster.name)))
    assert names == {f"about {text}" for text in TENTS[1:]}


def test_clusters_that_become_one_bring_their_ideas(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        for text in TENTS:
            cluster = make_cluster(session, site, name=text)
            make_idea(session, site, cluster=cluster, keywords=[make_keyword(session, site, text, cluster=cluster)])
    made = rebuild(store, site)
    assert len(made.ended) == 2
    left = cluster_of(store, TENTS[0])
    with store.read() as session:
        assert session.scalars(select(Cluster.id)).all() == [left.id]
        assert session.scalars(select(ContentIdea.cluster_id)).all() == [left.id] * 3


def test_a_keyword_that_fits_none_becomes_an_orphan_unless_an_idea_targets_it(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        cluster = make_cluster(session, site, name="tents")
        for text in (*TENTS, "quantum chromodynamics"):
            make_keyword(session, site, text, cluster=cluster)
        covered = make_keyword(session, site, "tax law in bolivia", cluster=cluster)
        make_idea(session, site, cluster=cluster, keywords=[covered])
    rebuild(store, site)
    with store.read() as session:
        statuses = {row.text: row.status for row in session.scalars(select(Keyword))}
    assert [text for text, status in statuses.items() if status == KeywordStatus.ORPHANED] == ["quantum chromodynamics"]


def test_a_plan_that_no_longer_holds_is_refused(store: Store) -> None:
    site = make_camp(store, [])
    with store.write() as session:
        for text in TENTS:
            make_keyword(session, site, text, cluster=make_cluster(session, site, name=text))
    made = plan(store, site)
    with store.write() as session:
        move(session, session.get_one(Site, site.id), [TENTS[0]], cluster_of(store, TENTS[1]).id)
    before = everything(store)
    with pytest.raises(UserError, match="changed since the plan was made"), store.write() as session:
        carry_out(session, session.get_one(Site, site.id), made)
    assert everything(store) == before
