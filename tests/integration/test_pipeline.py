"""The whole way on real servers: wire topic, Faust workers, Elasticsearch; and what faults do to it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from pipeline import codec
from pipeline.article import WireArticle
from pipeline.index.setup import setup
from pipeline.settings import Settings
from pipeline.stream.dead_letters import split_headers
from pipeline.stream.topics import create_topics
from tests.support.ledger import Ledger, count, push, records, shown, wait_for, wait_until_counted
from tests.support.news import article, articles
from tests.support.stack import Stack, unique
from tests.support.workers import Workers, workers

pytestmark = pytest.mark.servers

NOBODY_BUT_US = "urn:newswire:test:"
GUARD = 300.0  # seconds: against hanging, not a measurement


class Bench:
    """One test's own topics and consumer group on the shared servers."""

    def __init__(self, stack: Stack, folder: Path, **sections: dict[str, Any]) -> None:
        self.name = unique()
        # a name would be every worker's, and no two may share one
        worker = {"name": "", "session_timeout": 6.0, "retry_backoff_max": 2.0} | sections.pop("worker", {})
        self.settings: Settings = stack.settings(worker=worker, **sections)
        self.environment = stack.environment(self.settings)
        self.folder = folder
        self.stack = stack
        self.client = Elasticsearch(stack.url, request_timeout=30, retry_on_timeout=True, max_retries=10)
        create_topics(self.settings)
        setup(self.client, self.settings)

    def cli(self, *arguments: str, stdin: bytes | None = None, status: int = 0) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            env=os.environ | self.environment,
            input=stdin,
            capture_output=True,
            timeout=GUARD,
        )
        assert done.returncode == status, (done.stdout[-2000:], done.stderr[-2000:])
        return done

    def ledger(self) -> Ledger:
        return Ledger(f"{NOBODY_BUT_US}{self.name}:")

    def wait_for_more(self, ledger: Ledger, more: int) -> None:
        """Wait until readers see `more` articles more than now, or all of them."""
        wanted = min(len(shown(self.client, ledger.prefix)) + more, len(ledger.expected))
        wait_for(lambda: len(shown(self.client, ledger.prefix)) >= wanted, timeout=GUARD, what=f"{wanted} articles")

    def dead_letters(self) -> list[Any]:
        return records(self.settings, self.settings.topics.dead_letter)


@pytest.fixture
def bench(stack: Stack, tmp_path: Path) -> Bench:
    return Bench(stack, tmp_path)


@pytest.fixture
def crew(bench: Bench, tmp_path: Path) -> Iterator[Workers]:
    with workers(bench.environment, tmp_path) as started:
        yield started


def search(bench: Bench, *arguments: str) -> list[dict[str, Any]]:
    answer = json.loads(bench.cli("search", "--json", *arguments).stdout)
    hits: list[dict[str, Any]] = answer["hits"]
    return hits


def test_an_article_is_found_by_words_by_entity_and_by_the_date_it_speaks_of(
    bench: Bench, crew: Workers, tmp_path: Path
) -> None:
    story = tmp_path / "story.txt"
    marker = f"Quillfeather{bench.name}"
    story.write_text(
        f" date 2023-11-18 The Norwegian foreign minister, Ingrid Halvorsen, met fishermen in Tromsø late Thursday, "
        f"her office said. {marker} was there.\n\n“The cod belongs to nobody,” Ms Halvorsen said on Friday.\n",
        encoding="utf-8",
    )
    crew.start()
    bench.cli("push", "--no-progress", str(story))
    hits = wait_for(lambda: search(bench, marker), timeout=GUARD, what="the article in the search")
    uri = hits[0]["uri"]
    for question in (
        ["--person", "Halvorsen", marker],
        ["--person", "ingrid halvorsen", marker],
        ["--about", "2023-11-16..2023-11-16", marker],
        ["--about", "2023-11-17", marker],
        ["--published", "2023-11-18", marker],
    ):
        assert [hit["uri"] for hit in search(bench, *question)] == [uri], question
    for question in (["--person", "Quisling", marker], ["--about", "2023-11-19", marker]):
        assert search(bench, *question) == [], question
    bench.cli("push", "--no-progress", str(story))  # the same file again is the same article
    assert len(search(bench, marker)) == 1


def test_corrections_kills_and_late_versions(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    first, second, third = (article(0, prefix=ledger.prefix, version=version) for version in (1, 2, 3))
    killed = article(1, prefix=ledger.prefix, version=1)
    kill = WireArticle(
        uri=killed.uri, versionCreated=killed.versionCreated, version="2", body="", pubStatus="canceled"
    )
    late = article(1, prefix=ledger.prefix, version=5)
    withheld = WireArticle(uri=f"{ledger.prefix}w", versionCreated="2022-03-01", body="Hold.", pubStatus="withheld")
    embargoed = WireArticle(
        uri=f"{ledger.prefix}e", versionCreated="2022-03-01", body="Later.", embargoed="2999-01-01T00:00:00Z"
    )
    marker = article(2, prefix=ledger.prefix)
    crew.start()
    push(bench.settings, [third, first, killed, second, kill, late, withheld, embargoed, marker], bench.ledger())
    wait_for(
        lambda: (
            {d["uri"]: d["version"] for d in shown(bench.client, ledger.prefix)} == {third.uri: "3", marker.uri: "1"}
        ),
        timeout=GUARD,
        what="exactly the highest version of the living",
    )
    stub = bench.client.get(index="news-articles-v1", id=kill.uri)["_source"]  # not as a reader
    assert stub["pubStatus"] == "canceled"
    assert "body" not in stub


def test_a_worker_killed_in_the_middle_of_2000_articles_loses_nothing(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    crew.start("--name", "victim")
    wanted = 2000
    push(bench.settings, articles(wanted // 2, prefix=ledger.prefix, versions=2, sentences=2), ledger)
    for _ in range(3):
        bench.wait_for_more(ledger, 50)
        crew.all[-1].kill()
        crew.start("--name", "victim")
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result
    assert result.right == wanted // 2
    assert bench.dead_letters() == []
    # the versions were worked on in any order, some of them twice; still each document is the highest
    assert crew.all[-1].stop() == 0


def test_elasticsearch_away_for_20_seconds_only_delays(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    worker = crew.start()
    push(bench.settings, articles(100, prefix=ledger.prefix), ledger)
    wait_for(lambda: len(shown(bench.client, ledger.prefix)) > 0, timeout=GUARD, what="the first articles")
    bench.stack.elasticsearch.kill()
    try:
        push(bench.settings, articles(200, prefix=ledger.prefix, seed=0), ledger)
        time.sleep(20)  # the outage itself
        assert worker.running, worker.text()[-3000:]
    finally:
        bench.stack.elasticsearch.start()
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result
    assert bench.dead_letters() == []
    assert worker.running
    assert len(worker.text().splitlines()) < 500  # log lines stay bounded


def test_the_broker_away_for_10_seconds_only_delays(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    worker = crew.start()
    push(bench.settings, articles(300, prefix=ledger.prefix), ledger)
    bench.stack.kafka.kill()
    try:
        time.sleep(10)  # the outage itself
    finally:
        bench.stack.kafka.start()
    push(bench.settings, articles(350, prefix=ledger.prefix), ledger)
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, (result, worker.text()[-3000:])
    assert len(worker.text().splitlines()) < 500


POISON_KINDS = 8


def poison(number: int) -> tuple[bytes | None, list[tuple[str, bytes]]]:
    """Value and headers of a record that can never be processed, of several kinds."""
    ours = [("content-type", codec.WIRE_CONTENT_TYPE.encode())]
    kinds: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
        (b"", ours),
        (b"\x00\xff\xfe not JSON %d" % number, ours),
        (b'{"uri": "cut off %d' % number, ours),
        (b'{"versionCreated": "2022-03-01", "body": "without an id %d"}' % number, ours),
        (b'{"uri": "x%d", "versionCreated": "the day before", "body": ""}' % number, ours),
        (b'{"uri": "x%d", "versionCreated": "9999-01-01", "body": ""}' % number, ours),
        (b'{"uri": "x%d", "versionCreated": "2022-03-01", "body": 7}' % number, ours),
        (b"<?xml version='1.0'?><unknown n='%d'/>" % number, [("content-type", b"application/xml")]),
    ]
    assert len(kinds) == POISON_KINDS
    return kinds[number % POISON_KINDS]


def test_poison_goes_to_the_dead_letters_with_its_bytes_and_stops_nobody(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    good = list(articles(600, prefix=ledger.prefix, sentences=2))
    bad = [(f"bad-{n}".encode(), *poison(n)) for n in range(32)]
    mixed: list[Any] = [*good, *bad]
    random.Random(7).shuffle(mixed)
    producer: Any = KafkaProducer(bootstrap_servers=bench.stack.bootstrap, acks="all")
    for one in mixed:
        if isinstance(one, WireArticle):
            ledger.note(one)
            headers = codec.wire_headers(one, time="2022-03-01T00:00:00Z")
            producer.send(bench.settings.topics.wire, key=one.uri.encode(), value=codec.encode(one), headers=headers)
        else:
            key, value, headers = one
            producer.send(bench.settings.topics.wire, key=key, value=value, headers=headers)
    producer.close()
    crew.start()
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result

    letters = wait_for(
        lambda: (found := bench.dead_letters()) and len(found) >= len(bad) and found,
        timeout=GUARD,
        what="all dead letters",
    )
    assert {(letter.key, letter.value) for letter in letters} == {(key, value) for key, value, _ in bad}
    for letter in letters:
        own, origin = split_headers(letter.headers)
        assert origin is not None
        assert origin.reason.split(".")[0] in {"wire", "record"}
        assert (letter.key, letter.value, own) in [(key, value, headers) for key, value, headers in bad]
        assert origin.topic == bench.settings.topics.wire

    listed = [json.loads(line) for line in bench.cli("dead-letters", "list", "--json").stdout.splitlines()]
    assert len(listed) == len(bad)
    bench.cli("dead-letters", "replay", "--all", "--yes")
    replayed = records(bench.settings, bench.settings.topics.wire)
    for key, value, headers in bad:
        copies = [r for r in replayed if r.key == key]
        assert len(copies) == 2, key
        assert {(r.value, tuple(r.headers)) for r in copies} == {(value, tuple(headers))}


def test_foreign_producers_may_put_any_wire_format_on_the_topic(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    ninjs = {
        "uri": f"{ledger.prefix}ninjs",
        "versionCreated": "2022-03-01T10:00:00+01:00",
        "headlines": [{"role": "main", "value": "Ferry sails"}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>The ferry sailed on Monday.</p>"}],
    }
    producer: Any = KafkaProducer(bootstrap_servers=bench.stack.bootstrap, acks="all")
    producer.send(
        bench.settings.topics.wire,
        key=b"any",
        value=json.dumps(ninjs).encode(),
        headers=[("content-type", b"application/json")],
    )
    producer.close()
    crew.start()
    document = wait_for(lambda: shown(bench.client, ledger.prefix), timeout=GUARD, what="the ninjs item")[0]
    assert document["headline"] == "Ferry sails"


def test_a_worker_ends_within_10_seconds_of_sigterm_and_another_goes_on(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    worker = crew.start("--name", "one", "--processes", "2")
    push(bench.settings, articles(400, prefix=ledger.prefix), ledger)
    wait_for(lambda: len(shown(bench.client, ledger.prefix)) > 20, timeout=GUARD, what="progress")
    children = worker.children()
    assert len(children) >= 2
    began = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - began < 10.5
    assert not [child for child in children if child.is_running() and child.status() != "zombie"]
    crew.start("--name", "one")
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result


def test_two_workers_share_the_work_and_one_takes_over_for_the_other(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    first, second = crew.start("--name", "first"), crew.start("--name", "second")
    push(bench.settings, articles(600, prefix=ledger.prefix, sentences=2), ledger)
    wait_for(lambda: len(shown(bench.client, ledger.prefix)) > 50, timeout=GUARD, what="progress")
    first.kill()
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result
    assert second.running


def test_workers_may_have_one_agent_each(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    crew.start("--agents", "index")
    crew.start("--agents", "enrich")
    push(bench.settings, articles(100, prefix=ledger.prefix, sentences=2), ledger)
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result


def test_a_worker_without_topics_says_what_to_do(stack: Stack) -> None:
    environment = os.environ | stack.environment() | {"NEWSWIRE__TOPICS__WIRE": unique("missing")}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "worker"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 78
    assert "newswire setup" in done.stderr


def test_the_brake_stops_a_worker_and_keeps_the_offset(stack: Stack, tmp_path: Path) -> None:
    bench = Bench(stack, tmp_path, worker={"brake": 20}, topics={"partitions": 1})
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all")
    for number in range(100):
        value, headers = poison(number)
        producer.send(bench.settings.topics.wire, key=b"k", value=value, headers=headers)
    producer.close()
    with workers(bench.environment, tmp_path) as crew:
        worker = crew.start(ready=False)
        assert worker.process.wait(timeout=60) == 78, worker.text()[-2000:]
        assert "worker.brake" in worker.text()
        assert len(bench.dead_letters()) == 20
        again = crew.start(ready=False)
        assert again.process.wait(timeout=60) == 78
        assert len(bench.dead_letters()) == 40  # it went on where it had stopped


def test_nlp_processes_killed_in_mid_work_lose_nothing(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    worker = crew.start("--processes", "2")
    push(bench.settings, articles(500, prefix=ledger.prefix), ledger)
    for _ in range(4):
        living = wait_for(worker.nlp_processes, timeout=GUARD, what="an NLP process")
        os.kill(random.choice(living), signal.SIGKILL)
        bench.wait_for_more(ledger, 20)
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result
    assert bench.dead_letters() == []
    assert count(bench.client, ledger).right == 500
