"""How much a runner holds in memory, and what it tells when Elasticsearch fails in the middle of a turn."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from elastic_transport import ConnectionTimeout
from elasticsearch import Elasticsearch

from pipeline.alerts import runner as runners
from pipeline.alerts.feed import Feed
from pipeline.alerts.model import Alert, Queued, Target, Telling
from pipeline.alerts.runner import Runner
from pipeline.alerts.waiting import Record, Waiting
from pipeline.errors import Poison, Transient
from pipeline.index.query import SearchRequest
from pipeline.log import BURST, HoldBack
from pipeline.settings import Settings

GUARD = 60.0  # seconds: against hanging, not a measurement


class Slow:
    """Takes what it is told once it is allowed to."""

    at_once = 10

    def __init__(self) -> None:
        self.allowed = threading.Event()

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        assert self.allowed.wait(GUARD)
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
    runner._outbox.close(GUARD)


TERMINAL = Target(kind="terminal")
FERRIES = Alert(
    id="a", name="ferries", request=SearchRequest(query="ferry"), to=TERMINAL, created="2026-01-01T00:00Z"
)
ENDED = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Index:
    """An Elasticsearch with one alert and one article that matches it, whose embargo ended; its writing may fail."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}
        self.written = True  # whether what is to be written is
        self.answered = True

    def search(self, *, index: str, **search: Any) -> dict[str, Any]:
        if index == "newswire-alerts":
            hit: dict[str, Any] = {"_source": {"alert": msgspec.to_builtins(FERRIES)}}
        else:
            hit = {
                "_id": "urn:1",
                "_version": 7,
                "_source": {"uri": "urn:1", "pubStatus": "usable"},
                "sort": ["urn:1"],
            }
            if "bool" in search["query"]:
                since = search["query"]["bool"]["should"][0]["bool"]["filter"][1]["range"]["embargoed"]["gt"]
                if not datetime.fromisoformat(since) < ENDED:
                    return {"hits": {"hits": []}}
        return {"hits": {"hits": [hit]}}

    def msearch(self, *, searches: list[dict[str, Any]]) -> dict[str, Any]:
        hit = {"_id": "urn:1", "_version": 7, "_source": {"headline": "Ferry"}, "matched_queries": ["a"]}
        return {"responses": [{"hits": {"hits": [hit]}}]}

    def mget(self, *, index: str, ids: Sequence[str]) -> dict[str, Any]:
        return {"docs": [{"found": each in self.told, "_source": self.told.get(each)} for each in ids]}

    def bulk(self, *, index: str, operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
        if self.written:
            documents = {each["index"]["_id"]: source for each, source in zip(*[iter(operations)] * 2, strict=True)}
            self.told |= {
                key: {"uri": key, "partition": 0, "told": source["told"], "outbox": source["outbox"]}
                for key, source in documents.items()
                if "told" in source
            }
        if not (self.written and self.answered):
            raise ConnectionTimeout("no answer")
        return {"errors": False}


class Taken:
    """A target that takes everything."""

    at_once = 10

    def __init__(self) -> None:
        self.tellings: list[Telling] = []

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        self.tellings += tellings
        return {}

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        return frozenset(each.id for each in self.tellings)

    def close(self) -> None:
        pass


class Newsroom:
    """A runner of one partition, whose turns a test takes a second of its clock apart."""

    def __init__(self) -> None:
        self.index, self.target = Index(), Taken()
        self.now = ENDED - timedelta(seconds=0.5)
        client = cast("Elasticsearch", self.index)
        self.runner = Runner(Settings(), client, lambda _: self.target, clock=lambda: self.now)
        self.runner._partitions.add(0)
        self.waiting = Waiting()
        feed = SimpleNamespace(waiting=self.waiting, commit=lambda: None, partition=lambda uri: 0)
        self.feed = cast("Feed", feed)

    def turn(self) -> None:
        self.now += timedelta(seconds=1)
        self.runner._due.clear()
        self.runner._turn(self.feed)

    def told(self) -> list[str]:
        """What was told, once nothing is on its way."""
        end = time.monotonic() + GUARD
        while self.runner._open:  # what was sent is told to the runner only after it left the outbox
            assert time.monotonic() < end
            threading.Event().wait(0.005)
            self.runner._mark_as_told()
        assert not any(document["outbox"] for document in self.index.told.values())
        return [f"{each.kind} {each.uri}" for each in self.target.tellings]


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def test_an_embargo_that_ended_is_told_of_however_long_it_cannot_be_written_down(newsroom: Newsroom) -> None:
    newsroom.index.written = False
    for _ in range(60):  # seconds; sweeps look five seconds back
        with pytest.raises(Transient):
            newsroom.turn()
    newsroom.index.written = True
    for _ in range(3):
        newsroom.turn()
    assert newsroom.told() == ["new urn:1"]


def test_what_is_written_down_is_told_though_nobody_answered_that_it_is(newsroom: Newsroom) -> None:
    record = Record(uri="urn:1", partition=0, offset=3, version=7, settles=False, since=0.0)
    newsroom.waiting.add(record)
    newsroom.now += timedelta(minutes=1)  # the record tells of it, not the end of its embargo
    newsroom.runner._watermark = newsroom.now
    newsroom.index.answered = False
    with pytest.raises(Transient):
        newsroom.turn()
    assert newsroom.index.told
    newsroom.index.answered = True
    for _ in range(3):
        newsroom.turn()
    assert newsroom.told() == ["new urn:1"]
    assert not len(newsroom.waiting)


def test_how_many_alerts_are_asked_is_told_however_fast_they_are_added(caplog: pytest.LogCaptureFixture) -> None:
    listed: list[Any] = []
    client = SimpleNamespace(search=lambda **search: {"hits": {"hits": listed}})
    runner = Runner(Settings(), cast("Elasticsearch", client), lambda _: Taken())
    with caplog.at_level(logging.INFO, logger="pipeline.alerts.runner"):
        for number in range(3 * BURST):
            alert = msgspec.structs.replace(FERRIES, id=str(number))
            listed.append({"_source": {"alert": msgspec.to_builtins(alert)}})
            runner._refresh_alerts()
    hold_back = HoldBack()
    ours = [each for each in caplog.records if each.name == "pipeline.alerts.runner"]
    told = [each.getMessage() for each in ours if hold_back.filter(each)]
    assert told[-1] == f"asks {3 * BURST} alerts"
