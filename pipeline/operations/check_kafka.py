"""Checks of Kafka: whether it answers, the topics against the settings, the group, and the broker's clock."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

from kafka import KafkaProducer
from kafka import errors as kafka_errors
from kafka.admin import KafkaAdminClient

from pipeline.kafka import connect, kafka_error
from pipeline.operations.findings import Check, Finding, ok, skipped, warning, wrong
from pipeline.operations.kafka_view import CONNECT_WITHIN, look
from pipeline.settings import Settings
from pipeline.stream.topics import BROKERS_TO_REPLICATE, compare

DOING: Final = "look at Kafka"
RESOLUTION: Final = 0.02  # seconds; less than that says nothing about a clock
SKEW_WARNED: Final = 2.0  # seconds
SKEW_WRONG: Final = 60.0  # record ages, embargoes and versions in the future would be judged wrongly


def brokers(settings: Settings) -> Iterator[Finding]:
    """Who answers."""
    admin: Any = connect(KafkaAdminClient, settings, doing=DOING, timeout=CONNECT_WITHIN)
    try:
        cluster = admin.describe_cluster()
    except kafka_errors.KafkaError as error:
        raise kafka_error(error, settings, doing=DOING) from error
    finally:
        admin.close()
    living = [broker for broker in cluster["brokers"] if not broker.get("is_fenced")]
    addresses = ", ".join(f"{broker['host']}:{broker['port']}" for broker in living)
    yield ok("kafka", f"{len(living)} brokers answer: {addresses}")
    if len(living) < BROKERS_TO_REPLICATE and settings.kafka.bootstrap_servers.strip() != "local":
        message = f"{len(living)} brokers: a broker's disk is the only copy of what is on its partitions"
        yield warning("kafka", message, f"{BROKERS_TO_REPLICATE} brokers, then newswire setup")


def topics(settings: Settings) -> Iterator[Finding]:
    """Topics as `newswire setup` would make them."""
    for report in compare(settings):
        if report.created:
            yield wrong("topics", f"{report.name} is missing", "newswire setup")
            continue
        for change in report.changed:
            yield warning("topics", f"{report.name} has other options: {change}", "newswire setup")
        for remark in report.remarks:
            yield warning("topics", f"{report.name} {remark}", "docs/operations.md, Topics")
        if not report.changed and not report.remarks:
            yield ok("topics", f"{report.name} is as the settings want it: {report.partitions} partitions")


def group(settings: Settings) -> Iterator[Finding]:
    """The consumer group and its lag."""
    view = look(settings)
    for topic in view.topics:
        if topic.without_leader:
            message = f"{topic.without_leader} partitions of {topic.name} have no leader: a broker is away"
            yield wrong("replicas", message, "start the broker")
        if topic.behind_replicas:
            message = f"a replica of {topic.behind_replicas} partitions of {topic.name} is behind"
            yield warning("replicas", message, "look at the brokers: one is away or slow")
    behind = sum(topic.behind or 0 for topic in view.topics)
    message = f"group {view.group}: {view.members} members, {behind} records behind"
    if behind and not view.members:
        yield warning("group", message, "newswire worker")
    else:
        yield ok("group", message)


def clock(settings: Settings, *, now: Callable[[], float] = time.time) -> Iterator[Finding]:
    """The broker's clock against ours: a record that it stamps, on a topic that is deleted again."""
    admin: Any = connect(KafkaAdminClient, settings, doing=DOING, timeout=CONNECT_WITHIN)
    name = f"newswire-doctor-{uuid.uuid4().hex[:12]}"
    try:
        options = {"message.timestamp.type": "LogAppendTime", "retention.ms": "60000"}
        specification = {"num_partitions": 1, "replication_factor": 1, "configs": options}
        try:
            admin.create_topics({name: specification}, wait_for_metadata=True)
        except (kafka_errors.AuthorizationError, kafka_errors.PolicyViolationError) as error:
            yield skipped("clocks", f"Kafka's cannot be read: we may not create a topic ({type(error).__name__})")
            return
        try:
            before, stamped, after = _stamped(settings, name, now)
        finally:
            admin.delete_topics([name])
    except kafka_errors.KafkaError as error:
        raise kafka_error(error, settings, doing="read the broker's clock") from error
    finally:
        admin.close()
    yield skew("Kafka", stamped, before=before, after=after)


def skew(whose: str, theirs: float, *, before: float, after: float) -> Finding:
    """How far a clock is from ours, by a moment that it read between two moments of ours (seconds since 1970)."""
    off = max(before - theirs, theirs - after, 0.0)
    exact = f"{'ahead' if theirs > after else 'behind'} by {off:.1f} s at least" if off > RESOLUTION else "as ours"
    message = f"{whose}'s clock is {exact}, within {after - before:.2f} s"
    if off > SKEW_WRONG:
        return wrong("clocks", message, "synchronise the clocks (NTP): embargoes and versions depend on them")
    if off > SKEW_WARNED:
        return warning("clocks", message, "synchronise the clocks (NTP)")
    return ok("clocks", message)


def _stamped(settings: Settings, topic: str, now: Callable[[], float]) -> tuple[float, float, float]:
    producer: Any = connect(KafkaProducer, settings, doing=DOING, timeout=CONNECT_WITHIN, acks="all")
    try:
        producer.partitions_for(topic)
        before = now()
        stamped = producer.send(topic, value=b"").get(timeout=settings.kafka.request_timeout).timestamp / 1000
        return before, stamped, now()
    finally:
        producer.close()


CHECKS: Final = (Check("kafka", brokers), Check("topics", topics), Check("group", group), Check("clocks", clock))
