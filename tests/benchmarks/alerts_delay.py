"""How long after its push an article is told of, with 1,000 alerts and 50 articles a second:
python -m tests.benchmarks.alerts_delay

Servers, an index agent and `newswire alert run` as processes of their own, all on this machine. Enriched articles are
published; what counts is the time of the last record that tells of an article, less that of the article's own record,
both as their producers wrote them. Every alert asks for one of 200 desks besides, so that a few match an article: the
sentences of these articles are so alike that hundreds would.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch
from kafka import KafkaProducer
from msgspec.structs import replace

from pipeline import codec
from pipeline.alerts import store
from pipeline.alerts.model import Target
from pipeline.alerts.topic import create_topic
from pipeline.article import EnrichedArticle
from pipeline.index.client import connect_sync
from pipeline.index.setup import setup
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.benchmarks.alerts_speed import ALERTS, alert
from tests.integration.alerts.conftest import Newsroom
from tests.support import news
from tests.support import stack as support
from tests.support.ledger import records
from tests.support.workers import workers

RATE: Final = 50  # articles a second
WARM_UP: Final = 20  # seconds that do not count: a server that just started takes seconds for its first searches
SECONDS: Final = 30
DESKS: Final = 200
TOPIC: Final = "told-of"


def main() -> None:
    """Measure and print."""
    with support.running() as stack, tempfile.TemporaryDirectory() as folder:
        settings = stack.settings(worker={"session_timeout": 6.0}, alerts={"state_dir": folder})
        create_topics(settings)
        create_topic(settings, TOPIC)
        environment = stack.environment(settings)
        with connect_sync(settings) as client, workers(environment, Path(folder)) as crew:
            setup(client, settings)
            add_alerts(client)
            worker = crew.start("--agents", "index", ready=False)
            producer: Any = KafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers.split(","), acks="all")
            room = Newsroom(settings, environment, client, producer, Path(folder))
            try:
                room.run()
                worker.wait_until_ready()
                publish(settings, producer)
                wait_until_quiet(settings)
                report(settings)
            finally:
                room.kill()
                producer.close()


def add_alerts(client: Elasticsearch) -> None:
    """All at once: `newswire alert add` looks each time how many there are."""
    chance = random.Random(1)
    target = Target(kind="topic", address=TOPIC)
    operations: list[dict[str, Any]] = []
    for number in range(ALERTS):
        plain = alert(number, chance)
        words, desk = plain.request.query, f"desk{number % DESKS}"
        asked = replace(plain.request, query=f"({words}) {desk}" if words else desk)
        each = replace(plain, request=asked, to=target)
        operations += [{"index": {"_id": each.name}}, {"name": each.name, "alert": msgspec.to_builtins(each)}]
    store.ensure_index(client, store.INDEX, store.MAPPING)
    client.bulk(index=store.INDEX, operations=operations, refresh=True)


def publish(settings: Settings, producer: Any) -> None:
    """At an even rate, whatever the rest does."""
    began = time.monotonic()
    for number, wire in enumerate(news.articles(RATE * (WARM_UP + SECONDS), prefix="bench:", sentences=8)):
        fields = msgspec.structs.asdict(wire) | {"headline": f"{wire.headline} desk{number % DESKS}"}
        article = EnrichedArticle(**fields)
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
        headers = codec.enriched_headers(article, time=datetime.now(UTC).isoformat())
        producer.send(
            settings.topics.enriched, key=article.uri.encode(), value=codec.encode(article), headers=headers
        )
    producer.flush()


def wait_until_quiet(settings: Settings) -> None:
    """Wait until for fifteen seconds nothing more was told: longer than a turn takes."""
    before, told = -1, 0
    while before != told or not told:
        time.sleep(15)
        before, told = told, len(records(settings, TOPIC))


def report(settings: Settings) -> None:
    """Print the figures."""
    pushed = {record.key.decode(): record.timestamp for record in records(settings, settings.topics.enriched)}
    told: dict[str, int] = {}
    tellings = records(settings, TOPIC)
    for record in tellings:
        uri = json.loads(record.value)["uri"]
        told[uri] = max(record.timestamp, told.get(uri, 0))
    begin = min(pushed.values()) + WARM_UP * 1000
    delays = sorted((moment - pushed[uri]) / 1000 for uri, moment in told.items() if pushed[uri] >= begin)
    cuts = quantiles(delays, n=100)
    print(f"{ALERTS} alerts, {RATE} articles/s: {len(tellings)} tellings of {len(told)} articles;")
    print(f"until all was told of an article: p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, most {delays[-1]:.2f} s")


if __name__ == "__main__":
    main()
