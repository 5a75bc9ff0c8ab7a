"""Clusters over HTTP."""

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, Site
from igny8_assets.vocabulary import Reason
from igny8_assets_tests.factories import assert_counters_are_true, make_cluster, make_idea, make_keyword
from igny8_assets_tests.web.serving import API, Client, problem_of

CLUSTERS = "/sites/shop/clusters/"


@pytest.fixture
def grinders(store: Store, site: Site) -> Cluster:
    """A cluster of two keywords."""
    with store.write() as session:
        cluster = make_cluster(session, site, name="Grinders")
        first = make_keyword(session, site, "coffee grinder", volume=900, difficulty=10, cluster=cluster)
        make_keyword(session, site, "burr grinder", volume=None, cluster=cluster).reason_keyword_id = first.id
        first.reason = Reason.PERSON
        return cluster


@pytest.fixture
def mills(store: Store, site: Site, grinders: Cluster) -> Cluster:
    """A smaller cluster, with an idea."""
    with store.write() as session:
        cluster = make_cluster(session, site, name="Mills")
        make_idea(session, site, cluster=cluster, keywords=[make_keyword(session, site, "mill", cluster=cluster)])
        return cluster


def names(client: Client, **filters: object) -> list[str]:
    return [one["name"] for one in client.get(CLUSTERS, **filters)["items"]]


def test_clusters_come_by_what_is_searched(viewer: Client, mills: Cluster) -> None:
    first = viewer.get(CLUSTERS, limit=1)
    assert [one["name"] for one in first["items"]] == ["Grinders"]
    assert names(viewer, limit=1, after=first["next"]) == ["Mills"]
    assert names(viewer, status="mapped") == []


def test_a_cluster_tells_its_keywords_and_why_they_are_there(viewer: Client, grinders: Cluster) -> None:
    shown = viewer.get(f"{CLUSTERS}{grinders.id}/")
    assert (shown["volume"], shown["difficulty"], shown["keyword_count"]) == (900, 10, 2)
    assert [(one["text"], one["why"]) for one in shown["members"]] == [
        ("coffee grinder", "placed by a person"),
        ("burr grinder", ""),
    ]
    problem_of(viewer.ask("GET", f"{API}{CLUSTERS}999/"), 404, "not_found")


def test_of_two_who_rename_a_cluster_the_second_is_told(editor: Client, grinders: Cluster) -> None:
    path = f"{API}{CLUSTERS}{grinders.id}/"
    version = {"If-Match": editor.ask("GET", path).headers["ETag"]}
    assert editor.ask("PATCH", path, json={"name": "Coffee grinders"}, headers=version).json()["named_by_person"]
    problem_of(editor.ask("PATCH", path, json={"name": "Others"}, headers=version), 412, "changed")
    problem_of(editor.ask("PATCH", path, json={"name": "Others"}), 428, "if_match_missing")
    assert names(editor) == ["Coffee grinders"]


def test_clusters_are_merged(editor: Client, grinders: Cluster, mills: Cluster, store: Store, site: Site) -> None:
    done = editor.post(f"{CLUSTERS}merge/", {"into": grinders.id, "others": [mills.id]})
    assert (done["clusters"], done["ideas"], done["cluster"]["keyword_count"]) == (1, 1, 3)
    assert names(editor) == ["Grinders"]
    with store.write() as session:
        assert_counters_are_true(session, site)


def test_a_cluster_is_split(editor: Client, grinders: Cluster) -> None:
    new = editor.post(f"{CLUSTERS}split/", {"cluster": grinders.id, "keywords": ["burr grinder"], "name": "Burrs"})
    assert (new["name"], new["keyword_count"]) == ("Burrs", 1)
    refused = editor.ask("POST", f"{API}{CLUSTERS}split/", json={"cluster": new["id"], "keywords": ["burr grinder"]})
    problem_of(refused, 400, "invalid")


def test_keywords_are_moved_once_however_often_it_is_sent(editor: Client, grinders: Cluster, mills: Cluster) -> None:
    asked = {"to": grinders.id, "keywords": ["mill"]}
    answers = [editor.post(f"{CLUSTERS}move/", asked, headers={"Idempotency-Key": "a"}) for _ in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0]["keywords"], answers[0]["emptied"]) == (1, ["Mills"])
