"""Replay: dead letters go back to the topic they failed on, with the bytes, key and headers they came with.

Each is confirmed by the brokers, and only then marked as replayed. A crash between the two leaves it unmarked, so it
is replayed again: at least once, which the deterministic document id and version make harmless. The record gets a
new time stamp: with the old one, retention could end it at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka import errors as kafka_errors

from pipeline.errors import Code, Fatal, NewswireError, Poison, Transient
from pipeline.kafka import async_connection
from pipeline.limits import limits
from pipeline.settings import Settings
from pipeline.stream.dead_letter_topic import DeadLetter
from pipeline.stream.dead_letters import REPLAYED, sendable_key

LETTERS_AT_ONCE: Final = 200
BYTES_AT_ONCE: Final = 16_000_000

_REFUSED = (
    kafka_errors.TopicAuthorizationFailedError,
    kafka_errors.ClusterAuthorizationFailedError,
    kafka_errors.SaslAuthenticationFailed,
)


class _Null:
    """Stands for null where aiokafka wants a key or a value; its serializers turn it into null."""


@dataclass(frozen=True)
class Outcome:
    """What became of one dead letter: `error` is None where it was replayed and marked."""

    letter: DeadLetter
    error: NewswireError | None


def replay(
    settings: Settings,
    letters: Iterable[DeadLetter],
    *,
    on_outcome: Callable[[Outcome], None],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Replay the letters, some at once. Blocks until each has its outcome; a letter that cannot be replayed stays.

    aiokafka sends them, since kafka-python (3.0.12) cannot send a header without a value, which Kafka allows.

    Raises:
        Transient: `kafka.unreachable`; what has no outcome yet is not marked.
        Fatal: `kafka.refused`.
    """
    asyncio.run(_replay(settings, letters, on_outcome, clock))


def rewrite(settings: Settings, records: Iterable[Any]) -> None:
    """Write records of the dead letter topic to its end once more, in their partitions, all of them confirmed.

    Raises:
        Transient: `kafka.unreachable`; some may be there twice then.
        Fatal: `kafka.refused`.
    """
    asyncio.run(_rewrite(settings, records))


async def _rewrite(settings: Settings, records: Iterable[Any]) -> None:
    async with _producer(settings) as producer:
        for record in records:
            try:
                await producer.send_and_wait(
                    settings.topics.dead_letter,
                    record.value,
                    sendable_key(record.key, record.value),
                    partition=record.partition,
                    headers=list(record.headers),
                )
            except (kafka_errors.KafkaError, OSError) as error:
                raise _explain(error, settings) from error


async def _replay(
    settings: Settings,
    letters: Iterable[DeadLetter],
    on_outcome: Callable[[Outcome], None],
    clock: Callable[[], datetime],
) -> None:
    async with _producer(settings) as producer:
        for group in _groups(letters):
            outcomes = await asyncio.gather(*(_send(producer, settings, letter) for letter in group))
            sent = [outcome.letter for outcome in outcomes if outcome.error is None]
            await asyncio.gather(*(_mark(producer, settings, letter, clock()) for letter in sent))
            for outcome in outcomes:
                on_outcome(outcome)


@asynccontextmanager
async def _producer(settings: Settings) -> AsyncIterator[Any]:
    compression = settings.kafka.compression
    producer = AIOKafkaProducer(
        **async_connection(settings),
        acks="all",
        enable_idempotence=True,
        compression_type=None if compression == "none" else compression,
        max_request_size=limits(settings).request,
        key_serializer=_serialize,
        value_serializer=_serialize,
    )
    try:
        await producer.start()
    except (kafka_errors.KafkaError, OSError) as error:
        await producer.stop()
        raise _explain(error, settings) from error
    try:
        yield producer
    finally:
        await producer.stop()


def _groups(letters: Iterable[DeadLetter]) -> Iterable[list[DeadLetter]]:
    group: list[DeadLetter] = []
    size = 0
    for letter in letters:
        group.append(letter)
        size += len(letter.value or b"")
        if len(group) >= LETTERS_AT_ONCE or size >= BYTES_AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


async def _send(producer: Any, settings: Settings, letter: DeadLetter) -> Outcome:
    topic = letter.origin.topic if letter.origin else ""
    if topic not in (settings.topics.wire, settings.topics.enriched):
        problem = (
            f"it comes from {topic!r}, which is no topic of ours" if topic else "it does not say where it is from"
        )
        return Outcome(letter, Poison(Code.RECORD_SCHEMA, f"dead letter {letter.id}: {problem}"))
    assert letter.origin is not None
    partitions = await producer.partitions_for(topic)
    partition = letter.origin.partition if letter.origin.partition in partitions else None
    key: Any = letter.key
    if letter.key is None and letter.value is None:
        key = _Null()
    try:
        await producer.send_and_wait(topic, letter.value, key, partition=partition, headers=list(letter.headers))
    except kafka_errors.MessageSizeTooLargeError as error:
        return Outcome(letter, Poison(Code.RECORD_TOO_LARGE, f"dead letter {letter.id}: {error}"))
    except (kafka_errors.KafkaError, OSError) as error:
        raise _explain(error, settings) from error
    return Outcome(letter, None)


async def _mark(producer: Any, settings: Settings, letter: DeadLetter, now: datetime) -> None:
    headers = [(REPLAYED, str(letter.id).encode()), ("dl_time", now.isoformat().encode())]
    key = sendable_key(letter.key, None)
    try:
        await producer.send_and_wait(
            settings.topics.dead_letter, None, key, partition=letter.id.partition, headers=headers
        )
    except (kafka_errors.KafkaError, OSError) as error:
        raise _explain(error, settings) from error


def _serialize(content: bytes | _Null | None) -> bytes | None:
    return None if isinstance(content, _Null) else content


def _explain(error: Exception, settings: Settings) -> NewswireError:
    where = settings.kafka.bootstrap_servers
    if isinstance(error, _REFUSED):
        return Fatal(Code.KAFKA_REFUSED, f"Kafka at {where} refused the replay: {error!r}")
    return Transient(
        Code.KAFKA_UNREACHABLE, f"Kafka at {where} did not confirm the replay: {error!r}", hint="try again"
    )
