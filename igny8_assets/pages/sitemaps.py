"""The addresses in a sitemap, or in an index of sitemaps, as XML."""

import re
from dataclasses import dataclass

from igny8_assets.errors import UserError

ENTITY = "the address holds an XML entity; of those, only &amp; &lt; &gt; &quot; and &apos; are read"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WEB_PAGE = re.compile(
    rb"(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_BEGINNING = 4000
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Sitemap:
    """Its addresses in order, None where one holds an XML entity; an index names other sitemaps."""

    is_index: bool
    locations: tuple[str | None, ...]


def read_sitemap(place: str, data: bytes, encoding: str) -> Sitemap:
    """Read a sitemap.

    Args:
        place: where it is from, for messages.
        data: XML.
        encoding: what it is written in where that is UTF-16; else the XML says it itself.

    Raises:
        UserError: it is no sitemap; says what it is instead.
    """
    from lxml import etree

    if encoding.startswith("utf-16"):
        data = _DECLARATION.sub("", data.decode(encoding, "replace").lstrip("\ufeff")).encode()
    data = data.removeprefix(_MARK).strip()
    if _WEB_PAGE.match(data[:_BEGINNING]):
        raise UserError(
            f"{place} is a web page and not a sitemap; sitemaps are often at /sitemap.xml, and robots.txt names them"
        )
    # No entities, no DTD, nothing from the network: a sitemap needs none of them.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "entity" in (error.msg or "").casefold():
            raise UserError(f"{place} holds XML entities, which a sitemap needs none of; leave them out") from None
        raise UserError(f"{place} is not a sitemap: its XML is broken at line {error.lineno}; save it again") from None
    kind = etree.QName(root).localname
    if kind not in {"urlset", "sitemapindex"}:
        raise UserError(f"{place} is not a sitemap; it begins with <{kind}> instead of <urlset> or <sitemapindex>")
    # Only the entries' own <loc>: pictures in them have some, too.
    own = etree.QName(etree.QName(root).namespace, "loc")
    found = [child for entry in root for child in entry if child.tag == own]
    # What stands in a <loc> beside text is a reference that was not followed.
    return Sitemap(kind == "sitemapindex", tuple(None if len(loc) else (loc.text or "").strip() for loc in found))
