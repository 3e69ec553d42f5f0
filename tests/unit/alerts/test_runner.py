"""How much a runner holds in memory: what is on its way bounds what is taken in."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from elasticsearch import Elasticsearch

from pipeline.alerts import runner as runners
from pipeline.alerts.feed import Feed
from pipeline.alerts.model import Queued, Target, Telling
from pipeline.alerts.runner import Runner
from pipeline.alerts.waiting import Waiting
from pipeline.errors import Poison
from pipeline.settings import Settings


class Slow:
    """Takes what it is told once it is allowed to."""

    at_once = 10

    def __init__(self) -> None:
        self.allowed = threading.Event()

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        assert self.allowed.wait(10)
        return {}

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        return frozenset()

    def close(self) -> None:
        pass


class Empty:
    """An Elasticsearch with nothing in it, that counts how often it is asked about articles."""

    def __init__(self) -> None:
        self.looked = 0

    def search(self, *, index: str, **search: Any) -> dict[str, Any]:
        self.looked += index == "news-write"
        return {"hits": {"hits": []}}


def test_nothing_is_looked_at_while_as_much_is_on_its_way_as_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "OPEN_MOST", 2)
    slow, client = Slow(), Empty()
    runner = Runner(Settings(), cast("Elasticsearch", client), lambda _: slow)
    feed = cast("Feed", SimpleNamespace(waiting=Waiting(), commit=lambda: None))
    now = datetime.now(UTC).isoformat()
    for number in range(2):
        telling = Telling(id=str(number), alert="a", kind="new", uri="urn:1", time=now)
        runner._turn(feed)
        runner._outbox.put([Queued(telling=telling, to=Target(kind="terminal"))])
    before = client.looked
    assert before
    assert runner._is_full()
    runner._turn(feed)
    assert client.looked == before
    slow.allowed.set()
    while len(runner._outbox):
        threading.Event().wait(0.005)
    runner._due.clear()
    runner._turn(feed)
    assert client.looked > before
    runner._outbox.close(10)
