"""What the engine asks of a provider, and the ways in which a provider may fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel

from igny8_assets.ai.prices import Usage
from igny8_assets.ai.schemas import GenerateImagesInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


Word = TypeVar("Word", bound=StrEnum)


def _after(word: Word) -> Word | None:
    order = list(type(word))
    place = order.index(word) + 1
    return order[place] if place < len(order) else None


class SchemaDialect(StrEnum):
    """How the form of an answer is told to a service, the most binding first.

    `full` is the schema with all its bounds, `strict` the subset that every service with structured outputs knows;
    with `json_object` and `none` the schema stands in the instructions.
    """

    FULL = "full"
    STRICT = "strict"
    JSON_OBJECT = "json_object"
    NONE = "none"

    @property
    def next(self) -> "SchemaDialect | None":
        """The next less binding one."""
        return _after(self)


class LimitParameter(StrEnum):
    """By which parameter a service is told how long an answer may be in tokens, the newest first."""

    MAX_COMPLETION_TOKENS = "max_completion_tokens"
    MAX_TOKENS = "max_tokens"
    NONE = "none"

    @property
    def next(self) -> "LimitParameter | None":
        """The next older one."""
        return _after(self)


@dataclass(frozen=True)
class Repair:
    """An answer that did not hold, and why: it is shown to the model once."""

    answer: str
    complaint: str


@dataclass(frozen=True)
class TextRequest:
    """One request for structured text: `user` is the JSON text of the function's input model.

    `schema` takes the place of that of `answer`, where one is given.
    `most_tokens` bounds the answer, told by the parameter `limit`.
    """

    function: str
    model: str
    system: str
    user: str
    answer: type[BaseModel]
    dialect: SchemaDialect = SchemaDialect.FULL
    repair: Repair | None = None
    most_tokens: int | None = None
    limit: LimitParameter = LimitParameter.MAX_COMPLETION_TOKENS
    schema: dict[str, Any] | None = None


@dataclass(frozen=True)
class TextAnswer:
    """What came back: its text, why it ended (`stop` is a whole answer), whether the model refused, what it used.

    `usage` is nothing when the service did not count.
    """

    text: str
    finish_reason: str
    usage: Usage | None
    refusal: str | None = None


@dataclass(frozen=True)
class ImageAnswer:
    """An image's bytes as the provider made them (any format that Pillow reads), and what it used if it counted."""

    data: bytes
    usage: Usage | None = None


@dataclass(frozen=True)
class EmbeddingAnswer:
    """A row of numbers for each text, in the order of the texts, and what it used if it counted."""

    vectors: "NDArray[np.float32]"
    usage: Usage | None = None


class Provider(Protocol):
    """Who answers. One request per call: repeating is the engine's business."""

    @property
    def name(self) -> str:
        """`offline` or `openai`."""

    @property
    def host(self) -> str | None:
        """Where requests go; nothing when they are answered in this process."""

    def text_model(self, function: str) -> str:
        """Name of the model that answers a function."""

    @property
    def image_model(self) -> str:
        """Name of the model that draws."""

    @property
    def embedding_model(self) -> str | None:
        """Name of the model that turns texts into vectors; nothing when that is done in this process."""

    @property
    def note(self) -> str | None:
        """What a reader of its texts has to know, or nothing."""

    def check(self) -> None:
        """See whether the settings can work at all, without asking the service.

        Raises:
            Misconfigured: names the setting to mend.
        """

    async def text(self, request: TextRequest) -> TextAnswer:
        """Answer one request for text.

        Raises:
            ProviderError: one of its kinds below.
        """

    def text_size(self, request: TextRequest) -> int:
        """How many bytes of a request for text a model would read."""

    async def image(self, model: str, request: GenerateImagesInput) -> ImageAnswer:
        """Make one picture.

        Raises:
            ProviderError: one of its kinds below.
        """

    async def embed(self, model: str, texts: Sequence[str]) -> EmbeddingAnswer:
        """Turn texts into vectors.

        Raises:
            ProviderError: one of its kinds below.
        """

    async def close(self) -> None:
        """Give back connections."""


class ProviderError(Exception):
    """A provider did not answer as asked; the message is one line without secrets.

    `maybe_paid`: the request went out and what became of it is not known, so it may have cost something. `usage` is
    what it used, if an answer said so that came to nothing.
    """

    maybe_paid = False
    usage: Usage | None = None


class Transient(ProviderError):
    """Worth asking again later: busy, unreachable, a server's fault. `retry_after` is in seconds if it was told."""

    def __init__(self, message: str, *, retry_after: float | None = None, maybe_paid: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.maybe_paid = maybe_paid


class Busy(Transient):
    """The service takes no more for now: it is asked less, and the item waits for it."""


class Rejected(ProviderError):
    """Asking the same again is useless: the item was refused (content filter, a bad request for this item)."""


class SchemaRefused(Rejected):
    """The service does not take the form in which the answer was asked for; a less binding one may do."""


class LimitRefused(Rejected):
    """The service does not know the parameter by which the length of an answer is bounded; another one may do."""


class BadAnswer(ProviderError):
    """An answer came and was paid for, but it is cut off, not JSON, or breaks the schema."""


class UnreadableAnswer(BadAnswer):
    """Something came that is not in the form of the API, so that nothing says what it used."""

    maybe_paid = True


class Misconfigured(ProviderError):
    """No item can succeed until a person mends the set-up: wrong key, unknown model, no such address."""
