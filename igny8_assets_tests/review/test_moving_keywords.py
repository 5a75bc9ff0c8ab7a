"""Keywords that a person splits off or moves stay where they were put, and the clusters they leave are put right."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.arranging import move, split
from igny8_assets.store.models import Cluster, ClusterStatus, KeywordStatus, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_idea, make_keyword
from igny8_assets_tests.review.mills import add_sector, is_there, make_mills, plan, planned


def test_split_off_keywords_form_a_cluster_of_their_own(session: Session, site: Site) -> None:
    mills, rows = make_mills(session, site, "coffee mill", "grinder", "burr grinder")
    new = split(session, site, mills.id, ["Burr Grinder", "grinder"])
    assert [row.cluster_id for row in rows] == [mills.id, new.id, new.id]
    assert (new.name, new.named_by_person, new.root_keyword) == ("Grinder", False, "grinder")
    assert (new.keyword_count, new.uncovered_count, new.volume, new.ideas_pending) == (2, 2, 30, True)
    assert (mills.keyword_count, mills.uncovered_count, mills.volume) == (1, 1, 30)


def test_no_recomputation_puts_what_was_split_together_again(session: Session, site: Site) -> None:
    mills, rows = make_mills(session, site, "coffee mill", "grinder")
    split(session, site, mills.id, ["grinder"])
    assert {(row.reason, row.reason_amount) for row in rows} == {(Reason.PERSON, None)}


def test_a_split_off_cluster_takes_the_name_that_is_given(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", "grinder")
    new = split(session, site, mills.id, ["grinder"], "Grinders")
    assert (new.name, new.named_by_person) == ("Grinders", True)


def test_a_split_off_cluster_is_called_after_the_most_searched_keyword_that_names_no_other(
    session: Session, site: Site
) -> None:
    mills, _ = make_mills(session, site, "Grinder", "burr grinder", "hand mill")
    assert split(session, site, mills.id, ["grinder", "hand mill"]).name == "Hand Mill"


def test_a_split_off_cluster_gets_a_number_where_each_keyword_names_another(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "Grinder", "burr grinder")
    assert split(session, site, mills.id, ["grinder"]).name == "Grinder (2)"


def test_a_split_off_cluster_takes_no_name_of_another(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", "grinder")
    with pytest.raises(UserError, match=f"cluster {mills.id} of "):
        split(session, site, mills.id, ["grinder"], "Coffee Mill")
    assert session.scalars(select(Cluster.id)).all() == [mills.id]


def test_ideas_stay_with_the_old_cluster_and_what_they_cover_stays_covered(session: Session, site: Site) -> None:
    mills, rows = make_mills(session, site, "coffee mill", "grinder", status=ClusterStatus.MAPPED)
    idea = make_idea(session, site, cluster=mills, keywords=rows)
    new = split(session, site, mills.id, ["grinder"])
    assert idea.cluster_id == mills.id
    assert (new.keyword_count, new.uncovered_count, new.ideas_pending) == (1, 0, False)
    assert (mills.status, new.status) == (ClusterStatus.MAPPED, ClusterStatus.ACTIVE)


def test_the_keyword_that_a_cluster_began_with_can_be_split_off(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", "grinder")
    new = split(session, site, mills.id, ["coffee mill"])
    assert (new.root_keyword, mills.root_keyword) == ("coffee mill", "grinder")


def test_one_keyword_has_to_stay(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", "grinder")
    with pytest.raises(UserError, match="one has to stay"):
        split(session, site, mills.id, ["coffee mill", "grinder"])
    assert session.scalars(select(Cluster.id)).all() == [mills.id]


def test_a_keyword_of_another_cluster_is_not_split_off(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", "old mill")
    make_mills(session, site, "grinder")
    with pytest.raises(UserError, match="'grinder' is not in cluster"):
        split(session, site, mills.id, ["old mill", "grinder"])
    assert mills.keyword_count == 2


def test_a_moved_keyword_is_where_a_person_put_it(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", status=ClusterStatus.MAPPED, ideas_pending=False)
    grinders, (_, stray) = make_mills(session, site, "grinder", "old mill")
    assert move(session, site, ["old mill"], mills.id).keywords == 1
    assert (stray.cluster_id, stray.reason, stray.reason_amount) == (mills.id, Reason.PERSON, None)
    assert (mills.keyword_count, mills.uncovered_count, mills.volume) == (2, 2, 20)
    assert (grinders.keyword_count, grinders.uncovered_count, grinders.volume) == (1, 1, 20)


@pytest.mark.parametrize("status", [KeywordStatus.NEW, KeywordStatus.ORPHANED])
def test_a_keyword_without_a_cluster_is_put_into_one(session: Session, site: Site, status: KeywordStatus) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    stray = make_keyword(session, site, "old mill", status=status, failure_reason="no answer")
    move(session, site, ["old mill"], mills.id)
    assert (stray.status, stray.cluster_id, stray.failure_reason) == (KeywordStatus.MAPPED, mills.id, None)
    assert mills.keyword_count == 2


def test_a_moved_keyword_is_off_the_plan_and_its_group_is_planned_anew(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    rows = [make_keyword(session, site, text) for text in ("mill a", "mill b", "kettle a", "kettle b", "mill c")]
    plan(session, site, *rows[:2], group=0)
    plan(session, site, *rows[2:4], group=1)
    plan(session, site, rows[4], group=2, cluster=mills)
    move(session, site, ["mill a"], mills.id)
    assert planned(session) == {rows[2].id: None, rows[3].id: None, rows[4].id: mills.id}


def test_a_cluster_that_is_left_empty_without_ideas_is_deleted(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    grinders, _ = make_mills(session, site, "grinder")
    new = make_keyword(session, site, "steel grinder")
    plan(session, site, new, cluster=grinders)
    assert move(session, site, ["grinder"], mills.id).deleted == ["grinder"]
    assert not is_there(session, grinders)
    assert planned(session) == {}


def test_a_cluster_that_is_left_empty_with_ideas_stays_and_waits_for_none(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    grinders, rows = make_mills(session, site, "grinder", status=ClusterStatus.MAPPED, ideas_pending=True)
    make_idea(session, site, cluster=grinders, keywords=rows)
    moved = move(session, site, ["grinder"], mills.id)
    assert (moved.deleted, moved.emptied) == ([], ["grinder"])
    assert (grinders.keyword_count, grinders.uncovered_count, grinders.ideas_pending) == (0, 0, False)
    assert (mills.keyword_count, mills.uncovered_count) == (2, 1)


def test_the_root_of_an_emptied_cluster_can_be_the_root_of_a_cluster_again(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    grinders, rows = make_mills(session, site, "grinder", status=ClusterStatus.MAPPED)
    make_idea(session, site, cluster=grinders, keywords=rows)
    move(session, site, ["grinder"], mills.id)
    assert split(session, site, mills.id, ["grinder"]).root_keyword == "grinder"


def test_the_keywords_of_two_clusters_may_change_places(session: Session, site: Site) -> None:
    mills, rows = make_mills(session, site, "coffee mill")
    grinders, others = make_mills(session, site, "grinder")
    make_idea(session, site, cluster=mills, keywords=rows)
    make_idea(session, site, cluster=grinders, keywords=others)
    move(session, site, ["coffee mill"], grinders.id)
    move(session, site, ["grinder"], mills.id)
    assert (mills.root_keyword, mills.keyword_count) == ("grinder", 1)
    assert (grinders.root_keyword, grinders.keyword_count) == ("coffee mill", 1)


def test_a_keyword_that_is_there_already_stays_there_for_good(session: Session, site: Site) -> None:
    mills, (mill,) = make_mills(session, site, "coffee mill")
    assert move(session, site, ["coffee mill"], mills.id).keywords == 0
    assert (mill.cluster_id, mill.reason) == (mills.id, Reason.PERSON)


def test_an_ignored_keyword_is_not_moved(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    ignored = make_keyword(session, site, "old mill", status=KeywordStatus.IGNORED)
    fresh = make_keyword(session, site, "new mill")
    with pytest.raises(UserError, match="igny8 keywords unignore shop"):
        move(session, site, ["new mill", "old mill"], mills.id)
    assert (ignored.status, fresh.status) == (KeywordStatus.IGNORED, KeywordStatus.NEW)


def test_a_keyword_moves_within_its_market_alone(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    make_keyword(session, site, "old mill", market="gb")
    with pytest.raises(UserError, match="'old mill' is of market gb, and the cluster of market us"):
        move(session, site, ["coffee mill", "old mill"], mills.id)
    with pytest.raises(NotFound, match="no keyword 'new mill'"):
        move(session, site, ["new mill"], mills.id)


def test_a_keyword_of_two_markets_is_not_put_where_its_other_self_is(session: Session, site: Site) -> None:
    mills, (mill,) = make_mills(session, site, "coffee mill")
    british, _ = make_mills(session, site, "tea mill", market="gb")
    make_keyword(session, site, "coffee mill", cluster=british, market="gb")
    with pytest.raises(UserError, match="'coffee mill' of market us is in cluster 1 already, and that of market gb"):
        move(session, site, ["coffee mill"], mills.id)
    assert mill.reason == Reason.LIKENESS


def test_a_keyword_moves_within_its_sector_alone(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    make_keyword(session, site, "tea mill", sector_id=add_sector(session, site).id)
    with pytest.raises(UserError, match="'tea mill' is of sector 'Tea', and cluster 1 of sector 'General'"):
        move(session, site, ["tea mill"], mills.id)
