"""Each stage alone, one after another on the same articles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline import codec
from pipeline.article import WireArticle
from pipeline.enrich.pool import EnrichPool, WireRecord
from pipeline.index.document import action
from pipeline.wire import parse
from tests.benchmarks.generator import articles
from tests.benchmarks.report import Table
from tests.benchmarks.site import WARM_UP, site, words
from tests.support.stack import Stack


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def _enrich(settings: Any, records: Sequence[WireRecord], *, processes: int) -> tuple[float, list[bytes]]:
    """Seconds in the pool of NLP processes, and what came out of it; the processes are up when the clock starts."""
    pool = EnrichPool(settings, processes=processes)
    try:
        await pool.start()
        await pool.enrich(records[:WARM_UP])
        began = time.perf_counter()
        size = settings.worker.batch_articles
        batches = [records[start : start + size] for start in range(0, len(records), size)]
        slots = asyncio.Semaphore(settings.worker.batches_in_flight)

        async def batch(part: Sequence[WireRecord]) -> list[Any]:
            async with slots:
                return await pool.enrich(part)

        results = await asyncio.gather(*(batch(part) for part in batches))
        took = time.perf_counter() - began
    finally:
        await pool.close()
    return took, [one.value for part in results for result in part for one in result]


def measure(stack: Stack, *, count: int, processes: int) -> Table:
    """Seconds and rates of the stages."""
    prefix = "urn:newswire:stages:"
    news: list[WireArticle] = list(articles(count, prefix=prefix))
    total = words(news)
    wires = [codec.encode(each) for each in news]
    size = sum(map(len, wires))
    now = datetime.now(UTC)
    rows: list[tuple[str, int, float, int]] = []

    def add(name: str, seconds: float, handled: int = size) -> None:
        rows.append((name, round(count / seconds), round(handled / seconds / 1e6, 2), round(total / seconds)))

    add("parse our own JSON (wire/)", _timed(lambda: [parse(wire, format="article", now=now) for wire in wires]))
    with site(stack) as here:
        add("push onto Kafka, acknowledged by all replicas", _timed(lambda: here.push(news)))
        records = [WireRecord(value=wire, content_type=None) for wire in wires]
        for number in sorted({1, processes}):
            took, enriched = asyncio.run(_enrich(here.settings, records, processes=number))
            add(f"enrich, {number} process{'es' * (number > 1)}", took)
        size = sum(map(len, enriched))
        add(
            "decode and build the document",
            _timed(lambda: [action(codec.decode_enriched(v)) for v in enriched]),
            size,
        )
    return Table(
        "stages",
        f"The stages alone, {count:,} articles",
        ("", "articles/s", "MB/s", "words/s"),
        rows,
        note="MB of what goes into the stage. One core each, but for the enrichment's processes and the producer's "
        "threads.",
    )
