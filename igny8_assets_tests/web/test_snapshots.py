"""Those who watch a site share what is read of it."""

import asyncio
from contextlib import AsyncExitStack

from igny8_assets.store.database import Store
from igny8_assets.store.models import Site
from igny8_assets.web.snapshots import SECONDS, Feeds, Snapshot
from igny8_assets_tests.factories import make_keyword, make_site


def new_keywords(snapshot: Snapshot) -> str:
    return str(snapshot.stages[0].pending)


def test_reads_do_not_grow_with_the_number_of_those_who_watch(store: Store, site: Site) -> None:
    async def watch() -> int:
        feeds = Feeds(store, new_keywords)
        async with AsyncExitStack() as stack:
            streams = [await stack.enter_async_context(feeds.watch(site.id)) for _ in range(500)]
            began = asyncio.get_running_loop().time()
            assert [await anext(stream) for stream in streams] == ["0"] * 500
            with store.write() as session:
                make_keyword(session, session.get_one(Site, site.id))
            assert [await anext(stream) for stream in streams] == ["1"] * 500
            passed = asyncio.get_running_loop().time() - began
            assert feeds.reads <= passed / SECONDS + 1
        return feeds.reads

    asyncio.run(watch())


def test_a_snapshot_is_told_once_for_all_who_watch(store: Store, site: Site) -> None:
    told: list[Snapshot] = []

    def note(snapshot: Snapshot) -> str:
        told.append(snapshot)
        return new_keywords(snapshot)

    async def watch() -> None:
        feeds = Feeds(store, note)
        async with AsyncExitStack() as stack:
            streams = [await stack.enter_async_context(feeds.watch(site.id)) for _ in range(20)]
            assert [await anext(stream) for stream in streams] == ["0"] * 20

    asyncio.run(watch())
    assert len(told) == 1


def test_nothing_is_read_when_nobody_watches(store: Store, site: Site) -> None:
    async def watch() -> tuple[int, int]:
        feeds = Feeds(store, new_keywords)
        async with feeds.watch(site.id) as stream:
            await anext(stream)
        before = feeds.reads
        await asyncio.sleep(2 * SECONDS)
        return before, feeds.reads

    before, after = asyncio.run(watch())
    assert before == after


def test_whoever_comes_later_sees_the_site_at_once_and_each_sees_their_own(store: Store, site: Site) -> None:
    with store.write() as session:
        other = make_site(session, "other")
        make_keyword(session, other)

    async def watch() -> list[str | None]:
        feeds = Feeds(store, new_keywords)
        async with feeds.watch(site.id) as first, feeds.watch(other.id) as second:
            seen = [await anext(first), await anext(second)]
            async with feeds.watch(site.id) as late:
                return [*seen, await anext(late)]

    assert asyncio.run(watch()) == ["0", "1", "0"]
