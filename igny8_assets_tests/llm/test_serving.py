"""`igny8 llm serve` as a process: what it prints, how it ends, and what it does not serve."""

import signal
import urllib.error
import urllib.request
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
import pytest
from openai import OpenAI

from igny8_assets.local_model.model_file import MODEL_PACKAGE, find_model
from igny8_assets_tests.llm.conftest import ServedModel, answers, serving
from igny8_assets_tests.servers.igny8_process import free_port, start_igny8, wait_for

pytestmark = pytest.mark.llm


def test_it_prints_the_settings_that_make_igny8_ask_it(model: ServedModel) -> None:
    assert model.printed == (
        "serving smollm2-135m-instruct; Ctrl-C ends it",
        f"export IGNY8_PROVIDER=openai IGNY8_OPENAI_BASE_URL=http://127.0.0.1:{model.port}/v1 "
        "IGNY8_TEXT_MODEL=smollm2-135m-instruct",
    )


def test_the_runtime_that_the_models_package_asks_for_is_not_there() -> None:
    assert find_spec(MODEL_PACKAGE) is not None
    assert find_spec("llama_cpp") is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_all_that_it_started(tmp_path: Path, number: signal.Signals) -> None:
    named = str(find_model(None).path)
    with serving(tmp_path, "--model", named, "--context", "2048", "--parallel", "1") as served:
        assert served.settings["IGNY8_TEXT_MODEL"] == "SmolLM2-135M-Instruct.Q4_1"
        children = served.children()
        assert served.end(number) == ""
    assert served.process.returncode == 0
    assert children
    assert not any(child.is_running() for child in children)


def test_while_it_loads_ctrl_c_ends_it_too(tmp_path: Path) -> None:
    process = start_igny8("llm", "serve", "--port", str(free_port()), folder=tmp_path)
    (child,) = wait_for("the server's process", lambda: psutil.Process(process.pid).children(), process)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert (process.returncode, output.splitlines()[:1]) == (0, ["serving smollm2-135m-instruct; Ctrl-C ends it"])
    assert not child.is_running()


def test_when_the_command_is_killed_the_server_ends_by_itself(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        children = served.children()
        served.process.kill()
        served.process.wait()
        wait_for("the server's end", lambda: not answers(served.port))
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.wait(30)


def test_a_server_that_dies_is_told_with_exit_code_1(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        for child in served.children():
            child.kill()
        output, _ = served.process.communicate(timeout=60)
    assert (served.process.returncode, output) == (
        1,
        "igny8: the server ended by itself with code -9; --verbose shows why\n",
    )


def test_a_model_that_is_cut_off_is_one_clear_line(tmp_path: Path) -> None:
    damaged = tmp_path / "cut.gguf"
    damaged.write_bytes(find_model(None).path.read_bytes()[:3_000_000])
    process = start_igny8("llm", "serve", "--model", str(damaged), "--port", str(free_port()), folder=tmp_path)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output.splitlines()[1].startswith(f"igny8: {damaged} can't be served: it is damaged")


def test_what_llama_cpp_says_is_shown_when_it_is_asked_for(tmp_path: Path) -> None:
    with serving(tmp_path, "--verbose") as served:
        told = "\n".join([*served.printed, served.end()])
    assert "llama" in told
    assert f"IGNY8_OPENAI_BASE_URL=http://127.0.0.1:{served.port}/v1" in told


@pytest.mark.parametrize("path", ["/", "/slots", "/props"])
def test_no_web_page_may_read_what_it_serves(model: ServedModel, path: str) -> None:
    asked = urllib.request.Request(f"http://127.0.0.1:{model.port}{path}", headers={"Origin": "http://evil.example"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as error:
        headers = error.headers
    assert not headers.get("Access-Control-Allow-Origin")


def test_a_text_has_the_same_vector_alone_and_beside_others(model: ServedModel) -> None:
    client = OpenAI(base_url=model.base_url, api_key="none", max_retries=0)

    def vectors(texts: list[str]) -> npt.NDArray[np.float64]:
        answer = client.embeddings.create(
            model=model.settings["IGNY8_TEXT_MODEL"], input=texts, encoding_format="float"
        )
        return np.array([row.embedding for row in answer.data])

    texts = ["family tent", "best family tent", "gas camping stove"]
    alone = np.concatenate([vectors([text]) for text in texts])
    assert np.allclose((alone * vectors(texts)).sum(axis=1), 1, atol=1e-2)
