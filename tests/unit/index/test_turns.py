"""Batches that write the same document do so one after the other, in order; the others do not wait."""

from __future__ import annotations

import asyncio
import random

import pytest

from pipeline.index.turns import Turns


def test_the_same_document_in_the_order_of_asking() -> None:
    async def run() -> list[int]:
        turns, chance, order = Turns(), random.Random(3), list[int]()

        async def batch(number: int) -> None:
            async with turns.take({f"own-{number}", f"shared-{number % 2}", "all"} if number % 3 else {"all"}):
                await asyncio.sleep(chance.random() / 100)
                order.append(number)

        await asyncio.gather(*(batch(number) for number in range(40)))
        assert not turns._last
        return order

    assert asyncio.run(run()) == list(range(40))


def test_other_documents_do_not_wait() -> None:
    async def run() -> None:
        turns, release = Turns(), asyncio.Event()

        async def slow() -> None:
            async with turns.take({"a"}):
                await release.wait()

        waiting = asyncio.create_task(slow())
        await asyncio.sleep(0)
        async with asyncio.timeout(60), turns.take({"b"}):
            release.set()
        await waiting

    asyncio.run(run())


def test_who_fails_or_is_cancelled_leaves() -> None:
    async def run() -> None:
        turns = Turns()

        async def fail() -> None:
            async with turns.take({"a"}):
                await asyncio.sleep(0)
                raise ValueError

        async def wait() -> None:
            async with turns.take({"a"}):
                await asyncio.Event().wait()

        failing, waiting = asyncio.create_task(fail()), asyncio.create_task(wait())
        last = asyncio.create_task(fail())
        with pytest.raises(ValueError):  # noqa: PT011
            await failing
        await asyncio.sleep(0)
        waiting.cancel()
        async with asyncio.timeout(60):
            with pytest.raises(ValueError):  # noqa: PT011
                await last
        assert not turns._last

    asyncio.run(run())
