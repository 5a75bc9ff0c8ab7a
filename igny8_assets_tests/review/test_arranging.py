"""A person's names for clusters and mergers of them hold, and everything that points to clusters follows."""

import pytest
from sqlalchemy.orm import Session

from igny8_assets.errors import NotFound, UserError
from igny8_assets.review.arranging import merge, move, rename, split
from igny8_assets.store.models import ClusterStatus, IdeaStatus, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword, make_task
from igny8_assets_tests.review.mills import add_sector, is_there, make_mills, plan, planned, reopen_after


def test_a_new_name_is_kept_as_a_persons(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site)
    rename(session, site, cluster.id, "  Coffee mills ")
    assert (cluster.name, cluster.named_by_person) == ("Coffee mills", True)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\nb", "a\x07b", "a\0b", "a\u2028b", "a\u202eb", "a\ufeffb"])
def test_what_is_no_name_is_refused(session: Session, site: Site, name: str) -> None:
    cluster = make_cluster(session, site, name="Mills")
    with pytest.raises(UserError, match="a cluster's name"):
        rename(session, site, cluster.id, name)
    assert (cluster.name, cluster.named_by_person) == ("Mills", False)


def test_a_name_may_be_written_in_any_script(session: Session, site: Site) -> None:
    cluster = make_cluster(session, site)
    for name in ("آسیاب\u200cقهوه", "コーヒーミル", "👩‍🍳 mills"):
        assert rename(session, site, cluster.id, name).name == name


def test_a_name_of_another_cluster_is_refused_whatever_its_case(session: Session, site: Site) -> None:
    beans = make_cluster(session, site, name="Кофе beans")
    mills = make_cluster(session, site, name="Mills")
    with pytest.raises(UserError, match=f"cluster {beans.id} of .* bears the name"):
        rename(session, site, mills.id, " кОФЕ  Beans ")
    assert (mills.name, mills.named_by_person) == ("Mills", False)


def test_a_cluster_may_keep_its_name_and_one_of_another_market_may_bear_it(session: Session, site: Site) -> None:
    mills = make_cluster(session, site, name="Mills")
    british = make_cluster(session, site, market="gb", name="Grinders")
    assert rename(session, site, mills.id, "MILLS").name == "MILLS"
    assert rename(session, site, british.id, "Mills").name == "Mills"


def test_merged_clusters_are_one_and_a_person_put_all_of_it_there(session: Session, site: Site) -> None:
    mills, first = make_mills(session, site, "coffee mill", "old mill")
    others = [make_mills(session, site, "hand mill"), make_mills(session, site, "grinder", "burr grinder")]
    merged = merge(session, site, mills.id, [other.id for other, _ in others])
    rows = [*first, *(row for _, more in others for row in more)]
    assert (merged.cluster, merged.clusters) == (mills, 2)
    assert {(row.cluster_id, row.reason, row.reason_amount) for row in rows} == {(mills.id, Reason.PERSON, None)}
    assert (mills.keyword_count, mills.uncovered_count, mills.volume) == (5, 5, sum(row.volume or 0 for row in rows))
    assert not any(is_there(session, other) for other, _ in others)
    assert (mills.name, mills.root_keyword) == ("coffee mill", "coffee mill")


def test_ideas_and_tasks_follow_into_the_merged_cluster(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    grinders, rows = make_mills(session, site, "grinder", status=ClusterStatus.MAPPED)
    idea = make_idea(session, site, cluster=grinders, keywords=rows, status=IdeaStatus.IN_PROGRESS)
    task = make_task(session, site, idea=idea)
    assert merge(session, site, mills.id, [grinders.id]).ideas == 1
    session.expire_all()
    assert (idea.cluster_id, task.cluster_id) == (mills.id, mills.id)


def test_a_merged_cluster_has_ideas_if_one_of_them_had(session: Session, site: Site) -> None:
    reopen_after(session, site, 3)
    mills, _ = make_mills(session, site, "coffee mill", "old mill")
    grinders, rows = make_mills(session, site, "grinder", status=ClusterStatus.MAPPED)
    make_idea(session, site, cluster=grinders, keywords=rows)
    merge(session, site, mills.id, [grinders.id])
    assert (mills.status, mills.keyword_count, mills.uncovered_count) == (ClusterStatus.MAPPED, 3, 2)
    assert not mills.ideas_pending


def test_a_merged_cluster_waits_for_ideas_once_enough_is_uncovered(session: Session, site: Site) -> None:
    reopen_after(session, site, 3)
    mills, _ = make_mills(session, site, "coffee mill", status=ClusterStatus.MAPPED, ideas_pending=False)
    grinders, _ = make_mills(session, site, "grinder", "burr grinder")
    merge(session, site, mills.id, [grinders.id])
    assert mills.ideas_pending


def test_the_intent_of_a_merged_cluster_is_that_of_most_of_its_keywords(session: Session, site: Site) -> None:
    mills = make_cluster(session, site, intent="informational")
    shops = make_cluster(session, site)
    make_keyword(session, site, "mill", cluster=mills, intents="informational")
    for text in ("buy mill", "mill price"):
        make_keyword(session, site, text, cluster=shops, intents="commercial,transactional")
    merge(session, site, mills.id, [shops.id])
    assert mills.intent == "commercial"


def test_what_is_planned_to_join_a_merged_cluster_joins_the_one_that_is_left(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    grinders, _ = make_mills(session, site, "grinder")
    new = make_keyword(session, site, "steel grinder")
    plan(session, site, new, cluster=grinders)
    merge(session, site, mills.id, [grinders.id])
    assert planned(session) == {new.id: mills.id}


def test_the_number_of_a_merged_cluster_is_never_given_again(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    grinders, _ = make_mills(session, site, "grinder")
    merge(session, site, mills.id, [grinders.id])
    assert make_cluster(session, site).id > grinders.id


def test_clusters_of_two_markets_are_not_merged(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    british = make_cluster(session, site, market="gb")
    with pytest.raises(UserError, match=r"another market \(gb, not us\)"):
        merge(session, site, mills.id, [british.id])
    assert is_there(session, british)


def test_clusters_of_two_sectors_are_not_merged(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    tea = make_cluster(session, site, sector_id=add_sector(session, site).id)
    with pytest.raises(UserError, match="another sector"):
        merge(session, site, mills.id, [tea.id])
    assert is_there(session, tea)


def test_a_cluster_is_not_merged_into_itself(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill")
    with pytest.raises(UserError, match="into itself"):
        merge(session, site, mills.id, [mills.id])


def test_a_cluster_that_the_site_lacks_is_refused_everywhere(session: Session, site: Site) -> None:
    mills, _ = make_mills(session, site, "coffee mill", "old mill")
    missing = mills.id + 1000
    for ask in (
        lambda: rename(session, site, missing, "Mills"),
        lambda: merge(session, site, missing, [mills.id]),
        lambda: merge(session, site, mills.id, [missing]),
        lambda: split(session, site, missing, ["old mill"]),
        lambda: move(session, site, ["old mill"], missing),
    ):
        with pytest.raises(NotFound, match=rf"no cluster {missing}; `igny8 clusters list shop` shows them"):
            ask()
    assert mills.keyword_count == 2
