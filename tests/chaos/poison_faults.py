"""Records that are no articles, and articles that hang or kill what works on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaProducer

from pipeline.article import WireArticle
from pipeline.stream.dead_letters import split_headers
from tests.chaos.scenario import Run
from tests.support.poison import POISON_KINDS, poison

POISON_SHARE = 0.02
BRAKE = 200  # poison records in a row, in the scenario of the brake
ILL_WILL = ("HANG", "KILL", "SEGFAULT", "EXIT")  # first words that the step of tests.support.steps obeys
NLP_TIMEOUT = 2.0  # seconds a batch, in the scenario of the hanging articles


def some_poison(run: Run) -> None:
    """2 % of the records are poison, of eight kinds, in the midst of good articles."""
    run.bench.crew.start()
    run.wait_until_working()
    bad = _bad(run)
    with run.outage(), _producer(run) as producer:
        for number in range(bad):
            value, headers = poison(number)
            producer.send(run.bench.settings.topics.wire, key=b"bad-%d" % number, value=value, headers=headers)
    run.faults = bad


def poison_is_intact(run: Run) -> None:
    """Every poison record is a dead letter with its bytes and headers, once; nothing else is."""
    pushed = {b"bad-%d" % number: poison(number) for number in range(_bad(run))}
    letters = run.wait_for_dead_letters(len(pushed))
    assert sorted(letter.key for letter in letters) == sorted(pushed)
    for letter in letters:
        own, origin = split_headers(letter.headers)
        assert origin is not None
        assert origin.topic == run.bench.settings.topics.wire
        assert origin.reason.split(".")[0] in {"wire", "record"}
        assert (letter.value, own) == pushed[letter.key]


def nothing_but_poison(run: Run) -> None:
    """From an offset on all is poison: at each start a set number is given up, then the brake stops the worker.

    It goes on where it stopped; when the poison is behind it, the good ones come.
    """
    bench = run.bench
    crew = bench.crew
    worker = crew.start()
    run.wait_until_working()
    run.pause()  # what comes now would lie between the poison
    bad = BRAKE * run.size.faults + BRAKE // 2  # the last half brake is too short to stop anybody
    with _producer(run) as producer:
        for number in range(bad):
            value, headers = poison(number)
            # one key: one partition, so that the poison is in a row
            producer.send(bench.settings.topics.wire, key=b"one", value=value, headers=headers)
    for stop in range(1, run.size.faults + 1):
        assert worker.process.wait(timeout=120) == 78, worker.text()[-2000:]
        assert "worker.brake" in worker.text()
        assert len(bench.dead_letters()) == BRAKE * stop, "the brake gives up a set number"
        worker = crew.start(ready=False)
    run.faults = run.size.faults
    run.wait_for_dead_letters(bad)
    assert worker.running, worker.text()[-2000:]
    run.resume()


def all_poison_was_given_up(run: Run) -> None:
    """Each poison record once."""
    letters = run.bench.dead_letters()
    bad = BRAKE * run.size.faults + BRAKE // 2
    origins = [split_headers(letter.headers)[1] for letter in letters]
    assert len({origin.offset for origin in origins if origin is not None}) == len(letters) == bad


def ill_will(run: Run) -> None:
    """Articles that hang an NLP process, or kill it, among good ones: they alone are given up."""
    run.bench.crew.start("--processes", "2")
    run.wait_until_working()
    for number in range(run.size.faults):
        body = f"{ILL_WILL[number % len(ILL_WILL)]} and so on."
        ill = WireArticle(uri=f"{run.bench.ledger().prefix}ill-{number}", versionCreated="2022-03-01", body=body)
        with run.outage():
            run.push_unlisted([ill])


def ill_will_is_given_up(run: Run) -> None:
    """The articles of ill will are dead letters with the right reason, and nothing else is."""
    run.wait_for_dead_letters(run.size.faults)
    hanging = -(-run.size.faults // len(ILL_WILL))
    assert run.reasons() == {"enrich.timeout": hanging, "enrich.crashed": run.size.faults - hanging}


def _bad(run: Run) -> int:
    return max(POISON_KINDS, round(run.size.articles * POISON_SHARE))


@contextmanager
def _producer(run: Run) -> Iterator[Any]:
    """Another producer than ours: it checks nothing."""
    producer: Any = KafkaProducer(bootstrap_servers=run.bench.settings.kafka.bootstrap_servers, acks="all")
    try:
        yield producer
    finally:
        producer.close()
