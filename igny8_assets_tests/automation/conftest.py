"""Settings for quick runs."""

import pytest


@pytest.fixture(autouse=True)
def quick_settings(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeated requests follow at once."""
    monkeypatch.setenv("IGNY8_AI_RETRY_SECONDS", "0.01")
