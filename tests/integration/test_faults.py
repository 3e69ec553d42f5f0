"""What faults do to the whole way on real servers, in short; at length: tests/chaos."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from kafka import KafkaProducer

from pipeline import codec
from pipeline.article import WireArticle
from pipeline.stream.dead_letters import split_headers
from tests.support.bench import GUARD, Bench
from tests.support.ledger import count, push, records, shown, wait_for, wait_until_counted
from tests.support.news import articles
from tests.support.poison import poison
from tests.support.stack import Stack
from tests.support.workers import Workers, workers

pytestmark = pytest.mark.servers

TRIES = 3  # where a promise of time is measured


@pytest.fixture
def bench(stack: Stack, tmp_path: Path) -> Bench:
    # nobody is to be taken for dead in the middle of a test that counts: each takes up its own name again
    return Bench(stack, tmp_path, worker={"session_timeout": 60.0})


@pytest.fixture
def crew(bench: Bench, tmp_path: Path) -> Iterator[Workers]:
    with workers(bench.environment, tmp_path) as started:
        yield started


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


def bounded(began: float) -> float:
    """Lines that a worker may have logged since then: some at its start, some for each of Elasticsearch's retries."""
    return 300 + 5 * (time.monotonic() - began)


def test_elasticsearch_away_for_20_seconds_only_delays(bench: Bench, crew: Workers) -> None:
    ledger, began = bench.ledger(), time.monotonic()
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
    assert len(worker.text().splitlines()) < bounded(began)


def test_the_broker_away_for_10_seconds_only_delays(bench: Bench, crew: Workers) -> None:
    ledger, began = bench.ledger(), time.monotonic()
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
    assert len(worker.text().splitlines()) < bounded(began)


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


def test_a_worker_ends_within_10_seconds_of_sigterm_and_another_goes_on(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    for left in reversed(range(TRIES)):  # a machine that is busy with other things has not disproved it
        push(bench.settings, articles(400 * (TRIES - left), prefix=ledger.prefix), ledger)
        before = len(shown(bench.client, ledger.prefix))
        worker = crew.start("--name", "one", "--processes", "2")
        wait_for(lambda: len(shown(bench.client, ledger.prefix)) > before, timeout=GUARD, what="progress")  # noqa: B023
        children = worker.children()
        assert len(children) >= 2
        began = time.monotonic()
        assert worker.stop() == 0
        took = time.monotonic() - began
        _, living = psutil.wait_procs(children, timeout=60)  # the kernel ends them, a moment after their parent
        assert not living, living
        if took < 10.5:  # Python takes a moment to end, too
            break
        assert left, took
    crew.start("--name", "one")
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result


def test_two_workers_share_the_work_and_one_takes_over_for_the_other(stack: Stack, tmp_path: Path) -> None:
    with Bench(stack, tmp_path) as bench:
        ledger = bench.ledger()
        first, second = bench.crew.start("--name", "first"), bench.crew.start("--name", "second")
        push(bench.settings, articles(600, prefix=ledger.prefix, sentences=2), ledger)
        wait_for(lambda: len(shown(bench.client, ledger.prefix)) > 50, timeout=GUARD, what="progress")
        first.kill()
        result = wait_until_counted(bench.client, ledger, timeout=GUARD)
        assert result.clean, result
        assert second.running


def test_the_brake_stops_a_worker_and_keeps_the_offset(stack: Stack, tmp_path: Path) -> None:
    bench = Bench(stack, tmp_path, worker={"brake": 20, "session_timeout": 60.0}, topics={"partitions": 1})
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all")
    for number in range(100):
        value, headers = poison(number)
        producer.send(bench.settings.topics.wire, key=b"k", value=value, headers=headers)
    producer.close()
    with workers(bench.environment, tmp_path) as crew:
        worker = crew.start(ready=False)
        assert worker.process.wait(timeout=GUARD) == 78, worker.text()[-2000:]
        assert "worker.brake" in worker.text()
        assert len(bench.dead_letters()) == 20
        again = crew.start(ready=False)
        assert again.process.wait(timeout=GUARD) == 78
        assert len(bench.dead_letters()) == 40  # it went on where it had stopped


def test_nlp_processes_killed_in_mid_work_lose_nothing(bench: Bench, crew: Workers) -> None:
    ledger = bench.ledger()
    worker = crew.start("--processes", "2")
    made = list(articles(500, prefix=ledger.prefix))
    for round in range(4):
        before = bench.records_of("enriched")
        push(bench.settings, made[125 * round : 125 * (round + 1)], ledger)
        wait_for(lambda: bench.records_of("enriched") > before, timeout=GUARD, what="work going on", every=0.05)  # noqa: B023
        living = wait_for(worker.nlp_processes, timeout=GUARD, what="an NLP process")
        os.kill(random.choice(living), signal.SIGKILL)
        # one kill an article: one whose process dies twice with nothing else in it is taken for the culprit
        result = wait_until_counted(bench.client, ledger, timeout=GUARD)
        assert result.clean, result
    assert bench.dead_letters() == []
    assert count(bench.client, ledger).right == 500
