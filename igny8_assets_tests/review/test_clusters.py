"""Reading a site's clusters to look at them."""

from sqlalchemy.orm import Session

from igny8_assets.review.clusters import read_clusters
from igny8_assets.store.models import KeywordStatus, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_cluster, make_keyword, make_site


def test_the_most_searched_come_first_clusters_and_keywords(session: Session, site: Site) -> None:
    small, large = (make_cluster(session, site, name=name) for name in ("small", "large"))
    make_keyword(session, site, "odd", status=KeywordStatus.ORPHANED)
    make_keyword(session, site, "mill", cluster=small, volume=5)
    for text, volume in (("unknown", None), ("little", 20), ("much", 70)):
        make_keyword(session, site, text, cluster=large, volume=volume)
    session.flush()
    views = read_clusters(session, site)
    assert [view.cluster.name for view in views] == ["large", "small"]
    assert [member.text for member in views[0].members] == ["much", "little", "unknown"]
    (first,) = read_clusters(session, site, limit=1)
    assert (first.cluster.name, len(first.members)) == ("large", 3)


def test_another_sites_clusters_are_not_read(session: Session, site: Site) -> None:
    other = make_site(session, "other")
    make_keyword(session, other, "mill", cluster=make_cluster(session, other))
    assert read_clusters(session, site) == []


def test_difficulty_is_the_mean_of_what_is_known(session: Session, site: Site) -> None:
    known, unknown = (make_cluster(session, site, name=name) for name in ("known", "unknown"))
    for text, difficulty in (("a", 10), ("b", 35), ("c", None)):
        make_keyword(session, site, text, cluster=known, difficulty=difficulty)
    make_keyword(session, site, "d", cluster=unknown, volume=None)
    first, second = read_clusters(session, site)
    assert (first.difficulty, second.difficulty) == (22, None)
    assert (first.volume, second.volume) == (30, None)


def test_a_keyword_tells_beside_which_other_it_lies(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site)
    head = make_keyword(session, site, "coffee mill", cluster=cluster, volume=90)
    make_keyword(
        session,
        site,
        "mill for coffee",
        cluster=cluster,
        reason=Reason.URLS,
        reason_keyword_id=head.id,
        reason_amount=4,
    )
    (view,) = read_clusters(session, site)
    assert [member.why for member in view.members] == ["", "shares 4 of 10 ranking pages with coffee mill"]
