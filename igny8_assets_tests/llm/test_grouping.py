"""Stage 1 with the vectors of a real model: it ends soundly, whatever the model takes for alike."""

import pytest
from sqlalchemy import select

from igny8_assets.store.database import Store
from igny8_assets.store.models import AICall, CallStatus, Keyword, KeywordStatus, TextVector
from igny8_assets_tests.llm.conftest import ServedModel
from igny8_assets_tests.pipeline.running import run_stages
from igny8_assets_tests.stages.camp import STOVES, TENTS, assert_sound, count, make_camp

pytestmark = [pytest.mark.llm, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_keywords_are_grouped_by_the_vectors_of_the_model(
    store: Store, model: ServedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {
        "IGNY8_EMBEDDING_MODEL": model.settings["IGNY8_TEXT_MODEL"],
        "IGNY8_TEXT_MAX_TOKENS": "120",
        "IGNY8_AI_ATTEMPTS": "1",
    }
    for name, value in {**model.settings, **quick}.items():
        monkeypatch.setenv(name, value)
    site = make_camp(store, [*TENTS[:2], *STOVES[:2]])
    report = run_stages(store, site, 1, 1)[1]
    with store.read() as session:
        calls = session.scalars(select(AICall).order_by(AICall.id)).all()
    vectors, *names = calls
    assert (vectors.function, vectors.status) == ("embed_keywords", CallStatus.ANSWERED)
    assert vectors.tokens_in >= 8
    assert count(store, TextVector) == 4
    assert {call.function for call in names} == {"auto_cluster"}
    named = count(store, Keyword, Keyword.status == KeywordStatus.MAPPED)
    assert named + count(store, Keyword, Keyword.failure_reason.is_not(None)) == 4
    assert (named < 4) == bool(report.failures)
    assert_sound(store, site)
