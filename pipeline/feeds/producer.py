"""Articles onto the wire topic: confirmed by the brokers one by one, with a bounded amount under way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer
from kafka import errors as kafka_errors

from pipeline.article import WireArticle
from pipeline.codec import encode, wire_headers
from pipeline.errors import Code, Fatal, NewswireError, Poison, Transient
from pipeline.kafka import connect, kafka_error
from pipeline.limits import OWN_HEADERS, limits
from pipeline.metrics import OFF, Instruments
from pipeline.settings import Settings
from pipeline.stream.topics import require_topics

OnDelivery = Callable[[NewswireError | None], None]

ARTICLES_IN_FLIGHT = 2000
BYTES_IN_FLIGHT = 32_000_000
BATCH_BYTES = 128 * 1024
LINGER_MS = 10
OVERDUE_SECONDS = 5.0  # beyond the time-out, after which we no longer wait for the client to tell it
GIVEN_UP = "given up before Kafka acknowledged it"

_TOO_LARGE = (kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordListTooLargeError)
_LOST_TRACK = (
    kafka_errors.OutOfOrderSequenceNumberError,
    kafka_errors.UnknownProducerIdError,
    kafka_errors.InvalidProducerEpochError,
)


class ArticleProducer:
    """Pushes wire articles: idempotent, acknowledged by all in-sync replicas, the article id as the key.

    The broker being away only delays: what is under way is sent again until it is acknowledged, or until `timeout` is
    over. An article is pushed when its `on_delivery` was called with None, and not before. One that was not
    acknowledged in time may be in Kafka all the same; pushing it again is harmless, since its id makes it the same
    article. Use it from one thread.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float = 120.0,
        source: str = "newswire/push",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        instruments: Instruments = OFF,
    ) -> None:
        """Connect, and make sure that the topic exists. Blocks until a broker answers.

        Args:
            timeout: seconds to wait for a broker that answers, and that an article may wait for its acknowledgement.
            source: who pushes, the CloudEvents attribute `source`.
            clock: gives the time of the push.
            instruments: measure what is pushed, `Prometheus("producer")`.

        Raises:
            Transient: `kafka.unreachable`.
            Fatal: `kafka.refused`, `kafka.topic-missing`.
        """
        self._settings = settings
        self._limits = limits(settings)
        self._topic = settings.topics.wire
        self._source = source
        self._clock = clock
        self._timeout = timeout
        self._instruments = instruments
        self._changed = threading.Condition()  # guards what follows
        self._tickets: dict[_Ticket, float] = {}  # what is under way, oldest first: until when it may be
        self._bytes = 0
        self._overdue = False  # the client may still hold records that we have answered for
        self._answering = 0  # `on_delivery` calls that run at this moment
        self._failure: NewswireError | None = None
        require_topics(settings, (self._topic,), timeout=timeout)
        self._producer: Any = connect(
            KafkaProducer, settings, doing="push articles", timeout=timeout, **self._options()
        )
        try:
            self._producer.partitions_for(self._topic)  # now, so that `push` need not block for it
        except kafka_errors.KafkaError as error:
            self.close()
            raise kafka_error(error, settings, doing="push articles") from error

    def _options(self) -> dict[str, Any]:
        kafka = self._settings.kafka
        compression = None if kafka.compression == "none" else kafka.compression
        # kafka-python wants delivery time-out >= request time-out + linger
        request_ms = min(round(kafka.request_timeout * 1000), max(1, round(self._timeout * 1000) - LINGER_MS))
        return {
            "acks": "all",
            "enable_idempotence": True,
            "allow_auto_create_topics": False,
            "compression_type": compression,
            "batch_size": BATCH_BYTES,
            "linger_ms": LINGER_MS,
            "max_request_size": self._limits.request,
            "request_timeout_ms": request_ms,
            "delivery_timeout_ms": max(round(self._timeout * 1000), request_ms + LINGER_MS),
            "max_block_ms": round(self._timeout * 1000),
            "metrics_enabled": False,
        }

    @property
    def timeout(self) -> float:
        """Seconds that an article may wait for its acknowledgement."""
        return self._timeout

    @property
    def in_flight(self) -> int:
        """Articles that were handed over and neither acknowledged nor given up."""
        with self._changed:
            return len(self._tickets)

    def push(self, article: WireArticle, *, on_delivery: OnDelivery) -> None:
        """Hand an article over. Blocks while too much is under way, and while the topic cannot be reached.

        Args:
            on_delivery: called exactly once with None when the brokers acknowledged the article, or with why they
                did not; often in another thread, so it must be quick and not call this producer.

        Raises:
            Poison: `wire.too-large` or `wire.field`, for an article that no topic of ours takes; nothing was sent.
            Transient, Fatal: what an earlier article failed of, when all would fail; nothing was sent.
        """
        try:
            key = article.uri.encode("utf-8")
            value = encode(article)
            headers = wire_headers(article, time=self._clock().isoformat(), source=self._source)
        except UnicodeEncodeError as error:
            raise Poison(
                Code.WIRE_ENCODING, f"{error.reason}: the article has text that UTF-8 cannot carry"
            ) from error
        self._check_size(key, value, headers)
        ticket = _Ticket(len(key) + len(value), on_delivery)
        self._await_room(ticket)
        self._instruments.add("newswire_push_size_bytes_total", ticket.size)
        try:
            future = self._producer.send(self._topic, value=value, key=key, headers=headers)
            # the client calls back at once where the future is done already
            future.add_callback(lambda _metadata: self._answer(ticket, None))
            future.add_errback(lambda error: self._answer(ticket, self._explain(error)))
        except BaseException as error:  # Ctrl-C among them
            if self._claim(ticket):
                self._answered(None)
            if isinstance(error, kafka_errors.KafkaError):
                raise kafka_error(error, self._settings, doing="push articles") from error
            raise

    def flush(self) -> None:
        """Wait until every article is answered for: the time-out of the last of them is the longest it can take."""
        with self._changed:
            while self._tickets:
                self._wait()
            while self._answering:
                self._changed.wait()

    def close(self) -> None:
        """Disconnect; what is still under way is given up, and its `on_delivery` told so."""
        with self._changed:
            given_up = list(self._tickets)
        for ticket in given_up:
            self._answer(ticket, Transient(Code.KAFKA_UNREACHABLE, GIVEN_UP, hint="push it again"))
        if given_up or self._overdue:
            # KafkaProducer.close() raises before it closes anything where records are left (3.0.12)
            self._producer._sender.force_close()
        else:
            self._producer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.flush()
        self.close()

    def _check_size(self, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        if len(value) > self._limits.wire_value:
            most = self._limits.wire_value
            raise Poison(
                Code.WIRE_TOO_LARGE, f"the article has {len(value):,} bytes as JSON; max_article_bytes is {most:,}"
            )
        overhead = len(key) + sum(len(name) + len(content) for name, content in headers)
        if overhead > OWN_HEADERS:
            raise Poison(Code.WIRE_FIELD, f"uri: {len(key):,} bytes are too long for an article id")

    def _await_room(self, ticket: _Ticket) -> None:
        with self._changed:
            while self._failure is None and self._tickets and not self._has_room(ticket.size):
                self._wait()
            if self._failure is not None:
                raise self._failure
            self._bytes += ticket.size
            self._tickets[ticket] = time.monotonic() + self._timeout
            self._instruments.set("newswire_push_in_flight", len(self._tickets))

    def _has_room(self, size: int) -> bool:
        return len(self._tickets) < ARTICLES_IN_FLIGHT and self._bytes + size <= BYTES_IN_FLIGHT

    def _wait(self) -> None:
        """Wait, holding the lock, for any answer. What is overdue is answered for here.

        The client sees to its delivery time-out as well, but not while it waits for a producer id (3.0.12).
        """
        now = time.monotonic()
        deadline = next(iter(self._tickets.values())) + OVERDUE_SECONDS
        if now < deadline:
            self._changed.wait(deadline - now)
            return
        overdue = [ticket for ticket, end in self._tickets.items() if end + OVERDUE_SECONDS <= now]
        self._overdue = True
        for ticket in overdue:
            self._answer(ticket, self._explain(kafka_errors.KafkaTimeoutError("no answer")))

    def _claim(self, ticket: _Ticket) -> bool:
        """Whether it is ours to answer for this article; true once."""
        with self._changed:
            if self._tickets.pop(ticket, None) is None:
                return False
            self._bytes -= ticket.size
            self._instruments.set("newswire_push_in_flight", len(self._tickets))
            self._answering += 1
            return True

    def _answer(self, ticket: _Ticket, failure: NewswireError | None) -> None:
        if not self._claim(ticket):
            return
        self._instruments.add(
            "newswire_push_articles_total", outcome=str(failure.code) if failure else "acknowledged"
        )
        self._instruments.observe("newswire_push_duration_seconds", time.monotonic() - ticket.began)
        try:
            ticket.on_delivery(failure)
        finally:
            self._answered(failure)

    def _answered(self, failure: NewswireError | None) -> None:
        with self._changed:
            self._answering -= 1
            if failure is not None and not isinstance(failure, Poison):
                self._failure = self._failure or failure
            self._changed.notify_all()

    def _explain(self, error: BaseException) -> NewswireError:
        # After an error that it does not retry, the idempotent client fails all that is under way with that same
        # error (3.0.12): it cannot be laid at the door of one article.
        if isinstance(error, _TOO_LARGE):
            return Fatal(
                Code.KAFKA_REFUSED,
                f"topic {self._topic} has a lower limit than kafka.max_article_bytes: a record was refused",
                hint="newswire setup",
            )
        if isinstance(error, _LOST_TRACK):
            message = f"Kafka lost track of what was under way, and refused it: {type(error).__name__}"
            return Transient(Code.KAFKA_UNREACHABLE, message, hint="push it again")
        failure = kafka_error(error, self._settings, doing="push articles")
        if isinstance(failure, Transient):
            return Transient(
                failure.code, f"not acknowledged within {self._timeout:g} s: {failure.message}", hint=failure.hint
            )
        return failure


class _Ticket:
    """An article under way; answered for once, by the client, by the time-out or by `close`."""

    __slots__ = ("began", "on_delivery", "size")

    def __init__(self, size: int, on_delivery: OnDelivery) -> None:
        self.size = size
        self.on_delivery = on_delivery
        self.began = time.monotonic()
