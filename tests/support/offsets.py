"""Whether workers have done all that is on their topics."""

from __future__ import annotations

from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka import errors as kafka_errors

from pipeline.settings import Settings


class Offsets:
    """Compares what the consumer group of some settings has committed with the ends of its topics."""

    def __init__(self, settings: Settings) -> None:
        servers = settings.kafka.bootstrap_servers.split(",")
        self._settings = settings
        self._admin: Any = KafkaAdminClient(bootstrap_servers=servers)
        self._consumer: Any = KafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False)

    def left(self) -> int | None:
        """Records that the workers have not acknowledged yet, of the wire and the enriched topic together.

        None where a broker does not tell at the moment: under load, or while a group is formed.
        """
        topics = self._settings.topics
        try:
            # the wire topic first: what leaves it is on the other by then
            return self._left(topics.wire) + self._left(topics.enriched)
        except kafka_errors.KafkaError:
            return None

    def _left(self, topic: str) -> int:
        places = [TopicPartition(topic, number) for number in range(self._settings.topics.partitions)]
        group = self._settings.worker.group
        committed = self._admin.list_group_offsets({group: places}).get(group, {})
        ends = self._consumer.end_offsets(places)
        # -1: nothing was ever committed
        return sum(ends[place] - max(0, committed[place].offset if place in committed else 0) for place in places)

    def close(self) -> None:
        self._consumer.close()
        self._admin.close()
