"""Every operation of the API, and who may do it: none is left out, for a new one without a line here fails."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeyRole, Launcher, Site, TaskStatus, Trigger
from igny8_assets.web.application import create_app
from igny8_assets_tests.ai.samples import BRIEF
from igny8_assets_tests.factories import (
    make_account,
    make_cluster,
    make_content,
    make_idea,
    make_keyword,
    make_site,
    make_task,
)
from igny8_assets_tests.web.serving import Client, with_key

VIEWER, EDITOR, ADMIN = KeyRole
Facts = dict[str, Any]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Operation:
    """Which role it needs, and what is sent; `of_account` is about no single site."""

    role: KeyRole
    body: Callable[[Facts], Any] | None = None
    params: Callable[[Facts], Facts] = lambda _: {}
    of_account: bool = False
    files: bool = False


def run(facts: Facts) -> Facts:
    return {"run_id": facts["run"]}


def site_id(_: Facts) -> Facts:
    return {"site_id": "shop"}


def ids(noun: str, **more: Any) -> Callable[[Facts], Facts]:
    return lambda facts: {"ids": [facts[noun]], **more}


def keywords(facts: Facts, **more: str) -> Facts:
    return {"keywords": [facts["keyword"]], **{name: facts[value] for name, value in more.items()}}


OPERATIONS = {
    "config": Operation(VIEWER, params=site_id),
    "update_config": Operation(ADMIN, lambda _: {"reopen_after": 7}, site_id),
    "run_now": Operation(EDITOR, params=site_id),
    "current_run": Operation(VIEWER, params=site_id),
    "pause": Operation(EDITOR, params=run),
    "resume": Operation(EDITOR, params=run),
    "cancel": Operation(EDITOR, params=run),
    "history": Operation(VIEWER, params=site_id),
    "logs": Operation(VIEWER, params=run),
    "estimate": Operation(VIEWER, params=site_id),
    "pipeline_overview": Operation(VIEWER, params=site_id),
    "list_sites": Operation(VIEWER, of_account=True),
    "create_site": Operation(ADMIN, lambda facts: {"slug": f"new-{facts['number']}"}, of_account=True),
    "get_site": Operation(VIEWER),
    "update_site": Operation(ADMIN, lambda _: {"name": "Shop"}),
    "archive_site": Operation(ADMIN),
    "restore_site": Operation(ADMIN),
    "import_keywords": Operation(EDITOR, files=True),
    "list_keywords": Operation(VIEWER),
    "ignore_keywords": Operation(EDITOR, keywords),
    "unignore_keywords": Operation(EDITOR, keywords),
    "list_clusters": Operation(VIEWER),
    "get_cluster": Operation(VIEWER),
    "rename_cluster": Operation(EDITOR, lambda _: {"name": "Mills"}),
    "merge_clusters": Operation(EDITOR, lambda facts: {"into": facts["cluster"], "others": [facts["other"]]}),
    "split_cluster": Operation(EDITOR, partial(keywords, cluster="cluster")),
    "move_keywords": Operation(EDITOR, partial(keywords, to="other")),
    "list_ideas": Operation(VIEWER),
    "get_idea": Operation(VIEWER),
    "prioritise_idea": Operation(EDITOR, lambda _: {"priority": 5}),
    "hold_ideas": Operation(EDITOR, ids("idea", reason="later")),
    "release_ideas": Operation(EDITOR, ids("idea")),
    "drop_ideas": Operation(EDITOR, ids("idea")),
    "list_tasks": Operation(VIEWER),
    "get_task": Operation(VIEWER),
    "prioritise_task": Operation(EDITOR, lambda _: {"priority": 5}),
    "hold_tasks": Operation(EDITOR, ids("task", reason="later")),
    "release_tasks": Operation(EDITOR, ids("task")),
    "drop_tasks": Operation(EDITOR, ids("task")),
    "get_brief": Operation(VIEWER),
    "put_brief": Operation(EDITOR, lambda _: BRIEF.model_dump(mode="json")),
    "list_content": Operation(VIEWER),
    "export_texts": Operation(VIEWER),
    "get_content": Operation(VIEWER),
    "update_content": Operation(EDITOR, lambda _: {"title": "Another title"}),
    "approve_content": Operation(EDITOR, lambda facts: {"content_hash": facts["hash"]}),
    "reject_content": Operation(EDITOR, lambda _: {"reason": "too dry"}),
    "publish_content": Operation(EDITOR, lambda _: {"url": "https://www.example.com/a"}),
    "list_decisions": Operation(VIEWER),
    "get_image": Operation(VIEWER),
    "get_picture": Operation(VIEWER),
    "update_image": Operation(EDITOR, lambda _: {"alt_text": "A kettle"}),
    "remove_image": Operation(EDITOR),
    "make_image_again": Operation(EDITOR),
    "get_credits": Operation(VIEWER, of_account=True),
    "list_ledger": Operation(VIEWER, of_account=True),
    "get_costs": Operation(VIEWER),
}


def routes() -> dict[str, tuple[str, str]]:
    """Every operation under /api with its method and path, as the app has them."""
    app = create_app(load_settings(), Store("sqlite://"))
    found = {}
    for route in iter_route_contexts(app.routes):
        if str(route.path).startswith("/api/") and isinstance(route.original_route, APIRoute):
            (method,) = route.methods or {""}
            assert route.name not in found
            found[str(route.name)] = (method, str(route.path_format))
    return found


@pytest.fixture
def make_rows(store: Store, site: Site) -> Callable[[], Facts]:
    """Makes rows of each kind for a request; the run is one for all."""
    with store.write() as session:
        row = session.get_one(Site, site.id)
        request = RunRequest(Trigger.MANUAL, Launcher.DAEMON)
        run_id = request_run(session, row, load_settings(), request).id

    def make() -> Facts:
        number = next(_numbers)
        with store.write() as session:
            row = session.get_one(Site, site.id)
            clusters = [make_cluster(session, row) for _ in range(2)]
            for cluster in clusters:
                make_keyword(session, row, cluster=cluster)
            keyword = make_keyword(session, row, cluster=clusters[0])
            content = make_content(session, row)
            image = content.images[0]
            assert image.name is not None
            ImageLibrary(load_settings().images).put(image.name, b"RIFF")
            return {
                "number": number,
                "site": "shop",
                "run": run_id,
                "keyword": keyword.text,
                "cluster": clusters[0].id,
                "other": clusters[1].id,
                "idea": make_idea(session, row).id,
                "task": make_task(session, row, brief=BRIEF.model_dump(mode="json"), status=TaskStatus.PENDING).id,
                "text": content.id,
                "hash": content.content_hash,
                "image": image.id,
            }

    return make


def test_no_operation_is_left_out() -> None:
    assert set(routes()) == set(OPERATIONS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", OPERATIONS)
def test_who_may(anyone: Client, store: Store, site: Site, make_rows: Callable[[], Facts], name: str) -> None:
    operation, (method, path) = OPERATIONS[name], routes()[name]
    with store.write() as session:
        theirs = make_site(session, "theirs", account=make_account(session, "other"))
        second = make_site(session, "second", account=session.get_one(Site, site.id).account)

    def asked(client: Client) -> int:
        facts = make_rows()
        options: Facts = {"params": operation.params(facts), "headers": {"If-Match": "*"}}
        if operation.body is not None:
            options["json"] = operation.body(facts)
        if operation.files:
            options["files"] = {"file": ("a.csv", f"Keyword\nword {facts['number']}\n")}
        return client.ask(method, path.format(**facts), **options).status_code

    assert asked(anyone) == 401
    for role in KeyRole:
        answered = asked(with_key(anyone, store, site, role))
        if list(KeyRole).index(role) < list(KeyRole).index(operation.role):
            assert answered == 403, role
        else:
            assert answered not in (401, 403, 404, 422), role
            assert answered < 500, role
    stranger, limited = (
        asked(with_key(anyone, store, theirs, ADMIN)),
        asked(with_key(anyone, store, site, ADMIN, second)),
    )
    if operation.of_account:
        # Each account has its own; a key for some sites makes none.
        assert stranger in (200, 201)
        assert limited == (403 if name == "create_site" else 200)
    else:
        assert (stranger, limited) == (404, 404)
