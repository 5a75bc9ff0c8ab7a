"""Images over HTTP."""

import pytest

from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, ContentStatus, ReviewDecision, Site
from igny8_assets_tests.factories import assert_counters_are_true, make_content
from igny8_assets_tests.web.serving import API, Client, problem_of


@pytest.fixture
def content(store: Store, site: Site) -> Content:
    """An approved text with one picture."""
    with store.write() as session:
        content = make_content(session, site)
        content.status, content.reviewed_hash = ContentStatus.APPROVED, content.content_hash
        assert content.images
        return content


@pytest.fixture
def path(content: Content) -> str:
    """Where its picture is."""
    return f"/sites/shop/images/{content.images[0].id}/"


def status_of(store: Store, content: Content) -> str:
    with store.read() as session:
        return session.get_one(Content, content.id).status.value


def test_a_picture_is_shown_as_what_it_is(viewer: Client, content: Content, path: str) -> None:
    name = content.images[0].name
    assert name is not None
    problem_of(viewer.ask("GET", f"{API}{path}file/"), 404, "not_found")
    ImageLibrary(load_settings().images).put(name, b"RIFF....WEBP")
    answer = viewer.ask("GET", f"{API}{path}file/")
    assert (answer.status_code, answer.content) == (200, b"RIFF....WEBP")
    assert answer.headers["Content-Type"] == "image/webp"
    assert viewer.get(path)["name"] == name


@pytest.mark.parametrize("changes", [{"prompt": "A red\nkettle"}, {"alt_text": "A kettle"}])
def test_changing_an_image_voids_the_approval(
    editor: Client, store: Store, content: Content, path: str, changes: dict[str, str]
) -> None:
    version = {"If-Match": editor.ask("GET", API + path).headers["ETag"]}
    changed = editor.ask("PATCH", API + path, json=changes, headers=version).json()
    assert changed["status"] == "generated"
    assert " ".join(next(iter(changes.values())).split()) in (changed["prompt"], changed["alt_text"])
    assert status_of(store, content) == "draft"
    with store.read() as session:
        (decision,) = session.query(ReviewDecision).all()
    assert decision.reviewer == "Ada"
    problem_of(editor.ask("PATCH", API + path, json=changes, headers=version), 412, "changed")


def test_an_image_is_changed_by_those_who_read_it(editor: Client, path: str) -> None:
    problem_of(editor.ask("PATCH", API + path, json={"prompt": "A kettle"}), 428, "if_match_missing")
    for changes in ({"prompt": "x" * 1501}, {"alt_text": "x" * 126}):
        problem_of(editor.ask("PATCH", API + path, json=changes, headers={"If-Match": "*"}), 422, "invalid")


def test_a_published_text_keeps_its_pictures(editor: Client, store: Store, content: Content, path: str) -> None:
    with store.write() as session:
        session.get_one(Content, content.id).status = ContentStatus.PUBLISHED
    refused = editor.ask("PATCH", API + path, json={"prompt": "A kettle"}, headers={"If-Match": "*"})
    problem_of(refused, 400, "invalid")
    problem_of(editor.ask("POST", f"{API}{path}remove/"), 400, "invalid")


def test_an_image_is_removed_and_made_again(
    editor: Client, store: Store, site: Site, content: Content, path: str
) -> None:
    assert editor.post(f"{path}remove/")["status"] == "removed"
    assert status_of(store, content) == "draft"
    again = editor.post(f"{path}again/")
    assert (again["status"], again["attempt"]) == ("pending", 2)
    problem_of(editor.ask("POST", f"{API}{path}again/"), 400, "invalid")
    with store.write() as session:
        assert_counters_are_true(session, site)
