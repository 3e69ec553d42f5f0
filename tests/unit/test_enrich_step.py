"""The enrich step's own part: which records reach the NLP processes, and whose answer belongs to which."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

from pipeline.enrich.messages import EnrichedRecord, WireRecord
from pipeline.errors import Code, Poison
from pipeline.stream.loop import Record
from pipeline.stream.producer import Outgoing
from pipeline.stream.steps import EnrichStep


class Pool:
    """Answers with the value as the id; a value of `bad` is refused."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    async def enrich(self, records: Sequence[WireRecord]) -> list[tuple[EnrichedRecord, ...] | Poison]:
        assert records
        self.asked += [record.value for record in records]
        return [
            Poison(Code.RECORD_UNREADABLE, "bad")
            if record.value == b"bad"
            else (EnrichedRecord(record.value.decode(), b"{}", []),)
            for record in records
        ]


class Deliverer:
    def __init__(self) -> None:
        self.sent: list[bytes | None] = []

    async def deliver(self, outgoing: Sequence[Outgoing]) -> list[Poison | None]:
        self.sent += [each.key for each in outgoing]
        return [None] * len(outgoing)


def run(*values: bytes) -> tuple[list[Code | None], Pool, Deliverer]:
    pool, deliverer = Pool(), Deliverer()
    step = EnrichStep(cast(Any, pool), cast(Any, deliverer), topic="enriched", largest=10)
    records = [Record("wire", 0, number, None, None, value, ()) for number, value in enumerate(values)]
    outcomes = asyncio.run(step.process(records))
    return [outcome.code if outcome else None for outcome in outcomes], pool, deliverer


def test_what_is_too_large_once_unpacked_never_reaches_a_process() -> None:
    outcomes, pool, deliverer = run(b"first", b"x" * 11, b"bad", b"x" * 10)
    assert outcomes == [None, Code.RECORD_TOO_LARGE, Code.RECORD_UNREADABLE, None]
    assert pool.asked == [b"first", b"bad", b"x" * 10]
    assert deliverer.sent == [b"first", b"x" * 10]


def test_a_batch_of_nothing_else() -> None:
    outcomes, pool, _ = run(b"x" * 11, b"y" * 12)
    assert outcomes == [Code.RECORD_TOO_LARGE] * 2
    assert pool.asked == []
