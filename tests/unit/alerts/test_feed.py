"""Nothing that Kafka does between two polls loses a record. The consumer is scripted: faults come on time."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import TopicPartition
from kafka import errors as kafka_errors

from pipeline import codec
from pipeline.alerts.feed import WAITING_MOST, Feed
from pipeline.errors import Transient
from pipeline.settings import Kafka, Settings
from tests.support.enriched import enriched

TOPIC = Settings().topics.enriched
PLACE = TopicPartition(TOPIC, 0)


class Consumer:
    """One partition from `first` to `end`, read from its position on; calls named in `fails` raise once each."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.committed_at: int | None = None
        self.first, self.end = 0, 0
        self.at: int | None = None
        self.mine: set[TopicPartition] = set()
        self.fails: list[str] = []
        self.paused = False
        self.listener: Any = None

    def subscribe(self, topics: list[str], listener: Any) -> None:
        self.listener = listener

    def assign(self, places: Iterable[TopicPartition] = (PLACE,)) -> None:
        self.mine = set(places)
        self.at = self.committed_at
        self.listener.on_partitions_assigned(places)

    def revoke(self) -> None:
        self.listener.on_partitions_revoked(list(self.mine))
        self.mine = set()

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {0}

    def assignment(self) -> set[TopicPartition]:
        return self.mine

    def pause(self, *places: TopicPartition) -> None:
        self.paused = True

    def resume(self, *places: TopicPartition) -> None:
        self.paused = False

    def poll(self, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        if not self.mine or self.paused:
            return {}
        if self.at is None or self.at < self.first:  # as auto_offset_reset says
            self.at = self.first if self.options["auto_offset_reset"] == "earliest" else self.end
        records = [_record(offset) for offset in range(self.at, self.end)]
        self.at = self.end
        return {PLACE: records} if records else {}

    def committed(self, place: TopicPartition, timeout_ms: int) -> int | None:
        self._may_fail("committed")
        return self.committed_at

    def end_offsets(self, places: list[TopicPartition], timeout_ms: int) -> dict[TopicPartition, int]:
        self._may_fail("end_offsets")
        return dict.fromkeys(places, self.end)

    def beginning_offsets(self, places: list[TopicPartition], timeout_ms: int) -> dict[TopicPartition, int]:
        self._may_fail("beginning_offsets")
        return dict.fromkeys(places, self.first)

    def seek(self, place: TopicPartition, offset: int) -> None:
        assert place in self.mine
        self.at = offset

    def commit(self, offsets: dict[TopicPartition, Any]) -> None:
        self._may_fail("commit")
        self.committed_at = offsets[PLACE].offset

    def close(self) -> None:
        pass

    def _may_fail(self, call: str) -> None:
        if call in self.fails:
            self.fails.remove(call)
            raise kafka_errors.KafkaTimeoutError(call)


def _record(offset: int) -> SimpleNamespace:
    value = codec.encode(enriched(f"urn:{offset}"))
    return SimpleNamespace(partition=0, offset=offset, value=value)


class Read:
    """A feed of that consumer, and what it said about its partitions."""

    def __init__(self) -> None:
        self.assigned: list[int] = []
        self.revoked: list[int] = []
        self.feed = Feed(
            Settings(kafka=Kafka(bootstrap_servers="127.0.0.1:9")),
            on_assigned=self.assigned.append,
            on_revoked=self.revoked.append,
            consumer=self._make,
        )

    def _make(self, **options: Any) -> Consumer:
        self.consumer = Consumer(**options)
        return self.consumer

    @property
    def waiting(self) -> list[int]:
        return sorted(each.offset for each in self.feed.waiting.next(10_000))


@pytest.mark.parametrize(("committed", "call"), [(3, "committed"), (None, "committed"), (None, "end_offsets")])
def test_records_that_came_while_the_offsets_could_not_be_read_are_not_lost(committed: int | None, call: str) -> None:
    read = Read()
    read.consumer.committed_at, read.consumer.end = committed, 5
    read.consumer.fails = [call]
    read.consumer.assign()
    with pytest.raises(Transient):
        read.feed.poll(0)
    assert read.assigned == []
    read.consumer.end = 7
    for _ in range(2):
        read.feed.poll(0)
    assert read.assigned == [0]
    # what a new group finds there before it knew its place is not new; from then on all is
    read.consumer.end = 9
    read.feed.poll(0)
    assert read.waiting == list(range(3 if committed is not None else 7, 9))


def test_records_of_other_partitions_are_kept_when_a_change_cannot_be_followed() -> None:
    read = Read()
    read.consumer.committed_at = 0
    read.consumer.assign()
    read.feed.poll(0)
    read.consumer.end = 4
    other = TopicPartition(TOPIC, 1)
    read.consumer.mine.add(other)
    read.consumer.listener.on_partitions_assigned([other])
    read.consumer.fails = ["committed"]
    with pytest.raises(Transient):
        read.feed.poll(0)
    assert read.waiting == [0, 1, 2, 3]
    read.feed.poll(0)
    assert read.assigned == [0, 1]


def test_a_partition_that_went_and_came_back_is_read_from_what_was_committed() -> None:
    read = Read()
    read.consumer.committed_at, read.consumer.end = 0, 4
    read.consumer.assign()
    for _ in range(2):
        read.feed.poll(0)
    read.feed.waiting.looked_at([each for each in read.feed.waiting.next(10) if each.offset in (0, 1, 3)])
    read.feed.commit()
    assert read.consumer.committed_at == 2
    read.consumer.end = 6
    read.consumer.revoke()
    read.consumer.assign()
    for _ in range(2):
        read.feed.poll(0)
    assert read.waiting == [2, 3, 4, 5]
    assert (read.assigned, read.revoked) == ([0, 0], [0])


def test_a_new_group_keeps_to_where_it_began() -> None:
    read = Read()
    read.consumer.end = 5
    read.consumer.assign()
    for _ in range(2):
        read.feed.poll(0)
    assert read.waiting == []
    read.feed.commit()
    assert read.consumer.committed_at == 5


def test_records_that_the_topic_deleted_unread_are_counted_and_the_rest_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    read = Read()
    read.consumer.committed_at, read.consumer.first, read.consumer.end = 2, 10, 12
    read.consumer.fails = ["beginning_offsets"]
    read.consumer.assign()
    with caplog.at_level(logging.WARNING, logger="pipeline.alerts.feed"):
        read.feed.poll(0)
        with pytest.raises(Transient):
            read.feed.poll(0)
        read.feed.poll(0)
        read.feed.poll(0)
    assert read.waiting == [10, 11]
    (message,) = [each.getMessage() for each in caplog.records if each.name == "pipeline.alerts.feed"]
    assert "partition 0: 8 records" in message


def test_nothing_is_read_on_while_too_much_waits_or_is_on_its_way() -> None:
    read = Read()
    read.consumer.committed_at, read.consumer.end = 0, WAITING_MOST + 1
    read.consumer.assign()
    for _ in range(3):
        read.feed.poll(0)
    assert read.consumer.paused
    read.feed.waiting.looked_at(read.feed.waiting.next(1))
    read.feed.poll(0, more=False)
    assert read.consumer.paused
    read.feed.poll(0)
    assert not read.consumer.paused
