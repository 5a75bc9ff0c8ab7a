"""The planner in a browser's requests: clusters, ideas and tasks, and what people do with them."""

import re

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Cluster,
    ContentIdea,
    ContentStatus,
    IdeaStatus,
    Keyword,
    KeywordStatus,
    Site,
    Task,
    TaskStatus,
)
from igny8_assets_tests.factories import make_cluster, make_content, make_idea, make_keyword, make_task
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def mills(store: Store, site: Site) -> Cluster:
    """A cluster of three keywords."""
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here, name="Mills")
        for text, volume, difficulty in (("burr mill", 500, 40), ("hand mill", 300, 21), ("old mill", 100, None)):
            make_keyword(session, here, text, cluster=cluster, volume=volume, difficulty=difficulty)
    return cluster


@pytest.fixture
def kettles(store: Store, site: Site) -> Cluster:
    """A less searched cluster of one keyword."""
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here, name="Kettles")
        make_keyword(session, here, "gooseneck kettle", cluster=cluster, volume=50)
    return cluster


@pytest.fixture
def idea(store: Store, site: Site, mills: Cluster) -> ContentIdea:
    """An idea that waits."""
    with store.write() as session:
        here, cluster = session.get_one(Site, site.id), session.get_one(Cluster, mills.id)
        return make_idea(session, here, cluster=cluster, title="Which mill lasts", status=IdeaStatus.NEW)


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def keyword_of(store: Store, text: str) -> Keyword:
    from sqlalchemy import select

    with store.read() as session:
        return session.scalars(select(Keyword).where(Keyword.text == text)).one()


def test_clusters_are_listed_with_what_became_of_them(
    browser: Browser, store: Store, site: Site, mills: Cluster, kettles: Cluster
) -> None:
    with store.write() as session:
        here, cluster = session.get_one(Site, site.id), session.get_one(Cluster, mills.id)
        idea = make_idea(session, here, cluster=cluster, status=IdeaStatus.COMPLETED)
        task = make_task(session, here, idea=idea, status=TaskStatus.COMPLETED)
        make_content(session, here, task=task, status=ContentStatus.APPROVED)
    shown = words_of(browser.get("/automation/shop/clusters").text)
    assert "Mills 3 3 900 30 – Without ideas yet ideas 1 · tasks 1 · approved 1" in shown
    assert "Kettles 1 1 50 – – Without ideas yet –" in shown
    assert shown.index("Mills 3") < shown.index("Kettles 1")


def test_clusters_are_drawn_as_a_treemap_that_leads_to_each(browser: Browser, mills: Cluster, kettles: Cluster) -> None:
    shown = browser.get("/automation/shop/clusters").text
    for cluster in (mills, kettles):
        assert f'<a href="/automation/shop/clusters/{cluster.id}" tabindex="-1"><title>{cluster.name}: ' in shown


def test_chosen_clusters_are_merged_into_the_most_searched(
    browser: Browser, store: Store, mills: Cluster, kettles: Cluster
) -> None:
    browser.get("/automation/shop/clusters")
    answer = browser.post("/automation/shop/clusters/merge", chosen=[str(kettles.id), str(mills.id)])
    assert answer.headers["HX-Redirect"] == f"/automation/shop/clusters/{mills.id}"
    assert keyword_of(store, "gooseneck kettle").cluster_id == mills.id


def test_one_cluster_alone_is_not_merged(browser: Browser, mills: Cluster) -> None:
    refused = browser.post("/automation/shop/clusters/merge", chosen=str(mills.id))
    assert (refused.status_code, "at least two clusters" in refused.text) == (400, True)


def test_a_cluster_shows_its_keywords_and_is_renamed(browser: Browser, store: Store, mills: Cluster) -> None:
    here = f"/automation/shop/clusters/{mills.id}"
    shown = browser.get(here).text
    assert "burr mill 500 40" in words_of(shown)
    version = re.findall(r'name="version" value="([^"]+)"', shown)[0].replace("&#34;", '"')
    assert browser.post(f"{here}/rename", version=version, name="Coffee mills").headers["HX-Refresh"] == "true"
    assert "<h1>Coffee mills</h1>" in browser.get(here).text
    refused = browser.post(f"{here}/rename", version=version, name="Something else")
    assert (refused.status_code, "was changed since it was read" in refused.text) == (412, True)


def test_keywords_are_split_off_moved_and_ignored(
    browser: Browser, store: Store, mills: Cluster, kettles: Cluster
) -> None:
    here = f"/automation/shop/clusters/{mills.id}"
    browser.get(here)
    made = browser.post(f"{here}/split", chosen="hand mill", name="By hand").headers["HX-Redirect"]
    assert "hand mill 300 21" in words_of(browser.get(made).text)
    moved = browser.post("/automation/shop/clusters/move", chosen="old mill", to=str(kettles.id))
    assert moved.headers["HX-Redirect"] == f"/automation/shop/clusters/{kettles.id}"
    assert keyword_of(store, "old mill").cluster_id == kettles.id
    browser.post(f"{here}/ignore", chosen="burr mill")
    assert keyword_of(store, "burr mill").status == KeywordStatus.IGNORED


def test_keywords_are_found_by_what_they_contain_and_where_they_stand(
    browser: Browser, store: Store, site: Site, mills: Cluster
) -> None:
    with store.write() as session:
        make_keyword(session, session.get_one(Site, site.id), "HAND grinder", status=KeywordStatus.ORPHANED)
    keywords = "/automation/shop/keywords"
    shown = words_of(browser.get(f"{keywords}?text=Hand").text)
    assert "hand mill 300 21 – us In a cluster Mills" in shown
    assert "HAND grinder 10 – – us Orphan –" in shown
    assert "burr mill" not in shown
    assert "hand mill" not in browser.get(f"{keywords}?text=hand&status=orphaned").text
    assert "There are none." in browser.get(f"{keywords}?status=ignored").text


def test_nothing_chosen_is_said(browser: Browser, mills: Cluster) -> None:
    here = f"/automation/shop/clusters/{mills.id}"
    for path in (f"{here}/split", f"{here}/ignore"):
        refused = browser.post(path)
        assert (refused.status_code, "at least one keyword" in refused.text) == (400, True)
    for path in ("ideas/hold", "tasks/drop", "clusters/merge"):
        assert browser.post(f"/automation/shop/{path}", chosen="9" * 20, reason="later").status_code == 422
    refused = browser.post("/automation/shop/ideas/hold", reason="later")
    assert (refused.status_code, "Choose at least one" in refused.text) == (400, True)


def test_an_idea_is_held_approved_dropped_and_put_first(browser: Browser, store: Store, idea: ContentIdea) -> None:
    ideas = "/automation/shop/ideas"
    assert "Which mill lasts" in browser.get(ideas).text

    def now() -> ContentIdea:
        with store.read() as session:
            return session.get_one(ContentIdea, idea.id)

    browser.post(f"{ideas}/hold", chosen=str(idea.id), reason="after Christmas")
    assert (now().status, now().held_reason) == (IdeaStatus.HELD, "after Christmas")
    assert "Held after Christmas" in words_of(browser.get(ideas).text)
    browser.post(f"{ideas}/approve", chosen=str(idea.id))
    assert now().status == IdeaStatus.NEW
    browser.post(f"{ideas}/priority", chosen=str(idea.id), priority="7")
    assert now().priority == 7
    browser.post(f"{ideas}/drop", chosen=str(idea.id))
    assert now().status == IdeaStatus.DROPPED
    assert "Which mill lasts" not in browser.get(f"{ideas}?status=new").text
    assert "Which mill lasts" in browser.get(f"{ideas}?status=dropped").text


def test_what_was_done_is_said_once(browser: Browser, idea: ContentIdea) -> None:
    browser.post("/automation/shop/ideas/drop", chosen=str(idea.id))
    assert "Done: dropped." in browser.get("/automation/shop/ideas").text
    assert "Done: " not in browser.get("/automation/shop/ideas").text


def test_holding_without_a_reason_is_refused_and_nothing_is_said_to_be_done(
    browser: Browser, store: Store, idea: ContentIdea
) -> None:
    refused = browser.post("/automation/shop/ideas/hold", chosen=str(idea.id))
    assert (refused.status_code, "the reason is missing" in refused.text) == (400, True)
    assert "Done: " not in browser.get("/automation/shop/ideas").text


def test_a_task_is_held_with_its_reason(browser: Browser, store: Store, site: Site, mills: Cluster) -> None:
    with store.write() as session:
        here, cluster = session.get_one(Site, site.id), session.get_one(Cluster, mills.id)
        idea = make_idea(session, here, cluster=cluster, status=IdeaStatus.IN_PROGRESS)
        task = make_task(session, here, idea=idea, title="Write of mills", status=TaskStatus.PENDING)
    browser.get("/automation/shop/tasks")
    browser.post("/automation/shop/tasks/hold", chosen=str(task.id), reason="ask the owner")
    with store.read() as session:
        assert session.get_one(Task, task.id).status == TaskStatus.HELD
    assert "Held ask the owner" in words_of(browser.get("/automation/shop/tasks").text)


def test_hostile_words_are_shown_as_words(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here, name=HOSTILE)
        make_keyword(session, here, HOSTILE, cluster=cluster, volume=10)
        make_idea(session, here, cluster=cluster, title=HOSTILE)
    for path in ("keywords", "clusters", f"clusters/{cluster.id}", "ideas"):
        shown = browser.get(f"/automation/shop/{path}").text
        assert "alert(1)" in shown
        assert "<script>alert" not in shown


def test_a_viewer_sees_the_planner_and_changes_nothing(viewer: Client, mills: Cluster, idea: ContentIdea) -> None:
    browser = Browser(viewer.address)
    browser.log_in(viewer.key)
    for path in ("keywords", "clusters", f"clusters/{mills.id}", "ideas", "tasks"):
        shown = browser.get(f"/automation/shop/{path}")
        assert (shown.status_code, "checkbox" in shown.text) == (200, False)
    assert browser.post("/automation/shop/ideas/drop", chosen=str(idea.id)).status_code == 403
    browser.session.close()
