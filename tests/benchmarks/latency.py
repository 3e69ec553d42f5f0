"""From push to searchable, at 10, 50 and 90 % of the throughput that the same run measured."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

from pipeline.feeds.producer import ArticleProducer
from pipeline.identity import READ_ALIAS
from tests.benchmarks.generator import articles
from tests.benchmarks.report import Table
from tests.benchmarks.site import LONGEST, Site, site
from tests.support.stack import Stack, unique

LOADS = (0.1, 0.5, 0.9)
LOOK_EVERY = 0.05  # seconds; the uncertainty of one figure


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of all are not above (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def at_rate(here: Site, *, rate: float, seconds: float) -> list[float]:
    """Push at random moments (Poisson) with a mean of `rate` articles/s; returns the latencies in seconds."""
    prefix = f"urn:newswire:latency:{unique()}:"
    news = list(articles(max(int(rate * seconds), 20), prefix=prefix, seed=7))
    pushed: dict[str, float] = {}
    took: dict[str, float] = {}
    failures: list[object] = []

    def push() -> None:
        chance, due = random.Random(7), time.perf_counter()
        with ArticleProducer(here.settings) as producer:
            for each in news:
                due += chance.expovariate(rate)
                time.sleep(max(0.0, due - time.perf_counter()))
                pushed[each.uri] = time.perf_counter()
                producer.push(each, on_delivery=lambda error: failures.append(error) if error else None)
                producer.flush()

    pusher = threading.Thread(target=push)
    pusher.start()
    end = time.perf_counter() + LONGEST
    while len(took) < len(news) and time.perf_counter() < end:
        waiting = [uri for uri in list(pushed) if uri not in took]
        if waiting:
            answer: Any = here.client.search(
                index=READ_ALIAS,
                query={"terms": {"uri": waiting}},
                size=min(len(waiting), 10_000),
                source_includes=["uri"],
            )
            now = time.perf_counter()
            for hit in answer["hits"]["hits"]:
                took[hit["_source"]["uri"]] = now - pushed[hit["_source"]["uri"]]
        time.sleep(LOOK_EVERY)
    pusher.join()
    assert not failures, failures[:3]
    assert len(took) == len(news), f"{len(news) - len(took)} articles never became searchable"
    return list(took.values())


def measure(stack: Stack, *, throughput: float, processes: int, seconds: float) -> Table:
    """Latency at each load; `throughput` in articles/s is what counts as 100 %."""
    rows: list[tuple[Any, ...]] = []
    with site(stack) as here:
        here.crew.start("--processes", str(processes))
        here.warm_up()
        for load in LOADS:
            took = at_rate(here, rate=throughput * load, seconds=seconds)
            rows.append(
                (
                    f"{load:.0%}",
                    throughput * load,
                    len(took),
                    *(percentile(took, share) for share in (0.5, 0.95, 0.99)),
                )
            )
    return Table(
        "latency",
        "From push to searchable, in seconds",
        ("load", "articles/s", "articles", "p50", "p95", "p99"),
        rows,
        note="Elasticsearch makes new documents searchable once a second (refresh_interval), half a second of the "
        "median. To reach: p95 under 2 s at half load.",
        figures={
            "p95_at_half_load": rows[1][4],
            "lines": {
                name: ([100 * load for load in LOADS], [row[column] for row in rows])
                for name, column in (("p50", 3), ("p95", 4), ("p99", 5))
            },
            "x": "load, % of the throughput",
            "y": "seconds",
        },
    )
