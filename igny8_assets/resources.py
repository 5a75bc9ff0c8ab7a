"""What Dagster hands to assets, checks and sensors: the installation, opened once per run."""

from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import PrivateAttr

if TYPE_CHECKING:
    from igny8_assets.settings import Settings
    from igny8_assets.store.database import Store


class Installation(dg.ConfigurableResource[Any]):
    """The settings and the store of this installation, as the environment names them."""

    _settings: Any = PrivateAttr(default=None)
    _store: Any = PrivateAttr(default=None)

    @property
    def settings(self) -> "Settings":
        """The installation's settings."""
        if self._settings is None:
            from igny8_assets.settings import load_settings

            self._settings = load_settings()
        settings: Settings = self._settings
        return settings

    @property
    def store(self) -> "Store":
        """The installation's store."""
        if self._store is None:
            from igny8_assets.store.database import open_store

            self._store = open_store(self.settings)
        store: Store = self._store
        return store

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Give back the store's connections."""
        if self._store is not None:
            self._store.close()
            self._store = None
