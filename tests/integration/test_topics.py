"""`create_topics` on the real Kafka: made as they must be, and kept so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from pipeline.errors import Code, Fatal, Transient
from pipeline.limits import limits
from pipeline.settings import Settings
from pipeline.stream.topics import DAY_MS, create_topics, require_topics, topic_options
from tests.support.ledger import records, wait_for
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

GUARD = 120.0  # seconds: against hanging, not a measurement


def options(settings: Settings, topic: str) -> dict[str, str]:
    with KafkaAdminClient(bootstrap_servers=settings.kafka.bootstrap_servers) as admin:
        found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)], config_filter="all")
    return {name: option["value"] for name, option in found["topic"][topic].items()}


def becomes(settings: Settings, topic: str, wanted: Mapping[str, str]) -> None:
    """The topic has these options; the broker takes over a moment later what its controller has noted."""
    wait_for(lambda: wanted.items() <= options(settings, topic).items(), timeout=GUARD, what=f"{topic}: {wanted}")


def with_topics(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update={"topics": settings.topics.model_copy(update=changes)})


def test_created_as_promised_and_a_second_time_nothing_changes(stack: Stack) -> None:
    settings = stack.settings(topics={"retention_days": 3})
    names = (settings.topics.wire, settings.topics.enriched, settings.topics.dead_letter)
    first = create_topics(settings)
    assert [(report.name, report.partitions, report.replication, report.created) for report in first] == [
        (name, 4, 1, True) for name in names
    ]
    bounds = limits(settings)
    wire, enriched, dead_letter = names
    for name, retention, batch in (
        (wire, 3 * DAY_MS, bounds.wire_batch),
        (enriched, 3 * DAY_MS, bounds.enriched_batch),
        (dead_letter, -1, bounds.dead_letter_batch),
    ):
        found = options(settings, name)
        assert found["retention.ms"] == str(retention)
        assert found["max.message.bytes"] == str(batch)
        assert found["cleanup.policy"] == "delete"
        assert found["message.timestamp.type"] == "LogAppendTime"
    second = create_topics(settings)
    assert not any(report.created or report.changed or report.remarks for report in second)
    require_topics(settings)


def test_what_exists_is_brought_in_line_and_what_must_stay_is_told(stack: Stack) -> None:
    settings = stack.settings()
    create_topics(settings)
    changed = with_topics(settings, retention_days=7, partitions=6)
    wire, enriched, dead = create_topics(changed)
    assert wire.changed == enriched.changed == (f"retention.ms: {30 * DAY_MS} -> {7 * DAY_MS}",)
    assert dead.changed == ()
    becomes(changed, wire.name, {"retention.ms": str(7 * DAY_MS)})
    assert {report.partitions for report in (wire, enriched, dead)} == {4}
    assert all("4 partitions" in report.remarks[0] for report in (wire, enriched, dead))


def test_a_topic_that_somebody_else_made_is_mended(stack: Stack) -> None:
    settings = stack.settings()
    theirs = {"cleanup.policy": "compact", "max.message.bytes": "1000"}
    with KafkaAdminClient(bootstrap_servers=stack.bootstrap) as admin:
        admin.create_topics(
            {settings.topics.wire: {"num_partitions": 1, "replication_factor": 1, "configs": theirs}},
            wait_for_metadata=True,
        )
    report = create_topics(settings)[0]
    assert not report.created
    assert "cleanup.policy: compact -> delete" in report.changed
    wanted = topic_options(settings, settings.topics.wire, replication=1)
    becomes(settings, settings.topics.wire, wanted)


def test_three_replicas_mean_two_in_sync(stack: Stack) -> None:
    settings = stack.settings()
    assert topic_options(settings, settings.topics.wire, replication=3)["min.insync.replicas"] == "2"
    assert topic_options(settings, settings.topics.wire, replication=2)["min.insync.replicas"] == "1"


def test_more_replicas_than_brokers(stack: Stack) -> None:
    with pytest.raises(Fatal) as caught:
        create_topics(stack.settings(topics={"replication": 3}))
    assert caught.value.code is Code.KAFKA_REFUSED
    assert "auto" in (caught.value.hint or "")


def test_missing_topics_are_named(stack: Stack) -> None:
    settings = stack.settings()
    with pytest.raises(Fatal) as caught:
        require_topics(settings)
    assert caught.value.code is Code.KAFKA_TOPIC_MISSING
    assert settings.topics.enriched in caught.value.message
    assert caught.value.hint == "newswire setup"


def test_nobody_answers(stack: Stack) -> None:
    settings = stack.settings(kafka={"bootstrap_servers": "127.0.0.1:1", "request_timeout": 1.0})
    for call in (create_topics, require_topics):
        with pytest.raises(Transient) as caught:
            call(settings)
        assert caught.value.code is Code.KAFKA_UNREACHABLE
        assert "127.0.0.1:1" in caught.value.message


def test_an_old_time_stamp_does_not_end_a_record(stack: Stack) -> None:
    settings = stack.settings()
    create_topics(settings)
    producer = KafkaProducer(bootstrap_servers=stack.bootstrap)
    producer.send(settings.topics.wire, value=b"old", key=b"k", timestamp_ms=0).get(timeout=GUARD)
    producer.close()
    (record,) = records(settings, settings.topics.wire)
    assert record.timestamp > 1_700_000_000_000
