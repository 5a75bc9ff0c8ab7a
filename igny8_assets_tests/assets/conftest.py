"""A Dagster instance, and a site with keywords."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.assets.dagster_runs import open_instance
from igny8_assets_tests.pipeline.sites import import_keywords, make_site


@pytest.fixture
def instance(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The instance that belongs to the test's home."""
    with open_instance(monkeypatch) as opened:
        yield opened


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Site:
    """A site with the keywords of four topics."""
    site = make_site(store)
    import_keywords(store, site, tmp_path / "exports")
    return site
