"""What the silence of one connection says about the others to the same broker."""

from __future__ import annotations

from typing import Any

from aiokafka.conn import CloseReason


def lose_together(client: type[Any]) -> None:
    """Have aiokafka give up all its connections to a broker when a request on one of them gets no answer in time.

    It has two to each broker, one for the group. Where a network loses connections without a word (half-open), it
    otherwise waits for a request timeout on the one and then, asking for the coordinator, on the other: 76 s until a
    worker worked again, measured, with a request timeout of 30 s.
    """
    closed = client._on_connection_closed

    def closed_together(self: Any, connection: Any, reason: Any) -> None:
        closed(self, connection, reason)
        if reason is CloseReason.CONNECTION_TIMEOUT:
            for other in list(self._conns.values()):
                if (other.host, other.port) == (connection.host, connection.port):
                    other.close(reason=CloseReason.CONNECTION_BROKEN)

    client._on_connection_closed = closed_together
