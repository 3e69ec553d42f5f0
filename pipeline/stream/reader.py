"""Reading a whole topic, from its beginning to where it ends at this moment."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any, Final

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from pipeline.errors import Code, Fatal, Transient
from pipeline.kafka import connect, kafka_error
from pipeline.settings import Settings

POLL_MS: Final = 500
RECORDS_AT_ONCE: Final = 500


def read_topic(settings: Settings, topic: str, *, doing: str) -> Generator[Any, None, None]:
    """Every record of a topic (kafka-python's, with `value`, `key`, `headers`, `partition`, `offset`, `timestamp`).

    Args:
        settings: of Kafka.
        topic: its name.
        doing: what it is for, told in errors.

    Raises:
        Transient: `kafka.unreachable`, also where the brokers stop answering for `kafka.request_timeout`.
        Fatal: `kafka.refused`, `kafka.topic-missing`.
    """
    consumer: Any = connect(KafkaConsumer, settings, doing=doing, enable_auto_commit=False, group_id=None)
    try:
        yield from _records(consumer, settings, topic)
    except kafka_errors.KafkaError as error:
        raise kafka_error(error, settings, doing=doing) from error
    finally:
        consumer.close()


def _records(consumer: Any, settings: Settings, topic: str) -> Iterator[Any]:
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
