"""Texts and their review on the command line."""

from pathlib import Path

import pytest

from igny8_assets.media.library import ImageLibrary
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, Illustration, ImageStatus, Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_content

URL = "https://shop.example/descale"

MISTAKES = [
    ("content", "show", "shop", "99999"),
    ("content", "show", "shop", "0"),
    ("content", "show", "shop", "9" * 40),
    ("content", "list", "nowhere"),
    ("content", "list", "shop", "--status", "burnt"),
    ("content", "export", "shop", "--format", "pdf"),
    ("content", "remove-image", "shop", "99999"),
    ("review", "approve", "shop", "99999"),
    ("review", "approve", "shop", "1", "--reviewer", " "),
    ("review", "reject", "shop", "1"),
    ("review", "mark-published", "shop", "1", "--url", "not a url"),
]


@pytest.fixture
def text(store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    """A text that is ready for review, its one image in the library."""
    monkeypatch.setenv("IGNY8_IMAGES_URL", str(tmp_path / "library"))
    library = ImageLibrary(str(tmp_path / "library"))
    with store.write() as session:
        content = make_content(session, site, slug="how-to-descale")
        for image in content.images:
            image.location = library.put(image.name or "", b"RIFF")
    return content


def test_texts_are_listed_and_shown_with_their_words(igny8: Igny8, text: Content) -> None:
    (row,) = igny8("content", "list", "shop", "--json").json
    assert (row["id"], row["status"], row["words"]) == (text.id, "draft", text.word_count)
    shown = igny8("content", "show", "shop", text.id)
    assert "## What you need" in shown.out
    facts = igny8("content", "show", "shop", text.id, "--json").json
    assert (facts["html"], facts["content_hash"]) == (text.html, text.content_hash)
    assert facts["images"][0]["status"] == "generated"


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_folder_is_exported_to_the_drafts_by_default(igny8: Igny8, text: Content, home: Path, form: str) -> None:
    assert igny8("content", "export", "shop", "--format", form).code == 0
    assert (home / "drafts" / "shop" / f"how-to-descale.{form}").exists()
    assert len(list((home / "drafts" / "shop" / "images").iterdir())) == 1


@pytest.mark.parametrize(("form", "start"), [("csv", "id,slug,"), ("wxr", "<?xml")])
def test_a_file_goes_where_it_is_told(igny8: Igny8, text: Content, tmp_path: Path, form: str, start: str) -> None:
    out = tmp_path / f"texts.{form}"
    assert igny8("content", "export", "shop", "--format", form, "--out", out).code == 0
    assert out.read_text(encoding="utf-8").startswith(start)
    assert igny8("content", "export", "shop", "--format", form).out.startswith(start)


def test_rejected_texts_are_exported_only_when_asked_for(igny8: Igny8, text: Content, tmp_path: Path) -> None:
    igny8("review", "reject", "shop", text.id, "--reason", "thin")
    assert "wrote 0 texts" in igny8("content", "export", "shop", "--out", tmp_path / "a").out
    assert (
        "wrote 1 text and 1 image to"
        in igny8("content", "export", "shop", "--status", "rejected", "--out", tmp_path / "b").out
    )


def test_a_missing_image_file_is_one_clear_line_beside_the_written_text(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        content = make_content(session, site)
    result = igny8("content", "export", "shop")
    assert result.code == 1
    assert f"text {content.id} is written without its image" in result.out
    assert "wrote 1 text and " in result.out


def test_removing_the_failed_image_makes_a_text_ready(igny8: Igny8, text: Content, store: Store) -> None:
    with store.write() as session:
        row = session.get_one(Content, text.id)
        row.images[0].status, row.illustration = ImageStatus.FAILED, Illustration.NEEDS_IMAGES
    assert igny8("content", "remove-image", "shop", text.images[0].id).code == 0
    assert igny8("content", "show", "shop", text.id, "--json").json["illustration"] == "ready"


def test_a_text_goes_through_review_to_publication(igny8: Igny8, text: Content) -> None:
    assert [row["id"] for row in igny8("review", "list", "shop", "--json").json] == [text.id]
    assert "approved by Bo" in igny8("review", "approve", "shop", text.id, "--reviewer", "Bo").out
    assert igny8("review", "mark-published", "shop", text.id, "--url", URL).code == 0
    facts = igny8("content", "show", "shop", text.id, "--json").json
    assert (facts["status"], facts["reviewer"], facts["published_url"]) == ("published", "Bo", URL)
    assert igny8("review", "list", "shop", "--json").json == []


def test_the_reviewer_is_whoever_is_logged_in(igny8: Igny8, text: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "approved by ada" in igny8("review", "approve", "shop", text.id).out
    monkeypatch.delenv("USER")
    assert_refused(igny8("review", "reject", "shop", text.id, "--reason", "thin"), "--reviewer")


def test_a_rejected_text_is_written_again_when_asked(igny8: Igny8, text: Content) -> None:
    result = igny8("review", "reject", "shop", text.id, "--reason", "too thin", "--write-again")
    assert "pending again" in result.out
    (task,) = igny8("tasks", "list", "shop", "--json").json
    assert (task["status"], task["attempt"]) == ("pending", 2)


def test_an_approval_of_another_text_than_was_read_is_refused(igny8: Igny8, text: Content) -> None:
    assert_refused(igny8("review", "approve", "shop", text.id, "--hash", "0" * 64), "not the one you read")


def test_a_mistake_is_one_clear_line(igny8: Igny8, text: Content) -> None:
    for arguments in MISTAKES:
        assert_refused(igny8(*arguments))
    assert igny8("content", "show", "shop", text.id, "--json").json["status"] == "draft"
