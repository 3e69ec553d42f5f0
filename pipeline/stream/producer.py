"""Confirmed delivery to a topic through Faust's own producer: a record is delivered when the brokers say so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import errors as kafka_errors

from pipeline.errors import Code, Fatal, Poison
from pipeline.stream.retry import Backoff

OnRetry = Callable[[Code, int, float], None]  # code, how many records, seconds until the next try


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be delivered."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Deliverer:
    """Sends records with acks=all and waits for every confirmation.

    Blocks while the brokers are away (they only delay); only what was not confirmed is sent again, so a record may
    be there twice, never not at all.
    """

    def __init__(self, app: Any, *, backoff: Backoff, on_retry: OnRetry) -> None:
        self._app = app
        self._backoff = backoff
        self._on_retry = on_retry

    async def deliver(self, records: Sequence[Outgoing]) -> list[Poison | None]:
        """Deliver all of them; one result a record, in order: None, or why it can never be delivered.

        Raises:
            Fatal: where the brokers refuse us.
        """
        outcomes: list[Poison | None] = [None] * len(records)
        pending = list(range(len(records)))
        for pause in self._backoff.pauses():
            answers = await asyncio.gather(*(self._send(records[i]) for i in pending), return_exceptions=True)
            again = []
            for index, answer in zip(pending, answers, strict=True):
                if not isinstance(answer, BaseException):
                    continue
                cause = answer.__cause__ if isinstance(answer.__cause__, kafka_errors.KafkaError) else answer
                if isinstance(cause, kafka_errors.MessageSizeTooLargeError):
                    outcomes[index] = Poison(Code.RECORD_TOO_LARGE, f"{records[index].topic}: {cause}")
                elif isinstance(cause, _REFUSED):
                    raise Fatal(Code.KAFKA_REFUSED, f"{records[index].topic}: {cause!r}") from answer
                elif isinstance(cause, (kafka_errors.KafkaError, OSError, asyncio.TimeoutError)):
                    again.append(index)
                else:
                    raise answer
            if not again:
                return outcomes
            pending = again
            self._on_retry(Code.KAFKA_UNREACHABLE, len(pending), pause)
            await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")

    async def _send(self, record: Outgoing) -> None:
        confirmed: Awaitable[Any] = await self._app.producer.send(
            record.topic, record.key, record.value, None, None, list(record.headers)
        )
        await confirmed


_REFUSED = (
    kafka_errors.TopicAuthorizationFailedError,
    kafka_errors.ClusterAuthorizationFailedError,
    kafka_errors.SaslAuthenticationFailed,
)
