"""Keys of the HTTP API on the command line."""

from igny8_assets.automation.keys import find_key
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.cli.conftest import Igny8, assert_refused


def test_a_key_is_shown_when_it_is_made_and_never_again(igny8: Igny8, site: Site, store: Store) -> None:
    made = igny8("key", "add", "Ada", "--role", "editor", "--site", "shop", "--json").json
    with store.read() as session:
        found = find_key(session, made["key"])
        assert found is not None
        assert (found.label, found.role) == ("Ada", "editor")
    shown = igny8("key", "list", "--json")
    assert made["key"] not in shown.out
    assert (shown.json[0]["label"], shown.json[0]["sites"]) == ("Ada", ["shop"])


def test_a_person_sees_the_key_alone_on_the_first_line(igny8: Igny8, site: Site, store: Store) -> None:
    first = igny8("key", "add", "Ada").out.splitlines()[0]
    with store.read() as session:
        assert find_key(session, first) is not None


def test_a_revoked_key_is_none(igny8: Igny8, site: Site, store: Store) -> None:
    made = igny8("key", "add", "Ada", "--json").json
    assert igny8("key", "revoke", made["id"]).out == f"key {made['id']} is revoked\n"
    assert igny8("key", "revoke", made["id"]).out == f"key {made['id']} is revoked already\n"
    with store.read() as session:
        assert find_key(session, made["key"]) is None


def test_mistakes_about_keys_are_one_line(igny8: Igny8, site: Site) -> None:
    igny8("account", "add", "other")
    assert_refused(igny8("key", "add", " "), "label")
    assert_refused(igny8("key", "add", "Ada", "--site", "nowhere"), "nowhere")
    assert_refused(igny8("key", "add", "Ada", "--site", "shop", "--account", "other"), "--account")
    assert_refused(igny8("key", "add", "Ada", "--role", "king"), "--role")
    assert_refused(igny8("key", "revoke", 99), "igny8 key list")
    assert igny8("key", "list", "--json").json == []
