"""The planner in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Cluster, ContentIdea, IdeaStatus, Keyword, Site
from igny8_assets_tests.factories import make_cluster, make_idea, make_keyword
from igny8_assets_tests.web.serving import Client
from igny8_assets_tests.web.tabs import IN_A_BROWSER, open_tab

pytestmark = IN_A_BROWSER

HOSTILE = ["<script>alert(1)</script>", "x" * 100, "مطحنة قهوة يدوية", "☕ grinder 🫖"]


@pytest.fixture
def plan(store: Store, site: Site) -> dict[str, Any]:
    """Two clusters, of which the more searched one has keywords that could do harm, and an idea of it."""
    with store.write() as session:
        here = session.get_one(Site, site.id)
        mills, kettles = (make_cluster(session, here, name=name) for name in ("Mills", "Kettles"))
        for text in ("burr mill", "hand mill", *HOSTILE):
            make_keyword(session, here, text, cluster=mills, volume=500)
        make_keyword(session, here, "gooseneck kettle", cluster=kettles, volume=20)
        idea = make_idea(session, here, cluster=mills, title=HOSTILE[0], status=IdeaStatus.NEW)
        return {"mills": mills.id, "kettles": kettles.id, "idea": idea.id}


@pytest.fixture
def page(editor: Client, plan: dict[str, Any]) -> Iterator[Any]:
    """A tab in which an editor has logged in."""
    with open_tab(editor) as tab:
        yield tab


def test_keywords_are_chosen_split_off_and_merged_back(page: Any, store: Store, plan: dict[str, Any]) -> None:
    page.get_by_role("link", name="Clusters", exact=True).click()
    page.get_by_role("link", name="Mills", exact=True).first.click()
    for text in HOSTILE:
        page.get_by_role("checkbox", name=text, exact=True).check()
    page.get_by_label("Name of the new cluster").fill("Odd ones")
    page.get_by_role("button", name="Split off").click()
    page.get_by_role("heading", level=1, name="Odd ones").wait_for()
    for text in HOSTILE:
        page.get_by_role("cell", name=text, exact=True).first.wait_for()
    page.get_by_role("link", name="Clusters", exact=True).click()
    for name in ("Odd ones", "Kettles"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.get_by_role("button", name="Merge those chosen").click()
    page.get_by_role("heading", level=1, name="Odd ones").wait_for()
    page.get_by_role("cell", name="gooseneck kettle", exact=True).first.wait_for()
    with store.read() as session:
        assert session.get(Cluster, plan["kettles"]) is None


def test_a_merge_of_nothing_asks_nothing_and_says_what_to_choose(page: Any) -> None:
    page.get_by_role("link", name="Clusters", exact=True).click()
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.get_by_role("button", name="Merge those chosen").click()
    page.get_by_text("Choose at least two clusters in the table first.").wait_for()
    assert asked == []


def test_who_uses_the_keyboard_skips_the_table(page: Any) -> None:
    page.get_by_role("link", name="Ideas", exact=True).click()
    page.get_by_role("link", name="Skip to what is done").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("not now")
    assert page.get_by_label("Why").input_value() == "not now"


def test_keywords_are_moved_ignored_and_taken_up_again(page: Any, store: Store, plan: dict[str, Any]) -> None:
    from sqlalchemy import select

    page.goto(f"{page.url.split('/automation')[0]}/automation/shop/clusters/{plan['mills']}")
    page.get_by_role("checkbox", name="burr mill").check()
    page.get_by_label("Into").select_option("Kettles")
    page.get_by_role("button", name="Move").click()
    page.get_by_role("heading", level=1, name="Kettles").wait_for()
    page.get_by_role("checkbox", name="gooseneck kettle").check()
    page.get_by_role("button", name="Ignore").click()
    page.get_by_role("cell", name="gooseneck kettle").first.wait_for(state="detached")
    page.get_by_role("link", name="Keywords", exact=True).click()
    page.get_by_label("That contain").fill("Gooseneck")
    page.get_by_label("Status").select_option("Ignored")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("checkbox", name="gooseneck kettle").check()
    page.get_by_role("button", name="Take up again").click()
    page.get_by_text("There are none.").wait_for()
    with store.read() as session:
        row = session.scalars(select(Keyword).where(Keyword.text == "gooseneck kettle")).one()
        assert (row.status, row.cluster_id) == ("mapped", plan["kettles"])


def test_an_idea_is_put_first_and_held_with_a_reason_by_keyboard(page: Any, store: Store, plan: dict[str, Any]) -> None:
    page.get_by_role("link", name="Ideas", exact=True).click()
    page.get_by_role("button", name="Drop", exact=True).click()
    page.get_by_text("Choose at least one in the table first.").wait_for()
    page.get_by_role("checkbox", name=HOSTILE[0]).check()
    page.get_by_label("Priority").fill("5")
    page.get_by_role("button", name="Set").click()
    page.get_by_role("cell", name="5", exact=True).wait_for()
    page.get_by_role("status").get_by_text("Done: the priority is set.").wait_for()
    page.get_by_role("checkbox", name=HOSTILE[0]).check()
    page.get_by_label("Why").fill("after Christmas")
    page.keyboard.press("Enter")
    page.get_by_text("after Christmas").wait_for()
    with store.read() as session:
        idea = session.get_one(ContentIdea, plan["idea"])
        assert (idea.status, idea.priority) == (IdeaStatus.HELD, 5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation_and_nothing_is_wider_than_a_narrow_window(
    page: Any, plan: dict[str, Any], scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    start = page.url.split("/automation")[0] + "/automation/shop"
    for path in ("clusters", f"clusters/{plan['mills']}", "ideas", "tasks", "keywords"):
        page.goto(f"{start}/{path}")
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"]) for one in found if one["impact"] in ("serious", "critical")] == []
        page.set_viewport_size({"width": 380, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 380, path
        page.set_viewport_size({"width": 1280, "height": 800})
