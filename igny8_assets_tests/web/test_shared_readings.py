"""Those who ask for the same at the same moment share one reading."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from igny8_assets.web.shared_readings import SharedReadings


class Readings:
    """Readings that end when they are let go, each with the number it was begun as."""

    def __init__(self) -> None:
        self.begun = 0
        self.goes_on = threading.Event()

    def read(self) -> int:
        """Its own number, once readings may end."""
        self.begun += 1
        number = self.begun
        assert self.goes_on.wait(60)
        return number


async def until(is_so: Callable[[], bool]) -> None:
    """Let the others go on until this is so."""
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.001)


async def turns() -> None:
    """Let what was just asked for be asked for."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_all_who_ask_while_one_is_read_for_get_one_reading_more() -> None:
    async def ask() -> list[int]:
        shared, readings = SharedReadings(), Readings()
        first = asyncio.create_task(shared.read("site", readings.read))
        await until(lambda: readings.begun == 1)
        later = [asyncio.create_task(shared.read("site", readings.read)) for _ in range(50)]
        await turns()
        readings.goes_on.set()
        return [await first, *await asyncio.gather(*later)]

    assert asyncio.run(ask()) == [1] + [2] * 50


def test_an_answer_is_never_older_than_its_question() -> None:
    async def ask() -> None:
        shared, states = SharedReadings(), [0]

        async def compare() -> None:
            for _ in range(50):
                before = states[0]
                assert await shared.read("site", lambda: states[0]) >= before
                states[0] += 1
                await asyncio.sleep(0)

        await asyncio.gather(*(compare() for _ in range(20)))

    asyncio.run(ask())


def test_what_differs_is_read_side_by_side() -> None:
    async def ask() -> list[int]:
        shared, readings = SharedReadings(), Readings()
        tasks = [asyncio.create_task(shared.read(what, readings.read)) for what in ("shop", "blog")]
        await until(lambda: readings.begun == 2)
        readings.goes_on.set()
        return sorted(await asyncio.gather(*tasks))

    assert asyncio.run(ask()) == [1, 2]


def test_what_a_reading_raises_reaches_all_who_share_it_and_nobody_later() -> None:
    async def ask() -> list[object]:
        shared, readings = SharedReadings(), Readings()

        def fail() -> int:
            raise LookupError("the database is away")

        first = asyncio.create_task(shared.read("site", readings.read))
        await until(lambda: readings.begun == 1)
        both = [asyncio.create_task(shared.read("site", fail)) for _ in range(2)]
        await turns()
        readings.goes_on.set()
        await first
        failed = await asyncio.gather(*both, return_exceptions=True)
        return [*map(str, failed), await shared.read("site", readings.read)]

    assert asyncio.run(ask()) == ["the database is away"] * 2 + [2]


def test_one_who_goes_away_leaves_the_answer_to_the_others() -> None:
    async def ask() -> int:
        shared, readings = SharedReadings(), Readings()
        first = asyncio.create_task(shared.read("site", readings.read))
        await until(lambda: readings.begun == 1)
        impatient, patient = (asyncio.create_task(shared.read("site", readings.read)) for _ in range(2))
        await turns()
        first.cancel()
        impatient.cancel()
        readings.goes_on.set()
        answer = await patient
        with pytest.raises(asyncio.CancelledError):
            await impatient
        return answer

    assert asyncio.run(ask()) == 2
