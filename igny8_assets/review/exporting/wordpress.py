"""Texts as a WordPress eXtended RSS file (WXR 1.2), which WordPress's own importer takes as drafts."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from igny8_assets.review.exporting.pictures import FEATURED, Picture, illustrated, on_the_web, pictures_of
from igny8_assets.store.models import Content, Site, utc_now

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMESPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
# What XML 1.0 can't hold, whatever the escaping.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_wxr(site: Site, contents: Iterable[Content]) -> bytes:
    """The file, in UTF-8; a featured picture is given as an attachment if it has an address on the web."""
    from lxml import etree

    root = etree.Element("rss", nsmap=dict(NAMESPACES), attrib={"version": "2.0"})
    channel = etree.SubElement(root, "channel")
    _put(channel, "title", site.name)
    _put(channel, "link", f"https://{site.domain}")
    _put(channel, "description", "")
    _put(channel, "pubDate", format_datetime(utc_now()))
    _put(channel, "language", site.language)
    _put(channel, "wp:wxr_version", "1.2")
    _put(channel, "wp:base_site_url", f"https://{site.domain}")
    _put(channel, "wp:base_blog_url", f"https://{site.domain}")
    author = etree.SubElement(channel, _name("wp:author"))
    _put(author, "wp:author_login", site.slug, marked=True)
    _put(author, "wp:author_display_name", site.name, marked=True)
    number = 0
    for content in contents:
        number += 1
        pictures = pictures_of(content, on_the_web)
        item = _post(channel, site, content, number, pictures)
        for picture in pictures:
            if picture.role == FEATURED:
                _meta(item, "_thumbnail_id", str(number + 1))
                number += 1
                _attachment(channel, site, content, number, picture)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _post(channel: "Element", site: Site, content: Content, number: int, pictures: list[Picture]) -> "Element":
    item = _item(channel, site, content.title, number, content.created_at)
    _put(item, "content:encoded", illustrated(content.html, pictures), marked=True)
    _put(item, "excerpt:encoded", content.meta_description, marked=True)
    _put(item, "wp:post_name", content.slug, marked=True)
    _put(item, "wp:status", "draft", marked=True)
    _put(item, "wp:post_parent", "0")
    _put(item, "wp:post_type", "post", marked=True)
    for key, value in (
        ("_yoast_wpseo_title", content.meta_title),
        ("_yoast_wpseo_metadesc", content.meta_description),
        ("_yoast_wpseo_focuskw", content.keyphrase),
        ("rank_math_title", content.meta_title),
        ("rank_math_description", content.meta_description),
        ("rank_math_focus_keyword", content.keyphrase),
    ):
        _meta(item, key, value)
    return item


def _attachment(channel: "Element", site: Site, content: Content, number: int, picture: Picture) -> None:
    item = _item(channel, site, picture.alt_text, number, content.created_at)
    _put(item, "content:encoded", "", marked=True)
    _put(item, "excerpt:encoded", picture.caption, marked=True)
    _put(item, "wp:post_name", f"{content.slug}-{picture.role}", marked=True)
    _put(item, "wp:status", "inherit", marked=True)
    _put(item, "wp:post_parent", str(number - 1))
    _put(item, "wp:post_type", "attachment", marked=True)
    _put(item, "wp:attachment_url", picture.source, marked=True)
    _meta(item, "_wp_attachment_image_alt", picture.alt_text)


def _item(channel: "Element", site: Site, title: str, number: int, created: datetime) -> "Element":
    from lxml import etree

    item = etree.SubElement(channel, "item")
    _put(item, "title", title, marked=True)
    _put(item, "link", f"https://{site.domain}/?p={number}")
    _put(item, "pubDate", format_datetime(created))
    _put(item, "dc:creator", site.slug, marked=True)
    guid = _put(item, "guid", f"https://{site.domain}/?p={number}")
    guid.set("isPermaLink", "false")
    _put(item, "description", "")
    _put(item, "wp:post_id", str(number))
    moment = created.strftime("%Y-%m-%d %H:%M:%S")
    _put(item, "wp:post_date", moment, marked=True)
    _put(item, "wp:post_date_gmt", moment, marked=True)
    _put(item, "wp:comment_status", "closed", marked=True)
    _put(item, "wp:ping_status", "closed", marked=True)
    _put(item, "wp:menu_order", "0")
    _put(item, "wp:post_password", "", marked=True)
    _put(item, "wp:is_sticky", "0")
    return item


def _meta(item: "Element", key: str, value: str) -> None:
    from lxml import etree

    meta = etree.SubElement(item, _name("wp:postmeta"))
    _put(meta, "wp:meta_key", key, marked=True)
    _put(meta, "wp:meta_value", value, marked=True)


def _put(parent: "Element", name: str, text: str, *, marked: bool = False) -> "Element":
    """A child with text, as CDATA if `marked`."""
    from lxml import etree

    child = etree.SubElement(parent, _name(name))
    clean = _NOT_XML.sub("", text)
    child.text = etree.CDATA(clean) if marked else clean
    return child


def _name(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name
