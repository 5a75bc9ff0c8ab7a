"""Runs whose provider is `openai`, answered by the test server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from igny8_assets.store.database import Store
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.stages.camp import everything

KEY = "gateway-VERYSECRET-0123456789"


@contextmanager
def served(patch: pytest.MonkeyPatch, *, key: str = KEY) -> Iterator[OpenAIServer]:
    """A server that accepts one key, and settings that ask it with `key`, one item after the other."""
    settings = {
        "PROVIDER": "openai",
        "OPENAI_API_KEY": key,
        "IMAGE_SIZE": "1280x720",
        "AI_CONCURRENCY": "1",
        "AI_ATTEMPTS": "1",
        "AI_RETRY_SECONDS": "0.01",
    }
    with OpenAIServer(key=KEY) as server:
        for name, value in {**settings, "OPENAI_BASE_URL": server.base_url}.items():
            patch.setenv(f"IGNY8_{name}", value)
        yield server


def assert_nowhere(secret: str, store: Store, home: Path) -> None:
    """A secret is in no table and in no file below a home."""
    assert secret not in repr(everything(store))
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
