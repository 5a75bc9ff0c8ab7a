"""The parts of a service's answers that are used, and how they are read."""

from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from igny8_assets.ai.prices import Usage
from igny8_assets.ai.provider import BadAnswer, EmbeddingAnswer, Misconfigured, TextAnswer, UnreadableAnswer

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


class PromptDetails(BaseModel):
    """Of the tokens that came in: those that the service had seen before."""

    cached_tokens: int = 0


class Counted(BaseModel):
    """Tokens used: chat completions count prompt and completion, images input and output."""

    prompt_tokens: Annotated[int, Field(ge=0)] = 0
    completion_tokens: Annotated[int, Field(ge=0)] = 0
    input_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)] = 0
    prompt_tokens_details: PromptDetails | None = None


class Completion(BaseModel):
    """The answer of `/chat/completions`."""

    choices: list[Choice] = []
    usage: Counted | None = None


class Picture(BaseModel):
    """A picture as base64 or as an address that expires."""

    b64_json: str | None = None
    url: str | None = None


class Pictures(BaseModel):
    """The answer of `/images/generations`."""

    data: list[Picture] = []
    usage: Counted | None = None


class Embedding(BaseModel):
    """The vector of the text with this number, counted from 0."""

    index: int
    embedding: list[float]


class Embeddings(BaseModel):
    """The answer of `/embeddings`."""

    data: list[Embedding]
    usage: Counted | None = None


Answer = TypeVar("Answer", Completion, Pictures, Embeddings)


def read_answer(response: "Response", model: type[Answer]) -> Answer:
    """Read an answer of status 200.

    Raises:
        UnreadableAnswer: it is not the JSON that such an answer has.
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
        said = f"{response.url.host} sent an answer that is not in the form of the OpenAI API"
        raise UnreadableAnswer(said) from None


def text_answer(completion: Completion) -> TextAnswer:
    """The one text in an answer, with what it used; no text at all is told by its finish reason."""
    counted = completion.usage
    usage = None
    if counted is not None:
        details = counted.prompt_tokens_details or PromptDetails()
        usage = Usage(counted.prompt_tokens, counted.completion_tokens, max(0, details.cached_tokens))
    if not completion.choices:
        return TextAnswer("", "no choices", usage)
    choice = completion.choices[0]
    refusal = " ".join(choice.message.refusal.split())[:200] if choice.message.refusal else None
    return TextAnswer(choice.message.content or "", choice.finish_reason or "unknown", usage, refusal)


def embedding_answer(embeddings: Embeddings, asked: int) -> EmbeddingAnswer:
    """A vector for each text that was asked about, with what they used.

    Raises:
        BadAnswer: vectors are missing, repeated, of different lengths, or hold what is no number.
    """
    import numpy as np

    usage = Usage(embeddings.usage.prompt_tokens) if embeddings.usage is not None else None
    rows = sorted(embeddings.data, key=lambda one: one.index)
    lengths = {len(row.embedding) for row in rows}
    if [row.index for row in rows] != list(range(asked)) or len(lengths) != 1 or 0 in lengths:
        error = BadAnswer(f"the answer does not hold one vector for each of the {asked} texts")
    else:
        vectors = np.array([row.embedding for row in rows], dtype=np.float32)
        if np.isfinite(vectors).all():
            return EmbeddingAnswer(vectors, usage)
        error = BadAnswer("the answer holds vectors that are no numbers")
    error.usage = usage
    raise error
