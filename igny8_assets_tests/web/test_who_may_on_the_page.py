"""Every address of the page, and who may open or change what is there: a new one without a line here fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, KeyRole, Site, TaskStatus
from igny8_assets.web.api.clusters_answers import ClusterFacts
from igny8_assets.web.application import create_app
from igny8_assets.web.versions import etag_of
from igny8_assets_tests.factories import (
    make_account,
    make_cluster,
    make_content,
    make_idea,
    make_keyword,
    make_site,
    make_task,
)
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client, with_key

VIEWER, EDITOR, ADMIN = KeyRole
Facts = dict[str, Any]


@dataclass(frozen=True)
class Address:
    """Which role it needs, of which row its number is, and what a form there sends; `sends` a file."""

    role: KeyRole = VIEWER
    of: str = "text"
    fields: Callable[[Facts], Facts] = lambda _: {}
    sends: bool = False


def chosen(what: str, **more: str) -> Callable[[Facts], Facts]:
    return lambda facts: {"chosen": [str(facts[what])], **{name: str(facts[value]) for name, value in more.items()}}


ADDRESSES = {
    "show": Address(),
    "controls": Address(),
    "settings": Address(),
    "save_settings": Address(ADMIN),
    "switch_schedule": Address(ADMIN),
    "before_the_run": Address(EDITOR),
    "run_now": Address(EDITOR),
    "steer": Address(EDITOR),
    "import_keywords": Address(
        EDITOR, fields=lambda facts: {"file": f"Keyword\nword {facts['cluster']}\n"}, sends=True
    ),
    "charts": Address(),
    "estimate": Address(),
    "log": Address(),
    "history": Address(),
    "state": Address(),
    "events": Address(),
    "waiting": Address(),
    "article": Address(),
    "picture": Address(of="image"),
    "approve_it": Address(EDITOR, fields=lambda facts: {"seen": facts["hash"]}),
    "reject_it": Address(EDITOR, fields=lambda _: {"reason": "too dry"}),
    "texts_to_keep": Address(fields=lambda _: {"status": "draft", "format": "csv"}),
    "publish_it": Address(EDITOR, fields=lambda _: {"url": "https://shop.example/a"}),
    "edit_it": Address(
        EDITOR,
        fields=lambda facts: {
            "seen": facts["hash"],
            **dict.fromkeys(("title", "meta_title", "meta_description", "html"), "Other words"),
        },
    ),
    "change_image": Address(EDITOR, fields=lambda _: {"version": '"0"', "prompt": "A kettle", "alt_text": "A kettle"}),
    "remove_it": Address(EDITOR),
    "list_keywords": Address(),
    "ignore_chosen": Address(EDITOR, fields=chosen("keyword")),
    "take_up_chosen": Address(EDITOR, fields=chosen("keyword")),
    "list_clusters": Address(),
    "show_cluster": Address(of="cluster"),
    "merge": Address(EDITOR, fields=lambda facts: {"chosen": [str(facts["cluster"]), str(facts["other"])]}),
    "rename": Address(EDITOR, of="cluster", fields=lambda facts: {"name": "Mills", "version": facts["version"]}),
    "split": Address(EDITOR, of="cluster", fields=chosen("keyword")),
    "move": Address(EDITOR, fields=chosen("keyword", to="other")),
    "ignore_keywords": Address(EDITOR, of="cluster", fields=chosen("keyword")),
    "list_planned": Address(),
    "hold_planned": Address(EDITOR, fields=lambda facts: {"chosen": [str(facts["idea"])], "reason": "later"}),
    "approve_planned": Address(EDITOR, fields=chosen("held")),
    "drop_planned": Address(EDITOR, fields=chosen("idea")),
    "prioritise": Address(EDITOR, fields=chosen("idea")),
}


def addresses() -> dict[str, tuple[str, str]]:
    """Every address of a site's page with its method and path, as the app has them."""
    app = create_app(load_settings(), Store("sqlite://"))
    found = {}
    for route in iter_route_contexts(app.routes):
        if str(route.path).startswith("/automation/") and isinstance(route.original_route, APIRoute):
            (method,) = route.methods or {""}
            assert route.name not in found
            found[str(route.name)] = (method, str(route.path_format))
    return found


def make_rows(store: Store, site: Site) -> Facts:
    """Rows of each kind, new for every request."""
    with store.write() as session:
        row = session.get_one(Site, site.id)
        clusters: list[Cluster] = [make_cluster(session, row) for _ in range(2)]
        keywords = [make_keyword(session, row, cluster=cluster) for cluster in clusters for _ in range(2)]
        content = make_content(session, row)
        session.flush()
        return {
            "slug": site.slug,
            "kind": "ideas",
            "action": "cancel",
            "switch": "on",
            "cluster": clusters[0].id,
            "version": etag_of(ClusterFacts.of(clusters[0])),
            "other": clusters[1].id,
            "keyword": keywords[0].text,
            "idea": make_idea(session, row).id,
            "held": make_idea(session, row, status="held").id,
            "task": make_task(session, row, status=TaskStatus.PENDING).id,
            "text": content.id,
            "hash": content.content_hash,
            "image": content.images[0].id,
        }


@pytest.fixture
def visitors(anyone: Client) -> Iterator[Callable[[str | None], Browser]]:
    """Makes browsers in which whoever has a key is logged in."""
    made: list[Browser] = []

    def visit(key: str | None) -> Browser:
        made.append(Browser(anyone.address))
        if key is not None:
            assert made[-1].log_in(key).status_code == 303
        return made[-1]

    yield visit
    for browser in made:
        browser.session.close()


def test_no_address_is_left_out() -> None:
    assert set(addresses()) == set(ADDRESSES)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ADDRESSES)
def test_who_may(
    anyone: Client, store: Store, site: Site, visitors: Callable[[str | None], Browser], name: str
) -> None:
    address, (method, path) = ADDRESSES[name], addresses()[name]
    with store.write() as session:
        theirs = make_site(session, "theirs", account=make_account(session, "other"))
        second = make_site(session, "second", account=session.get_one(Site, site.id).account)

    def answered(browser: Browser) -> int:
        facts = make_rows(store, site)
        there = path.format(number=facts[address.of], **facts)
        if method == "GET":
            with browser.session.get(
                browser.address + there, params=address.fields(facts), timeout=60, stream=True, allow_redirects=False
            ) as answer:
                return answer.status_code
        if address.sends:
            files = {name: ("a.csv", text) for name, text in address.fields(facts).items()}
            headers = {"X-CSRF-Token": browser.token, "HX-Request": "true"}
            return browser.session.post(browser.address + there, files=files, headers=headers, timeout=60).status_code
        return browser.post(there, **address.fields(facts)).status_code

    for role in KeyRole:
        status = answered(visitors(with_key(anyone, store, site, role).key))
        if list(KeyRole).index(role) < list(KeyRole).index(address.role):
            assert status == 403, role
        else:
            assert status not in (303, 401, 403, 422), role
            assert status < 500, role
    for key in (with_key(anyone, store, theirs, ADMIN).key, with_key(anyone, store, site, ADMIN, second).key):
        assert answered(visitors(key)) == 404
    # Who is not logged in is sent to do so, or shows a token of no session.
    assert answered(visitors(None)) == (303 if method == "GET" else 403)
