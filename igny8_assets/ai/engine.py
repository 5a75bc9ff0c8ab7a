"""The one way to ask a provider for texts, pictures and vectors; `attempts.py` has what is the same for all three."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from igny8_assets.ai import vectors
from igny8_assets.ai.attempts import Asked, Attempts
from igny8_assets.ai.bound_schema import bound_schema
from igny8_assets.ai.calls import CallContext, Calls, Expectation, Question, Reply
from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.prices import Usage, load_prices
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.ai.provider import (
    Misconfigured,
    Provider,
    ProviderError,
    TextRequest,
)
from igny8_assets.ai.reading import read_text, stored_text
from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Result = TypeVar("Result")
IMAGE_PROMPT_VERSION = 1
"""Images have no prompt file: the prompt is the item's own."""
EMBED = "embed_keywords"
EMBEDDING_VERSION = 1
"""Texts to be turned into vectors go out as they are."""
TEXTS_AT_ONCE = 256
"""Texts in one request for vectors: 256 keywords are at most 17,000 tokens; services take 2,048 texts or less."""
BYTES_PER_TOKEN = 3
"""Tokens of what is sent, as counted before: generous for every script."""
TOKENS_AROUND_A_TEXT = 3
"""Models mark where a text begins and ends."""
PICTURE_TOKENS = {"standard": 3_000, "high": 12_000}
"""Tokens that a picture may take, where models count them: well over the largest in the list of OpenAI's models."""


@dataclass(frozen=True)
class Answer:
    """A validated answer, and where it came from."""

    value: Any
    model: str
    prompt_version: int
    finish_reason: str
    replayed: bool


class Engine:
    """Asks one provider on behalf of a run."""

    def __init__(self, provider: Provider, store: Store, settings: Settings, prompts: Prompts | None = None) -> None:
        self.provider = provider
        self._prompts = prompts or Prompts()
        self._settings, self._store = settings, store
        self._calls = Calls(provider, store, settings, load_prices(settings.prices))
        self._attempts = Attempts(self._calls, settings)

    def stop(self) -> None:
        """The run is to stop: nothing waits any longer."""
        self._attempts.stop()

    async def ask(self, context: CallContext, function: str, question: BaseModel) -> Answer:
        """Have a text function answered.

        Args:
            function: a name in FUNCTIONS.
            question: its input model.

        Returns:
            An answer whose value is the function's output model and is about what was asked.

        Raises:
            Transient, BadAnswer: no usable answer came after all attempts.
            Rejected: the provider refuses this item.
            Misconfigured: no item can succeed.
            BudgetReached: a cap of the day leaves no room for the request.
            Stopped: the run is to stop, and the request would have had to wait.
        """
        prompt = self._prompts.load(function)
        known = FUNCTIONS[function]
        user = question.model_dump_json()
        model = self.provider.text_model(function)
        identity = Question(function, model, prompt.version, _hash(prompt.sha256, user))

        def request(asked: Asked) -> TextRequest:
            most = self._settings.text_max_tokens or (known.most_tokens if asked.bounded else None)
            return TextRequest(
                function,
                model,
                prompt.system,
                user,
                known.output,
                asked.dialect,
                asked.repair,
                most,
                asked.limit,
                bound_schema(question, known.output) if asked.repaired else None,
            )

        def expect(asked: Asked) -> Expectation:
            told = request(asked)
            size = self.provider.text_size(told)
            # No token is shorter than a byte.
            longest = told.most_tokens or known.most_tokens
            return Expectation(Usage(size // BYTES_PER_TOKEN, min(longest, known.most_tokens)), Usage(size, longest))

        async def send(asked: Asked) -> Reply:
            answer = await self.provider.text(request(asked))
            return Reply(stored_text(answer, mended=asked.repaired), answer.usage)

        def read(response: str) -> tuple[BaseModel, str]:
            return read_text(function, question, response), json.loads(response)["finish_reason"]

        (value, finish_reason), replayed = await self._attempts.answer(
            context, identity, expect=expect, send=send, read=read
        )
        return Answer(value, model, prompt.version, finish_reason, replayed)

    async def draw(
        self,
        context: CallContext,
        question: GenerateImagesInput,
        keep: Callable[[bytes], Awaitable[dict[str, Any]]],
    ) -> Answer:
        """Have a picture made.

        Args:
            keep: stores the picture's bytes and returns what is to be remembered of it, as plain JSON; it raises
                ProviderError when the bytes are no picture.

        Returns:
            An answer whose value is what `keep` returned.

        Raises:
            ProviderError, BudgetReached, Stopped: as `ask`.
        """
        model = self.provider.image_model
        user = question.model_dump_json()
        size = len(question.prompt.encode())
        of_picture = Usage(0, PICTURE_TOKENS.get(question.quality, 0), images=1)
        about = replace(of_picture, tokens_in=size // BYTES_PER_TOKEN)
        expected = Expectation(about, replace(of_picture, tokens_in=size))
        picture = f"{question.quality} {question.size}"
        identity = Question("generate_images", model, IMAGE_PROMPT_VERSION, _hash(user), picture)

        async def send(_: Asked) -> Reply:
            answer = await self.provider.image(model, question)
            try:
                return Reply(json.dumps(await keep(answer.data)), answer.usage)
            except ProviderError as error:
                error.usage = answer.usage
                raise

        value, replayed = await self._attempts.answer(
            context, identity, expect=lambda _: expected, send=send, read=json.loads
        )
        return Answer(value, model, IMAGE_PROMPT_VERSION, "stop", replayed)

    async def embed(self, context: CallContext, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Have texts turned into vectors; those that the store has already are not asked about.

        Returns:
            A row of length 1 for each text.

        Raises:
            ProviderError, BudgetReached, Stopped: as `ask`.
        """
        model = self.provider.embedding_model
        if model is None:
            raise Misconfigured("no embedding model is set; IGNY8_EMBEDDING_MODEL names one")
        service = self._calls.service(model)
        missing = await self._read(lambda session: vectors.unknown_of(session, service, texts))
        parts = [missing[start : start + TEXTS_AT_ONCE] for start in range(0, len(missing), TEXTS_AT_ONCE)]
        await all_of(self._embed(context, model, part) for part in parts)
        try:
            return await self._read(lambda session: vectors.vectors_of(session, service, texts))
        except ValueError:
            raise Misconfigured(
                f"{model} gives vectors of another length than before; set IGNY8_EMBEDDING_MODEL to another name of it"
            ) from None

    async def _embed(self, context: CallContext, model: str, texts: list[str]) -> None:
        size = sum(len(text.encode()) + TOKENS_AROUND_A_TEXT for text in texts)
        expected = Expectation(Usage(size // BYTES_PER_TOKEN), Usage(size))
        identity = Question(EMBED, model, EMBEDDING_VERSION, _hash(*texts))

        async def send(_: Asked) -> Reply:
            answer = await self.provider.embed(model, texts)
            kept = json.dumps({"texts": len(texts), "dimensions": answer.vectors.shape[1]})
            service = self._calls.service(model)
            return Reply(kept, answer.usage, lambda session: vectors.keep(session, service, texts, answer.vectors))

        await self._attempts.answer(context, identity, expect=lambda _: expected, send=send, read=json.loads)

    async def _read(self, work: Callable[[Session], Result]) -> Result:
        def reading() -> Result:
            with self._store.read() as session:
                return work(session)

        return await asyncio.to_thread(reading)


async def all_of(asking: Iterable[Awaitable[Result]]) -> list[Result]:
    """All answers; a failure is told once none is under way, so that no answer that was paid for is lost."""
    answers: list[Result] = []
    for result in await asyncio.gather(*asking, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
        answers.append(result)
    return answers


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
