"""Texts as files: what a browser, a Markdown reader, a spreadsheet and WordPress find in them."""

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from igny8_assets.errors import UserError
from igny8_assets.media.library import ImageLibrary
from igny8_assets.review.exporting.exports import export_content, export_drafts
from igny8_assets.review.exporting.page import as_page, json_ld_for_script
from igny8_assets.review.exporting.pictures import pictures_of
from igny8_assets.review.exporting.table import as_csv
from igny8_assets.review.exporting.wordpress import NAMESPACES, as_wxr
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, ContentStatus, ImageStatus, Site
from igny8_assets_tests.factories import make_content, make_site

Text = tuple[Site, Content]
JSON = st.recursive(
    st.one_of(st.none(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
)


def page_of(site_and_text: Text) -> str:
    site, content = site_and_text
    return as_page(site, content, pictures_of(content, lambda name, _location: f"images/{name}"))


def test_a_page_has_one_h1_its_meta_texts_and_its_pictures(site_and_text: Text) -> None:
    _site, content = site_and_text
    page = html.document_fromstring(page_of(site_and_text))
    assert page.xpath("//h1/text()") == [content.title]
    assert page.xpath("//title/text()") == [content.meta_title]
    assert page.xpath("//meta[@name='description']/@content") == [content.meta_description]
    assert page.xpath("//meta[@name='generator']/@content") == ["made offline"]
    assert len(page.xpath("//figure/img[@alt]")) == 2
    assert page.xpath("//h1/following::*[1]/self::figure")


def test_a_hostile_title_stays_text(site_and_text: Text) -> None:
    _site, content = site_and_text
    content.title = content.meta_title = content.meta_description = "</title><script>alert('1')</script>\""
    page = html.document_fromstring(page_of(site_and_text))
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//meta[@name='description']/@content") == [content.title]


def test_json_ld_can_not_end_its_script(site_and_text: Text) -> None:
    _site, content = site_and_text
    content.json_ld = json.dumps({"headline": "</script><script>alert(1)</script><!--"})
    scripts = html.document_fromstring(page_of(site_and_text)).xpath("//script")
    assert [json.loads(script.text)["headline"] for script in scripts] == ["</script><script>alert(1)</script><!--"]


@given(JSON)
def test_escaped_json_ld_says_the_same_and_holds_no_mark(data: object) -> None:
    text = json_ld_for_script(json.dumps(data))
    assert json.loads(text) == data
    assert "<" not in text


@pytest.mark.parametrize("broken", ["", "{", "[" * 100_000, "</script>"])
def test_json_ld_that_does_not_parse_is_left_out(broken: str) -> None:
    assert json_ld_for_script(broken) == ""


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_folder_has_a_file_per_text_and_the_pictures_it_refers_to(
    site_and_text: Text, library: ImageLibrary, tmp_path: Path, form: str
) -> None:
    site, content = site_and_text
    exported = export_content(site, [content], form, tmp_path / "out", library)
    text = (tmp_path / "out" / f"how-to-descale.{form}").read_text(encoding="utf-8")
    pictures = sorted((tmp_path / "out" / "images").iterdir())
    assert (exported.texts, exported.images) == (1, 2)
    assert len(pictures) == 2
    assert all(f"images/{picture.name}" in text for picture in pictures)
    assert all(picture.read_bytes().startswith(b"RIFF picture") for picture in pictures)


def test_markdown_has_readable_front_matter(site_and_text: Text, library: ImageLibrary, tmp_path: Path) -> None:
    site, content = site_and_text
    content.title = 'Yes: "no" – #1'
    export_content(site, [content], "md", tmp_path / "out", library)
    _, front, body = (tmp_path / "out" / "how-to-descale.md").read_text(encoding="utf-8").split("---\n", 2)
    facts = yaml.safe_load(front)
    assert facts["title"] == content.title
    assert facts["featured_image"].startswith("images/")
    assert facts["note"] == "made offline"
    assert "## What you need" in body


def test_a_removed_picture_is_not_exported(site_and_text: Text) -> None:
    _site, content = site_and_text
    content.images[1].status = ImageStatus.REMOVED
    assert page_of(site_and_text).count("<img") == 1


def test_the_table_is_a_row_a_text_and_no_cell_is_a_formula(site_and_text: Text) -> None:
    _site, content = site_and_text
    content.title = "=HYPERLINK(1)"
    rows = list(csv.DictReader(io.StringIO(as_csv([content, content]))))
    assert len(rows) == 2
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert rows[0]["html"] == content.html


def xpath(root: etree._Element, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NAMESPACES)
    assert isinstance(found, list)
    return [str(item) for item in found]


def test_wordpress_gets_drafts_with_the_keys_of_both_seo_plugins(site_and_text: Text) -> None:
    site, content = site_and_text
    root = etree.fromstring(as_wxr(site, [content]))
    assert xpath(root, "//item/title/text()") == [content.title]
    assert xpath(root, "//item/wp:status/text()") == ["draft"]
    assert xpath(root, "//item/wp:post_name/text()") == ["how-to-descale"]
    assert xpath(root, "//item/excerpt:encoded/text()") == [content.meta_description]
    keys = xpath(root, "//wp:postmeta/wp:meta_key/text()")
    values = dict(zip(keys, xpath(root, "//wp:postmeta/wp:meta_value/text()"), strict=True))
    assert values["_yoast_wpseo_title"] == values["rank_math_title"] == content.meta_title
    assert values["_yoast_wpseo_metadesc"] == values["rank_math_description"] == content.meta_description
    assert values["_yoast_wpseo_focuskw"] == values["rank_math_focus_keyword"] == content.keyphrase


def test_a_picture_on_this_machine_is_no_attachment(site_and_text: Text) -> None:
    site, content = site_and_text
    root = etree.fromstring(as_wxr(site, [content]))
    assert xpath(root, "//wp:attachment_url/text()") == []
    assert "<img" not in xpath(root, "//item/content:encoded/text()")[0]


def test_a_picture_on_the_web_is_the_posts_thumbnail(site_and_text: Text) -> None:
    site, content = site_and_text
    content.images[0].location = "https://cdn.example/a.webp"
    root = etree.fromstring(as_wxr(site, [content, content]))
    assert xpath(root, "//wp:attachment_url/text()") == ["https://cdn.example/a.webp"] * 2
    thumbnails = xpath(root, "//wp:postmeta[wp:meta_key='_thumbnail_id']/wp:meta_value/text()")
    attachments = xpath(root, "//item[wp:post_type='attachment']/wp:post_id/text()")
    ids = xpath(root, "//wp:post_id/text()")
    assert thumbnails == attachments
    assert len(set(ids)) == len(ids) == 4


@pytest.mark.parametrize("hostile", ["]]>", "a]]>b<script>", "\x00\x0b\ufffe", "\ud800", "& <b>"])
def test_whatever_a_text_holds_the_file_is_xml(site_and_text: Text, hostile: str) -> None:
    site, content = site_and_text
    content.html = f"<p>{hostile}</p>"
    content.meta_title = content.title = f"T {hostile}"
    root = etree.fromstring(as_wxr(site, [content]))
    assert len(xpath(root, "//item")) == 1
    # What follows is not stored.
    content.html, content.title, content.meta_title = "<p>x</p>", "T", "T"


def test_csv_and_wxr_without_a_file_go_to_standard_output(
    site_and_text: Text, library: ImageLibrary, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    site, content = site_and_text
    export_content(site, [content], "wxr", None, library)
    assert capfdbinary.readouterr().out.startswith(b"<?xml")


@pytest.mark.parametrize("form", ["html", "md", "pdf", ""])
def test_a_format_that_is_none_or_needs_a_folder_is_refused(
    site_and_text: Text, library: ImageLibrary, form: str
) -> None:
    site, content = site_and_text
    with pytest.raises(UserError):
        export_content(site, [content], form, None, library)


@pytest.mark.parametrize("form", ["html", "csv"])
def test_a_place_that_can_not_be_written_is_one_clear_line(
    site_and_text: Text, library: ImageLibrary, tmp_path: Path, form: str
) -> None:
    site, content = site_and_text
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(UserError, match="can't be"):
        export_content(site, [content], form, blocked / "out", library)


def test_the_drafts_of_a_site_lie_in_its_folder_without_the_rejected_ones(store: Store, home: Path) -> None:
    settings = Settings(home=home)
    with store.write() as session:
        site = make_site(session)
        kept = make_content(session, site, images=0, slug="kept")
        make_content(session, site, images=0, slug="gone", status=ContentStatus.REJECTED)
    folder = export_drafts(store, settings, site).target
    assert folder == settings.drafts / "shop"
    assert [path.name for path in folder.iterdir()] == [f"{kept.slug}.html"]


def test_a_text_that_was_rejected_since_leaves_the_folder_of_drafts(store: Store, home: Path) -> None:
    settings = Settings(home=home)
    with store.write() as session:
        site = make_site(session)
        make_content(session, site, images=0, slug="kept")
        rejected = make_content(session, site, images=0, slug="gone")
    folder = settings.drafts / "shop"
    export_drafts(store, settings, site)
    (folder / "notes.html").write_text("a person's own")
    with store.write() as session:
        session.get_one(Content, rejected.id).status = ContentStatus.REJECTED
    export_drafts(store, settings, site)
    assert sorted(path.name for path in folder.iterdir()) == ["kept.html", "notes.html"]


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_picture_that_is_gone_is_named_and_holds_back_no_text(
    site_and_text: Text, library: ImageLibrary, tmp_path: Path, form: str
) -> None:
    site, content = site_and_text
    featured, other = sorted(content.images, key=lambda image: image.role != "featured")
    Path(library.location(featured.name or "")).unlink()
    done = export_content(site, [content], form, tmp_path / "out", library)
    assert (done.texts, done.images) == (1, 1)
    assert len(done.missing) == 1
    assert f"`igny8 redo shop --stage 6 --item {featured.id}`" in done.missing[0]
    written = (tmp_path / "out" / f"how-to-descale.{form}").read_text()
    assert Path(featured.name or "").name not in written
    assert Path(other.name or "").name in written
