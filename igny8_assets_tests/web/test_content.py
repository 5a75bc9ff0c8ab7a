"""Texts over HTTP."""

import csv
import io
import zipfile

import pytest

from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus, Content, IdeaStatus, Site, Task, TaskStatus
from igny8_assets_tests.factories import make_cluster, make_content, make_idea, make_keyword, make_task
from igny8_assets_tests.store.test_models import make_run
from igny8_assets_tests.web.serving import API, Client, problem_of

CONTENT = "/sites/shop/content/"


@pytest.fixture
def content(store: Store, site: Site) -> Content:
    """A draft that is ready for review, written by a run."""
    with store.write() as session:
        cluster = make_cluster(session, site, name="Descaling")
        keywords = [make_keyword(session, site, text, cluster=cluster) for text in ("descale", "limescale")]
        idea = make_idea(session, site, cluster=cluster, keywords=keywords, status=IdeaStatus.COMPLETED)
        task = make_task(session, site, idea=idea, status=TaskStatus.COMPLETED)
        run = make_run(session, site)
        content = make_content(session, site, task=task, run_id=run.id)
        keys = [f"shop:4:{task.id}:1", f"shop:4:{task.id}:2", f"shop:6:{content.images[0].id}:1"]
        for number, key in enumerate(keys):
            session.add(
                AICall(
                    site_id=site.id,
                    run_id=run.id,
                    launch=1,
                    stage=int(key[5]),
                    work_key=key,
                    function="generate",
                    provider="openai",
                    model="one",
                    prompt_version=3,
                    input_hash="0",
                    try_number=1,
                    status=CallStatus.ANSWERED,
                    cost_usd_pico=(number + 1) * 10**10,
                )
            )
        return content


def path_of(content: Content) -> str:
    return f"{CONTENT}{content.id}/"


def change(client: Client, path: str, body: object, version: str | None = None) -> object:
    headers = {"If-Match": version or client.ask("GET", API + path).headers["ETag"]}
    return client.ask("PATCH", API + path, json=body, headers=headers)


def test_texts_come_the_latest_first(viewer: Client, store: Store, site: Site) -> None:
    with store.write() as session:
        made = [make_content(session, site, images=number).id for number in (1, 0, 1)]
    first = viewer.get(CONTENT, limit=2)
    second = viewer.get(CONTENT, limit=2, after=first["next"])
    assert [one["id"] for one in (*first["items"], *second["items"])] == made[::-1]
    assert [one["id"] for one in viewer.get(CONTENT, illustration="needs_prompts")["items"]] == [made[1]]
    assert viewer.get(CONTENT, status="approved")["items"] == []


def test_a_text_tells_everything_and_why_it_exists(viewer: Client, content: Content) -> None:
    shown = viewer.get(path_of(content))
    assert shown["html"] == content.html
    assert (shown["verdict"], len(shown["images"])) == ("pass", 1)
    assert {"check", "verdict", "evidence"} == set(shown["findings"][0])
    lineage = shown["lineage"]
    assert [one["text"] for one in lineage["keywords"]] == ["descale", "limescale"]
    assert lineage["cluster"]["name"] == "Descaling"
    assert (lineage["task"]["id"], lineage["run"]["run_id"]) == (content.task_id, content.run_id)
    # The second attempt of its task wrote another text.
    assert [(one["stage"], one["prompt_version"], one["cost_usd"]) for one in lineage["asked"]] == [
        (4, 3, 0.01),
        (6, 3, 0.03),
    ]
    assert lineage["cost_usd"] == 0.04


def test_a_text_is_edited_by_those_who_read_it(editor: Client, content: Content) -> None:
    path = path_of(content)
    version = editor.ask("GET", API + path).headers["ETag"]
    changed = change(editor, path, {"title": "Another <b>title</b> of coffee"})
    assert changed.json()["title"] == "Another <b>title</b> of coffee"  # type: ignore[attr-defined]
    problem_of(change(editor, path, {"title": "Third"}, version), 412, "changed")  # type: ignore[arg-type]
    problem_of(editor.ask("PATCH", API + path, json={"title": "Third"}), 428, "if_match_missing")
    (decision,) = editor.get(f"{path}decisions/")["items"]
    assert (decision["decision"], decision["reviewer"], decision["reason"]) == ("edited", "Ada", "changed: title")


def test_a_text_is_approved_as_it_was_read_and_published(editor: Client, content: Content) -> None:
    path = path_of(content)
    problem_of(editor.ask("POST", f"{API}{path}approve/", json={"content_hash": "0" * 64}), 400, "invalid")
    approved = editor.post(f"{path}approve/", {"content_hash": content.content_hash})
    assert (approved["status"], approved["reviewer"]) == ("approved", "Ada")
    published = editor.post(f"{path}publish/", {"url": "https://www.example.com/a"})
    assert published["published_url"] == "https://www.example.com/a"
    assert [one["decision"] for one in editor.get(f"{path}decisions/")["items"]] == ["published", "approved"]


def test_a_rejected_text_is_written_again(editor: Client, content: Content, store: Store) -> None:
    rejected = editor.post(f"{path_of(content)}reject/", {"reason": "too dry", "write_again": True})
    assert (rejected["status"], rejected["review_reason"]) == ("rejected", "too dry")
    with store.read() as session:
        task = session.get_one(Task, content.task_id)
        assert (task.status, task.rejection_reason) == (TaskStatus.PENDING, "too dry")


def test_pages_come_as_a_zip_with_their_pictures(viewer: Client, content: Content) -> None:
    answer = viewer.ask("GET", f"{API}{CONTENT}export/")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"{content.slug}.html", "missing.txt"]
    name = content.images[0].name
    assert name is not None
    ImageLibrary(load_settings().images).put(name, b"RIFF")
    with zipfile.ZipFile(io.BytesIO(viewer.ask("GET", f"{API}{CONTENT}export/?format=md").content)) as archive:
        assert archive.namelist() == [f"{content.slug}.md", f"images/{name.rpartition('/')[2]}"]


def test_tables_and_feeds_come_as_one_file(viewer: Client, content: Content) -> None:
    answer = viewer.ask("GET", f"{API}{CONTENT}export/?format=csv&status=draft")
    assert 'filename="shop.csv"' in answer.headers["Content-Disposition"]
    assert [row["slug"] for row in csv.DictReader(io.StringIO(answer.text))] == [content.slug]
    assert b"<rss" in viewer.ask("GET", f"{API}{CONTENT}export/?format=wxr").content
    problem_of(viewer.ask("GET", f"{API}{CONTENT}export/?format=pdf"), 422, "invalid")


def test_a_body_that_no_text_needs_is_refused(editor: Client, content: Content) -> None:
    body = {"title": "Another title", "html": "x" * 8_000_001}
    refused = editor.ask("PATCH", API + path_of(content), json=body, headers={"If-Match": "*"})
    assert refused.status_code == 413
    assert editor.get(path_of(content))["title"] == content.title
