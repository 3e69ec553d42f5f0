"""What a topic does not take, as the sender tells it. The producer is scripted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from kafka import errors as kafka_errors

from pipeline.alerts.model import Telling
from pipeline.alerts.targets import Topic
from pipeline.errors import Code, Transient
from pipeline.limits import limits
from pipeline.settings import Kafka, Settings

SETTINGS = Settings(kafka=Kafka(bootstrap_servers="127.0.0.1:9"))


class Sent:
    """The future of a record."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def get(self, timeout: float) -> None:
        if self._error:
            raise self._error


class Producer:
    """Refuses some headlines at once, as the client does, and others later, as brokers do: then all that are on
    their way fail with that error, and the producer takes nothing more."""

    def __init__(self, *, at_once: dict[str, Exception], later: dict[str, Exception]) -> None:
        self._at_once, self._later = at_once, later
        self._error: Exception | None = None
        self.sent: list[str] = []
        self.options: dict[str, Any] = {}

    def make(self, **options: Any) -> Producer:
        self.options, self._error = options, None
        return self

    def send(self, topic: str, *, key: bytes, value: bytes, headers: Any) -> Sent:
        headline = msgspec.json.decode(value)["headline"]
        if headline in self._at_once:
            raise self._at_once[headline]
        self._error = self._error or self._later.get(headline)
        if self._error is None:
            self.sent.append(headline)
        return Sent(self._error)

    def close(self, timeout: float) -> None:
        pass


def tellings(*headlines: str) -> list[Telling]:
    return [
        Telling(
            id=f"id of {headline}", alert="a", kind="new", uri="urn:1", time="2026-01-02T00:00Z", headline=headline
        )
        for headline in headlines
    ]


def test_what_is_too_large_is_refused_alone_and_for_good() -> None:
    producer = Producer(
        at_once={"huge": kafka_errors.MessageSizeTooLargeError("huge")},
        later={"large": kafka_errors.MessageSizeTooLargeError(), "list": kafka_errors.RecordListTooLargeError()},
    )
    sender = Topic(SETTINGS, "desk", producer=producer.make)
    refused = sender.send(tellings("a", "huge", "b", "large", "list", "c"))
    assert sorted(refused) == ["id of huge", "id of large", "id of list"]
    assert {error.code for error in refused.values()} == {Code.ALERT_REFUSED}
    assert "MessageSizeTooLargeError" in str(refused["id of huge"])
    assert producer.sent == ["a", "b", "c"]
    assert producer.options["max_request_size"] == limits(SETTINGS).request, "as large as an article may be"


def test_whatever_else_fails_is_tried_again() -> None:
    producer = Producer(at_once={}, later={"b": kafka_errors.UnknownTopicOrPartitionError()})
    with pytest.raises(Transient):
        Topic(SETTINGS, "desk", producer=producer.make).send(tellings("a", "b"))
