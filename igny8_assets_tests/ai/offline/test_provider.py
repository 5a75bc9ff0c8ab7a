"""The provider as the engine meets it."""

import asyncio
from io import BytesIO

import pytest
from pydantic import BaseModel

from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.offline.provider import OfflineProvider
from igny8_assets.ai.prices import Usage
from igny8_assets.ai.provider import Provider, Rejected, TextAnswer, TextRequest
from igny8_assets.ai.schemas import (
    AutoClusterInput,
    GenerateIdeasInput,
    GenerateImagePromptsInput,
    GenerateImagesInput,
    GroupToName,
)
from igny8_assets.vocabulary import ContentStructure
from igny8_assets_tests.ai.offline.strategies import brief_of, facts
from igny8_assets_tests.ai.samples import INPUTS as SAMPLES

INPUTS: dict[str, BaseModel] = {
    "auto_cluster": AutoClusterInput(
        language="en", groups=[GroupToName(id=4, keywords=facts(["cold brew", "cold brew ratio"]))]
    ),
    "generate_ideas": GenerateIdeasInput(
        language="en",
        site_name="Bean There",
        brand_voice="",
        cluster_name="Cold Brew",
        cluster_description="",
        keywords=facts(["cold brew", "cold brew ratio"]),
        ideas_wanted=3,
    ),
    "generate_content_brief": brief_of("cold brew", ContentStructure.EXPLAINER, ["cold brew ratio"]),
    **{name: SAMPLES[name] for name in SAMPLES if name.startswith("generate_content_") and "brief" not in name},
    "generate_image_prompts": GenerateImagePromptsInput(
        language="en", site_name="Bean There", title="Cold Brew", image_style="", sections=[], roles=["featured"]
    ),
}


def ask(function: str, user: str) -> TextAnswer:
    answer = FUNCTIONS[function].output if function in FUNCTIONS else BaseModel
    request = TextRequest(function=function, model="offline-outline-1", system="", user=user, answer=answer)
    return asyncio.run(OfflineProvider().text(request))


def test_it_is_a_provider() -> None:
    provider: Provider = OfflineProvider()
    assert provider.host is None
    assert (provider.name, provider.text_model("auto_cluster"), provider.image_model) == (
        "offline",
        "offline-outline-1",
        "offline-card-1",
    )
    assert provider.note is not None
    assert "without a language model" in provider.note
    asyncio.run(provider.close())


@pytest.mark.parametrize("function", INPUTS)
def test_every_function_is_answered_with_a_whole_valid_answer(function: str) -> None:
    answer = ask(function, INPUTS[function].model_dump_json())
    assert (answer.finish_reason, answer.usage) == ("stop", Usage())
    validate_answer(function, INPUTS[function], FUNCTIONS[function].output.model_validate_json(answer.text))


@pytest.mark.parametrize("function", INPUTS)
def test_the_same_request_gets_the_same_answer(function: str) -> None:
    user = INPUTS[function].model_dump_json()
    assert ask(function, user) == ask(function, user)


@pytest.mark.parametrize("user", ["", "not json", "{}", "[]", '{"language": "\\ud800"}'])
@pytest.mark.parametrize("function", INPUTS)
def test_an_invalid_request_is_rejected_on_one_line(function: str, user: str) -> None:
    with pytest.raises(Rejected) as caught:
        ask(function, user)
    assert str(caught.value).startswith(f"{function}: ")
    assert "\n" not in str(caught.value)


def test_an_unknown_function_is_rejected() -> None:
    with pytest.raises(Rejected, match="no function 'write_poem'"):
        ask("write_poem", "{}")


def test_a_picture_is_drawn() -> None:
    from PIL import Image

    request = GenerateImagesInput(
        prompt="A kettle",
        caption="How to Descale a Kettle",
        site_name="Bean There",
        role="featured",
        colours=("#203040", "#f0e0d0"),
        size="1536x1024",
        quality="standard",
    )
    answer = asyncio.run(OfflineProvider().image("offline-card-1", request))
    with Image.open(BytesIO(answer.data)) as image:
        assert image.width > image.height
