"""How far the workers are: topics, what of them is done, and how long the rest will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors
from kafka.admin import KafkaAdminClient

from pipeline.kafka import connect, group_offsets, kafka_error
from pipeline.settings import Settings

DOING: Final = "look up topics and offsets"
CONNECT_WITHIN: Final = 5.0  # seconds: who asks how things are wants an answer soon


class TopicView(msgspec.Struct, frozen=True, kw_only=True):
    """One topic. `behind`: records that the group has not done, None for dead letters, which nobody consumes."""

    name: str
    missing: bool = False
    partitions: int = 0
    replicas: int = 0
    without_leader: int = 0
    behind_replicas: int = 0  # partitions of which a replica is not in sync
    records: int = 0
    end: int = 0  # of all partitions together
    done: int = 0
    behind: int | None = None
    partition_lags: tuple[int, ...] = ()


class KafkaView(msgspec.Struct, frozen=True, kw_only=True):
    """Kafka as the group of the settings sees it, at one moment."""

    group: str
    members: int
    topics: tuple[TopicView, ...]
    at: float  # monotonic seconds


def look(settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> KafkaView:
    """Ask Kafka. Blocks for some seconds at most.

    Raises:
        Transient: `kafka.unreachable`.
        Fatal: `kafka.refused`.
    """
    with _clients(settings) as (admin, consumer):
        names = (settings.topics.wire, settings.topics.enriched, settings.topics.dead_letter)
        described = {topic["name"]: topic for topic in admin.describe_topics(list(names))}
        group = settings.worker.group
        committed = group_offsets(admin, group)
        members = _members(admin, group)
        topics = tuple(
            _topic(described.get(name), name, consumer, committed, consumed=name != settings.topics.dead_letter)
            for name in names
        )
        return KafkaView(group=group, members=members, topics=topics, at=clock())


def catch_up(before: KafkaView, now: KafkaView) -> dict[str, float | None]:
    """Of each topic with a lag the seconds until it is gone at the pace between two views; None: it grows."""
    found: dict[str, float | None] = {}
    earlier = {topic.name: topic for topic in before.topics}
    for topic in now.topics:
        if not topic.behind or topic.name not in earlier or earlier[topic.name].behind is None:
            continue
        shrank = (earlier[topic.name].behind or 0) - topic.behind
        found[topic.name] = topic.behind / (shrank / (now.at - before.at)) if shrank > 0 else None
    return found


@contextmanager
def _clients(settings: Settings) -> Iterator[tuple[Any, Any]]:
    admin: Any = connect(KafkaAdminClient, settings, doing=DOING, timeout=CONNECT_WITHIN)
    consumer: Any = None
    try:
        consumer = connect(
            KafkaConsumer, settings, doing=DOING, timeout=CONNECT_WITHIN, enable_auto_commit=False, group_id=None
        )
        yield admin, consumer
    except (kafka_errors.KafkaError, OSError) as error:
        raise kafka_error(error, settings, doing=DOING) from error
    finally:
        if consumer is not None:
            consumer.close()
        admin.close()


def _members(admin: Any, group: str) -> int:
    try:
        return len(admin.describe_groups([group]).get(group, {}).get("members", ()))
    except kafka_errors.GroupIdNotFoundError:  # no worker was ever started
        return 0


def _topic(
    found: dict[str, Any] | None,
    name: str,
    consumer: Any,
    committed: dict[TopicPartition, int],
    *,
    consumed: bool,
) -> TopicView:
    if found is None or kafka_errors.for_code(found["error_code"]) is kafka_errors.UnknownTopicOrPartitionError:
        return TopicView(name=name, missing=True)
    parts = found["partitions"]
    led = [TopicPartition(name, part["partition_index"]) for part in parts if part["leader_id"] >= 0]
    begins, ends = consumer.beginning_offsets(led), consumer.end_offsets(led)
    # without a commit the group begins with the oldest record
    done = {place: max(committed.get(place, 0), begins[place]) for place in led}
    lags = tuple(max(0, ends[place] - done[place]) for place in led)
    return TopicView(
        name=name,
        partitions=len(parts),
        replicas=min((len(part["replica_nodes"]) for part in parts), default=0),
        without_leader=len(parts) - len(led),
        behind_replicas=sum(len(part["isr_nodes"]) < len(part["replica_nodes"]) for part in parts),
        records=sum(ends[place] - begins[place] for place in led),
        end=sum(ends.values()),
        done=sum(done.values()),
        behind=sum(lags) if consumed else None,
        partition_lags=lags if consumed else (),
    )
