"""The index path alone: from the bytes of the enriched topic to a real Elasticsearch, beside the client's own helper.

    python -m tests.benchmarks.bench --only index_speed

Both sides write the same articles into an empty index of our template, in turns, since other processes may share the
machine. Ours decodes each record, builds its document and writes it with an external version; the helper
(`elasticsearch.helpers.parallel_bulk`, 4 threads) is given documents that are ready.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk

from pipeline import codec, identity
from pipeline.article import (
    EnrichedArticle,
    Entity,
    GeoPoint,
    Interval,
    Mention,
    Place,
    Quotation,
    Speaker,
    Timex,
)
from pipeline.index.bulk import BulkWriter, Written
from pipeline.index.client import connect, connect_sync
from pipeline.index.document import Action, action
from pipeline.index.setup import setup
from pipeline.settings import Settings
from tests.benchmarks.generator import PLACES
from tests.benchmarks.generator import article as wire_article
from tests.benchmarks.report import Table
from tests.support.news import PEOPLE
from tests.support.stack import Stack

BATCH = 500
IN_FLIGHT = 2  # as the index agent has
INGESTED = "2022-03-01T06:00:00.000Z"


def article(number: int, *, prefix: str = "urn:newswire:bench:") -> EnrichedArticle:
    """A generated article with about as many findings as news of its length has."""
    chance = random.Random(number)
    wire = wire_article(number, prefix=prefix)
    body = wire.body
    people = [
        Entity(
            id=f"name:{name.lower()}",
            type="PERSON",
            canonical=name,
            mentions=tuple(Mention(text=name, start=0, end=len(name), label="PERSON") for _ in range(3)),
        )
        for name in chance.sample(PEOPLE, 6)
    ]
    places = [
        Place(
            entity=f"name:{name.lower()}",
            canonical=name,
            country="XX",
            geonames_id=chance.randrange(10**6),
            location=GeoPoint(lat=chance.uniform(-60, 60), lon=chance.uniform(-180, 180)),
        )
        for name in chance.sample(PLACES, 4)
    ]
    days = [f"2022-03-{chance.randrange(1, 28):02}" for _ in range(8)]
    dates = [
        Timex(text="on Monday", start=0, end=9, type="DATE", value=day, interval=Interval(gte=day, lt=f"{day[:8]}28"))
        for day in days
    ]
    quotations = [
        Quotation(
            text=body[start : start + 90],
            start=start,
            end=start + 90,
            direct=True,
            said=days[0],
            speaker=Speaker(entity=people[0].id, canonical=people[0].canonical, text="she", start=0, end=3),
        )
        for start in range(0, len(body) - 90, 600)
    ]
    fields = {name: getattr(wire, name) for name in wire.__struct_fields__}
    return EnrichedArticle(
        **fields, entities=tuple(people), dates=tuple(dates), places=tuple(places), quotations=tuple(quotations)
    )


def empty_index(client: Elasticsearch, settings: Settings) -> None:
    """Our template, and no article."""
    client.options(ignore_status=404).indices.delete(index=identity.index_name())
    setup(client, settings)


def ours(settings: Settings, values: Sequence[bytes]) -> float:
    """Documents a second of our bulk writer, decoding and building included."""

    async def run() -> float:
        client = connect(settings)
        writer = BulkWriter(client, settings)
        slots = asyncio.Semaphore(IN_FLIGHT)

        async def batch(part: Sequence[bytes]) -> int:
            async with slots:
                actions = [action(codec.decode_enriched(value), ingested=INGESTED) for value in part]
                return sum(outcome is Written.INDEXED for outcome in await writer.write(actions))

        began = time.perf_counter()
        parts = [values[start : start + BATCH] for start in range(0, len(values), BATCH)]
        written = sum(await asyncio.gather(*(batch(part) for part in parts)))
        took = time.perf_counter() - began
        await client.close()
        assert written == len(values), f"{written} of {len(values)} were indexed"
        return written / took

    return asyncio.run(run())


def helper(client: Elasticsearch, actions: Sequence[Action]) -> float:
    """Documents a second of the client's helper, which is given ready documents."""
    documents = [msgspec.json.decode(each.source) for each in actions]

    def operations() -> Iterator[dict[str, Any]]:
        for each, document in zip(actions, documents, strict=True):
            yield {
                "_op_type": "index",
                "_index": identity.WRITE_ALIAS,
                "_id": each.document_id,
                "version": each.version,
                "version_type": "external_gte",
                "_source": document,
            }

    began = time.perf_counter()
    written = sum(ok for ok, _ in parallel_bulk(client, operations(), chunk_size=BATCH))
    took = time.perf_counter() - began
    assert written == len(actions), f"{written} of {len(actions)} were indexed"
    return written / took


def measure(stack: Stack, *, count: int, rounds: int) -> Table:
    """Both in turns; the first round of each warms the server up and is not counted. It empties the index."""
    settings = stack.settings()
    values = [codec.encode(article(number)) for number in range(count)]
    actions = [action(codec.decode_enriched(value), ingested=INGESTED) for value in values]
    theirs: list[float] = []
    own: list[float] = []
    with connect_sync(settings) as client:
        for _ in range(rounds + 1):
            empty_index(client, settings)
            theirs.append(helper(client, actions))
            empty_index(client, settings)
            own.append(ours(settings, values))
        empty_index(client, settings)
    rows: list[tuple[Any, ...]] = [
        (str(number), round(theirs[number]), round(own[number]), own[number] / theirs[number])
        for number in range(1, rounds + 1)
    ]
    # the best of each: whatever else runs on the machine only ever takes away
    ratio = max(own[1:]) / max(theirs[1:])
    rows.append(("best", round(max(theirs[1:])), round(max(own[1:])), ratio))
    size = sum(len(each.source) for each in actions) // count
    return Table(
        "index_speed",
        f"The index path beside elasticsearch.helpers.parallel_bulk: {count:,} documents of {size:,} bytes",
        ("round", "parallel_bulk, documents/s", "ours, documents/s", "ratio"),
        rows,
        note="Ours decodes the record and builds the document besides; the helper is given documents that are ready. "
        "To reach: 0.9.",
        figures={"ratio": ratio, "documents_per_second": max(own[1:])},
    )
