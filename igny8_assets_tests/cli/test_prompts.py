"""`igny8 prompts`: what is sent, before it is sent."""

import json

import pytest

from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.settings import load_settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.cli.conftest import Igny8, assert_refused
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.stages.seeds import make_waiting
from igny8_assets_tests.stages.service import KEY, served


def test_every_function_has_a_prompt_with_version_and_file(igny8: Igny8, site: Site) -> None:
    rows = igny8("prompts", "list", "--json").json
    assert [row["function"] for row in rows] == list(FUNCTIONS)
    assert all(row["version"] >= 1 and row["file"].endswith(f"{row['function']}.md") for row in rows)
    assert "/sites/shop/prompts" in igny8("prompts", "list", "--site", "shop").out


def test_a_sites_own_prompt_is_shown(igny8: Igny8, site: Site) -> None:
    folder = load_settings().folder / "sites" / "shop" / "prompts"
    folder.mkdir(parents=True)
    (folder / "auto_cluster.md").write_text("---\nversion: 9\ndescription: mine\n---\nIn {{ language }} alone.")
    assert igny8("prompts", "show", "auto_cluster", "--site", "shop").out == "In en alone.\n"
    assert "You name topic clusters" in igny8("prompts", "show", "auto_cluster").out
    (folder / "auto_cluster.md").write_text("nothing")
    assert igny8("prompts", "show", "auto_cluster", "--site", "shop").code == 2


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_exact_request_is_shown_and_not_sent(igny8: Igny8, site: Site, function: str) -> None:
    request = igny8("prompts", "test", "shop", function).json
    assert request["url"].endswith("/chat/completions")
    system, user = request["body"]["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    FUNCTIONS[function].input.model_validate_json(user["content"])
    assert request["body"]["response_format"]["json_schema"]["name"] == function


def test_it_is_the_request_that_a_run_sends(igny8: Igny8, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch) as server:
        assert isinstance(server, OpenAIServer)
        site = make_waiting(store, 4, 1)
        run_stages(store, site, 4, 4)
        shown = igny8("prompts", "test", site.slug, "generate_content_section")
        sent = [one.body for one in server.received if one.function == "generate_content_section"]
        asked = len(server.received)
    assert KEY not in shown.out
    # Sections are asked for at the same time, in no order.
    assert shown.json["body"] in json.loads(json.dumps(sent))
    assert len(server.received) == asked


def test_data_that_are_made_up_say_so(igny8: Igny8, site: Site, store: Store) -> None:
    assert igny8("prompts", "test", "shop", "auto_cluster").json["data"] == "made up: the site has no keywords yet"
    told = igny8("prompts", "test", "shop", "generate_ideas").json["data"]
    assert told == "made up: the site has no keywords and no clusters yet"
    camp = make_waiting(store, 4, 1).slug
    assert igny8("prompts", "test", camp, "auto_cluster").json["data"] == "the site's own"
    told = igny8("prompts", "test", camp, "generate_content_join").json["data"]
    assert told == "made up: the site has no tasks with a brief yet"


def test_an_address_with_a_password_is_refused_and_no_key_is_needed(
    igny8: Igny8, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_PROVIDER", "openai")
    assert igny8("prompts", "test", "shop", "auto_cluster").json["headers"]["authorization"] == "Bearer ***"
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", "https://ada:secret@api.example/v1")
    refused = igny8("prompts", "test", "shop", "auto_cluster")
    assert_refused(refused, "take user name and password out of IGNY8_OPENAI_BASE_URL")
    assert "secret" not in refused.err


def test_a_file_that_is_no_functions_is_pointed_out(igny8: Igny8, site: Site) -> None:
    folder = load_settings().folder / "sites" / "shop" / "prompts"
    folder.mkdir(parents=True)
    (folder / "auto-cluster.md").write_text("x")
    (folder / "_part.md").write_text("x")
    listed = igny8("prompts", "list", "--site", "shop", "--json")
    assert [row["function"] for row in listed.json] == list(FUNCTIONS)
    assert (
        listed.err == f"{folder / 'auto-cluster.md'} is not read: no function is called so; shared parts begin with _\n"
    )


def test_an_unknown_function_is_a_mistake(igny8: Igny8, site: Site) -> None:
    refused = igny8("prompts", "show", "poem")
    assert refused.code == 2
    assert "choose one of group_keywords, auto_cluster" in refused.err
