"""Making HTML from outside safe to store and to show: only the elements of an article stay."""

import re
from collections import Counter

_TAGS = frozenset(
    {"h2", "h3", "h4", "p", "br", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "a", "img"}
    | {"figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
)
_DROPPED_WITH_CONTENT = frozenset({"script", "style", "iframe", "object", "noscript", "template", "svg", "math"})
_ATTRIBUTES = {
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_SCHEMES = frozenset({"http", "https", "mailto"})
_PASSES = 8
_ELEMENT = re.compile(r"<([a-z][a-z0-9]*)", re.IGNORECASE)


def sanitise(html: str) -> str:
    """The HTML with article elements alone; everything else goes, its text stays (but not that of scripts or frames).

    Links may be http, https, mailto or relative. Sanitising twice changes nothing more. HTML so broken that it reads
    differently each time (a link across the edge of a table) loses its elements and keeps its text.
    """
    for _ in range(_PASSES):
        cleaned = _clean(html, _TAGS)
        if cleaned == html:
            return cleaned
        html = cleaned
    return _clean(html, frozenset())


def elements_lost(html: str, cleaned: str) -> list[str]:
    """The names of the elements of which the cleaned HTML has fewer, in order."""
    return sorted(_elements_of(html) - _elements_of(cleaned))


def _elements_of(html: str) -> "Counter[str]":
    return Counter(name.lower() for name in _ELEMENT.findall(html))


def _clean(html: str, tags: frozenset[str]) -> str:
    import nh3

    return nh3.clean(
        html,
        tags=set(tags),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )
