"""What kafka-python 3.0 does wrong or slowly, set right before a client is made."""

from __future__ import annotations

from typing import Any

from aiokafka.record.util import calc_crc32c as compiled_crc32c
from kafka.coordinator.consumer import ConsumerCoordinator
from kafka.net import transport as kafka_transport
from kafka.record import util as kafka_record


def apply() -> None:
    """Once, for all clients of this process."""
    _check_batches_fast()
    for transport in (kafka_transport.KafkaTCPTransport, kafka_transport.KafkaSSLTransport):
        _keep_last_words(transport)
    _finish_joining(ConsumerCoordinator)


def _check_batches_fast() -> None:
    """kafka-python checks its batches with CRC-32C in pure Python, at 7 MB/s; aiokafka, which comes with Faust, has
    the same function compiled (1,700 MB/s). Uncompressed articles are pushed seven times as fast. Nothing to do where
    the package crc32c is installed, which kafka-python takes by itself."""
    if kafka_record.crc32c_c is None:
        kafka_record.calc_crc32c.__defaults__ = (compiled_crc32c,)


def _keep_last_words(transport: type[Any]) -> None:
    """Have kafka-python read what came before the end of a connection.

    It drops an answer when the end comes with it: a broker's refusal of a password, where the machine is busy.
    """
    receive = transport._sock_recv

    def patient(self: Any) -> tuple[bytes, Exception | None]:
        data, error = receive(self)
        return (data, None) if data else (data, error)  # the end of the connection is read again at once

    transport._sock_recv = patient


def _finish_joining(coordinator: type[Any]) -> None:
    """Have a consumer finish what it began: joining its group again.

    When partitions have come, it joins again without noting that it must; if that takes longer than one poll, the
    next one sees no reason any more. Its group's member then sends no heartbeat, reads nothing and never comes back
    (the Java client asks for the join under way as well: AbstractCoordinator.rejoinNeededOrPending).
    """
    needs = coordinator.need_rejoin

    def needs_or_began(self: Any) -> bool:
        return bool(needs(self) or (self.rejoining and self._subscription.partitions_auto_assigned()))

    coordinator.need_rejoin = needs_or_began
