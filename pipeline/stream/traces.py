"""What Kafka still has of one article, and taking it away as far as Kafka can.

Kafka cannot delete one record: only all records of a partition up to an offset. In the wire and enriched topics what
goes with it has been worked on already, which is made sure of. Dead letters are kept for ever, so the others that are
pending are written to the end of their topic first, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from kafka import TopicPartition
from kafka import errors as kafka_errors
from kafka.admin import KafkaAdminClient

from pipeline.errors import Code, UserError
from pipeline.kafka import connect, kafka_error
from pipeline.settings import Settings
from pipeline.stream.dead_letter_topic import DeadLetterTopic, LetterId
from pipeline.stream.dead_letters import REASON
from pipeline.stream.reader import read_topic
from pipeline.stream.replay import rewrite

DOING: Final = "look for the article"
ERASING: Final = "erase records"


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """Records of the article in one partition; `last_arrived_ms` decides when retention ends the last of them."""

    topic: str
    partition: int
    records: int
    last_offset: int
    last_arrived_ms: int


def traces(settings: Settings, uri: str) -> list[Trace]:
    """Where Kafka has the article: records whose key it is, or whose value holds its id. Reads the topics whole.

    Raises:
        Transient, Fatal: as `read_topic`.
    """
    found: dict[tuple[str, int], Trace] = {}
    topics = settings.topics
    for topic in (topics.wire, topics.enriched, topics.dead_letter):
        for record in read_topic(settings, topic, doing=DOING):
            if not mentions(uri, record.key, record.value):
                continue
            before = found.get((topic, record.partition))
            found[topic, record.partition] = Trace(
                topic=topic,
                partition=record.partition,
                records=(before.records if before else 0) + 1,
                last_offset=record.offset,
                last_arrived_ms=record.timestamp,
            )
    return sorted(found.values(), key=lambda trace: (trace.topic, trace.partition))


def mentions(uri: str, key: bytes | None, value: bytes | None) -> bool:
    """Whether a record is of the article: by its key, or by its id between quotation marks or tags in the value."""
    plain = uri.encode("utf-8", "surrogatepass")
    if key == plain:
        return True
    if value is None:
        return False
    forms = {json.dumps(uri).encode("ascii"), b'"' + plain + b'"', b">" + plain + b"<"}
    return any(form in value for form in forms)


def erase(settings: Settings, uri: str, found: Sequence[Trace]) -> int:
    """Delete every partition's records up to the last that is of the article; returns how many records that were.

    Raises:
        UserError: `usage`, where a worker has not yet done all that would be deleted; nothing is deleted then.
        Transient, Fatal: of Kafka.
    """
    ends = {TopicPartition(trace.topic, trace.partition): trace.last_offset + 1 for trace in found}
    admin: Any = connect(KafkaAdminClient, settings, doing=ERASING)
    try:
        _check_done(admin, settings, ends)
        _keep_other_dead_letters(settings, uri, ends)
        begins = _begins(settings, ends)
        answers = admin.delete_records(ends)
        for place, answer in answers.items():
            code = answer.get("error_code", 0)
            if code:
                raise kafka_errors.for_code(code)(f"{place.topic}-{place.partition}")
    except (kafka_errors.KafkaError, OSError) as error:
        raise kafka_error(error, settings, doing=ERASING) from error
    finally:
        admin.close()
    return sum(end - begins.get(place, 0) for place, end in ends.items())


def _begins(settings: Settings, places: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    from kafka import KafkaConsumer

    consumer: Any = connect(KafkaConsumer, settings, doing=ERASING, enable_auto_commit=False, group_id=None)
    try:
        found: dict[TopicPartition, int] = consumer.beginning_offsets(list(places))
        return found
    finally:
        consumer.close()


def _check_done(admin: Any, settings: Settings, ends: dict[TopicPartition, int]) -> None:
    group = settings.worker.group
    committed = admin.list_group_offsets({group: None}).get(group, {})
    for place, end in ends.items():
        if place.topic == settings.topics.dead_letter:
            continue
        done = committed.get(place)
        if done is None or done.offset < end:
            raise UserError(
                Code.USAGE,
                f"{place.topic}-{place.partition}: the workers have done records up to "
                f"{'none' if done is None else done.offset}, the article's last is {end - 1}",
                hint="start a worker, wait until newswire status shows no lag, then try again",
            )


def _keep_other_dead_letters(settings: Settings, uri: str, ends: dict[TopicPartition, int]) -> None:
    topic = settings.topics.dead_letter
    before = {place.partition: end for place, end in ends.items() if place.topic == topic}
    if not before:
        return
    with DeadLetterTopic(settings) as letters:
        replayed = letters.replayed()

    def others() -> Iterator[Any]:
        for record in read_topic(settings, topic, doing=ERASING):
            if record.offset >= before.get(record.partition, 0) or mentions(uri, record.key, record.value):
                continue
            if LetterId(record.partition, record.offset) not in replayed and REASON in dict(record.headers):
                yield record

    rewrite(settings, others())
