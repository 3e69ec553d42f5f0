"""The three topics: what they must be like, and `create_topics`, which makes them so and may be called again.

Retention counts from the moment a record arrives (`LogAppendTime`), not from the time that its producer claims: an
article of last year, pushed today, stays 30 days like every other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from pipeline.errors import Code, Fatal
from pipeline.kafka import connect, kafka_error
from pipeline.limits import limits
from pipeline.settings import Settings

DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = -1
BROKERS_TO_REPLICATE = 3


@dataclass(frozen=True)
class TopicReport:
    """What `create_topics` found or did for one topic."""

    name: str
    partitions: int
    replication: int
    created: bool
    changed: tuple[str, ...] = ()  # options of an existing topic that were set: "retention.ms: 1 -> 2"
    remarks: tuple[str, ...] = ()  # what differs from the settings and stays so


def topic_options(settings: Settings, name: str, *, replication: int) -> dict[str, str]:
    """The options that the topic called `name` must have, by their names in Kafka."""
    bounds = limits(settings)
    retention, batch = {
        settings.topics.wire: (settings.topics.retention_days * DAY_MS, bounds.wire_batch),
        settings.topics.enriched: (settings.topics.retention_days * DAY_MS, bounds.enriched_batch),
        settings.topics.dead_letter: (FOR_EVER, bounds.dead_letter_batch),
    }[name]
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(retention),
        "retention.bytes": "-1",  # a broker's default must not end what we promise to keep
        "max.message.bytes": str(batch),
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": "2" if replication >= BROKERS_TO_REPLICATE else "1",
    }


def create_topics(settings: Settings) -> list[TopicReport]:
    """Create the three topics, or bring those that exist in line with the settings; nothing is ever deleted.

    Partitions and replication of an existing topic stay: with more partitions the versions of an item would no
    longer share one. The report names what differs. Blocks until each new topic has its leaders.

    Raises:
        Transient: `kafka.unreachable`.
        Fatal: `kafka.refused`, where Kafka refuses us or an option.
    """
    return _reports(settings, doing="create the topics", alter=True)


def compare(settings: Settings) -> list[TopicReport]:
    """What `create_topics` would do, without doing it; `created`: the topic is missing. Raises as `create_topics`."""
    return _reports(settings, doing="look at the topics", alter=False)


def _reports(settings: Settings, *, doing: str, alter: bool) -> list[TopicReport]:
    with _admin(settings, doing=doing) as admin:
        names = _names(settings)
        existing = _existing(admin, names)
        brokers = sum(not broker.get("is_fenced") for broker in admin.describe_cluster()["brokers"])
        wanted = _replication(settings, brokers=brokers)
        reports = []
        for name in names:
            if name in existing:
                reports.append(_reconcile(admin, settings, name, existing[name], wanted, alter=alter))
            elif alter:
                reports.append(_create(admin, settings, name, wanted))
            else:
                missing = TopicReport(
                    name=name, partitions=settings.topics.partitions, replication=wanted, created=True
                )
                reports.append(missing)
        return reports


def _names(settings: Settings) -> tuple[str, ...]:
    return (settings.topics.wire, settings.topics.enriched, settings.topics.dead_letter)


def require_topics(settings: Settings, names: tuple[str, ...] = (), *, timeout: float | None = None) -> None:
    """Make sure that the topics called `names` exist; all three, where none is named.

    Blocks until a broker answers, for `timeout` seconds at most (None: `kafka.request_timeout`).

    Raises:
        Transient: `kafka.unreachable`.
        Fatal: `kafka.topic-missing`, naming those that are missing; `kafka.refused`.
    """
    names = names or _names(settings)
    with _admin(settings, doing="look up the topics", timeout=timeout) as admin:
        # one without a leader at the moment exists all the same
        problems = {
            topic["name"]: kafka_errors.for_code(topic["error_code"]) for topic in admin.describe_topics(list(names))
        }
        for name, problem in problems.items():
            if problem is kafka_errors.TopicAuthorizationFailedError:
                raise problem(name)  # the consumer would wait for ever for the right to read it
        missing = [name for name, problem in problems.items() if problem is kafka_errors.UnknownTopicOrPartitionError]
    if missing:
        raise Fatal(Code.KAFKA_TOPIC_MISSING, f"topics missing: {', '.join(missing)}", hint="newswire setup")


@contextmanager
def _admin(settings: Settings, *, doing: str, timeout: float | None = None) -> Iterator[KafkaAdminClient]:
    admin = connect(KafkaAdminClient, settings, doing=doing, timeout=timeout)
    try:
        yield admin
    except (kafka_errors.KafkaError, OSError) as error:
        raise kafka_error(error, settings, doing=doing) from error
    finally:
        admin.close()


def _existing(admin: KafkaAdminClient, names: tuple[str, ...]) -> dict[str, Mapping[str, Any]]:
    found = {}
    for topic in admin.describe_topics(list(names)):
        failure = kafka_errors.for_code(topic["error_code"])
        if failure is kafka_errors.NoError:
            found[topic["name"]] = topic
        elif failure is not kafka_errors.UnknownTopicOrPartitionError:
            raise failure(topic["name"])
    return found


def _replication(settings: Settings, *, brokers: int) -> int:
    if settings.topics.replication == "auto":
        return BROKERS_TO_REPLICATE if brokers >= BROKERS_TO_REPLICATE else 1
    return settings.topics.replication


def _create(admin: KafkaAdminClient, settings: Settings, name: str, replication: int) -> TopicReport:
    partitions = settings.topics.partitions
    specification = {
        "num_partitions": partitions,
        "replication_factor": replication,
        "configs": topic_options(settings, name, replication=replication),
    }
    try:
        admin.create_topics({name: specification}, wait_for_metadata=True)
    except kafka_errors.TopicAlreadyExistsError:  # another `newswire setup` was faster
        admin.wait_for_topics([name])
        return _reconcile(admin, settings, name, _existing(admin, (name,))[name], replication)
    except kafka_errors.InvalidReplicationFactorError as error:
        message = f"topic {name}: {replication} replicas need as many brokers"
        raise Fatal(Code.KAFKA_REFUSED, message, hint='set [topics] replication = "auto"') from error
    return TopicReport(name=name, partitions=partitions, replication=replication, created=True)


def _reconcile(
    admin: KafkaAdminClient,
    settings: Settings,
    name: str,
    topic: Mapping[str, Any],
    wanted_replication: int,
    *,
    alter: bool = True,
) -> TopicReport:
    partitions = len(topic["partitions"])
    replication = min(len(partition["replica_nodes"]) for partition in topic["partitions"])
    wanted = topic_options(settings, name, replication=replication)
    described = admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name, list(wanted))], config_filter="all"
    )["topic"][name]
    found = {option: str(described[option]["value"]) for option in wanted}
    differing = {option: value for option, value in wanted.items() if found[option] != value}
    if differing and alter:
        answer = admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, dict(differing))])["topic"][name]
        if answer != "OK":
            raise Fatal(Code.KAFKA_REFUSED, f"topic {name}: Kafka refused the options {differing}: {answer}")
    remarks = []
    if partitions != settings.topics.partitions:
        remarks.append(
            f"has {partitions} partitions, not the {settings.topics.partitions} of the settings; they stay, since "
            "the versions of an article would no longer share one"
        )
    if replication != wanted_replication:
        remarks.append(f"has {replication} replicas, not {wanted_replication}; see kafka-reassign-partitions.sh")
    return TopicReport(
        name=name,
        partitions=partitions,
        replication=replication,
        created=False,
        changed=tuple(f"{option}: {found[option]} -> {value}" for option, value in differing.items()),
        remarks=tuple(remarks),
    )
