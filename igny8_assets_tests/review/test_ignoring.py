"""An ignored keyword leaves the work, and its cluster knows."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.arranging import merge, move
from igny8_assets.review.ignoring import TakenUp, ignore, unignore
from igny8_assets.store.models import ClusterStatus, KeywordStatus, PlannedMembership, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword
from igny8_assets_tests.review.mills import make_mills


def test_a_keyword_is_found_whatever_its_case_and_ignored_in_every_market(session: Session, site: Site) -> None:
    rows = [make_keyword(session, site, "Coffee Mill", market=market) for market in ("us", "gb")]
    assert ignore(session, site, ["  coffee  MILL "]) == 2
    assert {row.status for row in rows} == {KeywordStatus.IGNORED}


def test_ignoring_twice_changes_nothing_more(session: Session, site: Site) -> None:
    make_keyword(session, site, "mill")
    assert (ignore(session, site, ["mill"]), ignore(session, site, ["mill"])) == (1, 0)


def test_a_mapped_keyword_leaves_its_cluster(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site)
    make_keyword(session, site, "coffee mill", cluster=cluster, volume=30)
    make_keyword(session, site, "old mill", cluster=cluster, volume=5)
    ignore(session, site, ["coffee mill"])
    assert (cluster.keyword_count, cluster.uncovered_count, cluster.volume) == (1, 1, 5)
    assert cluster.ideas_pending


def test_a_cluster_without_keywords_left_waits_for_no_ideas(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site)
    make_keyword(session, site, "mill", cluster=cluster, volume=None)
    ignore(session, site, ["mill"])
    assert (cluster.keyword_count, cluster.uncovered_count, cluster.volume) == (0, 0, 0)
    assert not cluster.ideas_pending


def test_a_reopened_cluster_closes_when_too_few_uncovered_keywords_are_left(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site, status=ClusterStatus.MAPPED)
    for number in range(5):
        make_keyword(session, site, f"mill {number}", cluster=cluster)
    ignore(session, site, ["mill 0"])
    assert cluster.uncovered_count == 4
    assert not cluster.ideas_pending


def test_a_covered_keyword_leaves_the_uncovered_ones_alone(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site)
    covered = make_keyword(session, site, "covered", cluster=cluster)
    make_keyword(session, site, "uncovered", cluster=cluster)
    make_idea(session, site, cluster=cluster, keywords=[covered])
    ignore(session, site, ["covered"])
    assert (cluster.keyword_count, cluster.uncovered_count) == (1, 1)


def test_an_unignored_keyword_is_new(session: Session, site: Site) -> None:
    row = make_keyword(session, site, "mill", status=KeywordStatus.IGNORED)
    assert unignore(session, site, ["mill"]) == TakenUp(returned=0, new=1)
    assert row.status == KeywordStatus.NEW


def test_a_keyword_that_was_in_a_cluster_goes_back_there_as_it_was(session: Session, site: Site) -> None:
    mills, (row,) = make_mills(session, site, "mill")
    ignore(session, site, ["mill"])
    assert mills.keyword_count == 0
    assert unignore(session, site, ["mill"]) == TakenUp(returned=1, new=0)
    assert (row.status, row.cluster_id) == (KeywordStatus.MAPPED, mills.id)
    assert (row.reason, row.reason_amount, row.left_cluster_id) == (Reason.LIKENESS, 700, None)
    assert (mills.keyword_count, mills.uncovered_count, mills.volume, mills.root_keyword) == (1, 1, 10, "mill")
    assert mills.ideas_pending


def test_it_goes_back_into_the_cluster_with_which_its_own_was_merged(session: Session, site: Site) -> None:
    mills, (_, row) = make_mills(session, site, "coffee mill", "old mill")
    grinders, _ = make_mills(session, site, "grinder")
    ignore(session, site, ["old mill"])
    merge(session, site, grinders.id, [mills.id])
    unignore(session, site, ["old mill"])
    assert row.cluster_id == grinders.id
    assert grinders.keyword_count == 3


def test_it_is_new_when_its_cluster_is_no_more(session: Session, site: Site) -> None:
    _, (_, row) = make_mills(session, site, "coffee mill", "old mill")
    grinders, _ = make_mills(session, site, "grinder")
    ignore(session, site, ["old mill"])
    move(session, site, ["coffee mill"], grinders.id)
    assert unignore(session, site, ["old mill"]) == TakenUp(returned=0, new=1)
    assert (row.status, row.cluster_id, row.reason) == (KeywordStatus.NEW, None, None)


def test_unignoring_leaves_other_keywords_where_they_are(session: Session, site: Site) -> None:
    row = make_keyword(session, site, "mill", status=KeywordStatus.ORPHANED)
    assert unignore(session, site, ["mill"]) == TakenUp(returned=0, new=0)
    assert row.status == KeywordStatus.ORPHANED


def test_a_keyword_that_the_site_lacks_changes_none(session: Session, site: Site) -> None:
    row = make_keyword(session, site, "mill")
    with pytest.raises(NotFound, match="'kettle'"):
        ignore(session, site, ["mill", "kettle"])
    assert row.status == KeywordStatus.NEW


@pytest.mark.parametrize("text", ["", "a\0b", "x" * 201])
def test_what_is_no_keyword_is_refused(session: Session, site: Site, text: str) -> None:
    with pytest.raises(UserError, match="is not a keyword"):
        ignore(session, site, [text])


def test_the_rest_of_a_planned_group_is_planned_anew(session: Session, site: Site) -> None:
    rows = [make_keyword(session, site, text) for text in ("mill a", "mill b", "kettle a", "kettle b")]
    for place, row in enumerate(rows):
        session.add(PlannedMembership(keyword_id=row.id, site_id=site.id, group_number=place // 2, position=place % 2))
    session.flush()
    ignore(session, site, ["mill a"])
    left = session.scalars(select(PlannedMembership.keyword_id).order_by(PlannedMembership.keyword_id)).all()
    assert left == [rows[2].id, rows[3].id]
