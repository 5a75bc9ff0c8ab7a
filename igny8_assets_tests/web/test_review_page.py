"""The review in a browser's requests: reading a text, deciding about it, changing it."""

import html
import re

import pytest
from sqlalchemy import select

from igny8_assets.media.library import ImageLibrary
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import (
    Content,
    ContentStatus,
    IdeaStatus,
    Image,
    ImageStatus,
    ReviewDecision,
    Site,
    TaskStatus,
)
from igny8_assets_tests.factories import (
    make_cluster,
    make_content,
    make_idea,
    make_keyword,
    make_site,
    make_task,
)
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def draft(store: Store, site: Site) -> Content:
    """A draft that is ready for review."""
    with store.write() as session:
        return make_content(session, session.get_one(Site, site.id))


def now(store: Store, draft: Content) -> Content:
    with store.read() as session:
        return session.get_one(Content, draft.id)


def first_image(store: Store, draft: Content) -> Image:
    with store.read() as session:
        return session.scalars(select(Image).where(Image.content_id == draft.id).order_by(Image.id)).all()[0]


def version_of(browser: Browser, draft: Content) -> str:
    """The version of a text's first picture, as its page has it."""
    shown = browser.get(f"/automation/shop/review/{draft.id}").text
    return html.unescape(re.findall(r'name="version" value="([^"]+)"', shown)[0])


def fields_of(content: Content, **changes: str) -> dict[str, str]:
    parts = {name: getattr(content, name) for name in ("title", "meta_title", "meta_description", "html")}
    return {"seen": content.content_hash, **parts, **changes}


def test_a_draft_is_listed_read_and_approved_by_whom_the_key_names(
    browser: Browser, store: Store, draft: Content
) -> None:
    assert draft.title in browser.get("/automation/shop/review").text
    shown = browser.get(f"/automation/shop/review/{draft.id}").text
    assert draft.content_hash in shown
    answer = browser.post(f"/automation/shop/review/{draft.id}/approve", seen=draft.content_hash)
    assert answer.headers["HX-Redirect"] == f"/automation/shop/review/{draft.id}"
    content = now(store, draft)
    assert (content.status, content.reviewer, content.reviewed_hash) == ("approved", "Ada", draft.content_hash)
    assert "approved, Ada" in browser.get(f"/automation/shop/review/{draft.id}").text


def test_a_text_says_why_it_exists(browser: Browser, store: Store, site: Site) -> None:
    with store.write() as session:
        here = session.get_one(Site, site.id)
        cluster = make_cluster(session, here, name="Grinders by hand")
        keyword = make_keyword(session, here, "manual coffee grinder", cluster=cluster)
        idea = make_idea(session, here, cluster=cluster, keywords=[keyword], status=IdeaStatus.COMPLETED)
        task = make_task(session, here, idea=idea, status=TaskStatus.COMPLETED)
        text = make_content(session, here, task=task)
    shown = browser.get(f"/automation/shop/review/{text.id}").text
    whence = [shown.index(words) for words in ("manual coffee grinder", "Grinders by hand", f"Task: {task.title}")]
    assert whence == sorted(whence)


def test_a_text_that_another_changed_is_not_approved_unread(browser: Browser, store: Store, draft: Content) -> None:
    browser.post(f"/automation/shop/review/{draft.id}/edit", **fields_of(draft, title="Another title altogether"))
    refused = browser.post(f"/automation/shop/review/{draft.id}/approve", seen=draft.content_hash)
    assert refused.status_code == 400
    assert "is not the one you read" in refused.text
    assert now(store, draft).status == ContentStatus.DRAFT


def test_of_two_who_edit_the_second_does_not_overwrite_the_first(
    browser: Browser, store: Store, draft: Content
) -> None:
    address = f"/automation/shop/review/{draft.id}/edit"
    assert browser.post(address, **fields_of(draft, title="The first of two titles")).status_code == 204
    assert browser.post(address, **fields_of(draft, title="The second of two titles")).status_code == 412
    assert now(store, draft).title == "The first of two titles"


def test_an_edit_voids_the_approval(browser: Browser, store: Store, draft: Content) -> None:
    browser.post(f"/automation/shop/review/{draft.id}/approve", seen=draft.content_hash)
    browser.post(f"/automation/shop/review/{draft.id}/edit", **fields_of(draft, title="A title after approval"))
    assert now(store, draft).status == ContentStatus.DRAFT
    with store.read() as session:
        decisions = session.scalars(select(ReviewDecision.decision).order_by(ReviewDecision.id)).all()
    assert decisions == ["approved", "edited"]


def test_a_text_is_rejected_with_a_reason_and_never_without(browser: Browser, store: Store, draft: Content) -> None:
    assert browser.post(f"/automation/shop/review/{draft.id}/reject", reason=" ").status_code == 400
    browser.post(f"/automation/shop/review/{draft.id}/reject", reason="too thin")
    content = now(store, draft)
    assert (content.status, content.review_reason) == ("rejected", "too thin")


def test_hostile_words_of_a_text_are_shown_as_words(browser: Browser, store: Store, draft: Content) -> None:
    with store.write() as session:
        content = session.get_one(Content, draft.id)
        content.title = content.meta_title = HOSTILE
        content.quality = {"verdict": "warn", "findings": [{"check": "c", "verdict": "warn", "evidence": HOSTILE}]}
    for path in ("", f"/{draft.id}"):
        shown = browser.get(f"/automation/shop/review{path}").text
        assert HOSTILE not in shown
        assert "&lt;script&gt;" in shown


def test_a_texts_pictures_are_shown_and_kept_by_the_browser(browser: Browser, store: Store, draft: Content) -> None:
    with store.write() as session:
        image = session.scalars(select(Image).where(Image.content_id == draft.id)).one()
        image.name, image.format, image.sha256 = "shop/one.webp", "webp", "ab" * 32
        image.width, image.height = 16, 9
    ImageLibrary(load_settings().images).put("shop/one.webp", b"picture")
    (address,) = re.findall(r'<img src="([^"]+)"', browser.get(f"/automation/shop/review/{draft.id}").text)
    answer = browser.get(address)
    assert (answer.content, answer.headers["content-type"]) == (b"picture", "image/webp")
    again = browser.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_picture_whose_file_is_gone_is_not_there(browser: Browser, store: Store, draft: Content) -> None:
    with store.write() as session:
        image = session.scalars(select(Image).where(Image.content_id == draft.id)).one()
        image.name = "shop/gone.webp"
    answer = browser.get(f"/automation/shop/review/images/{image.id}")
    assert answer.status_code == 404
    assert "is not in the library any more" in answer.text


def test_a_viewer_reads_and_decides_nothing(viewer: Client, store: Store, draft: Content) -> None:
    browser = Browser(viewer.address)
    browser.log_in(viewer.key)
    assert draft.title in browser.get(f"/automation/shop/review/{draft.id}").text
    assert browser.post(f"/automation/shop/review/{draft.id}/approve", seen=draft.content_hash).status_code == 403
    assert browser.post(f"/automation/shop/review/{draft.id}/reject", reason="no").status_code == 403
    assert browser.post(f"/automation/shop/review/{draft.id}/edit", **fields_of(draft)).status_code == 403


def test_another_accounts_text_is_not_there(browser: Browser, store: Store) -> None:
    with store.write() as session:
        foreign = make_content(session, make_site(session, "foreign"))
    for slug in ("foreign", "shop"):
        assert browser.get(f"/automation/{slug}/review/{foreign.id}").status_code == 404
        assert browser.post(f"/automation/{slug}/review/{foreign.id}/approve", seen="a" * 64).status_code == 404


def test_a_picture_is_made_again_with_another_prompt_and_voids_the_approval(
    browser: Browser, store: Store, draft: Content
) -> None:
    here = f"/automation/shop/review/{draft.id}"
    image = first_image(store, draft)
    assert image.prompt in browser.get(here).text
    browser.post(f"{here}/approve", seen=draft.content_hash)
    told = {"version": version_of(browser, draft), "prompt": "A copper kettle on a stove", "alt_text": image.alt_text}
    answer = browser.post(f"{here}/images/{image.id}", again="true", **told)
    assert answer.headers["HX-Redirect"] == here
    with store.read() as session:
        changed = session.get_one(Image, image.id)
        assert (changed.prompt, changed.status) == ("A copper kettle on a stove", ImageStatus.PENDING)
    assert now(store, draft).status == ContentStatus.DRAFT
    shown = browser.get(here).text
    assert "A copper kettle on a stove" in shown
    assert "To be made" in shown


def test_a_pictures_prompt_may_be_kept_for_later(browser: Browser, store: Store, draft: Content) -> None:
    image = first_image(store, draft)
    told = {"prompt": "A copper kettle", "alt_text": "A kettle"}
    here, version = f"/automation/shop/review/{draft.id}", version_of(browser, draft)
    browser.post(f"{here}/images/{image.id}", version=version, **told)
    with store.read() as session:
        changed = session.get_one(Image, image.id)
        assert (changed.prompt, changed.alt_text, changed.status) == (*told.values(), ImageStatus.GENERATED)
    refused = browser.post(f"{here}/images/{image.id}", version=version, prompt="Another", alt_text="Another")
    assert (refused.status_code, "was changed since it was read" in refused.text) == (412, True)


def test_a_picture_is_changed_at_its_own_text_alone(browser: Browser, store: Store, site: Site, draft: Content) -> None:
    with store.write() as session:
        other = make_content(session, session.get_one(Site, site.id))
    image, version = first_image(store, draft), version_of(browser, draft)
    told = {"version": version, "prompt": "A copper kettle", "alt_text": "A kettle"}
    assert browser.post(f"/automation/shop/review/{other.id}/images/{image.id}", **told).status_code == 404
    assert first_image(store, draft).prompt == image.prompt


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_saving_a_text_as_it_is_leaves_its_approval(
    browser: Browser, store: Store, draft: Content, newline: str
) -> None:
    with store.write() as session:
        content = session.get_one(Content, draft.id)
        content.html = "<h2>Mills</h2>\n<p>They grind.</p>\n"
        seen = content.content_hash
    here = f"/automation/shop/review/{draft.id}"
    browser.post(f"{here}/approve", seen=seen)
    shown = fields_of(now(store, draft))
    browser.post(f"{here}/edit", **{**shown, "html": shown["html"].rstrip().replace("\n", newline)})
    content = now(store, draft)
    assert (content.status, content.content_hash) == (ContentStatus.APPROVED, seen)
    shown_now = browser.get(here).text
    assert "takes the approval back" in shown_now
    assert f"{here}/approve" not in shown_now


def test_a_text_goes_on_without_a_picture_that_failed(browser: Browser, store: Store, draft: Content) -> None:
    image = first_image(store, draft)
    with store.write() as session:
        session.get_one(Image, image.id).status = ImageStatus.FAILED
    here = f"/automation/shop/review/{draft.id}"
    assert "Go on without it" in browser.get(here).text
    browser.post(f"{here}/images/{image.id}/remove")
    assert first_image(store, draft).status == ImageStatus.REMOVED
    assert "Left out" in browser.get(here).text


@pytest.mark.parametrize("reason", ["too \u202egnol", "too\u200blong", "\ufefftoo long"])
def test_a_reason_with_signs_that_are_not_seen_is_refused(
    browser: Browser, store: Store, draft: Content, reason: str
) -> None:
    refused = browser.post(f"/automation/shop/review/{draft.id}/reject", reason=reason)
    assert (refused.status_code, "signs that are not seen" in refused.text) == (400, True)
    assert now(store, draft).status == ContentStatus.DRAFT


def test_what_stands_against_a_text_is_told_first_and_what_is_fine_last(
    browser: Browser, store: Store, draft: Content
) -> None:
    findings = [{"check": name, "verdict": name, "evidence": f"is {name}"} for name in ("pass", "block", "warn")]
    with store.write() as session:
        session.get_one(Content, draft.id).quality = {"verdict": "block", "findings": findings}
    shown = browser.get(f"/automation/shop/review/{draft.id}").text
    assert re.findall("is (block|warn|pass)", shown) == ["block", "warn", "pass"]
    assert "<summary>1 checks are fine</summary>" in shown


def test_texts_are_downloaded_by_where_they_stand(browser: Browser, draft: Content) -> None:
    shown = browser.get("/automation/shop/review").text
    assert '<option value="draft">Draft</option>' in shown
    assert ">Download</button>" in shown
    answer = browser.get("/automation/shop/review/download?status=draft&format=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shop.csv"'
    assert draft.title in answer.text
    assert draft.title not in browser.get("/automation/shop/review/download?status=approved&format=csv").text


def test_an_approved_text_is_noted_as_published(browser: Browser, store: Store, draft: Content) -> None:
    here = f"/automation/shop/review/{draft.id}"
    browser.post(f"{here}/approve", seen=draft.content_hash)
    assert "It is published" in browser.get(here).text
    refused = browser.post(f"{here}/published", url="javascript:alert(1)")
    assert (refused.status_code, "is not a web address" in refused.text) == (400, True)
    browser.post(f"{here}/published", url="https://shop.example/a?b=1&c")
    assert now(store, draft).status == ContentStatus.PUBLISHED
    assert '<a href="https://shop.example/a?b=1&amp;c" rel="noreferrer">' in browser.get(here).text
