import logging
import socket
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from igny8_assets.ai.openai_failures import Service, retry_after
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.provider import (
    BadAnswer,
    Busy,
    LimitRefused,
    Misconfigured,
    ProviderError,
    Rejected,
    SchemaRefused,
    Transient,
)
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.samples import KEY, ask_image, ask_text, settings_for


@pytest.mark.parametrize("code", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_a_busy_or_broken_service_is_worth_asking_again_and_is_asked_once(
    openai_server: OpenAIServer, code: int
) -> None:
    openai_server.faults = [status(code)]
    with pytest.raises(Transient, match=str(code)) as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert told.value.retry_after is None
    assert openai_server.counts["auto_cluster"] == 1


def test_the_pause_that_a_service_asks_for_is_handed_on(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(429, headers={"Retry-After": "7"})]
    with pytest.raises(Transient) as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert told.value.retry_after == 7.0


def test_a_pause_is_read_as_seconds_milliseconds_or_a_date() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert retry_after({"retry-after": "2.5"}) == 2.5
    assert retry_after({"retry-after-ms": "1500", "retry-after": "2"}) == 1.5
    assert retry_after({"retry-after": in_an_hour}) == pytest.approx(3600, abs=60)
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}) == 0.0
    assert retry_after({"retry-after": "-3"}) == 0.0
    assert retry_after({"retry-after": "1e13"}) == 86_400.0


@pytest.mark.parametrize("told", ["", "soon", "nan", "inf", "Wed, 99 Oct 2015 07:28:00 GMT"])
def test_a_pause_that_cannot_be_read_is_none(told: str) -> None:
    assert retry_after({"retry-after": told}) is None


@pytest.mark.parametrize("kind", ["closed", "half"])
def test_a_broken_connection_is_worth_asking_again(openai_server: OpenAIServer, kind: str) -> None:
    openai_server.faults = [Fault(kind)]
    with pytest.raises(Transient, match="connection"):
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))


@pytest.mark.parametrize("asking", [ask_text, ask_image])
def test_a_silent_service_is_left_after_the_time_out(
    openai_server: OpenAIServer, asking: Callable[[OpenAIProvider], object]
) -> None:
    openai_server.faults = [Fault("hang")]
    with pytest.raises(Transient, match="IGNY8_AI_TIMEOUT_SECONDS"):
        asking(OpenAIProvider(settings_for(openai_server.base_url, timeout=0.2)))


def test_a_service_that_is_not_up_yet_is_worth_asking_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        with pytest.raises(Transient, match=r"connection to 127\.0\.0\.1"):
            ask_text(OpenAIProvider(settings_for(address)))


def test_a_host_without_an_address_is_worth_asking_again() -> None:
    with pytest.raises(Transient, match="no-such-host"):
        ask_text(OpenAIProvider(settings_for("http://no-such-host.invalid/v1")))


@pytest.mark.parametrize(
    ("fault", "setting"),
    [
        (status(401, "Incorrect API key"), "IGNY8_OPENAI_API_KEY"),
        (status(403, "Country not supported"), "IGNY8_OPENAI_API_KEY"),
        (status(400, "API key not valid. Please pass a valid API key."), "IGNY8_OPENAI_API_KEY"),
        (status(402, "Insufficient balance"), "IGNY8_OPENAI_API_KEY"),
        (status(429, "You exceeded your quota", code="insufficient_quota"), "IGNY8_OPENAI_API_KEY"),
        (status(404, "The model `x` does not exist", code="model_not_found"), "IGNY8_TEXT_MODEL"),
        (status(404, 'model "x" not found, try pulling it first'), "IGNY8_TEXT_MODEL"),
        (status(403, "Project has no access", code="model_not_found"), "IGNY8_TEXT_MODEL"),
        (status(400, "invalid model ID", param="model"), "IGNY8_TEXT_MODEL"),
        (status(404, "Not Found"), "IGNY8_OPENAI_BASE_URL"),
        (status(405, "Method Not Allowed"), "IGNY8_OPENAI_BASE_URL"),
        (Fault("status", status=404, body="<html>nginx</html>"), "IGNY8_OPENAI_BASE_URL"),
        (Fault("status", status=404, body={"detail": "Not Found"}), "IGNY8_OPENAI_BASE_URL"),
    ],
)
def test_a_faulty_set_up_names_the_setting_to_mend(openai_server: OpenAIServer, fault: Fault, setting: str) -> None:
    openai_server.faults = [fault]
    with pytest.raises(Misconfigured, match=f"set {setting}") as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert "\n" not in str(told.value)
    assert "<" not in str(told.value)


def error_list(message: str, **facts: object) -> Fault:
    """A refusal in a list, as some gateways wrap it."""
    return Fault("status", status=400, body=[{"error": {"message": message, **facts}}])


LOCATED = {"detail": [{"type": "extra_forbidden", "loc": ["body", "response_format"], "msg": "Extra inputs"}]}


@pytest.mark.parametrize(
    ("fault", "failure", "said"),
    [
        (error_list("API key not valid."), Misconfigured, "set IGNY8_OPENAI_API_KEY"),
        (error_list("Unknown model x", status="NOT_FOUND"), Misconfigured, "set IGNY8_TEXT_MODEL"),
        (Fault("status", status=422, body=LOCATED), SchemaRefused, "body.response_format: Extra inputs"),
        (Fault("status", status=422, body={"message": LOCATED}), SchemaRefused, "body.response_format: Extra inputs"),
        (status(400, "Generated JSON does not match", code="json_validate_failed"), BadAnswer, "does not match"),
        (status(400, "Unsupported parameter: 'max_completion_tokens'"), LimitRefused, "max_completion_tokens"),
        (status(422, "body.max_completion_tokens: Extra inputs are not permitted"), LimitRefused, "Extra inputs"),
        (status(400, "max_tokens is too large: 64000. At most 16384."), Misconfigured, "set IGNY8_TEXT_MAX_TOKENS"),
    ],
)
def test_refusals_are_understood_in_whatever_form_they_come(
    openai_server: OpenAIServer, fault: Fault, failure: type[ProviderError], said: str
) -> None:
    openai_server.faults = [fault]
    with pytest.raises(failure, match=said):
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        ({"error": {"message": "Too many", "code": 429}}, Busy, "answered 429: Too many"),
        ({"error": {"message": "Upstream down", "code": "502"}, "choices": None}, Transient, "502: Upstream down"),
        ({"choices": [{"error": {"message": "Overloaded"}}]}, Transient, "answered 500: Overloaded"),
        ({"error": "no credit", "choices": []}, Transient, "no credit"),
    ],
)
def test_an_error_that_comes_with_status_200_is_an_error_and_not_an_answer(
    openai_server: OpenAIServer, body: dict[str, object], failure: type[ProviderError], said: str
) -> None:
    openai_server.faults = [Fault("status", status=200, body=body)]
    with pytest.raises(failure, match=said) as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert not told.value.maybe_paid


def test_a_broken_service_that_names_a_moment_is_a_busy_one(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(503, headers={"Retry-After": "7"})]
    with pytest.raises(Busy) as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert told.value.retry_after == 7.0


def test_a_faulty_image_set_up_names_the_images_settings(openai_server: OpenAIServer) -> None:
    provider = OpenAIProvider(settings_for(openai_server.base_url))
    openai_server.faults = [
        status(404, "The model `x` does not exist", code="model_not_found"),
        status(400, "Invalid value: '9x9'", param="size"),
        status(400, "Invalid value: 'high'", param="quality"),
    ]
    for setting in ("IGNY8_IMAGE_MODEL", "IGNY8_IMAGE_SIZE", "IGNY8_IMAGE_QUALITY"):
        with pytest.raises(Misconfigured, match=f"set {setting}"):
            ask_image(provider)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:8080/v1",
        "ftp://127.0.0.1/v1",
        "http://",
        "http://[::1/v1",
        "http://127.0.0.1:99999/v1",
        "http://a b/v1",
    ],
)
def test_an_address_that_is_none_names_its_setting(address: str) -> None:
    with pytest.raises(Misconfigured, match="IGNY8_OPENAI_BASE_URL"):
        ask_text(OpenAIProvider(settings_for(address)))


def test_a_password_in_the_address_is_refused_and_not_repeated(openai_server: OpenAIServer) -> None:
    address = openai_server.base_url.replace("http://", "http://user:PASSWORD@")
    with pytest.raises(Misconfigured, match="IGNY8_OPENAI_BASE_URL") as told:
        ask_text(OpenAIProvider(settings_for(address)))
    assert "PASSWORD" not in str(told.value)
    assert not openai_server.received


def test_a_wrong_path_in_the_address_names_its_setting(openai_server: OpenAIServer) -> None:
    with pytest.raises(Misconfigured, match="IGNY8_OPENAI_BASE_URL"):
        ask_text(OpenAIProvider(settings_for(openai_server.origin)))


@pytest.mark.parametrize(
    "fault",
    [
        status(400, "Your request was rejected by our safety system.", code="moderation_blocked"),
        status(400, "Rejected", code="content_policy_violation"),
        status(400, "The response was filtered due to the content management policy.", param="response_format"),
        status(403, "Your input was flagged"),
        status(400, "maximum context length is 8192 tokens", code="context_length_exceeded"),
        status(413, "Request too large"),
        status(422, "Unprocessable"),
    ],
)
def test_an_item_that_the_service_refuses_is_rejected_and_not_asked_again(
    openai_server: OpenAIServer, fault: Fault
) -> None:
    openai_server.faults = [fault]
    with pytest.raises(Rejected):
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert openai_server.counts["auto_cluster"] == 1


@pytest.mark.parametrize(
    "fault",
    [
        *(status(code, f"Bad key Bearer {KEY} ({KEY})") for code in (400, 401, 403, 404, 429, 500)),
        Fault("status", status=400, body=f"key {KEY}"),
        Fault("status", status=401, body={"error": f"key {KEY}"}),
        *(Fault(kind) for kind in ("closed", "half", "hang", "invalid_json", "web_page")),
    ],
)
def test_the_key_stands_in_no_failure_and_no_log(
    openai_server: OpenAIServer, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    openai_server.faults = [fault]
    with pytest.raises(ProviderError) as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url, timeout=0.3)))
    everything = "".join(traceback.format_exception(told.value)) + repr(told.value) + repr(vars(told.value))
    seen: BaseException | None = told.value
    while seen is not None:
        everything += f"{seen!r} {seen}"
        seen = seen.__cause__ or seen.__context__
    everything += repr(Service("127.0.0.1", "some-model", "IGNY8_TEXT_MODEL", KEY))
    assert KEY not in everything
    assert KEY not in caplog.text


def test_any_key_that_a_service_repeats_is_blacked_out(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(401, "Incorrect API key provided: sk-proj-abc123*****XYZ.")]
    with pytest.raises(Misconfigured, match=r"provided: sk-\*\*\*") as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url)))
    assert "XYZ" not in str(told.value)


@pytest.mark.parametrize("key", ["sk-two\nlines", "sk-ключ", "sk with space"])
def test_a_key_that_cannot_be_sent_names_its_setting_and_not_itself(openai_server: OpenAIServer, key: str) -> None:
    with pytest.raises(Misconfigured, match="IGNY8_OPENAI_API_KEY") as told:
        ask_text(OpenAIProvider(settings_for(openai_server.base_url, key=key)))
    assert key not in str(told.value)
    assert not openai_server.received
