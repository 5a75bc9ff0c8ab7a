"""The sensor that delivers messages."""

import dagster as dg
import pytest

from igny8_assets.notices.channels import add_channel
from igny8_assets.resources import Installation
from igny8_assets.settings import load_settings
from igny8_assets.store import outbox
from igny8_assets.store.database import Store
from igny8_assets.store.models import ChannelKind, NoticeEvent, Site
from igny8_assets.triggers.notices import notices
from igny8_assets_tests.notices.receivers import http_receiver
from igny8_assets_tests.pipeline.sites import make_site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def tick() -> str:
    with dg.instance_for_test() as instance:
        context = dg.build_sensor_context(instance=instance, resources={"installation": Installation()})
        with context:
            outcome = notices(context)
    assert isinstance(outcome, dg.SkipReason)
    return outcome.skip_message or ""


def test_a_tick_sends_what_is_due_and_says_what_came_of_it(store: Store) -> None:
    assert tick() == "No message is due."
    site = make_site(store)
    with http_receiver() as receiver:
        with store.write() as session:
            for target in (receiver.url("/"), "http://127.0.0.1:9/"):
                row = session.get_one(Site, site.id)
                add_channel(session, row, load_settings(), ChannelKind.WEBHOOK, target)
            facts = {"site": "camp", "site_name": "Camp", "run_id": "5d3c"}
            outbox.put(session, site.id, NoticeEvent.RUN_COMPLETED, "a", facts)
        assert tick() == "1 sent, 1 to be tried again, 0 given up."
        assert len(receiver.requests) == 1
