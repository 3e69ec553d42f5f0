"""Documents out of Kafka into an index that is being filled: from the enriched topic, or enriched from wire.

What the index has in a higher version stays (kills, tombstones and later lives among it); what Kafka has in the same
version replaces the copy. What is on a topic and not in the index yet is the workers' to index: it comes with the
next pass, so nothing depends on what is skipped here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from pipeline import codec
from pipeline.enrich.pool import EnrichPool, WireRecord
from pipeline.errors import Poison
from pipeline.index.bulk import BulkWriter
from pipeline.index.copying import OnProgress
from pipeline.index.document import Action, action
from pipeline.settings import Settings
from pipeline.stream.reader import read_topic

AT_ONCE: Final = 200  # records
DOING: Final = "read articles for the new index"


async def overlay(settings: Settings, *, writer: BulkWriter, pool: EnrichPool | None, on_progress: OnProgress) -> int:
    """Write what is on the enriched topic, or with a pool what is on the wire topic; returns how many records.

    Raises:
        Transient: `kafka.unreachable`.
        Fatal: as `read_topic` and `BulkWriter.write`.
    """
    topic = settings.topics.enriched if pool is None else settings.topics.wire
    records = read_topic(settings, topic, doing=DOING)
    done = 0
    try:
        while batch := await asyncio.to_thread(_next, records):
            articles = _decoded(batch) if pool is None else await _enriched(batch, pool)
            await writer.write(_actions(articles))  # what it refuses is a dead letter already, or will be
            done += len(batch)
            on_progress(f"from {topic}", done, 0)
    finally:
        await asyncio.to_thread(records.close)
    return done


def _next(records: Iterator[Any]) -> list[Any]:
    return list(islice(records, AT_ONCE))


def _decoded(batch: Sequence[Any]) -> list[tuple[bytes, str | None]]:
    return [(record.value, codec.pushed(record.headers)) for record in batch if record.value is not None]


async def _enriched(batch: Sequence[Any], pool: EnrichPool) -> list[tuple[bytes, str | None]]:
    wire = [
        WireRecord(value=record.value or b"", content_type=codec.header(record.headers, "content-type"))
        for record in batch
    ]
    found: list[tuple[bytes, str | None]] = []
    for record, result in zip(batch, await pool.enrich(wire), strict=True):
        if not isinstance(result, Poison):
            pushed = codec.pushed(codec.pushed_header(record.headers))
            found += [(each.value, pushed) for each in result]
    return found


def _actions(articles: Sequence[tuple[bytes, str | None]]) -> list[Action]:
    """Documents of articles and the times at which they were pushed, without which alerts would take them for new."""
    made = []
    for value, pushed in articles:
        try:
            made.append(action(codec.decode_enriched(value), created=pushed))
        except Poison:
            continue
    return made
