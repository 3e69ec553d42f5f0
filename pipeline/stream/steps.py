"""What the two agents do with a batch: enrich it onto the next topic, or write it into the index."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pipeline import codec
from pipeline.enrich.pool import EnrichPool, WireRecord
from pipeline.errors import Code, Poison
from pipeline.index.articles import ArticleWriter, Prepared, prepare
from pipeline.metrics import OFF, Instruments
from pipeline.stream.loop import Record
from pipeline.stream.producer import Deliverer, Outgoing

DELAYS_A_BATCH = 20  # articles whose delay is measured: of all of them it would take 2 % of a core at 5,000 a second

Clock = Callable[[], datetime]


class EnrichStep:
    """Wire records into the pool of NLP processes, what comes back onto the enriched topic, confirmed."""

    name = "enrich"

    def __init__(
        self,
        pool: EnrichPool,
        deliverer: Deliverer,
        *,
        topic: str,
        largest: int = sys.maxsize,
        instruments: Instruments = OFF,
    ) -> None:
        """`largest`: bytes of a record's value; a foreign producer's may exceed the topic's limit once unpacked."""
        self._pool = pool
        self._largest = largest
        self._instruments = instruments
        self._deliverer = deliverer
        self._topic = topic

    async def process(self, records: Sequence[Record]) -> Sequence[Poison | None]:
        """See `Step.process`."""
        began = time.monotonic()
        outcomes = [self._refused(record) for record in records]
        fitting = [index for index, refused in enumerate(outcomes) if refused is None]
        results = await self._pool.enrich([_wire_record(records[index]) for index in fitting]) if fitting else []
        delivering = time.monotonic()
        self._instruments.observe("newswire_stage_duration_seconds", delivering - began, stage="enrich")
        outgoing: list[Outgoing] = []
        came_from: list[int] = []  # a wire record may hold several articles
        for index, result in zip(fitting, results, strict=True):
            if isinstance(result, Poison):
                outcomes[index] = result
                continue
            for enriched in result:
                headers = [*enriched.headers, *codec.pushed_header(records[index].headers)]
                outgoing.append(Outgoing(self._topic, enriched.uri.encode("utf-8"), enriched.value, headers))
                came_from.append(index)
        for index, refused in zip(came_from, await self._deliverer.deliver(outgoing), strict=True):
            if refused is not None:
                outcomes[index] = refused
        took = time.monotonic() - delivering
        self._instruments.observe("newswire_stage_duration_seconds", took, stage="deliver")
        return outcomes

    def _refused(self, record: Record) -> Poison | None:
        size = len(record.value or b"")
        if size <= self._largest:
            return None
        return Poison(Code.RECORD_TOO_LARGE, f"value: {size} bytes; at most {self._largest} are an article")


def _wire_record(record: Record) -> WireRecord:
    return WireRecord(value=record.value or b"", content_type=codec.header(record.headers, "content-type"))


class IndexStep:
    """Enriched records into Elasticsearch."""

    name = "index"

    def __init__(
        self, writer: ArticleWriter, *, clock: Clock = lambda: datetime.now(UTC), instruments: Instruments = OFF
    ) -> None:
        self._writer = writer
        self._instruments = instruments
        self._clock = clock

    async def process(self, records: Sequence[Record]) -> Sequence[Poison | None]:
        """See `Step.process`."""
        began = time.monotonic()
        outcomes: list[Poison | None] = [None] * len(records)
        articles: list[Prepared] = []
        came_from: list[int] = []
        ingested = self._clock().isoformat(timespec="milliseconds")
        for index, record in enumerate(records):
            try:
                articles.append(_prepared(record, ingested=ingested))
            except Poison as poison:
                outcomes[index] = poison
            else:
                came_from.append(index)
        results = await self._writer.write(articles)
        for index, result in zip(came_from, results, strict=True):
            if isinstance(result, Poison):
                outcomes[index] = result
        self._measure_delays(articles, results)
        for outcome, count in Counter("rejected" if isinstance(r, Poison) else str(r) for r in results).items():
            self._instruments.add("newswire_documents_total", count, outcome=outcome)
        self._instruments.observe("newswire_stage_duration_seconds", time.monotonic() - began, stage="index")
        return outcomes

    def _measure_delays(self, articles: Sequence[Prepared], results: Sequence[object]) -> None:
        now = self._clock()
        every = max(1, -(-len(articles) // DELAYS_A_BATCH))
        for article, result in zip(articles[::every], results[::every], strict=True):
            pushed = None if isinstance(result, Poison) else _moment(article.created)
            if pushed is not None:
                delay = max(0.0, (now - pushed).total_seconds())
                self._instruments.observe("newswire_push_to_indexed_seconds", delay)


def _moment(time: str | None) -> datetime | None:
    """The moment of a header, which anybody may have written."""
    try:
        moment = datetime.fromisoformat(time or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _prepared(record: Record, *, ingested: str) -> Prepared:
    if record.value is None:
        raise Poison(Code.RECORD_UNREADABLE, "the record has no value")
    return prepare(codec.decode_enriched(record.value), ingested=ingested, created=codec.pushed(record.headers))
