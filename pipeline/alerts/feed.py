"""The enriched topic as the alerts read it: which articles changed, and which of them are not told of yet.

The group's offset moves past a record only once the article has been looked at in a state that includes it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final, Self

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.partitioner import murmur2
from kafka.structs import OffsetAndMetadata

from pipeline import identity
from pipeline.codec import decode_enriched
from pipeline.errors import Poison
from pipeline.kafka import connect, kafka_error
from pipeline.log import get_logger
from pipeline.settings import Settings

RECORDS_AT_ONCE: Final = 500
WAITING_MOST: Final = 5_000  # articles; beyond it the topic is not read on
GIVE_UP_AFTER: Final = 120.0  # seconds that an article may be missing in the index while later ones are there

log = get_logger(__name__)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the topic: which article, and what the index must hold of it to include it."""

    uri: str
    partition: int
    offset: int
    version: int  # external
    settles: bool  # a kill or its lifting: its version alone decides
    since: float

    def included(self, version: int) -> bool:
        """Whether an article of this external version in the index is the result of this record or of a later one."""
        if self.settles:
            return version >= self.version
        return identity.is_kill(version) or identity.rank_of(version) >= identity.rank_of(self.version)


class Feed:
    """Reads the topic in a consumer group of its own. One thread.

    Raises everywhere: Transient and Fatal as `kafka_error`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_assigned: Callable[[list[int]], None],
        on_revoked: Callable[[list[int]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._topic = settings.topics.enriched
        self._clock = clock
        self._waiting: dict[int, dict[int, Record]] = defaultdict(dict)  # by partition and offset
        self._done: dict[int, int] = {}  # the highest offset that was looked at, by partition
        self._committed: dict[int, int] = {}
        self._on_assigned, self._on_revoked = on_assigned, on_revoked
        self._changes: SimpleQueue[tuple[str, list[TopicPartition]]] = SimpleQueue()
        self._consumer: Any = connect(
            KafkaConsumer,
            settings,
            doing="read enriched articles",
            group_id=group(settings),
            enable_auto_commit=False,
            auto_offset_reset="latest",
            max_poll_records=RECORDS_AT_ONCE,
            session_timeout_ms=round(settings.worker.session_timeout * 1000),
            heartbeat_interval_ms=round(settings.worker.session_timeout * 250),
        )
        self._partitions = len(self._consumer.partitions_for_topic(self._topic) or ())
        self._consumer.subscribe([self._topic], listener=_Listener(self._changes))

    def poll(self, seconds: float) -> None:
        """Take in what is new; wait that long for it at most."""
        full = self.waiting > WAITING_MOST
        (self._consumer.pause if full else self._consumer.resume)(*self._consumer.assignment())
        try:
            polled = self._consumer.poll(timeout_ms=round(seconds * 1000))
        except kafka_errors.KafkaError as error:
            raise kafka_error(error, self._settings, doing="read enriched articles") from error
        self._rebalance(polled)
        for record in (record for batch in polled.values() for record in batch):
            read = _read(record, self._clock())
            if read is None:
                self._done[record.partition] = max(record.offset, self._done.get(record.partition, -1))
            else:
                self._waiting[record.partition][record.offset] = read

    @property
    def waiting(self) -> int:
        """Records that are not told of yet."""
        return sum(len(records) for records in self._waiting.values())

    def oldest(self, count: int) -> list[Record]:
        """That many of them, those that wait longest."""
        every = [record for records in self._waiting.values() for record in records.values()]
        return sorted(every, key=lambda record: record.since)[:count]

    def looked_at(self, records: Iterable[Record]) -> None:
        """What there was to tell of these is written down."""
        for record in records:
            self._waiting[record.partition].pop(record.offset, None)
            self._done[record.partition] = max(record.offset, self._done.get(record.partition, -1))

    def give_up(self) -> None:
        """Pass over records that never got into the index: a later one of their partition did long ago."""
        late = self._clock() - GIVE_UP_AFTER
        for partition, records in self._waiting.items():
            done = self._done.get(partition, -1)
            for record in [each for each in records.values() if each.offset < done and each.since < late]:
                log.warning("%s is not in the index, though later articles are: passed over", record.uri)
                del records[record.offset]

    def commit(self) -> None:
        """Move the group's offsets to what is done."""
        offsets: dict[TopicPartition, Any] = {}
        for partition, done in self._done.items():
            position = min(self._waiting[partition], default=done + 1)
            if position != self._committed.get(partition):
                self._committed[partition] = position
                offsets[TopicPartition(self._topic, partition)] = OffsetAndMetadata(position, "", -1)
        if not offsets:
            return
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

    def _rebalance(self, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Do what the changes of our partitions ask for, which must not be done in the client's own thread."""
        while not self._changes.empty():
            kind, places = self._changes.get()
            numbers = [place.partition for place in places]
            if kind == "revoked":
                for number in numbers:
                    self._waiting.pop(number, None)
                    self._done.pop(number, None)
                    self._committed.pop(number, None)
                self._on_revoked(numbers)
                continue
            try:
                for place in places:
                    self._begin(place, polled.get(place) or ())
            except kafka_errors.KafkaError as error:
                raise kafka_error(error, self._settings, doing="read the alerts' offsets") from error
            self._on_assigned(numbers)

    def _begin(self, place: TopicPartition, polled: Sequence[Any]) -> None:
        """Fix where a group begins that never read this: where it is now, so that a restart misses nothing."""
        if self._consumer.committed(place) is None:
            first = polled[0].offset if polled else self._consumer.position(place)
            self._done[place.partition] = first - 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python is not typed for us
    """Called in the client's own thread, which must not wait: it only takes note."""

    def __init__(self, changes: SimpleQueue[tuple[str, list[TopicPartition]]]) -> None:
        self._changes = changes

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._changes.put(("revoked", list(revoked)))

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._changes.put(("assigned", list(assigned)))


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
