"""Doing what a POST asks for once, however often it is sent with the same Idempotency-Key."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from igny8_assets.errors import UserError
from igny8_assets.store.database import Store
from igny8_assets.store.models import KeptAnswer
from igny8_assets.web.callers import Caller

REPLAYED = {"Idempotent-Replayed": "true"}


@dataclass(frozen=True)
class Once:
    """A request that changes something, and the key under which it may be repeated."""

    store: Store
    caller: Caller
    key: str | None
    digest: str

    def do(self, work: Callable[[Session], BaseModel], *, status: int = 200) -> JSONResponse:
        """Do the work in one transaction that also keeps its answer, or give the answer that was kept.

        A refusal is not kept: nothing was done, so a repetition may succeed.

        Raises:
            UserError: 422, the key was used for another request; or what `work` raises.
        """
        if self.key is None:
            with self.store.write() as session:
                answer = work(session).model_dump(mode="json")
            return JSONResponse(answer, status)
        while True:
            try:
                return self._kept_or_done(self.key, work, status)
            except IntegrityError:
                # The same request was on its way in this moment and is over now; anything else comes again.
                with self.store.read() as session:
                    if session.get(KeptAnswer, (self.caller.key_id, self.key)) is None:
                        raise

    def _kept_or_done(self, key: str, work: Callable[[Session], BaseModel], status: int) -> JSONResponse:
        with self.store.write() as session:
            kept = session.get(KeptAnswer, (self.caller.key_id, key))
            if kept is not None:
                return self._again(kept)
            row = KeptAnswer(
                api_key_id=self.caller.key_id, idempotency_key=key, request_sha256=self.digest, status=status, body=None
            )
            session.add(row)
            # Whoever sends the same at once waits here until this transaction is over.
            session.flush()
            row.body = work(session).model_dump(mode="json")
            return JSONResponse(row.body, status)

    def _again(self, kept: KeptAnswer) -> JSONResponse:
        if kept.request_sha256 != self.digest:
            raise UserError(
                "this Idempotency-Key was used for another request; give each request one of its own",
                code="idempotency_key_reused",
                status=422,
            )
        return JSONResponse(kept.body, kept.status, REPLAYED)


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key does the same request once, however often it is sent within a week.",
    ),
]


async def _once(request: Request, idempotency_key: IdempotencyKey = None) -> Once:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return Once(request.app.state.store, request.state.caller, idempotency_key, digest.hexdigest())


DoingOnce = Annotated[Once, Depends(_once)]
