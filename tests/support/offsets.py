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

    def left(self) -> int:
        """Records that the workers have not acknowledged yet, of the wire and the enriched topic together."""
        topics = self._settings.topics
        # the wire topic first: what leaves it is on the other by then
        return self._left(topics.wire) + self._left(topics.enriched)

    def _left(self, topic: str) -> int:
        places = [TopicPartition(topic, number) for number in self._consumer.partitions_for_topic(topic)]
        committed = self._committed()
        ends = self._consumer.end_offsets(places)
        return sum(ends[place] - committed.get(place, 0) for place in places)

    def _committed(self) -> dict[Any, int]:
        group = self._settings.worker.group
        try:
            found = self._admin.list_group_offsets({group: None}).get(group, {})
        except kafka_errors.RetriableError:  # the first group of a broker waits for its coordinator
            return {}
        return {place: value.offset for place, value in found.items()}

    def close(self) -> None:
        self._consumer.close()
        self._admin.close()
