"""Figures for Prometheus."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.serving import API, Client


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels."""
    text = client.ask("GET", "/metrics").text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def test_requests_are_counted_by_route_and_runs_by_status(editor: Client) -> None:
    editor.post("/automation/run_now/", site_id="shop")
    editor.ask("GET", f"{API}/automation/config/", params={"site_id": "elsewhere"})
    found = figures(editor)
    requests = "igny8_http_request_seconds_count"
    assert found[requests, "POST", f"{API}/automation/run_now/", "202"] == 1
    assert found[requests, "GET", f"{API}/automation/config/", "404"] == 1
    assert found["igny8_runs", "queued"] == 1
    assert found["igny8_streams",] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_read_for_streams_is_counted(browser: Browser, editor: Client) -> None:
    assert figures(editor)["igny8_snapshots_read_total",] == 0
    with browser.session.get(f"{browser.address}/automation/shop/events", stream=True, timeout=60) as stream:
        assert next(stream.iter_lines()) == b"event: state"
        assert figures(editor)["igny8_snapshots_read_total",] >= 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_paths_that_no_route_takes_are_one_figure(anyone: Client) -> None:
    for number in range(5):
        anyone.ask("GET", f"/nothing/{number}")
    routes = {key[2] for key in figures(anyone) if key[0] == "igny8_http_request_seconds_count"}
    assert routes == {"unknown"}
