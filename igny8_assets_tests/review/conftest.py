"""A site in an open writing transaction; at the end its counters must be true."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.factories import assert_counters_are_true, make_site


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """A writing session, as people's commands have it."""
    with store.write() as opened:
        yield opened


@pytest.fixture
def site(session: Session) -> Iterator[Site]:
    """A site with credits and nothing else."""
    made = make_site(session)
    yield made
    assert_counters_are_true(session, made)
