"""Before any operation of the API: who asks, and whether they ask too often."""

import time
from functools import partial

from fastapi import FastAPI
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from igny8_assets.web.callers import Caller, caller_of
from igny8_assets.web.problems import API, problem

OPEN = frozenset({"/api/v1/openapi.json"})
"""What needs no key."""


class RateLimit:
    """How often each caller may ask, in a window that slides; counted in this process."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait(self, who: str) -> int:
        """Count a request; the seconds to wait when it is one too many, or 0."""
        if self._limiter.hit(self._item, who):
            return 0
        return max(1, round(self._limiter.get_window_stats(self._item, who).reset_time - time.time()))


class Authentication:
    """Lets requests to the API in that show a valid key in `Authorization: Bearer`, and not too many of them."""

    def __init__(self, app: ASGIApp, *, outer: FastAPI) -> None:
        self.app = app
        self.state = outer.state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its caller, or answer 401 or 429."""
        if scope["type"] != "http" or not scope["path"].startswith(API) or scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        scheme, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
        caller = await self._caller(secret.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            answer = problem(
                401,
                "unauthorized",
                "show a valid key, as `Authorization: Bearer igny8_…`",
                headers={"WWW-Authenticate": "Bearer"},
            )
            await answer(scope, receive, send)
            return
        wait = self.state.rate_limit.wait(f"key {caller.key_id}") if caller.is_limited else 0
        if wait:
            detail = f"this key has asked too often; wait {wait} seconds"
            answer = problem(429, "too_many_requests", detail, headers={"Retry-After": str(wait)})
            await answer(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self.app(scope, receive, send)

    async def _caller(self, secret: str) -> Caller | None:
        found: Caller | None = await self.state.readings.read(("caller", secret), partial(self._find, secret))
        return found

    def _find(self, secret: str) -> Caller | None:
        with self.state.store.read() as session:
            return caller_of(session, secret)
