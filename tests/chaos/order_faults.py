"""Articles that come repeatedly, in the wrong order, too large, or by a clock that is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from pipeline.article import WireArticle
from tests.chaos.scenario import Run
from tests.support.ledger import wait_for
from tests.support.news import article
from tests.support.stack import unique

MEGABYTE: Final = 1_000_000
SIZES: Final = (1 * MEGABYTE, 5 * MEGABYTE - 2000, 50 * MEGABYTE)  # bytes; the limit is 5 MB for the article as JSON
FAKETIME: Final = "/usr/lib/*/faketime/libfaketimeMT.so.1"  # the variant for processes with threads


def repeated(run: Run) -> None:
    """Every article is pushed one to five times; then another consumer group does all of it once more."""
    chance = random.Random(15)
    count = run.size.articles // 3
    copies = [
        article(number, prefix=run.bench.ledger().prefix, sentences=1)
        for number in range(count)
        for _ in range(chance.randint(1, 5))
    ]
    chance.shuffle(copies)
    _push_and_work(run, copies)
    run.wait_until_acknowledged()
    assert run.bench.crew.all[-1].stop() == 0
    before = run.bench.records_of("enriched")
    run.bench.crew.start(environment={"NEWSWIRE__WORKER__GROUP": unique("replay")})
    wait_for(
        lambda: run.bench.records_of("enriched") >= before + len(copies),
        timeout=300,
        what="the replay to be enriched",
    )
    run.bench.crew.start("--name", "one")  # the first group reads what the second enriched
    run.faults = len(copies) - count


def shuffled(run: Run) -> None:
    """Five versions of each article in any order, a tenth of them killed at some point, with two workers."""
    chance = random.Random(16)
    count = run.size.articles // 5
    versions = []
    for number in range(count):
        several = [
            article(number, prefix=run.bench.ledger().prefix, version=version, sentences=1) for version in range(1, 6)
        ]
        if number % 10 == 0:  # a kill outranks every version, whenever it comes
            at = chance.randrange(5)
            several[at] = WireArticle(
                uri=several[at].uri, versionCreated=several[at].versionCreated, body="", pubStatus="canceled"
            )
        versions += several
    chance.shuffle(versions)
    run.bench.crew.start("--name", "other")
    _push_and_work(run, versions)
    run.faults = len(versions) - count


def _push_and_work(run: Run, articles: list[WireArticle]) -> None:
    """Push all of them as fast as Kafka takes them, with a worker that is killed in the midst of them."""
    crew = run.bench.crew
    crew.start("--name", "one")
    run.push(articles)
    crew.all[-1].kill()
    crew.start("--name", "one")
    run.wait_until_found()


def large(run: Run) -> None:
    """Articles of 1, 5 and 50 MB among short ones: the first two are found, the last is refused at the push."""
    bench = run.bench
    bench.crew.start()
    run.wait_until_working()
    good, largest = [], SIZES[-1]
    for number in range(run.size.faults):
        size = SIZES[number % len(SIZES)]
        one = WireArticle(
            uri=f"{bench.ledger().prefix}large-{number}", versionCreated="2022-03-01", version="1", body=_text(size)
        )
        if size < largest:
            good.append(one)
    with run.outage():
        run.push(good)
    path = bench.folder / "large.txt"
    path.write_text(" date 2022-02-26 " + _text(largest), encoding="utf-8")
    told = bench.cli("push", "--no-progress", "--json", str(path), status=1).stdout
    assert b"wire.too-large" in told, told
    run.faults = run.size.faults


def _text(size: int) -> str:
    sentence = "The council of the harbour town met again on Monday and spoke of the ferries for two hours. "
    return (sentence * (size // len(sentence) + 1))[: size - 300]


def skewed_clock(run: Run) -> None:
    """Of two workers one is 12 h ahead and one 12 h behind, and both jump about, while articles of today come."""
    rates = _fake_clocks(run)
    today = _articles_of_today(run.bench.ledger().prefix)
    run.feed_with(today)
    for name, clock in rates.items():
        run.bench.crew.start("--name", name, environment=clock.environment)
    run.wait_until_working()
    chance = random.Random(17)
    for _ in range(run.size.faults):
        with run.outage():
            for clock in rates.values():
                clock.set(chance.choice((-12, -1, 0, 1, 12)) * 3600)


class FakeClock:
    """The clock of a process, set by a file (libfaketime); its monotonic clock stays right, as an adjusted one's."""

    def __init__(self, library: Path, file: Path) -> None:
        self._file = file
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
        }

    def set(self, seconds: int) -> None:
        """So far ahead of the real clock, or behind it."""
        partial = self._file.with_suffix(".new")
        partial.write_text(f"{seconds:+d}\n", encoding="ascii")
        partial.replace(self._file)


def _fake_clocks(run: Run) -> dict[str, FakeClock]:
    library = next(Path("/").glob(FAKETIME.lstrip("/")), None)
    if library is None:
        pytest.skip("libfaketime is not installed (apt-get install faketime)")
    clocks = {}
    for name, hours in (("early", 12), ("late", -12)):
        clocks[name] = FakeClock(library, run.bench.folder / f"clock-{name}")
        clocks[name].set(hours * 3600)
    return clocks


def _articles_of_today(prefix: str) -> Iterator[WireArticle]:
    """What a wire delivers: each article was made in the moment of its push, and corrected a little later."""
    number = 0
    while True:
        body = article(number, prefix=prefix, sentences=1).body
        now = datetime.now(UTC)
        for version in (1, 2):
            moment = now + timedelta(milliseconds=version)
            yield WireArticle(
                uri=f"{prefix}{number}",
                versionCreated=moment.isoformat(timespec="milliseconds"),
                version=str(version),
                headline=f"Of now, version {version}",
                body=body,
            )
        number += 1
