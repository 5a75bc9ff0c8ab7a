"""An edited text is clean, counted, checked, and not approved any more."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.quality.report import QualityReport
from igny8_assets.quality.words import count_words
from igny8_assets.review.decisions import approve, mark_published
from igny8_assets.review.editing import edit
from igny8_assets.store.models import ContentStatus, Decision, ReviewDecision, Site
from igny8_assets_tests.factories import make_content
from igny8_assets_tests.quality.drafts import good_html


def test_editing_voids_an_approval_and_says_who_edited(session: Session, site: Site) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, "Ada")
    edit(session, site, content.id, "Bo", title="How to descale any coffee machine")
    assert content.status == ContentStatus.DRAFT
    assert (content.reviewer, content.reviewed_at, content.reviewed_hash) == (None, None, None)
    last = session.scalars(select(ReviewDecision).order_by(ReviewDecision.id.desc()).limit(1)).one()
    assert (last.decision, last.reviewer, last.reason) == (Decision.EDITED, "Bo", "changed: title")
    assert last.content_hash == content.content_hash


def test_an_edited_text_can_be_approved_and_published_anew(session: Session, site: Site) -> None:
    content = make_content(session, site)
    edit(session, site, content.id, "Bo", title="How to descale any coffee machine")
    approve(session, site, content.id, "Ada")
    mark_published(session, site, content.id, "Ada", "https://shop.example/x")
    assert content.status == ContentStatus.PUBLISHED


def test_an_edit_that_changes_nothing_leaves_the_approval(session: Session, site: Site) -> None:
    content = make_content(session, site)
    approve(session, site, content.id, "Ada")
    edit(session, site, content.id, "Bo", title=content.title, html=content.html)
    assert (content.status, content.reviewer) == (ContentStatus.APPROVED, "Ada")


def test_scripts_are_taken_out_and_words_counted_again(session: Session, site: Site) -> None:
    content = make_content(session, site)
    edit(session, site, content.id, "Bo", html=good_html() + "<script>alert(1)</script><p>Four more real words.</p>")
    assert "<script" not in content.html
    assert "alert" not in content.html
    assert content.word_count == count_words(good_html()) + 4
    told = session.scalars(select(ReviewDecision.reason).order_by(ReviewDecision.id.desc()).limit(1)).one()
    assert told == "changed: html; taken out, since an article does not hold it: script"


def test_every_part_changes_the_hash(session: Session, site: Site) -> None:
    content = make_content(session, site)
    seen = {content.content_hash}
    for part in ("title", "meta_title", "meta_description", "html"):
        edit(session, site, content.id, "Bo", **{part: getattr(content, part) + " <p>More.</p>"})
        seen.add(content.content_hash)
    assert len(seen) == 5


def test_an_edit_that_cuts_the_text_short_is_kept_but_blocks_approval(session: Session, site: Site) -> None:
    content = make_content(session, site)
    edit(session, site, content.id, "Bo", html="<p>Too short to be anything.</p>")
    blocks = {finding.check for finding in QualityReport.from_json(content.quality).blocks}
    assert blocks == {"minimum_words"}
    with pytest.raises(UserError, match="minimum_words"):
        approve(session, site, content.id, "Ada")


def test_a_copy_of_another_text_of_the_site_is_seen(session: Session, site: Site) -> None:
    make_content(session, site)
    content = make_content(session, site, html="<p>Something else entirely.</p>")
    edit(session, site, content.id, "Bo", html=good_html())
    assert "near_duplicate" in {finding.check for finding in QualityReport.from_json(content.quality).blocks}


def test_whoever_edits_decides_which_sections_there_are(session: Session, site: Site) -> None:
    content = make_content(session, site)
    edit(session, site, content.id, "Bo", html=good_html().replace("<h2>Keep it clean</h2>", "<h2>Afterwards</h2>"))
    assert content.outline[-1] == "Afterwards"
    assert not QualityReport.from_json(content.quality).blocks


def test_the_json_ld_tells_the_new_title(session: Session, site: Site) -> None:
    json_ld = json.dumps({"@graph": [{"@type": "Article", "headline": "Old title here"}, {"@type": "FAQPage"}]})
    content = make_content(session, site, title="Old title here", json_ld=json_ld)
    edit(session, site, content.id, "Bo", title="New </script> title")
    assert json.loads(content.json_ld)["@graph"][0]["headline"] == "New </script> title"
    assert "<" not in content.json_ld


@pytest.mark.parametrize(
    "parts",
    [{"title": " "}, {"title": "x" * 151}, {"meta_title": "a\0b"}, {"html": "<script>x</script>"}, {"html": ""}],
)
def test_a_part_that_can_not_be_stored_is_refused_whole(session: Session, site: Site, parts: dict[str, str]) -> None:
    content = make_content(session, site)
    before = content.content_hash
    with pytest.raises(UserError):
        edit(session, site, content.id, "Bo", meta_description="A new description.", **parts)
    assert content.content_hash == before


@pytest.mark.parametrize("status", [ContentStatus.PUBLISHED, ContentStatus.REJECTED])
def test_a_closed_text_is_not_edited(session: Session, site: Site, status: ContentStatus) -> None:
    content = make_content(session, site, status=status)
    with pytest.raises(UserError, match="only a draft or an approved text"):
        edit(session, site, content.id, "Bo", title="Another title")


def test_a_text_of_too_many_tags_is_refused_at_once(session: Session, site: Site) -> None:
    content = make_content(session, site)
    with pytest.raises(UserError, match="more than 10,000 tags"):
        edit(session, site, content.id, "Bo", html="<div>" * 10_001)
    assert content.html == good_html()
