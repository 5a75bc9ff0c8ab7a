from collections.abc import Iterator

import pytest

from igny8_assets_tests.ai.openai_server import OpenAIServer


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server
