"""The enriched topic as the alerts read it: which articles changed, and which of them are not told of yet.

The group's offset moves past a record only once the article has been looked at in a state that includes it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Literal, NamedTuple, Self

from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.partitioner import murmur2
from kafka.structs import OffsetAndMetadata

from pipeline import identity
from pipeline.alerts.waiting import Record, Waiting
from pipeline.codec import decode_enriched
from pipeline.errors import Poison
from pipeline.kafka import connect, kafka_error
from pipeline.log import get_logger
from pipeline.settings import Settings

RECORDS_AT_ONCE: Final = 500
WAITING_MOST: Final = 5_000  # articles; beyond it the topic is not read on

log = get_logger(__name__)


class _Change(NamedTuple):
    kind: Literal["assigned", "revoked"]
    place: TopicPartition


class _Gap(NamedTuple):
    place: TopicPartition
    expected: int  # offset
    found: int


class Feed:
    """Reads the topic in a consumer group of its own. One thread.

    Raises everywhere: Transient and Fatal as `kafka_error`; the same call may follow, and nothing is passed over.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_assigned: Callable[[int], None],
        on_revoked: Callable[[int], None],
        consumer: Callable[..., Any] = KafkaConsumer,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._topic = settings.topics.enriched
        self._clock = clock
        self._timeout_ms = round(settings.kafka.request_timeout * 1000)
        self.waiting = Waiting(clock=clock)
        self._next: dict[int, int] = {}  # the offset to be read next, of the partitions whose beginning is known
        self._committed: dict[int, int] = {}
        self._on_assigned, self._on_revoked = on_assigned, on_revoked
        self._changes: deque[_Change] = deque()
        self._gaps: deque[_Gap] = deque()
        self._told_of: dict[int, int] = {}  # the offset up to which a gap of the partition was told of
        self._consumer: Any = connect(
            consumer,
            settings,
            doing="read enriched articles",
            group_id=group(settings),
            enable_auto_commit=False,
            # for a group that was away until its offset was deleted; a new one begins at the end, see `_begin`
            auto_offset_reset="earliest",
            max_poll_records=RECORDS_AT_ONCE,
            session_timeout_ms=round(settings.worker.session_timeout * 1000),
            heartbeat_interval_ms=round(settings.worker.session_timeout * 250),
        )
        self._partitions = len(self._consumer.partitions_for_topic(self._topic) or ())
        self._consumer.subscribe([self._topic], listener=_Listener(self._changes))

    def poll(self, seconds: float, *, more: bool = True) -> None:
        """Take in what is new; wait that long for it at most. Without `more`, only stay in the group."""
        more = more and len(self.waiting) <= WAITING_MOST
        (self._consumer.resume if more else self._consumer.pause)(*self._consumer.assignment())
        try:
            # before anything that may fail: the client does not give these records a second time
            self._take_in(self._consumer.poll(timeout_ms=round(seconds * 1000)))
            self._rebalance()
            self._tell_of_gaps()
        except kafka_errors.KafkaError as error:
            raise kafka_error(error, self._settings, doing="read enriched articles") from error

    def commit(self) -> None:
        """Move the group's offsets to what is done."""
        moved = {
            partition: position
            for partition, position in self.waiting.positions().items()
            if position != self._committed.get(partition)
        }
        if not moved:
            return
        self._committed |= moved
        offsets = {
            TopicPartition(self._topic, partition): OffsetAndMetadata(position, "", -1)
            for partition, position in moved.items()
        }
        try:
            self._consumer.commit(offsets)
        except kafka_errors.CommitFailedError:  # the partitions went to another runner, which looks again
            self._committed.clear()
        except kafka_errors.KafkaError as error:
            self._committed.clear()
            raise kafka_error(error, self._settings, doing="commit what was told") from error

    def partition(self, uri: str) -> int:
        """The partition in which all versions of an article are, as Kafka's producers choose it."""
        return int((murmur2(uri.encode("utf-8")) & 0x7FFFFFFF) % max(1, self._partitions))

    def _take_in(self, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        for place, batch in polled.items():
            expected = self._next.get(place.partition)
            if expected is None:  # `_begin` goes back for them
                continue
            if batch[0].offset > expected:
                self._gaps.append(_Gap(place, expected, batch[0].offset))
            self._next[place.partition] = batch[-1].offset + 1
            for record in batch:
                read = _read(record, self._clock())
                if read is None:
                    self.waiting.pass_over(record.partition, record.offset)
                else:
                    self.waiting.add(read)

    def _rebalance(self) -> None:
        """Do what the changes of our partitions ask for, which must not be done in the client's own thread. A change
        that cannot be followed yet stays the next one."""
        while self._changes:
            kind, place = self._changes[0]
            if kind == "revoked":
                self.waiting.forget(place.partition)
                self._next.pop(place.partition, None)
                self._committed.pop(place.partition, None)
                self._on_revoked(place.partition)
            elif place in self._consumer.assignment():  # else it was taken again: that change comes later
                self._begin(place)
                self._on_assigned(place.partition)
            self._changes.popleft()

    def _begin(self, place: TopicPartition) -> None:
        """Go to where the group is in this partition. A group that never read it begins where it ends now, and
        keeps to that, so that a restart misses nothing."""
        begin = self._consumer.committed(place, timeout_ms=self._timeout_ms)
        if begin is None:
            begin = self._consumer.end_offsets([place], timeout_ms=self._timeout_ms)[place]
            self.waiting.pass_over(place.partition, begin - 1)
            log.info("%s, partition %d: never read; begins at %d", place.topic, place.partition, begin)
        self._consumer.seek(place, begin)
        self._next[place.partition] = begin

    def _tell_of_gaps(self) -> None:
        """Say which records the topic no longer had, once: a rebalance reads over the same gap again. Offsets are
        also left out by transactions: that is no loss."""
        while self._gaps:
            place, expected, found = self._gaps[0]
            first = self._consumer.beginning_offsets([place], timeout_ms=self._timeout_ms)[place]
            end = min(first, found)
            gone = end - max(expected, self._told_of.get(place.partition, 0))
            if gone > 0:
                self._told_of[place.partition] = end
                log.warning(
                    "%s, partition %d: %d records were deleted before the alerts read them (retention of the topic);"
                    " what these changed is not told of",
                    place.topic,
                    place.partition,
                    gone,
                )
            self._gaps.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python is not typed for us
    """Called in the client's own thread, which must not wait: it only takes note."""

    def __init__(self, changes: deque[_Change]) -> None:
        self._changes = changes

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._changes.extend(_Change("revoked", place) for place in revoked)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._changes.extend(_Change("assigned", place) for place in assigned)


def group(settings: Settings) -> str:
    """The consumer group of the alerts."""
    return f"{settings.worker.group}-alerts"


def _read(record: Any, now: float) -> Record | None:
    try:
        article = decode_enriched(record.value or b"")
        lifted = identity.lifted_kill(article)
        life = 0 if lifted is None else identity.life_of(lifted) + 1
        version = identity.external_version(article, enrichment=article.enrichment, life=life)
    except Poison:  # the index agent makes a dead letter of it
        return None
    return Record(
        uri=article.uri,
        partition=record.partition,
        offset=record.offset,
        version=version,
        settles=article.pubStatus == "canceled" or lifted is not None,
        since=now,
    )
