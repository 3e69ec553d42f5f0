"""Every version of one article that is still in Kafka, read from the enriched topic."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from pipeline.article import EnrichedArticle
from pipeline.codec import decode_enriched
from pipeline.errors import Code, Fatal, Poison, Transient
from pipeline.kafka import connect, kafka_error
from pipeline.settings import Settings

POLL_MS: Final = 500
RECORDS_AT_ONCE: Final = 500
DOING: Final = "read the versions of an article"


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it went to the index agent."""

    article: EnrichedArticle
    partition: int
    offset: int
    arrived_ms: int  # since the epoch, when Kafka took it


def versions(settings: Settings, uri: str) -> Iterator[Version]:
    """The versions of the article `uri`, in the order of arrival within a partition.

    Reads the whole topic as it is now: a key may lie in any partition where a foreign producer chose it, and there is
    no index by key in Kafka.

    Raises:
        Transient: `kafka.unreachable`, also where the brokers stop answering for `kafka.request_timeout`.
        Fatal: `kafka.refused`, `kafka.topic-missing`.
    """
    key = uri.encode("utf-8", "surrogatepass")
    consumer: Any = connect(KafkaConsumer, settings, doing=DOING, enable_auto_commit=False, group_id=None)
    try:
        for record in _records(consumer, settings):
            if record.key != key or record.value is None:
                continue
            try:
                article = decode_enriched(record.value)
            except Poison:  # the index agent has told of it
                continue
            yield Version(article, record.partition, record.offset, record.timestamp)
    except kafka_errors.KafkaError as error:
        raise kafka_error(error, settings, doing=DOING) from error
    finally:
        consumer.close()


def _records(consumer: Any, settings: Settings) -> Iterator[Any]:
    topic = settings.topics.enriched
    numbers = consumer.partitions_for_topic(topic)
    if not numbers:
        raise Fatal(Code.KAFKA_TOPIC_MISSING, f"topic missing: {topic}", hint="newswire setup")
    places = [TopicPartition(topic, number) for number in sorted(numbers)]
    begins, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
    left = {place: ends[place] for place in places if begins[place] < ends[place]}
    consumer.assign(list(left))
    for place in left:
        consumer.seek(place, begins[place])
    moved = time.monotonic()
    while left:
        polled = consumer.poll(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
        for place, records in polled.items():
            yield from (record for record in records if record.offset < ends[place])
        # by position: compaction and transactions leave gaps, so the last offset may never come
        done = [place for place in left if (consumer.position(place, timeout_ms=POLL_MS) or 0) >= left[place]]
        for place in done:
            del left[place]
        if polled or done:
            moved = time.monotonic()
        elif time.monotonic() - moved > settings.kafka.request_timeout:
            raise Transient(Code.KAFKA_UNREACHABLE, f"the brokers stopped answering at {topic}", hint="try again")
