"""Sites and sectors on the command line."""

from igny8_assets.automation.sites import find_site
from igny8_assets.dagster_home import dagster_instance
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.factories import make_account

UNFIT = [
    ("--time-zone", "Mars/Base"),
    ("--time-zone", "../etc/passwd"),
    ("--language", "klingon!"),
    ("--country", "usa"),
    ("--domain", "a b"),
    ("--images", "10"),
    ("--images", "-1"),
    ("--images", "9" * 30),
    ("--accent", "red"),
    ("--name", ""),
    ("--account", "nobody"),
]


def test_a_site_is_added_with_its_values_and_known_to_dagster(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session)
    added = igny8(
        *("site", "add", "my-shop", "--name", "My Shop", "--domain", "www.shop.example", "--language", "pt-BR"),
        *("--country", "BR", "--time-zone", "America/Sao_Paulo", "--images", "0", "--accent", "#ff0000"),
    )
    assert added.code == 0, added.err
    facts = igny8("site", "show", "my-shop", "--json").json
    assert (facts["name"], facts["country"], facts["in_article_images"]) == ("My Shop", "br", 0)
    assert (facts["accent"], facts["status"], facts["account"]) == ("#ff0000", "active", "default")
    with dagster_instance(load_settings()) as instance:
        assert instance.get_dynamic_partitions("site") == ["my-shop"]


def test_a_slug_that_is_none_is_refused_and_nothing_written(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session)
    for slug in ("../evil", "", "Shop", "a b", "a,b", "-a", "a" * 61, "shop\n", "ä"):
        assert_refused(igny8("site", "add", "--", slug), "is not a site slug")
    assert igny8("site", "list", "--json").json == []


def test_a_value_that_a_site_can_not_have_is_refused(igny8: Igny8, store: Store) -> None:
    with store.write() as session:
        make_account(session)
    for option in UNFIT:
        assert_refused(igny8("site", "add", "new-shop", *option))
    assert igny8("site", "list", "--json").json == []


def test_a_slug_is_given_once(igny8: Igny8, site: Site) -> None:
    assert_refused(igny8("site", "add", site.slug), "already")


def test_an_archived_site_is_kept_and_restored(igny8: Igny8, site: Site, store: Store) -> None:
    assert "archived now" in igny8("site", "archive", "shop").out
    assert "archived already" in igny8("site", "archive", "shop").out
    with store.read() as session:
        assert find_site(session, "shop").status == "archived"
    igny8("site", "restore", "shop")
    assert igny8("site", "list", "--json").json[0]["status"] == "active"


def test_sectors_are_added_and_listed_with_the_default_first(igny8: Igny8, site: Site) -> None:
    assert igny8("sector", "add", "shop", "Grinders").code == 0
    assert igny8("sector", "list", "shop", "--json").json == [
        {"sector": "General", "default": True},
        {"sector": "Grinders", "default": False},
    ]
    assert_refused(igny8("sector", "add", "shop", "grinders"), "already")
