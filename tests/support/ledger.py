"""Counting: what was pushed, written down before the push, against what a search finds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, TopicPartition

from pipeline.article import WireArticle
from pipeline.feeds.producer import ArticleProducer
from pipeline.identity import READ_ALIAS, external_version
from pipeline.settings import Settings


def wait_for(condition: Callable[[], Any], *, timeout: float, what: str, every: float = 0.25) -> Any:
    """Wait until `condition` is true, and return what it said. A failure tells what was waited for."""
    end = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout:.0f} s: {what}")
        time.sleep(every)


@dataclass
class Ledger:
    """The versions of each article id that were pushed."""

    prefix: str
    expected: dict[str, WireArticle] = field(default_factory=dict)  # the highest version of each

    def note(self, article: WireArticle) -> WireArticle:
        """Write it down; to be called before the push."""
        known = self.expected.get(article.uri)
        if known is None or external_version(article) >= external_version(known):
            self.expected[article.uri] = article
        return article

    @property
    def visible(self) -> int:
        """How many articles a search should find: all but the killed and withheld."""
        return sum(article.pubStatus == "usable" for article in list(self.expected.values()))


@dataclass(frozen=True)
class Count:
    """What a search shows against the ledger. All but `right` are article ids and should be empty."""

    right: int
    lost: tuple[str, ...]
    double: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing double, nothing stale."""
        return not (self.lost or self.double or self.stale)


def push(settings: Settings, articles: Iterable[WireArticle], ledger: Ledger) -> None:
    """Push all of them; every acknowledgement is checked."""
    failures: list[Any] = []
    with ArticleProducer(settings) as producer:
        for article in articles:
            producer.push(ledger.note(article), on_delivery=lambda error: failures.append(error) if error else None)
    assert not failures, failures[:3]


def shown(client: Elasticsearch, prefix: str) -> list[dict[str, Any]]:
    """Every document that readers see whose uri begins with `prefix`."""
    client.indices.refresh(index="news-articles-*")
    found: list[dict[str, Any]] = []
    after: list[Any] | None = None
    while True:
        answer = client.search(
            index=READ_ALIAS,
            query={"prefix": {"uri": prefix}},
            sort=[{"uri": "asc"}],
            size=1000,
            source_includes=["uri", "version", "headline", "versionCreated"],
            search_after=after,
        )
        hits = answer["hits"]["hits"]
        found += [hit["_source"] for hit in hits]
        if not hits:
            return found
        after = hits[-1]["sort"]


def count(client: Elasticsearch, ledger: Ledger) -> Count:
    """Compare what readers see with the ledger."""
    documents = shown(client, ledger.prefix)
    seen = Counter(document["uri"] for document in documents)
    stale = [
        document["uri"]
        for document in documents
        if (article := ledger.expected.get(document["uri"])) is None
        or article.pubStatus != "usable"
        or document["version"] != article.version
    ]
    return Count(
        right=len(documents) - len(stale),
        lost=tuple(sorted(u for u, one in ledger.expected.items() if one.pubStatus == "usable" and u not in seen)),
        double=tuple(sorted(uri for uri, times in seen.items() if times > 1)),
        stale=tuple(sorted(stale)),
    )


def wait_until_counted(client: Elasticsearch, ledger: Ledger, *, timeout: float) -> Count:
    """Wait until readers see every article of the ledger in its highest version."""
    end = time.monotonic() + timeout
    while True:
        # the number alone first: reading 20,000 documents twice a second would be a load of its own
        enough = shown_number(client, ledger.prefix) >= ledger.visible
        if enough or time.monotonic() > end:
            result = count(client, ledger)
            if result.clean or time.monotonic() > end:
                return result
        time.sleep(0.5)


def shown_number(client: Elasticsearch, prefix: str) -> int:
    """How many documents readers see whose uri begins with `prefix`, as of the last refresh."""
    return int(client.count(index=READ_ALIAS, query={"prefix": {"uri": prefix}})["count"])


def records(settings: Settings, topic: str) -> list[Any]:
    """Every record of a topic at this moment, oldest first within its partition."""
    consumer: Any = KafkaConsumer(
        bootstrap_servers=settings.kafka.bootstrap_servers.split(","),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        # a broker that has just started may not know its topics yet
        numbers = wait_for(lambda: consumer.partitions_for_topic(topic), timeout=60, what=f"partitions of {topic}")
        partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        found: list[Any] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for batch in consumer.poll(timeout_ms=1000).values():
                found += batch
        return found
    finally:
        consumer.close()
