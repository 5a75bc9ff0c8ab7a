"""Every operation of the API, with each kind of key: what it is refused, and that it is refused nothing else."""

from dataclasses import dataclass
from typing import Any

import pytest

from igny8_assets.automation.door import RunRequest, request_run
from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeyRole, Launcher, Site, Trigger
from igny8_assets_tests.ai.samples import BRIEF
from igny8_assets_tests.factories import make_cluster, make_content, make_idea, make_keyword, make_site, make_task
from igny8_assets_tests.web.serving import API, Client, with_key

VIEWER, EDITOR, ADMIN = KeyRole
KEYWORDS = {"keywords": ["coffee grinder"]}
NEEDED: dict[str, tuple[KeyRole, Any]] = {
    "config": (VIEWER, None),
    "update_config": (ADMIN, {"reopen_after": 6}),
    "run_now": (EDITOR, None),
    "current_run": (VIEWER, None),
    "pause": (EDITOR, None),
    "resume": (EDITOR, None),
    "cancel": (EDITOR, None),
    "history": (VIEWER, None),
    "logs": (VIEWER, None),
    "estimate": (VIEWER, None),
    "pipeline_overview": (VIEWER, None),
    "list_sites": (VIEWER, None),
    "create_site": (ADMIN, {"slug": "fresh"}),
    "get_site": (VIEWER, None),
    "update_site": (ADMIN, {"name": "Another name"}),
    "archive_site": (ADMIN, None),
    "restore_site": (ADMIN, None),
    "import_keywords": (EDITOR, {"file": ("k.csv", b"keyword\ntea pot\n")}),
    "list_keywords": (VIEWER, None),
    "ignore_keywords": (EDITOR, KEYWORDS),
    "unignore_keywords": (EDITOR, KEYWORDS),
    "list_clusters": (VIEWER, None),
    "get_cluster": (VIEWER, None),
    "rename_cluster": (EDITOR, {"name": "Grinders"}),
    "merge_clusters": (EDITOR, {"into": 1, "others": [1]}),
    "split_cluster": (EDITOR, {"cluster": 1, **KEYWORDS}),
    "move_keywords": (EDITOR, {"to": 1, **KEYWORDS}),
    "list_ideas": (VIEWER, None),
    "get_idea": (VIEWER, None),
    "prioritise_idea": (EDITOR, {"priority": 3}),
    "hold_ideas": (EDITOR, {"ids": [1], "reason": "not now"}),
    "release_ideas": (EDITOR, {"ids": [1]}),
    "drop_ideas": (EDITOR, {"ids": [1]}),
    "list_tasks": (VIEWER, None),
    "get_task": (VIEWER, None),
    "prioritise_task": (EDITOR, {"priority": 3}),
    "hold_tasks": (EDITOR, {"ids": [1], "reason": "not now"}),
    "release_tasks": (EDITOR, {"ids": [1]}),
    "drop_tasks": (EDITOR, {"ids": [1]}),
    "get_brief": (VIEWER, None),
    "list_content": (VIEWER, None),
    "export_texts": (VIEWER, None),
    "get_content": (VIEWER, None),
    "update_content": (EDITOR, {"title": "Another title for it"}),
    "approve_content": (EDITOR, {"content_hash": "ab" * 32}),
    "reject_content": (EDITOR, {"reason": "too thin"}),
    "publish_content": (EDITOR, {"url": "https://www.shop.example/grinders"}),
    "list_decisions": (VIEWER, None),
    "get_credits": (VIEWER, None),
    "list_ledger": (VIEWER, None),
    "get_costs": (VIEWER, None),
    "get_image": (VIEWER, None),
    "update_image": (EDITOR, {"alt_text": "A hand grinder on a table"}),
    "get_picture": (VIEWER, None),
    "remove_image": (EDITOR, None),
    "make_image_again": (EDITOR, None),
    "put_brief": (EDITOR, BRIEF.model_dump(mode="json")),
}
"""By operation the role that it needs, and a body that is well formed; a new operation has no entry and fails."""
OF_NO_SITE = {"list_sites", "create_site", "get_credits", "list_ledger"}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REFUSED = {401, 403, 404}


@dataclass(frozen=True)
class Operation:
    """An operation with all that a request for it needs."""

    method: str
    path: str
    params: dict[str, str]


def described(client: Client) -> dict[str, Operation]:
    """The operations of the API by their ids, as its description has them."""
    paths = client.ask("GET", f"{API}/openapi.json").json()["paths"]
    return {
        one["operationId"]: Operation(
            method.upper(), path, {part["name"]: part["in"] for part in one.get("parameters", ()) if part["required"]}
        )
        for path, methods in paths.items()
        for method, one in methods.items()
    }


def ask(client: Client, name: str, values: dict[str, str]) -> int:
    operation, body = described(client)[name], NEEDED[name][1]
    params = {part: values[part] for part, place in operation.params.items() if place == "query"}
    headers = {"If-Match": "*"}
    sent: dict[str, Any] = {"files": body} if name == "import_keywords" else {"json": body}
    path = operation.path.format(**values)
    return client.ask(operation.method, path, params=params, headers=headers, **sent).status_code


@ON_SQLITE
def test_every_operation_says_who_may(anyone: Client, site: Site) -> None:
    assert set(described(anyone)) == set(NEEDED)


@ON_SQLITE
@pytest.mark.parametrize("name", NEEDED)
def test_an_operation_is_for_those_who_may_and_nobody_else(anyone: Client, store: Store, site: Site, name: str) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here)
        keyword = make_keyword(session, here, "coffee grinder", cluster=cluster)
        idea = make_idea(session, here, cluster=cluster, keywords=[keyword])
        task = make_task(session, here, brief=BRIEF.model_dump(mode="json"))
        (image,) = make_content(session, here).images
        image.name, image.format, image.sha256 = "shop/one.webp", "webp", "ab" * 32
        image.width, image.height = 16, 9
        run = request_run(session, here, load_settings(), RunRequest(Trigger.MANUAL, Launcher.DAEMON))
        sibling = make_site(session, "sibling", account=here.account)
        foreign = make_site(session, "foreign")
    ImageLibrary(load_settings().images).put("shop/one.webp", b"picture")
    values = {"site": "shop", "site_id": "shop", "run_id": run.id}
    values |= {
        "cluster": str(cluster.id),
        "idea": str(idea.id),
        "task": str(task.id),
        "image": str(image.id),
        "text": str(image.content_id),
    }
    needed = NEEDED[name][0]
    assert ask(anyone, name, values) == 401
    for role in KeyRole:
        of_another = ask(with_key(anyone, store, foreign, role), name, values)
        of_a_sibling = ask(with_key(anyone, store, site, role, sibling), name, values)
        if name not in OF_NO_SITE:
            assert (of_another, of_a_sibling) == (404, 404)
    if name == "create_site":
        assert ask(with_key(anyone, store, site, ADMIN, sibling), name, values) == 403
        return
    for role in KeyRole:
        answer = ask(with_key(anyone, store, site, role), name, values)
        if list(KeyRole).index(role) < list(KeyRole).index(needed):
            assert answer == 403
        else:
            assert answer not in REFUSED
