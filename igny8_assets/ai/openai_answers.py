"""The parts of a service's answers that are used, and how they are read."""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import from_json

from igny8_assets.ai.openai_failures import Refusal, Service, refused
from igny8_assets.ai.prices import Usage
from igny8_assets.ai.provider import BadAnswer, EmbeddingAnswer, Misconfigured, TextAnswer, UnreadableAnswer

if TYPE_CHECKING:
    from httpx2 import Response


class Message(BaseModel):
    """What the model said, or why it would not; some services send the text in parts."""

    content: str | list[Any] | None = None
    refusal: str | None = None

    @property
    def text(self) -> str:
        """The text, without parts that are none, such as what a model thought."""
        if not isinstance(self.content, list):
            return self.content or ""
        parts = [part for part in self.content if isinstance(part, dict) and part.get("type") == "text"]
        return "".join(str(part.get("text") or "") for part in parts)


class Choice(BaseModel):
    """One of the answers; `finish_reason` says why it ended."""

    message: Message = Message()
    finish_reason: str | None = None


Count = Annotated[int | None, Field(ge=0)]


class PromptDetails(BaseModel):
    """Of the tokens that came in: those that the service had seen before."""

    cached_tokens: Count = None


class Counted(BaseModel):
    """Tokens used, in the words of chat completions and of images, and with what some services call otherwise."""

    prompt_tokens: Count = None
    completion_tokens: Count = None
    total_tokens: Count = None
    input_tokens: Count = None
    output_tokens: Count = None
    cached_tokens: Count = None
    prompt_cache_hit_tokens: Count = None
    prompt_tokens_details: PromptDetails | None = None

    @property
    def usage(self) -> Usage | None:
        """What was used; nothing if that was not counted after all."""
        tokens_in = self.prompt_tokens or self.input_tokens or 0
        # Some leave what a model thought out of its completion; it stands in the total alone, and is paid for.
        tokens_out = max(self.completion_tokens or self.output_tokens or 0, (self.total_tokens or 0) - tokens_in)
        details = self.prompt_tokens_details or PromptDetails()
        cached = details.cached_tokens or self.prompt_cache_hit_tokens or self.cached_tokens or 0
        return Usage(tokens_in, tokens_out, min(cached, tokens_in)) if tokens_in or tokens_out else None


def _if_counted(given: Any, read: ValidatorFunctionWrapHandler) -> Counted | None:
    """A usage that can't be read is none: it must not cost the answer."""
    try:
        counted: Counted | None = read(given)
        return counted
    except ValidationError:
        return None


UsageIfCounted = Annotated[Counted | None, WrapValidator(_if_counted)]


class Completion(BaseModel):
    """The answer of `/chat/completions`."""

    choices: list[Choice] | None = None
    usage: UsageIfCounted = None


class Picture(BaseModel):
    """A picture as base64 or as an address that expires."""

    b64_json: str | None = None
    url: str | None = None


class Pictures(BaseModel):
    """The answer of `/images/generations`."""

    data: list[Picture] | None = None
    usage: UsageIfCounted = None


class Embedding(BaseModel):
    """The vector of the text with this number, counted from 0."""

    index: int
    embedding: list[float]


class Embeddings(BaseModel):
    """The answer of `/embeddings`."""

    data: list[Embedding] = []
    usage: UsageIfCounted = None


Answer = TypeVar("Answer", Completion, Pictures, Embeddings)


def read_answer(response: "Response", model: type[Answer], service: Service) -> Answer:
    """Read an answer of status 200.

    Raises:
        UnreadableAnswer: it is not the JSON that such an answer has.
        Misconfigured: it is a web page, so the address is not that of an API.
        ProviderError: it is an error for all its status, as gateways send it.
    """
    host = response.url.host
    if response.headers.get("content-type", "").startswith("text/html"):
        raise Misconfigured(
            f"{host} answered with a web page; set IGNY8_OPENAI_BASE_URL to the address of the API, "
            "mostly ending in /v1"
        )
    try:
        # Several times as fast as the standard library's, which a picture of some MB is worth.
        body = from_json(response.content)
    except ValueError:
        body = None
    if error := _error_in(body):
        refusal = Refusal.of(_status_of(error), {"error": error}, response.headers)
        raise refused(refusal, service)
    try:
        return model.model_validate(body)
    except ValidationError:
        raise UnreadableAnswer(f"{host} sent an answer that is not in the form of the OpenAI API") from None


def _error_in(body: Any) -> Any:
    """The error in an answer that holds nothing else, at its top or in its first choice."""
    if not isinstance(body, dict):
        return None
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    said = isinstance(first.get("message"), dict) and first["message"].get("content")
    return None if said or body.get("data") else body.get("error") or first.get("error")


def _status_of(error: Any) -> int:
    """The status that such an error tells, or that of a server's fault."""
    code = error.get("code") if isinstance(error, dict) else None
    told = int(code) if isinstance(code, int | str) and str(code).isdecimal() else 0
    return told if 400 <= told <= 599 else 500


WHOLE = frozenset({"eos", "eos_token", "end_turn", "STOP"})
"""What some services say instead of `stop`."""


def text_answer(completion: Completion) -> TextAnswer:
    """The one text in an answer, with what it used; no text at all is told by its finish reason."""
    usage = completion.usage.usage if completion.usage is not None else None
    if not completion.choices:
        return TextAnswer("", "no choices", usage)
    choice = completion.choices[0]
    refusal = " ".join(choice.message.refusal.split())[:200] if choice.message.refusal else None
    reason = "stop" if choice.finish_reason in WHOLE else choice.finish_reason or "unknown"
    return TextAnswer(choice.message.text, reason, usage, refusal)


def embedding_answer(embeddings: Embeddings, asked: int) -> EmbeddingAnswer:
    """A vector for each text that was asked about, with what they used.

    Raises:
        BadAnswer: vectors are missing, repeated, of different lengths, or hold what is no number.
    """
    import numpy as np

    usage = embeddings.usage.usage if embeddings.usage is not None else None
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
