"""What Kafka still has of one article, and taking it away as far as Kafka can.

Kafka cannot delete one record: only all records of a partition up to an offset. In the wire and enriched topics what
goes with it has been worked on already, which is made sure of. Dead letters are kept for ever, so the others that are
pending are written to the end of their topic first, byte for byte.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from kafka import TopicPartition
from kafka import errors as kafka_errors
from kafka.admin import KafkaAdminClient

from pipeline.errors import Code, Poison, UserError
from pipeline.kafka import connect, group_offsets, kafka_error
from pipeline.settings import Settings
from pipeline.stream.dead_letter_topic import DeadLetterTopic, LetterId
from pipeline.stream.dead_letters import REASON
from pipeline.stream.reader import read_topic
from pipeline.stream.replay import rewrite
from pipeline.wire import archive

DOING: Final = "look for the article"
ERASING: Final = "erase records"

_JSON_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\"\\/]))")


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
    """Whether a record is of the article: by its key, or by its id between quotation marks or tags in the value.

    Read as UTF-8, with what XML and JSON escape, and unpacked where it is a gzip or zip file, as far as
    `pipeline.wire.archive` unpacks. Not seen, where the key is not the id: ids in other encodings, in archives inside
    archives or in broken ones, and those that a format makes of several fields or from the text.
    """
    plain = uri.encode("utf-8", "surrogatepass")
    if key == plain:
        return True
    return value is not None and any(_holds(content, uri, plain) for content in _contents(value))


def _contents(value: bytes) -> Iterator[bytes]:
    """The value, and the files in it where it is an archive, up to one that is broken, encrypted or a bomb."""
    yield value
    if archive.is_archive(value):
        try:
            for _, content in archive.members(value):
                yield content
        except Poison:
            return


def _holds(content: bytes, uri: str, plain: bytes) -> bool:
    forms = {json.dumps(uri).encode("ascii"), b'"' + plain + b'"', b">" + plain + b"<"}
    if any(form in content for form in forms):
        return True
    text = content.decode("utf-8", "replace")
    spellings = [text]
    if "&" in text:
        spellings.append(html.unescape(text))
    if "\\" in text:
        spellings.append(_JSON_ESCAPE.sub(_unescaped, text))
    form = re.compile(rf"[\"'>]\s*{re.escape(uri)}\s*[\"'<]")
    return any(uri in spelling and form.search(spelling) for spelling in spellings)


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else escape[2]


def erase(settings: Settings, uri: str, found: Sequence[Trace]) -> int:
    """Delete every partition's records up to the last that is of the article; returns how many records that were.

    Raises:
        UserError: `usage`, where the workers, or the alerts, if there are any, have not yet done all that would be
            deleted; nothing is deleted then.
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
    from pipeline.alerts.feed import group as alerts_group

    group, alerts = settings.worker.group, alerts_group(settings)
    committed = group_offsets(admin, group)
    _check_told(group_offsets(admin, alerts), alerts, ends)
    for place, end in ends.items():
        if place.topic == settings.topics.dead_letter:
            continue
        done = committed.get(place)
        if done is None or done < end:
            raise UserError(
                Code.USAGE,
                f"{place.topic}-{place.partition}: the workers have done records up to "
                f"{'none' if done is None else done}, the article's last is {end - 1}",
                hint="start a worker, wait until newswire status shows no lag, then try again",
            )


def _check_told(committed: dict[TopicPartition, int], group: str, ends: dict[TopicPartition, int]) -> None:
    for place, end in ends.items():
        told = committed.get(place)  # none: nobody wants alerts, or not of this topic
        if told is not None and told < end:
            raise UserError(
                Code.USAGE,
                f"{place.topic}-{place.partition}: the alerts have told of records up to {told}, "
                f"the article's last is {end - 1}",
                hint=f"newswire alert run, then try again; or, where nobody wants alerts, delete the group {group}",
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
