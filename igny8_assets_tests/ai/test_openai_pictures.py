import io

import pytest
from PIL import Image

from igny8_assets.ai.openai_provider import MOST_IMAGE_BYTES, OpenAIProvider
from igny8_assets.ai.openai_requests import image_options
from igny8_assets.ai.prices import Usage
from igny8_assets.ai.provider import BadAnswer, Rejected, Transient
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.samples import KEY, PICTURE, ask, ask_image, settings_for


@pytest.mark.parametrize("images_as", ["b64_json", "url"])
def test_a_picture_arrives_as_bytes_however_it_is_sent(openai_server: OpenAIServer, images_as: str) -> None:
    openai_server.images_as = "url" if images_as == "url" else "b64_json"
    provider = OpenAIProvider(settings_for(openai_server.base_url))
    answer = ask(provider, lambda it: it.image("gpt-image-1", PICTURE))
    assert Image.open(io.BytesIO(answer.data)).size == (320, 240)
    assert answer.usage == Usage(tokens_in=6, tokens_out=1000, images=1)
    assert openai_server.counts == {"generate_images": 1}


def test_the_key_is_not_sent_to_the_address_of_a_picture(openai_server: OpenAIServer) -> None:
    openai_server.images_as = "url"
    ask_image(OpenAIProvider(settings_for(openai_server.base_url)))
    assert openai_server.received[0].authorization == f"Bearer {KEY}"
    assert [fetched.authorization for fetched in openai_server.fetched] == [""]


@pytest.mark.parametrize(
    ("model", "quality", "sent"),
    [
        ("gpt-image-1", "standard", "medium"),
        ("gpt-image-1-mini", "high", "high"),
        ("dall-e-3", "standard", "standard"),
        ("dall-e-3", "high", "hd"),
        ("flux-schnell", "standard", None),
        ("flux-schnell", "high", "high"),
    ],
)
def test_quality_is_asked_in_the_words_of_the_model(model: str, quality: str, sent: str | None) -> None:
    options = image_options(model, "1536x1024", quality)
    assert options["size"] == "1536x1024"
    assert options.get("quality") == sent


def test_the_request_holds_the_prompt_the_model_the_size_and_the_quality(openai_server: OpenAIServer) -> None:
    ask_image(OpenAIProvider(settings_for(openai_server.base_url)))
    assert openai_server.received[0].body == {
        "model": "gpt-image-1",
        "prompt": PICTURE.prompt,
        "n": 1,
        "size": "320x240",
        "quality": "medium",
    }


@pytest.mark.parametrize(
    "fault",
    [
        Fault("no_picture"),
        Fault("bad_base64"),
        Fault("picture_gone"),
        Fault("large_picture", seconds=MOST_IMAGE_BYTES // 1_000_000 + 1),
        Fault("large_picture", seconds=0),
        Fault("invalid_json"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.seconds}",
)
def test_an_answer_without_a_usable_picture_is_a_bad_answer(openai_server: OpenAIServer, fault: Fault) -> None:
    openai_server.faults = [fault]
    with pytest.raises(BadAnswer):
        ask_image(OpenAIProvider(settings_for(openai_server.base_url)))


def test_a_refused_prompt_is_rejected(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(400, "Your request was rejected by the safety system", code="moderation_blocked")]
    with pytest.raises(Rejected, match="content"):
        ask_image(OpenAIProvider(settings_for(openai_server.base_url)))


def test_a_busy_image_service_is_worth_asking_again(openai_server: OpenAIServer) -> None:
    openai_server.faults = [status(503, headers={"Retry-After": "3"})]
    with pytest.raises(Transient) as told:
        ask_image(OpenAIProvider(settings_for(openai_server.base_url)))
    assert told.value.retry_after == 3.0
