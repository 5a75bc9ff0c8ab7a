"""The installation that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from igny8_assets.settings import Settings, load_settings
from igny8_assets.store.database import Store, open_store


@dataclass(frozen=True)
class OpenInstallation:
    """The settings and the open store."""

    settings: Settings
    store: Store


@contextmanager
def open_installation() -> Iterator[OpenInstallation]:
    """Open the installation that the environment names, and close it afterwards.

    Raises:
        UserError: a setting is wrong, or there is no current database.
    """
    settings = load_settings()
    store = open_store(settings)
    try:
        yield OpenInstallation(settings, store)
    finally:
        store.close()
