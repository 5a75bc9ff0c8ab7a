"""Vectors of texts by a service: the right one for each text, and none that is asked or paid for twice."""

import numpy as np
import pytest
from sqlalchemy import func, select

from igny8_assets.ai.provider import BadAnswer, Misconfigured
from igny8_assets.clustering.embedding import embed
from igny8_assets.store.database import Store
from igny8_assets.store.models import TextVector
from igny8_assets_tests.ai.asking import Asking, make_asking
from igny8_assets_tests.ai.faults import Fault, status
from igny8_assets_tests.ai.openai_server import OpenAIServer

TEXTS = ["moka pot", "moka pot sizes", "moka pot", "green tea"]
MODEL = {"embedding_model": "text-embedding-3-small"}


@pytest.fixture
def asking(store: Store, openai_server: OpenAIServer) -> Asking:
    return make_asking(store, openai_server)


def vectors(asking: Asking, texts: list[str], **settings: object) -> np.ndarray:
    return asking.told(lambda engine: engine.embed(asking.context, texts), **{**MODEL, **settings})


def test_each_text_gets_its_own_vector_of_length_1_whatever_the_order_of_the_answer(asking: Asking) -> None:
    found = vectors(asking, TEXTS)
    assert found.shape == (4, 256)
    assert np.allclose(found, embed(TEXTS), atol=2e-3)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=2e-3)


def test_texts_are_asked_about_once_and_never_again(asking: Asking) -> None:
    vectors(asking, TEXTS)
    vectors(asking, [*TEXTS, "black tea"])
    asked = [received.body["input"] for received in asking.server.received]
    assert asked == [["moka pot", "moka pot sizes", "green tea"], ["black tea"]]
    assert [call.function for call in asking.calls()] == ["embed_keywords"] * 2


def test_many_texts_go_out_in_several_requests_at_once(asking: Asking) -> None:
    asking.server.delay = 1.0
    texts = [f"keyword {number}" for number in range(600)]
    assert vectors(asking, texts).shape == (600, 256)
    assert [len(received.body["input"]) for received in asking.server.received].count(256) == 2
    assert asking.server.most_at_once == 3


def test_what_came_before_another_request_failed_is_kept(asking: Asking) -> None:
    texts = [f"keyword {number}" for number in range(300)]
    asking.server.faults = [status(400, "input is too long")]
    with pytest.raises(Exception, match="input is too long"):
        vectors(asking, texts, ai_concurrency=1)
    assert asking.statuses() == ["failed", "answered"]
    assert vectors(asking, texts).shape == (300, 256)
    assert len(asking.server.received) == 3


def test_each_request_is_counted_and_priced(asking: Asking) -> None:
    vectors(asking, TEXTS)
    call = asking.calls()[0]
    # Seven words at $0.02 per million.
    assert (call.tokens_in, call.tokens_out, call.cost_usd_pico) == (7, 0, 7 * 20_000)


def test_an_answer_that_lacks_a_text_is_no_answer(asking: Asking) -> None:
    asking.server.faults = [Fault("other_items")] * 3
    with pytest.raises(BadAnswer, match="one vector for each of the 3 texts"):
        vectors(asking, TEXTS)
    # What it used was counted all the same.
    assert [call.tokens_in for call in asking.calls()] == [7] * 3
    with asking.store.read() as session:
        assert session.scalar(select(func.count()).select_from(TextVector)) == 0


def test_a_model_that_became_another_under_its_name_is_told(asking: Asking) -> None:
    vectors(asking, TEXTS)
    with asking.store.write() as session:
        kept = session.scalars(select(TextVector)).first()
        assert kept is not None
        kept.vector = kept.vector[:100]
    with pytest.raises(Misconfigured, match="IGNY8_EMBEDDING_MODEL"):
        vectors(asking, TEXTS)
