"""The one way to ask a provider: every request is a stored row before it is sent, every answer before it is used.

The same question in the same piece of work is answered from the store and never asked, or paid, again.
"""

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from igny8_assets.ai.calls import CallContext, Calls, Question, Reply, Sent
from igny8_assets.ai.functions import FUNCTIONS
from igny8_assets.ai.pace import Wait
from igny8_assets.ai.prices import Usage, load_prices
from igny8_assets.ai.prompt_files import Prompts
from igny8_assets.ai.provider import (
    BadAnswer,
    Busy,
    Misconfigured,
    Provider,
    ProviderError,
    Rejected,
    Repair,
    SchemaDialect,
    SchemaRefused,
    TextRequest,
    Transient,
)
from igny8_assets.ai.reading import Unfit, read_text, stored_text, text_of
from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store

LONGEST_PAUSE_SECONDS = 60.0
IMAGE_PROMPT_VERSION = 1
"""Images have no prompt file: the prompt is the item's own."""
BYTES_PER_TOKEN = 3
"""Tokens of what is sent, as counted before: generous for every script."""
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


@dataclass
class _Asked:
    """How a question is put at the next attempt."""

    dialect: SchemaDialect
    repair: Repair | None = None
    repaired: bool = False


class Engine:
    """Asks one provider on behalf of a run."""

    def __init__(self, provider: Provider, store: Store, settings: Settings, prompts: Prompts | None = None) -> None:
        self.provider = provider
        self._prompts = prompts or Prompts()
        self._settings = settings
        self._calls = Calls(provider, store, settings, load_prices(settings.prices))
        # Waiting here is cheaper than waiting in the database for a place that this very process holds.
        self._places = asyncio.Semaphore(settings.ai_concurrency)
        self._dialects: dict[str, SchemaDialect] = {}

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
        """
        prompt = self._prompts.load(function)
        known = FUNCTIONS[function]
        user = question.model_dump_json()
        model = self.provider.text_model(function)
        sent_tokens = len((prompt.system + user).encode()) // BYTES_PER_TOKEN
        expected = Usage(sent_tokens, self._settings.text_max_tokens or known.most_tokens)
        identity = Question(function, model, prompt.version, _hash(prompt.sha256, user), expected)

        async def send(asked: _Asked) -> Reply:
            request = TextRequest(function, model, prompt.system, user, known.output, asked.dialect, asked.repair)
            answer = await self.provider.text(request)
            return Reply(stored_text(answer), answer.usage)

        def read(response: str) -> tuple[BaseModel, str]:
            return read_text(function, question, response), json.loads(response)["finish_reason"]

        (value, finish_reason), replayed = await self._call(context, identity, send, read)
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
            ProviderError, BudgetReached: as `ask`.
        """
        model = self.provider.image_model
        user = question.model_dump_json()
        sent_tokens = len(question.prompt.encode()) // BYTES_PER_TOKEN
        expected = Usage(sent_tokens, PICTURE_TOKENS.get(question.quality, 0), images=1)
        picture = f"{question.quality} {question.size}"
        identity = Question("generate_images", model, IMAGE_PROMPT_VERSION, _hash(user), expected, picture)

        async def send(_: _Asked) -> Reply:
            answer = await self.provider.image(model, question)
            try:
                return Reply(json.dumps(await keep(answer.data)), answer.usage)
            except ProviderError as error:
                error.usage = answer.usage
                raise

        value, replayed = await self._call(context, identity, send, json.loads)
        return Answer(value, model, IMAGE_PROMPT_VERSION, "stop", replayed)

    async def _call(
        self,
        context: CallContext,
        question: Question,
        send: Callable[[_Asked], Awaitable[Reply]],
        read: Callable[[str], Any],
    ) -> tuple[Any, bool]:
        past = await asyncio.to_thread(self._calls.past, context, question)
        if past.answered is not None:
            call_id, reply = past.answered
            try:
                return read(reply.response), True
            except (BadAnswer, Rejected) as error:
                # A process was killed between storing this answer and noting that it is of no use.
                await self._calls.refused(call_id, error)
        asked = _Asked(self._dialect(question.model, past.dialect))
        tries, attempt, patience = past.tries, 0, time.monotonic() + self._settings.ai_busy_seconds
        while True:
            tries += 1
            try:
                async with self._places:
                    sent = await self._turn(context, question, tries)
                    reply = await self._sent(sent, question, send, asked)
            except SchemaRefused as error:
                await self._less_binding(question.model, asked, error)
                continue
            except (Rejected, Misconfigured):
                raise
            except Busy as error:
                pause = self._pause(1, error)
                if time.monotonic() + pause > patience:
                    raise
                await asyncio.sleep(pause)
                continue
            except ProviderError as error:
                attempt += 1
                if attempt >= self._settings.ai_attempts:
                    raise
                await asyncio.sleep(self._pause(attempt, error))
                continue
            try:
                return read(reply.response), False
            except (BadAnswer, Rejected) as error:
                await self._calls.refused(sent.id, error)
                attempt += 1
                if isinstance(error, Rejected) or attempt >= self._settings.ai_attempts:
                    raise
                asked.repair = None
                if isinstance(error, Unfit) and not asked.repaired:
                    asked.repair, asked.repaired = Repair(text_of(reply.response), str(error)), True

    async def _turn(self, context: CallContext, question: Question, tries: int) -> Sent:
        """Store the request as sent, once the service's pace allows it."""
        while isinstance(got := await self._calls.send(context, question, tries), Wait):
            await asyncio.sleep(got.seconds * random.uniform(1.0, 1.2))  # noqa: S311 - so that not all come at once
        return got

    async def _sent(
        self, sent: Sent, question: Question, send: Callable[[_Asked], Awaitable[Reply]], asked: _Asked
    ) -> Reply:
        """Send a request, and store what became of it."""
        started = time.monotonic()
        try:
            reply = await send(asked)
        except ProviderError as error:
            await self._calls.failed(sent, question, error, _milliseconds_since(started))
            raise
        await self._calls.answered(sent, question, reply, _milliseconds_since(started))
        return reply

    def _dialect(self, model: str, remembered: SchemaDialect | None) -> SchemaDialect:
        if self._settings.schema_dialect != "auto":
            return SchemaDialect(self._settings.schema_dialect)
        return self._dialects.get(model) or remembered or SchemaDialect.FULL

    async def _less_binding(self, model: str, asked: _Asked, error: SchemaRefused) -> None:
        """Ask in a less binding form from now on.

        Raises:
            Misconfigured: there is none, or the settings fix the form.
        """
        following = asked.dialect.next
        if self._settings.schema_dialect != "auto":
            raise Misconfigured(f"{error}, or set IGNY8_SCHEMA_DIALECT to auto") from error
        # An item in flight beside this one may have stepped down already.
        present = self._dialects.get(model, asked.dialect)
        if present != asked.dialect:
            asked.dialect = present
            return
        if following is None:
            raise Misconfigured(str(error)) from error
        asked.dialect = self._dialects[model] = following
        await self._calls.learn_dialect(model, following)

    def _pause(self, attempt: int, error: ProviderError) -> float:
        """Seconds until the next attempt: what the service asked for, or doubling with jitter."""
        if isinstance(error, Transient) and error.retry_after is not None:
            return min(error.retry_after, LONGEST_PAUSE_SECONDS)
        doubled = self._settings.ai_retry_seconds * 2 ** (attempt - 1)
        jittered: float = min(doubled, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311
        return jittered


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
