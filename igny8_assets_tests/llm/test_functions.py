"""Every text function asked of a real model by the real engine, in every form that an answer may be asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pytest
from pydantic import BaseModel
from sqlalchemy import select

from igny8_assets.ai.calls import CallContext
from igny8_assets.ai.engine import Answer, Engine
from igny8_assets.ai.functions import FUNCTIONS, validate_answer
from igny8_assets.ai.openai_provider import OpenAIProvider
from igny8_assets.ai.pace import Learned, learned_of
from igny8_assets.ai.provider import BadAnswer, ProviderError, SchemaDialect
from igny8_assets.ai.schemas import AutoClusterInput, GroupToName
from igny8_assets.settings import Settings
from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, AutomationRun, CallStatus, Launcher, RunStatus, Trigger
from igny8_assets_tests.ai.samples import INPUTS, KEYWORDS
from igny8_assets_tests.factories import make_site
from igny8_assets_tests.llm.conftest import ServedModel
from igny8_assets_tests.servers.databases import fresh_database

pytestmark = pytest.mark.llm

Result = TypeVar("Result")
MOST_TOKENS = 160
CUT_OFF = "the answer was cut off at the longest that the model may give; IGNY8_TEXT_MAX_TOKENS sets it"
EASY = AutoClusterInput(language="en", groups=[GroupToName(id=1, keywords=KEYWORDS[:2])])


@dataclass(frozen=True)
class Asking:
    """A piece of work of a run, asked of the model."""

    store: Store
    model: ServedModel
    context: CallContext

    def ask(self, questions: Sequence[tuple[str, BaseModel]], **settings: Any) -> list[Answer | BaseException]:
        """Ask all at once; an answer that does not come is told as its error."""

        def asked(engine: Engine) -> Awaitable[list[Answer | BaseException]]:
            asking = (engine.ask(self.context, function, question) for function, question in questions)
            return asyncio.gather(*asking, return_exceptions=True)

        return self.told(asked, **settings)

    def told(self, asked: Callable[[Engine], Awaitable[Result]], **settings: Any) -> Result:
        """What comes of asking an engine with these settings."""
        values = {"text_max_tokens": MOST_TOKENS, "ai_attempts": 1, "ai_concurrency": 4, "ai_retry_seconds": 0.01}
        # Two busy cores may take that long.
        values["ai_timeout_seconds"] = 300.0
        chosen = Settings(
            _env_file=None,
            provider="openai",
            openai_base_url=self.model.base_url,
            text_model=self.model.settings["IGNY8_TEXT_MODEL"],
        ).model_copy(update=values | settings)

        async def answered() -> Result:
            provider = OpenAIProvider(chosen)
            try:
                return await asked(Engine(provider, self.store, chosen))
            finally:
                await provider.close()

        return asyncio.run(answered())

    def calls(self) -> Sequence[AICall]:
        with self.store.read() as session:
            return session.scalars(select(AICall).order_by(AICall.id)).all()


def make_asking(store: Store, model: ServedModel) -> Asking:
    with store.write() as session:
        site = make_site(session)
        run = AutomationRun(
            id="0" * 36,
            site_id=site.id,
            account_id=site.account_id,
            trigger=Trigger.MANUAL,
            launcher=Launcher.PROCESS,
            status=RunStatus.RUNNING,
        )
        session.add(run)
        return Asking(store, model, CallContext(site.id, run.id, 1, 1, f"{site.slug}:1:k1:1"))


@pytest.fixture(scope="module")
def asking(model: ServedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    with fresh_database("sqlite", tmp_path_factory.mktemp("asking")) as url:
        store = Store(url)
        yield make_asking(store, model)
        store.close()


@pytest.fixture(scope="module")
def outcomes(asking: Asking) -> dict[str, tuple[Answer | BaseException, AICall]]:
    """What each function came to at its only attempt, and the row of its call; all are asked at once."""
    answers = asking.ask(list(INPUTS.items()))
    rows = {call.function: call for call in asking.calls()}
    return {function: (answer, rows[function]) for function, answer in zip(INPUTS, answers, strict=True)}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_answer_holds_or_fails_with_a_reason(
    outcomes: dict[str, tuple[Answer | BaseException, AICall]], function: str
) -> None:
    outcome, call = outcomes[function]
    if isinstance(outcome, Answer):
        assert call.status == CallStatus.ANSWERED
        validate_answer(function, INPUTS[function], outcome.value)
    else:
        assert isinstance(outcome, BadAnswer), repr(outcome)
        assert (call.status, call.error) == (CallStatus.FAILED, str(outcome))
    assert call.tokens_in > 0
    assert 0 < call.tokens_out <= MOST_TOKENS
    if str(outcome) == CUT_OFF:
        assert call.tokens_out == MOST_TOKENS
    assert call.cost_usd_pico == 0


def test_the_full_schema_of_every_function_is_taken_at_once(
    asking: Asking, outcomes: dict[str, tuple[Answer | BaseException, AICall]]
) -> None:
    with asking.store.read() as session:
        assert learned_of(session, outcomes["auto_cluster"][1].service) == Learned()


def test_a_question_that_is_easy_is_answered(asking: Asking) -> None:
    (answer,) = asking.ask([("auto_cluster", EASY)], ai_attempts=10, text_max_tokens=250)
    assert isinstance(answer, Answer), repr(answer)
    assert [cluster.id for cluster in answer.value.clusters] == [1]
    asked = len(asking.calls())
    (again,) = asking.ask([("auto_cluster", EASY)])
    assert isinstance(again, Answer)
    assert (again.replayed, again.value, len(asking.calls())) == (True, answer.value, asked)


@pytest.mark.parametrize("dialect", SchemaDialect)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_may_be_asked_for_in_every_form(store: Store, model: ServedModel, dialect: SchemaDialect) -> None:
    asking = make_asking(store, model)
    (outcome,) = asking.ask([("auto_cluster", EASY)], schema_dialect=dialect.value, text_max_tokens=120)
    assert isinstance(outcome, Answer | BadAnswer), repr(outcome)
    (call,) = asking.calls()
    assert call.tokens_out > 0
    if isinstance(outcome, BadAnswer):
        assert call.error == str(outcome) != ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_is_cut_off_says_so(store: Store, model: ServedModel) -> None:
    asking = make_asking(store, model)
    (outcome,) = asking.ask([("generate_content_mend", INPUTS["generate_content_mend"])], text_max_tokens=64)
    assert isinstance(outcome, BadAnswer)
    assert str(outcome) == CUT_OFF
    (call,) = asking.calls()
    assert (call.status, call.error, call.tokens_out) == (CallStatus.FAILED, CUT_OFF, 64)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_question_longer_than_the_context_is_refused_with_a_reason(store: Store, model: ServedModel) -> None:
    asking = make_asking(store, model)
    long = INPUTS["generate_image_prompts"].model_copy(update={"title": "moka pot " * 5000})
    (outcome,) = asking.ask([("generate_image_prompts", long)], ai_attempts=3)
    assert isinstance(outcome, ProviderError)
    assert "exceeds the available context size" in str(outcome)
    (call,) = asking.calls()
    assert (call.status, call.error) == (CallStatus.FAILED, str(outcome))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_server_gives_vectors_beside_texts(store: Store, model: ServedModel) -> None:
    asking = make_asking(store, model)
    texts = ["family tent", "best family tent", "gas camping stove"]
    name = model.settings["IGNY8_TEXT_MODEL"]
    vectors = asking.told(lambda engine: engine.embed(asking.context, texts), embedding_model=name)
    tent, best_tent, stove = vectors
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert tent @ best_tent > tent @ stove
    (call,) = asking.calls()
    assert (call.status, call.tokens_out) == (CallStatus.ANSWERED, 0)
    assert call.tokens_in > len(texts)
