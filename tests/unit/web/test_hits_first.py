"""Counts wait for the hits that were asked for with them, and never for long."""

from __future__ import annotations

import asyncio
import time

import pytest

from pipeline.web import hits_first
from pipeline.web.hits_first import LONGEST, HitsFirst


def test_counts_asked_with_hits_come_after_them() -> None:
    order: list[str] = []

    async def hits(first: HitsFirst) -> None:
        with first.hits():
            await asyncio.sleep(LONGEST / 4)
            order.append("hits")

    async def counts(first: HitsFirst) -> None:
        await first.after_hits()
        order.append("counts")

    async def both() -> None:
        first = HitsFirst()
        await asyncio.gather(counts(first), hits(first))  # the counts' request may arrive first

    asyncio.run(both())
    assert order == ["hits", "counts"]


def test_hits_that_fail_or_are_given_up_hold_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits_first, "LONGEST", 60.0)  # seconds; a busy machine may stand still for one

    async def fail(first: HitsFirst) -> None:
        with first.hits():
            raise ValueError

    async def never(first: HitsFirst) -> None:
        with first.hits():
            await asyncio.Event().wait()

    async def all_of_them() -> float:
        first = HitsFirst()
        given_up = asyncio.create_task(never(first))
        await asyncio.gather(fail(first), return_exceptions=True)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        began = time.monotonic()
        await first.after_hits()
        return time.monotonic() - began

    assert asyncio.run(all_of_them()) < 60.0


def test_a_stream_of_hits_does_not_starve_the_counts() -> None:
    async def crowded() -> None:
        first = HitsFirst()
        with first.hits():
            await asyncio.wait_for(first.after_hits(), timeout=60)

    asyncio.run(crowded())
