"""Many browsers that watch one site, each by a socket of its own."""

import asyncio
import time

import pytest

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets.web.snapshots import SECONDS
from igny8_assets_tests.factories import make_keyword
from igny8_assets_tests.web.browser import Browser
from igny8_assets_tests.web.statements import statements_of
from igny8_assets_tests.web.streams import open_streams

CHANGES = 3


def read_for(number: int, browser: Browser, store: Store, site: Site) -> set[str]:
    """The statements for so many streams, all of which are told of each change; no more than a snapshot a second."""
    elsewhere = Store(store.url)

    def change() -> None:
        with elsewhere.write() as session:
            make_keyword(session, session.get_one(Site, site.id))

    async def watch() -> set[str]:
        async with open_streams(number, browser.address, "/automation/shop/events", browser.cookie) as streams:
            before = [await stream.next_state() for stream in streams]
            began = time.monotonic()
            with statements_of(store) as sent:
                for _ in range(CHANGES):
                    await asyncio.to_thread(change)
                    after = [await stream.next_state() for stream in streams]
                    assert after == [after[0]] * number
                    assert after[0] != before[0]
                    before = after
            snapshots = sum("site_counter" in statement for statement in sent)
            assert CHANGES <= snapshots <= (time.monotonic() - began) / SECONDS + 1
            # The last may not have been read to its end.
            assert len(sent) <= (snapshots + 1) * len(set(sent))
            return set(sent)

    try:
        return asyncio.run(watch())
    finally:
        elsewhere.close()


@pytest.mark.slow
def test_five_hundred_streams_read_the_database_no_more_than_one_does(
    browser: Browser, store: Store, site: Site
) -> None:
    browser.post("/automation/shop/run_now")
    assert read_for(500, browser, store, site) == read_for(1, browser, store, site)
