"""A run's piece of work with an engine that asks the test server."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import select

from igny8_assets.ai.calls import CallContext
from igny8_assets.ai.engine import Answer, Engine
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, AutomationRun, Launcher, RunStatus, Site, Trigger
from igny8_assets_tests.ai.openai_server import OpenAIServer
from igny8_assets_tests.ai.samples import INPUTS, PICTURE, settings_for
from igny8_assets_tests.factories import make_site

Result = TypeVar("Result")
QUESTION = INPUTS["auto_cluster"]
ATTEMPTS = 3


@dataclass(frozen=True)
class Asking:
    """A run's piece of work with an engine that asks the test server."""

    store: Store
    server: OpenAIServer
    context: CallContext

    def ask(
        self, question: BaseModel = QUESTION, *, function: str = "auto_cluster", work: str = "", **settings: Any
    ) -> Answer:
        context = replace(self.context, work_key=work or self.context.work_key)
        return self.told(lambda engine: engine.ask(context, function, question), **settings)

    def draw(self, keep: Callable[[bytes], dict[str, Any]], **settings: Any) -> Answer:
        async def kept(data: bytes) -> dict[str, Any]:
            return keep(data)

        return self.told(lambda engine: engine.draw(self.context, PICTURE, kept), **settings)

    def told(self, asking: Callable[[Engine], Awaitable[Result]], **values: Any) -> Result:
        quick = {"ai_attempts": ATTEMPTS, "ai_retry_seconds": 0.01, "ai_timeout_seconds": 20.0}
        settings = settings_for(self.server.base_url).model_copy(update={**quick, **values})

        async def answered() -> Result:
            provider = OpenAIProvider(settings)
            try:
                return await asking(Engine(provider, self.store, settings))
            finally:
                await provider.close()

        return asyncio.run(answered())

    def calls(self) -> list[AICall]:
        with self.store.read() as session:
            return list(session.scalars(select(AICall).order_by(AICall.id)))

    def statuses(self) -> list[str]:
        return [call.status.value for call in self.calls()]


def make_asking(store: Store, server: OpenAIServer, *, site: Site | None = None, run_id: str = "0" * 36) -> Asking:
    """A running run of a site, of a new one unless told which."""
    with store.write() as session:
        site = site or make_site(session)
        run = AutomationRun(
            id=run_id,
            site_id=site.id,
            account_id=site.account_id,
            trigger=Trigger.MANUAL,
            launcher=Launcher.PROCESS,
            status=RunStatus.RUNNING,
        )
        session.add(run)
        return Asking(store, server, CallContext(site.id, run.id, 1, 1, f"{site.slug}:1:k1:1"))
