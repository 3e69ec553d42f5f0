"""The consumer group of the alerts: where it begins, what it tells of gaps, and that it always comes back."""

from __future__ import annotations

import logging
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


def read(feed: Feed, *, until: Callable[[], bool], what: str) -> None:
    """Poll, until it is true after a poll."""

    def polled() -> bool:
        feed.poll(0.2)
        return until()

    wait_for(polled, timeout=GUARD, what=what, every=0)


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

    def keeps_to(offset: int, feed: Feed) -> bool:
        feed.commit()  # again, where a rebalance kept it from being written down
        return group_offsets(admin, group(settings)) == {TopicPartition(topic, 0): offset}

    try:
        publish(1)
        with feed() as first:
            read(first, until=lambda: keeps_to(1, first), what="a committed beginning")
            assert len(first.waiting) == 0, "what was there before it is not new"
        publish(3)
        admin.delete_records({TopicPartition(topic, 0): 3})
        with feed() as again, caplog.at_level(logging.WARNING, logger="pipeline.alerts.feed"):
            read(again, until=lambda: len(again.waiting) > 0, what="the record behind the gap")
            assert [record.offset for record in again.waiting.next(9)] == [3]
            # a rebalance with nothing committed: the same gap is read over again
            times = len(assigned)

            def rejoined() -> bool:
                other.poll(timeout_ms=200)
                again.poll(0.2)
                return len(assigned) > times

            other: Any = KafkaConsumer(
                settings.topics.wire, bootstrap_servers=stack.bootstrap, group_id=group(settings)
            )
            try:
                wait_for(rejoined, timeout=GUARD, what="the partition, once more", every=0)
            finally:
                other.close()
            read(again, until=lambda: len(again.waiting) > 0, what="the record behind the gap")
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

    try:
        with Feed(settings, on_assigned=assigned.append, on_revoked=lambda _: None) as feed:
            read(feed, until=lambda: bool(assigned), what="the partition")
            coordinator = feed._consumer._coordinator
            times = len(assigned)
            coordinator._assignment_snapshot = {}  # as if the topic's partitions had come after it had joined
            feed.poll(0)  # begins to join
            joining = coordinator._join_task  # none where this process stood still until it had joined
            wait_for(lambda: joining is None or joining.is_done, timeout=GUARD, what="the group's answer", every=0.01)
            read(feed, until=lambda: len(assigned) > times, what="the partition, once more")
            producer.send(settings.topics.enriched, value=codec.encode(article("urn:newswire:test:again"))).get(GUARD)
            read(feed, until=lambda: len(feed.waiting) > 0, what="the record")
    finally:
        producer.close()
