"""A server in this process, a site, and clients with keys of each role."""

from collections.abc import Iterator
from typing import Any

import pytest

from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeyRole, Site
from igny8_assets_tests.factories import make_account, make_site
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import Client, serving, with_key
from igny8_assets_tests.web.tabs import open_tab


@pytest.fixture
def site(store: Store) -> Site:
    """The site `shop` of the account `default`."""
    with store.write() as session:
        return make_site(session, "shop", account=make_account(session))


@pytest.fixture
def anyone(store: Store) -> Iterator[Client]:
    """A client without a key."""
    with serving(store, load_settings()) as client:
        yield client


@pytest.fixture
def viewer(anyone: Client, store: Store, site: Site) -> Client:
    """A client that may look."""
    return with_key(anyone, store, site, KeyRole.VIEWER)


@pytest.fixture
def editor(anyone: Client, store: Store, site: Site) -> Client:
    """A client that may review and steer runs."""
    return with_key(anyone, store, site, KeyRole.EDITOR, label="Ada")


@pytest.fixture
def admin(anyone: Client, store: Store, site: Site) -> Client:
    """A client that may change settings."""
    return with_key(anyone, store, site, KeyRole.ADMIN)


@pytest.fixture
def browser(editor: Client) -> Iterator[Browser]:
    """A browser in which an editor is logged in."""
    made = Browser(editor.address)
    assert made.log_in(editor.key).status_code == 303
    yield made
    made.session.close()


@pytest.fixture
def page(editor: Client) -> Iterator[Any]:
    """A tab of a real browser in which an editor has logged in."""
    with open_tab(editor) as tab:
        yield tab
