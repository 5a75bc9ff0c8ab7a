"""Overview, estimate, retry and redo on the command line."""

from igny8_assets.store.database import Store
from igny8_assets.store.models import IdeaStatus, Site, TaskStatus
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_content, make_idea, make_keyword, make_task

MISTAKES = [
    ("overview", "nowhere"),
    ("overview", "../shop"),
    ("retry", "shop", "--stage", "3"),
    ("retry", "shop", "--item", "4"),
    ("retry", "shop", "--stage", "9"),
    ("retry", "shop", "--stage", "4", "--item", "777"),
    ("retry", "shop", "--stage", "4", "--item", "9" * 30),
    ("redo", "shop", "--stage", "4"),
    ("redo", "shop", "--stage", "1", "--item", "1"),
    ("redo", "shop", "--stage", "4", "--item", "777"),
    ("redo", "shop", "--stage", "4", "--item", "-1"),
]


def test_the_overview_has_seven_stages_with_what_waits(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        make_keyword(session, site)
        make_task(session, site)
        make_content(session, site)
    stages = igny8("overview", "shop", "--json").json["stages"]
    assert [stage["number"] for stage in stages] == [1, 2, 3, 4, 5, 6, 7]
    assert [stage["type"] for stage in stages] == ["AI", "AI", "Local", "AI", "AI", "AI", "Manual"]
    assert (stages[0]["pending"], stages[3]["pending"], stages[6]["pending"]) == (1, 1, 1)


def test_the_overview_says_what_is_held_and_where_the_reasons_are(igny8: Igny8, site: Site, store: Store) -> None:
    assert "held" not in igny8("overview", "shop").out
    with store.write() as session:
        make_idea(session, site, status=IdeaStatus.HELD)
        for _ in range(2):
            make_task(session, site, status=TaskStatus.HELD)
    lines = igny8("overview", "shop").out.splitlines()
    assert "1 idea held; `igny8 ideas list shop --status held` says why" in lines
    assert "2 tasks held; `igny8 tasks list shop --status held` says why" in lines


def test_the_estimate_gives_reasons_only_for_what_is_more_than_pending(igny8: Igny8, site: Site, store: Store) -> None:
    assert "because" not in igny8("estimate", "shop").out
    with store.write() as session:
        make_keyword(session, site)
    assert "at most, because: " in igny8("estimate", "shop").out


def test_the_estimate_is_in_credits_with_one_decimal(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        make_keyword(session, site)
        make_task(session, site, word_target=2500)
    cost = igny8("estimate", "shop", "--json").json
    assert cost["current_balance"] == 10_000.0
    assert cost["sufficient"] is True
    assert [stage["credits"] for stage in cost["stages"]][3] == 5.0
    assert igny8("estimate", "shop", "--stages", "1", "--json").json["estimated_credits"] == 0.2


def test_what_are_no_stages_is_refused(igny8: Igny8, site: Site) -> None:
    for stages in ("0", "8", "5-2", "a", "1-", "-", "1-2-3"):
        assert_refused(igny8("estimate", "shop", f"--stages={stages}"), "are not stages")


def test_failures_are_shown_and_retried(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        make_task(session, site, status=TaskStatus.FAILED, failure_reason="cut off")
    assert "igny8 retry shop" in igny8("overview", "shop").out
    assert "pending again: 1 tasks" in igny8("retry", "shop").out
    assert "nothing of shop failed there" in igny8("retry", "shop").out


def test_an_image_is_made_again(igny8: Igny8, site: Site, store: Store) -> None:
    with store.write() as session:
        image = make_content(session, site).images[0]
    assert igny8("redo", "shop", "--stage", "6", "--item", image.id).code == 0
    assert igny8("overview", "shop", "--json").json["stages"][5]["pending"] == 1


def test_a_mistake_is_one_clear_line(igny8: Igny8, site: Site) -> None:
    for arguments in MISTAKES:
        assert_refused(igny8(*arguments))
