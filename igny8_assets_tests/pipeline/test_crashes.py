"""A process that dies at any boundary of a request loses no answer, and nothing is asked, charged or saved twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus, CreditEntry, EntryKind, RunStatus, Site
from igny8_assets.vocabulary import ClusterStrategy
from igny8_assets_tests.ai.faults import Fault
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.pipeline.sites import TOPICS, configure, end_state, import_keywords, make_site
from igny8_assets_tests.stages.camp import assert_sound
from igny8_assets_tests.stages.driving import only_run

FUNCTIONS = {
    1: "auto_cluster",
    2: "generate_ideas",
    4: "generate_content_section",
    5: "generate_image_prompts",
    6: "generate_images",
}
"""Of each stage a function at which its process dies."""

DYING = """
import os, signal, sys
boundary, function = sys.argv[1:3]
import igny8_assets.ai.attempts as attempts, igny8_assets.ai.calls as calls
import igny8_assets.stages.runner as runner

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def before(owner, name, holds):
    kept = getattr(owner, name)
    def dying(*arguments, **named):
        if holds(*arguments):
            die()
        return kept(*arguments, **named)
    setattr(owner, name, dying)

stage = {"group_keywords": 1, "auto_cluster": 1, "generate_ideas": 2, "generate_content_section": 4,
         "generate_image_prompts": 5, "generate_images": 6}[function]
if boundary == "before the request":
    before(attempts.Attempts, "_sent", lambda self, sent, question, *rest: question.function == function)
elif boundary == "after the answer":
    before(calls.Calls, "answered", lambda self, sent, question, *rest: question.function == function)
elif boundary == "before the save":
    before(runner._Loop, "_save", lambda self, *rest: self.stage.number == stage)
elif boundary == "after the save":
    before(runner._Loop, "_let_go", lambda self, *rest: self.stage.number == stage)
sys.argv = ["igny8", "run", "camp"]
from igny8_assets.cli.main import main
main()
"""


@pytest.fixture
def service() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def start(home: Path, url: str, service: OpenAIServer, boundary: str, function: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "IGNY8_HOME": str(home),
        "IGNY8_PROVIDER": "openai",
        "IGNY8_OPENAI_BASE_URL": service.base_url,
        "IGNY8_IMAGE_SIZE": "1280x720",
        # One request after the other: what was asked twice can be counted exactly.
        "IGNY8_AI_CONCURRENCY": "1",
    }
    if not url.startswith("sqlite"):
        environment["IGNY8_DATABASE_URL"] = url
    command = [sys.executable, "-c", DYING, boundary, function]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def die_in_flight(process: subprocess.Popen[bytes], service: OpenAIServer, function: str) -> None:
    """Kill a process once the service has its request and has not answered yet."""
    before = service.counts[function]
    while service.counts[function] == before:
        assert process.poll() is None, process.communicate()[0].decode()
        time.sleep(0.01)
    process.kill()


def asked_twice(service: OpenAIServer) -> Counter[str]:
    """How often a question of each function came again."""
    asked = Counter((received.function, json.dumps(received.body, sort_keys=True)) for received in service.received)
    again: Counter[str] = Counter()
    for (function, _), times in asked.items():
        again[function] += times - 1
    return +again


@pytest.mark.slow
@pytest.mark.parametrize(
    "boundary", ["before the request", "in flight", "after the answer", "before the save", "after the save"]
)
def test_a_process_that_dies_there_in_every_stage_loses_nothing_and_pays_nothing_twice(
    database_url: str, store: Store, home: Path, tmp_path: Path, service: OpenAIServer, boundary: str
) -> None:
    site = make_site(store, images=0)
    configure(store, site, ideas_per_cluster=1, cluster_strategy=ClusterStrategy.LLM)
    # What groups the keywords is asked before there is anything to save.
    functions = [*([] if "save" in boundary else ["group_keywords"]), *FUNCTIONS.values()]
    import_keywords(store, site, tmp_path / "exports", [*TOPICS["tent"][:2], *TOPICS["stove"][:2]])
    for function in functions:
        if boundary == "in flight":
            service.faults.append(Fault("slow", function=function, seconds=60))
        process = start(home, database_url, service, boundary, function)
        if boundary == "in flight":
            die_in_flight(process, service, function)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL, output.decode()
    process = start(home, database_url, service, "none", "generate_ideas")
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output.decode()

    # A request that was never sent, or whose answer was kept, is not sent again; any other once, as it has to be.
    lost = {"in flight", "after the answer"}
    assert asked_twice(service) == (Counter(functions) if boundary in lost else Counter())
    assert only_run(store, site).status == RunStatus.COMPLETED
    state = end_state(store, site)
    assert {what: len(state[what]) for what in ("keywords", "clusters", "ideas", "tasks", "content", "images")} == {
        "keywords": 4, "clusters": 2, "ideas": 2, "tasks": 2, "content": 2, "images": 2
    }  # fmt: skip
    assert_sound(store, site)
    assert_each_charged_once(store, site)
    with store.read() as session:
        counted = Counter(session.scalars(select(AICall.status)))
    # Whoever died with a request that nobody heard of again left it as unknown, with its possible cost.
    unheard = len(functions) if boundary in {*lost, "before the request"} else 0
    assert counted[CallStatus.UNKNOWN] == unheard
    assert set(counted) <= {CallStatus.ANSWERED, CallStatus.UNKNOWN}


def assert_each_charged_once(store: Store, site: Site) -> None:
    with store.read() as session:
        charged = session.scalars(
            select(CreditEntry.idempotency_key).where(
                CreditEntry.site_id == site.id, CreditEntry.kind == EntryKind.CHARGE
            )
        ).all()
    assert len(charged) == len(set(charged))
    # One batch of keywords, and two clusters, texts, sets of prompts and pictures.
    assert Counter(key.split(":")[1] for key in charged) == {"1": 1, "2": 2, "4": 2, "5": 2, "6": 2}
