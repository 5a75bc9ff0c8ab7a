"""A key stands nowhere after real runs: not in tables, logs, Dagster's events and compute logs, nor on the screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from igny8_assets.store.database import Store
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.sites import configure, import_keywords, make_site
from igny8_assets_tests.stages.service import KEY, assert_nowhere

REPEATED = f"Incorrect API key provided: {KEY} (Bearer {KEY})"


def run(home: Path, service: OpenAIServer) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "IGNY8_HOME": str(home),
        "IGNY8_PROVIDER": "openai",
        "IGNY8_OPENAI_API_KEY": KEY,
        "IGNY8_OPENAI_BASE_URL": service.base_url,
        "IGNY8_AI_RETRY_SECONDS": "0.01",
        "IGNY8_IMAGE_SIZE": "1280x720",
    }
    command = [sys.executable, "-m", "igny8_assets.cli.main", "run", "camp"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_key_is_in_no_log_event_table_or_message_whatever_a_service_repeats(
    store: Store, home: Path, tmp_path: Path
) -> None:
    site = make_site(store, images=0)
    configure(store, site, ideas_per_cluster=1)
    import_keywords(store, site, tmp_path / "exports")
    with OpenAIServer(key=KEY) as service:
        service.faults = [status(401, REPEATED)]
        refused = run(home, service)
        assert refused.returncode == 1
        assert "set IGNY8_OPENAI_API_KEY" in refused.stdout + refused.stderr
        service.faults = [
            status(500, REPEATED),
            status(400, REPEATED.replace("API key", "content policy")),
            Fault("status", status=200, body={"error": {"message": REPEATED, "code": 500}}),
            Fault("closed"),
        ]
        done = run(home, service)
        assert {received.authorization for received in service.received} == {f"Bearer {KEY}"}
    assert (home / "dagster").is_dir()
    assert KEY not in refused.stdout + refused.stderr + done.stdout + done.stderr
    assert_nowhere(KEY, store, home)
