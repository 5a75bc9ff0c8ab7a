"""The parts of a service's answers that are used, and how they are read."""

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from igny8_assets.ai.provider import BadAnswer, Misconfigured, Rejected, TextAnswer

if TYPE_CHECKING:
    from httpx2 import Response


class Message(BaseModel):
    """What the model said, or why it would not."""

    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    """One of the answers; `finish_reason` says why it ended."""

    message: Message
    finish_reason: str | None = None


class Usage(BaseModel):
    """Tokens used: chat completions count prompt and completion, images input and output."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Completion(BaseModel):
    """The answer of `/chat/completions`."""

    choices: list[Choice] = []
    usage: Usage | None = None


class Picture(BaseModel):
    """A picture as base64 or as an address that expires."""

    b64_json: str | None = None
    url: str | None = None


class Pictures(BaseModel):
    """The answer of `/images/generations`."""

    data: list[Picture] = []
    usage: Usage | None = None


Answer = TypeVar("Answer", Completion, Pictures)


def read_answer(response: "Response", model: type[Answer]) -> Answer:
    """Read an answer of status 200.

    Raises:
        BadAnswer: it is not the JSON that such an answer has.
        Misconfigured: it is a web page, so the address is not that of an API.
    """
    if response.headers.get("content-type", "").startswith("text/html"):
        raise Misconfigured(
            f"{response.url.host} answered with a web page; set IGNY8_OPENAI_BASE_URL to the address of the API, "
            "mostly ending in /v1"
        )
    try:
        return model.model_validate_json(response.content)
    except ValidationError:
        raise BadAnswer(f"{response.url.host} sent an answer that is not in the form of the OpenAI API") from None


def text_answer(completion: Completion) -> TextAnswer:
    """The one text in an answer.

    Raises:
        Rejected: the model, or a filter, refused.
        BadAnswer: there is no text, or it was cut off at the longest answer the model gives.
    """
    if not completion.choices:
        raise BadAnswer("the answer holds no text (no choices)")
    choice = completion.choices[0]
    if choice.finish_reason == "content_filter":
        raise Rejected("the service's content filter stopped the answer")
    if choice.message.refusal:
        raise Rejected("the model refused: " + " ".join(choice.message.refusal.split())[:200])
    if choice.finish_reason == "length":
        raise BadAnswer("the answer was cut off at the longest that the model gives")
    if not choice.message.content:
        raise BadAnswer(f"the answer holds no text (finish reason {choice.finish_reason})")
    usage = completion.usage or Usage()
    return TextAnswer(
        without_fence(choice.message.content),
        choice.finish_reason or "unknown",
        usage.prompt_tokens,
        usage.completion_tokens,
    )


def without_fence(text: str) -> str:
    """The text without a Markdown code fence around the whole, which some models put around JSON."""
    bare = text.strip()
    if not bare.startswith("```") or not bare.endswith("```") or "\n" not in bare:
        return text
    return bare.split("\n", 1)[1].removesuffix("```").strip()
