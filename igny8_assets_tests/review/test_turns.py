"""A person's decision and a run's save of the same text, at the same moment, are both counted."""

import threading
import time

from sqlalchemy import update

from igny8_assets.review.decisions import reject
from igny8_assets.store.database import Store
from igny8_assets.store.models import Content, ContentStatus, Illustration, SiteLease
from igny8_assets_tests.factories import assert_counters_are_true, make_content, make_site


def test_a_decision_waits_for_the_save_that_a_run_has_begun(store: Store) -> None:
    with store.write() as session:
        site = make_site(session)
        content = make_content(session, site, illustration=Illustration.NEEDS_IMAGES)
    begun = threading.Event()

    def save_as_a_run_does() -> None:
        with store.write() as session:
            session.execute(update(SiteLease).where(SiteLease.site_id == site.id).values(token=SiteLease.token + 1))
            row = session.get_one(Content, content.id)
            begun.set()
            time.sleep(0.2)
            row.illustration = Illustration.READY

    run = threading.Thread(target=save_as_a_run_does)
    run.start()
    begun.wait(10)
    with store.write() as session:
        reject(session, site, content.id, "Ada", "too thin", write_again=False)
    run.join(10)
    with store.write() as session:
        row = session.get_one(Content, content.id)
        assert (row.status, row.illustration) == (ContentStatus.REJECTED, Illustration.READY)
        assert_counters_are_true(session, site)
