"""Answers from any service that speaks the OpenAI API."""

import asyncio
import json
import re
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from igny8_assets.ai.openai_requests import chat_body, image_options
from igny8_assets.ai.prices import Usage
from igny8_assets.ai.provider import (
    BadAnswer,
    EmbeddingAnswer,
    ImageAnswer,
    Misconfigured,
    ProviderError,
    TextAnswer,
    TextRequest,
    Transient,
)
from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.settings import Settings

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response
    from openai import AsyncOpenAI

    from igny8_assets.ai.openai_answers import Picture
    from igny8_assets.ai.openai_failures import Service

Result = TypeVar("Result")

MOST_IMAGE_BYTES = 30_000_000

# Local servers need no key, but the client insists on sending one.
NO_KEY = "no-key-needed"
OPENAI_HOST = "api.openai.com"


@dataclass(frozen=True)
class Connections:
    """What talks to the service in one event loop; `http` is the client's own, for pictures that come as addresses."""

    client: "AsyncOpenAI"
    http: "AsyncClient"


class OpenAIProvider:
    """Texts by chat completions, pictures by the images API, vectors by the embeddings API, as the settings say."""

    name = "openai"
    note: str | None = None

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._key = settings.openai_api_key.get_secret_value().strip() if settings.openai_api_key else ""
        # Connections belong to the event loop that opened them.
        self._open: dict[asyncio.AbstractEventLoop, Connections] = {}

    @property
    def host(self) -> str | None:
        """Where requests go."""
        return urlsplit(self._settings.openai_base_url).netloc

    def text_model(self, function: str) -> str:
        """Name of the model that answers a function."""
        return self._settings.text_models.get(function, self._settings.text_model)

    @property
    def image_model(self) -> str:
        """Name of the model that draws."""
        return self._settings.image_model

    @property
    def embedding_model(self) -> str | None:
        """Name of the model that turns texts into vectors, if one is set."""
        return self._settings.embedding_model or None

    def check(self) -> None:
        """See whether address and key can be used at all.

        Raises:
            Misconfigured: names the setting to mend.
        """
        from igny8_assets.ai.functions import FUNCTIONS

        self._service(self._settings.text_model, "IGNY8_TEXT_MODEL")
        if unknown := set(self._settings.text_models) - set(FUNCTIONS):
            raise Misconfigured(
                f"IGNY8_TEXT_MODELS names {min(unknown)!r}, which is no function; choose from {', '.join(FUNCTIONS)}"
            )

    async def text(self, request: TextRequest) -> TextAnswer:
        """Answer one request for text.

        Raises:
            ProviderError: one of its kinds.
        """
        from igny8_assets.ai.openai_answers import Completion, read_answer, text_answer

        service = self._service(request.model, "IGNY8_TEXT_MODEL")
        response = await self._told(service, self._send(request))
        return text_answer(read_answer(response, Completion, service))

    def text_body(self, request: TextRequest) -> dict[str, Any]:
        """The body of the request that `text` sends."""
        return chat_body(request, self._settings)

    def text_size(self, request: TextRequest) -> int:
        """How many bytes its messages and the schema of its answer have."""
        body = self.text_body(request)
        read = [body["messages"], body.get("response_format")]
        return len(json.dumps(read, ensure_ascii=False).encode())

    async def image(self, model: str, request: GenerateImagesInput) -> ImageAnswer:
        """Make one picture.

        Raises:
            ProviderError: one of its kinds.
        """
        service = self._service(model, "IGNY8_IMAGE_MODEL")
        return await self._told(service, self._draw(service, request))

    async def embed(self, model: str, texts: Sequence[str]) -> EmbeddingAnswer:
        """Turn texts into vectors.

        Raises:
            ProviderError: one of its kinds.
        """
        from igny8_assets.ai.openai_answers import Embeddings, embedding_answer, read_answer

        service = self._service(model, "IGNY8_EMBEDDING_MODEL")
        response = await self._told(service, self._embed(model, texts))
        return embedding_answer(read_answer(response, Embeddings, service), len(texts))

    async def close(self) -> None:
        """Give back the connections of this event loop; those of a loop that ended are gone with it."""
        connections = self._open.pop(asyncio.get_running_loop(), None)
        if connections is not None:
            await connections.client.close()

    def __repr__(self) -> str:
        return f"OpenAIProvider(text_model={self._settings.text_model!r}, image_model={self.image_model!r})"

    def _service(self, model: str, model_setting: str) -> "Service":
        """The service as messages may name it; refuses an address or a key that can't be sent.

        Raises:
            Misconfigured: names the setting to mend.
        """
        from igny8_assets.ai.openai_failures import Service

        try:
            address = urlsplit(self._settings.openai_base_url)
            # Reading the port checks it.
            usable = address.scheme in {"http", "https"} and address.hostname and address.port != 0
        except ValueError:
            usable = False
        if not usable or re.search(r"\s", address.netloc):
            raise Misconfigured("the address of the service is not valid; set IGNY8_OPENAI_BASE_URL to http(s)://…")
        if address.username or address.password:
            # The HTTP client writes addresses into its log.
            raise Misconfigured(
                "take user name and password out of IGNY8_OPENAI_BASE_URL; a key has IGNY8_OPENAI_API_KEY"
            )
        if not re.fullmatch(r"[!-~]*", self._key):
            raise Misconfigured("the key holds characters that no key has; set IGNY8_OPENAI_API_KEY anew")
        if not self._key and address.hostname == OPENAI_HOST:
            raise Misconfigured(f"{OPENAI_HOST} needs a key; set IGNY8_OPENAI_API_KEY")
        return Service(str(address.hostname), model, model_setting, self._key)

    def _connections(self) -> Connections:
        """The connections of this event loop, opened at the first request."""
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        loop = asyncio.get_running_loop()
        if loop not in self._open:
            for ended in [known for known in [*self._open] if known.is_closed()]:
                self._open.pop(ended, None)
            http = DefaultAsyncHttpxClient(timeout=self._settings.ai_timeout_seconds)
            client = AsyncOpenAI(
                api_key=self._key or NO_KEY,
                base_url=self._settings.openai_base_url,
                timeout=self._settings.ai_timeout_seconds,
                max_retries=0,
                http_client=http,
            )
            self._open[loop] = Connections(client, http)
        return self._open[loop]

    async def _told(self, service: "Service", asking: Coroutine[Any, Any, Result]) -> Result:
        """Bound the time of a request, and tell what goes wrong in it as a provider's failure."""
        from igny8_assets.ai.openai_failures import provider_error

        try:
            # Loading the client takes a second once, which is not the service's.
            self._connections()
            async with asyncio.timeout(self._settings.ai_timeout_seconds):
                return await asking
        except ProviderError:
            raise
        except Exception as error:
            failure = provider_error(error, service)
        finally:
            asking.close()
        # Raised out here because the client's own error holds the request, and with it the key.
        raise failure

    async def _send(self, request: TextRequest) -> "Response":
        """Send one request for text."""
        raw = await self._connections().client.chat.completions.with_raw_response.create(**self.text_body(request))
        response: Response = raw.http_response
        return response

    async def _embed(self, model: str, texts: Sequence[str]) -> "Response":
        """Send one request for vectors."""
        embeddings = self._connections().client.embeddings.with_raw_response
        raw = await embeddings.create(model=model, input=list(texts), encoding_format="float")
        response: Response = raw.http_response
        return response

    async def _draw(self, service: "Service", request: GenerateImagesInput) -> ImageAnswer:
        """Ask for one picture and fetch it."""
        from igny8_assets.ai.openai_answers import Pictures, read_answer

        options = image_options(service.model, request.size, request.quality)
        images = self._connections().client.images.with_raw_response
        raw = await images.generate(model=service.model, prompt=request.prompt, n=1, extra_body=options)
        pictures = read_answer(raw.http_response, Pictures, service)
        made = len(pictures.data or ())
        counted = pictures.usage.usage if pictures.usage is not None else None
        usage = replace(counted, images=made) if counted is not None else Usage(images=made, counted=False)
        try:
            if not pictures.data:
                raise BadAnswer("the answer holds no picture")
            return ImageAnswer(await self._bytes_of(pictures.data[0]), usage)
        except ProviderError as error:
            # A picture was made, and is paid for, whatever became of it.
            error.usage = usage
            raise

    async def _bytes_of(self, picture: "Picture") -> bytes:
        """The picture itself, decoded or fetched, at most `MOST_IMAGE_BYTES` long.

        Raises:
            BadAnswer: there is none, it is too large, or its address is gone.
        """
        if picture.b64_json:
            if len(picture.b64_json) * 3 // 4 > MOST_IMAGE_BYTES:
                raise BadAnswer(f"the picture is larger than {MOST_IMAGE_BYTES // 1_000_000} MB")
            from pybase64 import b64decode

            try:
                return b64decode(picture.b64_json, validate=True)
            except ValueError:
                raise BadAnswer("the picture is not valid base64") from None
        if not picture.url:
            raise BadAnswer("the answer holds no picture")
        return await self._download(picture.url)

    async def _download(self, url: str) -> bytes:
        """Fetch a picture, without the key: its address is a storage's, not the service's."""
        from httpx2 import InvalidURL, UnsupportedProtocol

        data = bytearray()
        try:
            async with self._connections().http.stream("GET", url) as response:
                if response.status_code >= 500:
                    raise Transient(f"the picture's address answered {response.status_code}")
                if response.status_code != 200:
                    raise BadAnswer(f"the picture's address answered {response.status_code}")
                async for part in response.aiter_bytes():
                    data += part
                    if len(data) > MOST_IMAGE_BYTES:
                        raise BadAnswer(f"the picture is larger than {MOST_IMAGE_BYTES // 1_000_000} MB")
        except (InvalidURL, UnsupportedProtocol):
            raise BadAnswer("the picture's address is not valid") from None
        if not data:
            raise BadAnswer("the picture is empty")
        return bytes(data)
