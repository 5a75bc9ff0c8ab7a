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

from pydantic import BaseModel, ValidationError
from sqlalchemy import func, insert, select, update

from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.prompt_files import load_prompt
from igny8_assets.ai.provider import (
    BadAnswer,
    Misconfigured,
    Provider,
    ProviderError,
    Rejected,
    TextRequest,
    Transient,
)
from igny8_assets.ai.schemas import GenerateImagesInput
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus

LONGEST_PAUSE_SECONDS = 60.0
IMAGE_PROMPT_VERSION = 1
"""Images have no prompt file: the prompt is the item's own."""


@dataclass(frozen=True)
class CallContext:
    """For whom a call is made; `work_key` names the piece of work (site, stage, item, attempt)."""

    site_id: int
    run_id: str
    launch: int
    stage: int
    work_key: str


@dataclass(frozen=True)
class Answer:
    """A validated answer, and where it came from."""

    value: Any
    model: str
    prompt_version: int
    finish_reason: str
    tokens_in: int
    tokens_out: int
    replayed: bool


@dataclass(frozen=True)
class _Question:
    """What identifies a call: the same question may be answered from the store."""

    function: str
    model: str
    prompt_version: int
    input_hash: str


@dataclass(frozen=True)
class _Reply:
    """What one request brought: the text that is stored, and what it cost."""

    response: str
    tokens_in: int
    tokens_out: int


class Engine:
    """Asks one provider on behalf of a run."""

    def __init__(self, provider: Provider, store: Store, settings: Settings) -> None:
        self.provider = provider
        self._store = store
        self._settings = settings

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
        """
        prompt = load_prompt(function)
        output = FUNCTIONS[function].output
        user = question.model_dump_json()
        model = self.provider.text_model
        identity = _Question(function, model, prompt.version, _hash(prompt.sha256, user))

        def read(response: str) -> tuple[BaseModel, str]:
            stored = json.loads(response)
            if stored["finish_reason"] != "stop":
                raise BadAnswer(f"the answer was cut off ({stored['finish_reason']})")
            try:
                value = output.model_validate_json(stored["text"])
            except ValidationError as error:
                first = error.errors(include_input=False, include_url=False)[0]
                place = ".".join(str(part) for part in first["loc"]) or "the whole"
                raise BadAnswer(f"the answer breaks the schema at {place}: {first['msg']}") from None
            if "\\u0000" in value.model_dump_json():
                raise BadAnswer("the answer holds characters that can't be stored")
            validate_answer(function, question, value)
            return value, stored["finish_reason"]

        async def send() -> _Reply:
            answer = await self.provider.text(TextRequest(function, model, prompt.system, user, output))
            stored = json.dumps({"text": answer.text, "finish_reason": answer.finish_reason}, ensure_ascii=False)
            return _Reply(stored, answer.tokens_in, answer.tokens_out)

        (value, finish_reason), reply, replayed = await self._call(context, identity, send, read)
        return Answer(value, model, prompt.version, finish_reason, reply.tokens_in, reply.tokens_out, replayed)

    async def draw(
        self, context: CallContext, question: GenerateImagesInput, keep: Callable[[bytes], dict[str, Any]]
    ) -> Answer:
        """Have a picture made.

        Args:
            keep: stores the picture's bytes and returns what is to be remembered of it, as plain JSON; it raises
                ProviderError when the bytes are no picture.

        Returns:
            An answer whose value is what `keep` returned.

        Raises:
            ProviderError: as `ask`.
        """
        model = self.provider.image_model
        user = question.model_dump_json()
        identity = _Question("generate_images", model, IMAGE_PROMPT_VERSION, _hash(user))

        async def send() -> _Reply:
            answer = await self.provider.image(model, question)
            facts = await asyncio.to_thread(keep, answer.data)
            return _Reply(json.dumps(facts), answer.tokens_in, answer.tokens_out)

        value, reply, replayed = await self._call(context, identity, send, json.loads)
        return Answer(value, model, IMAGE_PROMPT_VERSION, "stop", reply.tokens_in, reply.tokens_out, replayed)

    async def _call(
        self,
        context: CallContext,
        question: _Question,
        send: Callable[[], Awaitable[_Reply]],
        read: Callable[[str], Any],
    ) -> tuple[Any, _Reply, bool]:
        stored, tries = await asyncio.to_thread(self._stored, context, question)
        if stored is not None:
            call_id, reply = stored
            try:
                return read(reply.response), reply, True
            except BadAnswer as error:
                # A process was killed between storing this answer and noting that it is of no use.
                await self._failed(call_id, error)
        for attempt in range(1, self._settings.ai_attempts + 1):
            call_id = await self._store.write_soon(self._sent(context, question, tries + attempt))
            started = time.monotonic()
            try:
                reply = await send()
            except ProviderError as error:
                await self._failed(call_id, error, latency_ms=_milliseconds_since(started))
                if isinstance(error, Rejected | Misconfigured) or attempt == self._settings.ai_attempts:
                    raise
                await asyncio.sleep(self._pause(attempt, error))
                continue
            await self._answered(call_id, reply, started)
            try:
                return read(reply.response), reply, False
            except BadAnswer as error:
                await self._failed(call_id, error)
                if attempt == self._settings.ai_attempts:
                    raise
        raise BadAnswer("no attempt was allowed")

    def _stored(self, context: CallContext, question: _Question) -> tuple[tuple[int, _Reply] | None, int]:
        same = (
            AICall.work_key == context.work_key,
            AICall.function == question.function,
            AICall.input_hash == question.input_hash,
            AICall.model == question.model,
            AICall.prompt_version == question.prompt_version,
        )
        with self._store.read() as session:
            found = session.execute(
                select(AICall.id, AICall.response, AICall.tokens_in, AICall.tokens_out)
                .where(*same, AICall.status == CallStatus.ANSWERED)
                .order_by(AICall.id.desc())
                .limit(1)
            ).first()
            tries = session.scalar(select(func.count()).select_from(AICall).where(*same)) or 0
        if found is None:
            return None, tries
        return (found.id, _Reply(found.response, found.tokens_in, found.tokens_out)), tries

    def _sent(self, context: CallContext, question: _Question, try_number: int) -> Callable[[Any], int]:
        values = {
            "site_id": context.site_id,
            "run_id": context.run_id,
            "launch": context.launch,
            "stage": context.stage,
            "work_key": context.work_key,
            "function": question.function,
            "provider": self.provider.name,
            "model": question.model,
            "prompt_version": question.prompt_version,
            "input_hash": question.input_hash,
            "try_number": try_number,
        }

        def work(session: Any) -> int:
            return int(session.execute(insert(AICall).values(values).returning(AICall.id)).scalar_one())

        return work

    async def _answered(self, call_id: int, reply: _Reply, started: float) -> None:
        values = {
            "status": CallStatus.ANSWERED,
            "response": reply.response,
            "tokens_in": reply.tokens_in,
            "tokens_out": reply.tokens_out,
            "latency_ms": _milliseconds_since(started),
        }
        await self._store.write_soon(lambda session: session.execute(_update(call_id, values)))

    async def _failed(self, call_id: int, error: ProviderError, **values: int) -> None:
        failure = {"status": CallStatus.FAILED, "error": one_line(str(error), 1000), **values}
        await self._store.write_soon(lambda session: session.execute(_update(call_id, failure)))

    def _pause(self, attempt: int, error: ProviderError) -> float:
        """Seconds until the next attempt: what the service asked for, or doubling with jitter."""
        if isinstance(error, Transient) and error.retry_after is not None:
            return min(error.retry_after, LONGEST_PAUSE_SECONDS)
        doubled = self._settings.ai_retry_seconds * 2 ** (attempt - 1)
        jittered: float = min(doubled, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311
        return jittered


def one_line(text: str, longest: int) -> str:
    """A text from outside as one line that every database takes, cut to `longest` characters."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable()).strip()[:longest]


def mark_unanswered(session: Any, run_id: str) -> int:
    """Mark a run's calls that were sent and never answered as unknown: their items are asked again.

    Returns:
        How many there were.
    """
    marked = session.execute(
        update(AICall)
        .where(AICall.run_id == run_id, AICall.status == CallStatus.SENT)
        .values(status=CallStatus.UNKNOWN)
    )
    return int(marked.rowcount)


def _update(call_id: int, values: dict[str, Any]) -> Any:
    return update(AICall).where(AICall.id == call_id).values(values)


def _hash(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
