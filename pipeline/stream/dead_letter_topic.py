"""Reading the dead letter topic: from its beginning to where it ended when the reading began, one record at a time.

A replay leaves a marker in the topic: a record with the key and in the partition of the dead letter, without a value,
whose header `dl_replayed` holds `partition-offset` of the dead letter. A dead letter is pending until it has one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from pipeline.errors import Code, Fatal, NewswireError, Transient, UserError
from pipeline.kafka import connect, kafka_error
from pipeline.settings import Settings
from pipeline.stream.dead_letters import REASON, REPLAYED, Origin, RawHeaders, split_headers

POLL_MS: Final = 500
RECORDS_AT_ONCE: Final = 200
_ID: Final = re.compile(r"(\d{1,9})-(\d{1,18})", re.ASCII)


class LetterId(NamedTuple):
    """Where a dead letter is: it never changes, since dead letters are kept for ever."""

    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}-{self.offset}"


@dataclass(frozen=True)
class DeadLetter:
    """One dead letter: the failed record as it was, and why it failed."""

    id: LetterId
    key: bytes | None
    value: bytes | None
    headers: RawHeaders  # of the failed record
    origin: Origin | None  # None: a foreign record without our headers
    arrived_ms: int  # when the dead letter topic got it, ms since 1970

    @property
    def reason(self) -> str:
        """The code of what went wrong, empty where it is not told."""
        return self.origin.reason if self.origin else ""


def letter_id(text: str) -> LetterId:
    """The id that a user typed.

    Raises:
        UserError: `usage`.
    """
    found = _ID.fullmatch(text)
    if found is None:
        raise UserError(
            Code.USAGE, f"{text!r} is not the id of a dead letter, such as 3-41", hint="newswire dead-letters list"
        )
    return LetterId(int(found[1]), int(found[2]))


class DeadLetterTopic:
    """A view of the topic as it was when this was opened. Use it as a context manager, from one thread.

    Raises everywhere:
        Transient: `kafka.unreachable`, also where the brokers stop answering for `kafka.request_timeout`.
        Fatal: `kafka.refused`, `kafka.topic-missing`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = settings.topics.dead_letter
        self._consumer: Any = connect(
            KafkaConsumer, settings, doing="read the dead letters", enable_auto_commit=False, group_id=None
        )
        try:
            self._ranges = self._find_ranges()
        except BaseException:
            self._consumer.close()
            raise

    def letters(self) -> Iterator[DeadLetter]:
        """All dead letters, replayed or not, partition by partition in the order of their offsets."""
        for record in self._records(self._ranges):
            if _marked(record) is None:
                yield _letter(record)

    def replayed(self) -> set[LetterId]:
        """The ids of the dead letters that were replayed; all that is held in memory of the topic."""
        return {marked for record in self._records(self._ranges) if (marked := _marked(record)) is not None}

    def get(self, identity: LetterId) -> DeadLetter:
        """One dead letter.

        Raises:
            UserError: `not-found`.
        """
        begin, end = self._ranges.get(identity.partition, (0, 0))
        if begin <= identity.offset < end:
            wanted = {identity.partition: (identity.offset, identity.offset + 1)}
            for record in self._records(wanted):
                if record.offset == identity.offset and _marked(record) is None:
                    return _letter(record)
        raise UserError(Code.NOT_FOUND, f"no dead letter {identity}", hint="newswire dead-letters list")

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _find_ranges(self) -> Mapping[int, tuple[int, int]]:
        try:
            numbers = self._consumer.partitions_for_topic(self._topic)
            if not numbers:
                raise Fatal(Code.KAFKA_TOPIC_MISSING, f"topic missing: {self._topic}", hint="newswire setup")
            partitions = [TopicPartition(self._topic, number) for number in sorted(numbers)]
            begins = self._consumer.beginning_offsets(partitions)
            ends = self._consumer.end_offsets(partitions)
        except kafka_errors.KafkaError as error:
            raise self._explain(error) from error
        return {place.partition: (begins[place], ends[place]) for place in partitions}

    def _records(self, ranges: Mapping[int, tuple[int, int]]) -> Iterator[Any]:
        for number, (begin, end) in sorted(ranges.items()):
            if begin < end:
                yield from self._partition(TopicPartition(self._topic, number), begin, end)

    def _partition(self, place: TopicPartition, begin: int, end: int) -> Iterator[Any]:
        self._consumer.assign([place])
        self._consumer.seek(place, begin)
        moved, position = time.monotonic(), begin
        while position < end:
            try:
                polled = self._consumer.poll(timeout_ms=POLL_MS, max_records=RECORDS_AT_ONCE)
                now_at = self._consumer.position(place, timeout_ms=POLL_MS)
            except kafka_errors.KafkaError as error:
                raise self._explain(error) from error
            for record in polled.get(place, ()):
                if record.offset < end:
                    yield record
            if polled or (now_at is not None and now_at > position):
                moved, position = time.monotonic(), max(position, now_at or 0)
            elif time.monotonic() - moved > self._settings.kafka.request_timeout:
                message = f"the brokers stopped answering at {self._topic} {place.partition}-{position}"
                raise Transient(Code.KAFKA_UNREACHABLE, message, hint="try again")

    def _explain(self, error: kafka_errors.KafkaError) -> NewswireError:
        return kafka_error(error, self._settings, doing="read the dead letters")


def _marked(record: Any) -> LetterId | None:
    """The dead letter that this record marks as replayed; None where it is no marker."""
    if record.value is not None:
        return None
    names = dict(record.headers)
    found = _ID.fullmatch((names.get(REPLAYED) or b"").decode("utf-8", "replace"))
    return LetterId(int(found[1]), int(found[2])) if found and REASON not in names else None


def _letter(record: Any) -> DeadLetter:
    own, origin = split_headers(record.headers)
    null_record = origin is not None and origin.null_record
    return DeadLetter(
        id=LetterId(record.partition, record.offset),
        key=None if null_record else record.key,
        value=record.value,
        headers=own,
        origin=origin,
        arrived_ms=record.timestamp,
    )
