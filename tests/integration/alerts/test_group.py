"""The consumer group of the alerts: where it begins, what it tells of gaps, and that it always comes back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from pipeline import codec
from pipeline.alerts.feed import Feed, group
from pipeline.kafka import group_offsets
from pipeline.stream.topics import create_topics
from tests.integration.alerts.conftest import GUARD, article
from tests.support.ledger import wait_for
from tests.support.stack import Stack

pytestmark = pytest.mark.servers


def test_a_group_begins_at_the_end_and_what_was_deleted_while_it_was_away_is_counted(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    settings = stack.settings(worker={"session_timeout": 6.0}, topics={"partitions": 1})
    create_topics(settings)
    topic = settings.topics.enriched
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all")
    admin: Any = KafkaAdminClient(bootstrap_servers=stack.bootstrap)
    assigned: list[int] = []

    def publish(count: int) -> None:
        for _ in range(count):
            producer.send(topic, value=codec.encode(article("urn:newswire:test:away"))).get(GUARD)

    def feed() -> Feed:
        return Feed(settings, on_assigned=assigned.append, on_revoked=lambda _: None)

    def read(feed: Feed, *, until: Callable[[], bool]) -> None:
        end = time.monotonic() + GUARD
        while not until():
            assert time.monotonic() < end
            feed.poll(0.2)

    def keeps_to(offset: int, feed: Feed) -> bool:
        feed.commit()  # again, where a rebalance kept it from being written down
        return group_offsets(admin, group(settings)) == {TopicPartition(topic, 0): offset}

    try:
        publish(1)
        with feed() as first:
            read(first, until=lambda: keeps_to(1, first))
            assert len(first.waiting) == 0, "what was there before it is not new"
        publish(3)
        admin.delete_records({TopicPartition(topic, 0): 3})
        with feed() as again, caplog.at_level(logging.WARNING, logger="pipeline.alerts.feed"):
            read(again, until=lambda: len(again.waiting) > 0)
            assert [record.offset for record in again.waiting.next(9)] == [3]
            # a rebalance with nothing committed: the same gap is read over again
            times = len(assigned)
            other: Any = KafkaConsumer(
                settings.topics.wire, bootstrap_servers=stack.bootstrap, group_id=group(settings)
            )
            try:
                end = time.monotonic() + GUARD
                while len(assigned) == times:
                    assert time.monotonic() < end
                    other.poll(timeout_ms=200)
                    again.poll(0.2)
            finally:
                other.close()
            read(again, until=lambda: len(again.waiting) > 0)
            assert [record.offset for record in again.waiting.next(9)] == [3]
    finally:
        producer.close()
        admin.close()
    told = [each for each in caplog.records if (each.name, each.levelname) == ("pipeline.alerts.feed", "WARNING")]
    (message,) = [each.getMessage() for each in told]
    assert f"{topic}, partition 0: 2 records were deleted" in message


def test_a_poll_that_ends_while_the_group_is_joined_again_does_not_end_the_membership(stack: Stack) -> None:
    settings = stack.settings(worker={"session_timeout": 6.0}, topics={"partitions": 1})
    create_topics(settings)
    assigned: list[int] = []
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all")

    def joined_again(feed: Feed) -> bool:
        feed.poll(0.2)
        return len(assigned) == 2

    def has_read(feed: Feed) -> bool:
        feed.poll(0.2)
        return len(feed.waiting) > 0

    try:
        with Feed(settings, on_assigned=assigned.append, on_revoked=lambda _: None) as feed:
            while not assigned:
                feed.poll(0.2)
            coordinator = feed._consumer._coordinator
            coordinator._assignment_snapshot = {}  # as if the topic's partitions had come after it had joined
            feed.poll(0)  # begins to join
            wait_for(lambda: coordinator._join_task.is_done, timeout=GUARD, what="an answer of the group", every=0.01)
            wait_for(lambda: joined_again(feed), timeout=GUARD, what="the partition, once more", every=0)
            producer.send(settings.topics.enriched, value=codec.encode(article("urn:newswire:test:again"))).get(GUARD)
            wait_for(lambda: has_read(feed), timeout=GUARD, what="the record", every=0)
    finally:
        producer.close()
