"""The page of a site's clusters, as a browser reads it."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8_assets.review.cluster_map.page import cluster_page
from igny8_assets.review.clusters import ClusterView, Member
from igny8_assets.store.models import Cluster, ClusterStatus

AT = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "]]>&lt;/script&gt;",
    "متجر القهوة \u202e",
    "x" * 200,
    "☕️👩🏽‍🍳",
    "a\u2028b\u2029c",
    "{{ 7 * 7 }} {% raw %} \\u003c \\",
)


class Page(HTMLParser):
    """The elements of a page, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._into: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._into = {"script": self.scripts, "style": self.styles}.get(tag)
        if self._into is not None:
            self._into.append("")

    def handle_endtag(self, tag: str) -> None:
        self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    @property
    def data(self) -> Any:
        """What the page draws."""
        return json.loads(self.scripts[0])


def view(name: str, members: Sequence[Member], **values: Any) -> ClusterView:
    """A cluster whose volume is that of its members."""
    volume = sum(member.volume or 0 for member in members)
    cluster = Cluster(name=name, market="us", volume=volume, status=ClusterStatus.ACTIVE, **values)
    return ClusterView(cluster, members)


def member(text: str, volume: int | None = 10, difficulty: int | None = None, why: str = "") -> Member:
    """A keyword."""
    return Member(text, text, volume, difficulty, why)


def page(views: Sequence[ClusterView], name: str = "Shop") -> str:
    """The page of these clusters."""
    return cluster_page(name, views, [0.5 for _ in views], AT)


def test_the_page_holds_every_cluster_and_keyword() -> None:
    views = [
        view(f"cluster {number}", [member(f"{number} {place}", why="placed by a person") for place in range(3)])
        for number in range(1500)
    ]
    data = Page(page(views)).data
    assert [cluster["name"] for cluster in data["clusters"]] == [one.cluster.name for one in views]
    assert data["clusters"][1499]["members"][2] == ["1499 2", 10, None, "placed by a person"]
    assert len(data["layouts"]["volume"]["shapes"]["tall"]) == 1001
    assert data["layouts"]["volume"]["others"] == 500


def test_a_cluster_tells_its_figures() -> None:
    mills = view("Mills", [member("mill", 70, 20), member("old mill", 20, 41)], intent="commercial")
    (cluster,) = Page(page([mills])).data["clusters"]
    assert (cluster["keywords"], cluster["volume"], cluster["difficulty"]) == (2, 90, 30)
    assert (cluster["intent"], cluster["cohesion"], cluster["status"]) == ("commercial", 0.5, "active")
    assert cluster["step"] == 1


def test_where_no_volume_is_known_the_area_is_the_number_of_keywords() -> None:
    layouts = Page(page([view("Mills", [member("mill", None), member("old mill", None)])])).data["layouts"]
    assert layouts["volume"] is None
    assert layouts["keywords"]["shapes"]["wide"] == [[0, 0, 100, 100]]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_keyword_gets_out_of_the_data(text: str) -> None:
    plain, hostile = (Page(page([view(one, [member(one, why=one)])], name=one)) for one in ("mill", text))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert hostile.data["clusters"][0]["name"] == text
    assert hostile.data["clusters"][0]["members"][0] == [text, 10, None, text]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_stays_what_it_is(text: str) -> None:
    read = Page(page([view(text, [member(text)])]))
    assert read.data["clusters"][0]["members"][0][0] == text
    assert len(read.scripts) == 2
    assert not set("<>&\u2028\u2029") & set(read.scripts[0])


def test_the_page_asks_for_nothing_and_runs_only_its_own_script() -> None:
    read = Page(page([view("Mills", [member("mill")])]))
    assert not [attributes for _, attributes in read.elements if {"src", "href", "onclick", "style"} & set(attributes)]
    assert "http" not in "".join(read.styles + read.scripts)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", read.scripts[1])
    (policy,) = (one["content"] for tag, one in read.elements if one.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert "default-src 'none'" in policy
    for text in (read.scripts[1], read.styles[0]):
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
