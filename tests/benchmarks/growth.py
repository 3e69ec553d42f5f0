"""How the cost grows with the number of articles, what the worker's memory does, and what the disks hold."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from pipeline import codec, identity
from pipeline.kafka import connection
from tests.benchmarks.generator import articles
from tests.benchmarks.index_speed import article as enriched
from tests.benchmarks.report import Table
from tests.benchmarks.site import Site, site
from tests.support.ledger import wait_for
from tests.support.stack import Stack, unique


def _fill(here: Site, count: int, *, prefix: str) -> int:
    """Enriched articles straight onto their topic; returns their bytes."""
    producer: Any = KafkaProducer(
        **connection(here.settings), compression_type="gzip", linger_ms=20, batch_size=1_000_000
    )
    size = 0
    try:
        for number in range(count):
            one = enriched(number, prefix=prefix)
            value = codec.encode(one)
            size += len(value)
            producer.send(here.settings.topics.enriched, key=one.uri.encode(), value=value)
        producer.flush()
    finally:
        producer.close()
    return size


def _stored(client: Elasticsearch) -> int:
    stats = client.indices.stats(index=identity.index_name(), metric="store")
    return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])


def _folder_size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def index_path(stack: Stack, *, counts: Sequence[int]) -> Table:
    """From the enriched topic to searchable, the worker started on a topic that is full."""
    rows: list[tuple[Any, ...]] = []
    for count in counts:
        prefix = f"urn:newswire:growth:{unique()}:"
        with site(stack) as here:
            here.client.options(ignore_status=404).indices.delete(index=identity.index_name())
        with site(stack) as here:
            size = _fill(here, count, prefix=prefix)
            with here.memory() as memory:
                here.crew.start("--agents", "index")
                began = time.perf_counter()
                took = here.wait_for_all(prefix, count) - began
            here.client.indices.forcemerge(index=identity.index_name(), max_num_segments=1, flush=True)
            store = wait_for(lambda: _stored(here.client), timeout=60, what="the size of the index")
            rows.append(
                (
                    count,
                    took,
                    round(count / took),
                    memory.mean(0.1, 0.4),
                    memory.mean(0.7, 1.0),
                    round(size / count),
                    round(store / count),
                )
            )
    return Table(
        "growth",
        "From news.enriched.v1 to searchable, as the number of articles grows",
        (
            "articles", "seconds", "articles/s", "worker's MB, first third", "last third", "bytes an article on the "
            "topic, uncompressed", "bytes an article in the index",
        ),
        rows,
        note="A worker with the index agent alone, started on a full topic; the clock starts when it is ready.",
        figures={
            "articles_per_second": rows[-1][2],
            "topic_bytes": rows[-1][5],
            "index_bytes": rows[-1][6],
            "lines": {"articles/s": ([row[0] for row in rows], [row[2] for row in rows])},
            "x": "articles", "y": "articles/s", "scale": "log",
        },
    )  # fmt: skip


def _thirds(values: Sequence[float]) -> Iterator[float]:
    third = max(len(values) // 3, 1)
    for start in (0, third, 2 * third):
        part = values[start : start + third]
        yield sum(part) / len(part) if part else 0.0


def memory(stack: Stack, *, count: int, length: int) -> Table:
    """A worker with one NLP process over many short articles: its memory must stay flat."""
    prefix = f"urn:newswire:memory:{unique()}:"
    with site(stack) as here:
        here.crew.start("--processes", "1")
        here.warm_up()
        with here.memory() as held:
            began = time.perf_counter()
            here.push(articles(count, prefix=prefix, words=length))
            took = here.wait_for_all(prefix, count, every=1.0) - began
        topic = _folder_size(Path(stack.local.data_dir)) if stack.local.data_dir else 0
    first, middle, last = _thirds([megabytes for _, megabytes in held.samples])
    return Table(
        "memory",
        f"Memory of a worker with one NLP process over {count:,} articles of about {length} words, in MB",
        ("peak", "mean of the first third", "second third", "last third", "articles/s"),
        [(held.peak, first, middle, last, count / took)],
        note="Unique set size of the worker and its NLP process together. To reach: under 900 MB, and flat.",
        figures={
            "peak": held.peak,
            "lines": {"MB": ([at for at, _ in held.samples], [megabytes for _, megabytes in held.samples])},
            "x": "seconds", "y": "MB", "data_bytes": topic,
        },
    )  # fmt: skip
