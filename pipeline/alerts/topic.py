"""The topics that alerts tell to: created where they are missing."""

from __future__ import annotations

from kafka import errors as kafka_errors
from kafka.admin import KafkaAdminClient

from pipeline.errors import Code, Fatal
from pipeline.kafka import connect, kafka_error
from pipeline.limits import limits
from pipeline.settings import Settings
from pipeline.stream.topics import BROKERS_TO_REPLICATE, DAY_MS

PARTITIONS = 1  # all that is told is in order


def create_topic(settings: Settings, name: str) -> None:
    """Create the topic where it is missing; one that exists stays as it is. Blocks until it has a leader.

    Raises:
        Transient: `kafka.unreachable`.
        Fatal: `kafka.refused`.
    """
    doing = f"create the topic {name}"
    admin = connect(KafkaAdminClient, settings, doing=doing)
    try:
        found = kafka_errors.for_code(admin.describe_topics([name])[0]["error_code"])
        if found is kafka_errors.NoError:
            return
        brokers = sum(not broker.get("is_fenced") for broker in admin.describe_cluster()["brokers"])
        replicated = settings.topics.replication
        automatic = BROKERS_TO_REPLICATE if brokers >= BROKERS_TO_REPLICATE else 1
        configs = {
            "cleanup.policy": "delete",
            "retention.ms": str(settings.topics.retention_days * DAY_MS),
            "max.message.bytes": str(limits(settings).enriched_batch),  # a telling is less than its article
        }
        specification = {
            "num_partitions": PARTITIONS,
            "replication_factor": automatic if replicated == "auto" else replicated,
            "configs": configs,
        }
        admin.create_topics({name: specification}, wait_for_metadata=True)
    except kafka_errors.TopicAlreadyExistsError:
        return
    except kafka_errors.InvalidReplicationFactorError as error:
        raise Fatal(Code.KAFKA_REFUSED, f"topic {name}: not as many brokers as replicas") from error
    except (kafka_errors.KafkaError, OSError) as error:
        raise kafka_error(error, settings, doing=doing) from error
    finally:
        admin.close()
