"""What the engine asks of a provider, and the ways in which a provider may fail."""

from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel

from igny8_assets.ai.schemas import GenerateImagesInput


@dataclass(frozen=True)
class TextRequest:
    """One request for structured text: `user` is the JSON text of the function's input model."""

    function: str
    model: str
    system: str
    user: str
    answer: type[BaseModel]


@dataclass(frozen=True)
class TextAnswer:
    """What came back: the answer's JSON text, why it ended (`stop` is a whole answer), and tokens used."""

    text: str
    finish_reason: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class ImageAnswer:
    """An image's bytes as the provider made them (any format that Pillow reads), and tokens used if it counts them."""

    data: bytes
    tokens_in: int = 0
    tokens_out: int = 0


class Provider(Protocol):
    """Who answers. One request per call: repeating is the engine's business."""

    @property
    def name(self) -> str:
        """`offline` or `openai`."""

    @property
    def text_model(self) -> str:
        """Name of the model that writes."""

    @property
    def image_model(self) -> str:
        """Name of the model that draws."""

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

    async def image(self, model: str, request: GenerateImagesInput) -> ImageAnswer:
        """Make one picture.

        Raises:
            ProviderError: one of its kinds below.
        """

    async def close(self) -> None:
        """Give back connections."""


class ProviderError(Exception):
    """A provider did not answer as asked; the message is one line without secrets."""


class Transient(ProviderError):
    """Worth asking again later: busy, unreachable, a server's fault. `retry_after` is in seconds if it was told."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Rejected(ProviderError):
    """Asking the same again is useless: the item was refused (content filter, a bad request for this item)."""


class BadAnswer(ProviderError):
    """An answer came and was paid for, but it is cut off, not JSON, or breaks the schema."""


class Misconfigured(ProviderError):
    """No item can succeed until a person mends the set-up: wrong key, unknown model, no such address."""
