"""What a scenario is, what it must show, and the one way in which all of them are run and counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.article import WireArticle
from pipeline.stream.dead_letters import Origin, split_headers
from tests.support import ledger
from tests.support.bench import GUARD, Bench
from tests.support.feed import Feed
from tests.support.ledger import Ledger, wait_for, wait_until_counted
from tests.support.offsets import Offsets
from tests.support.stack import Handle, Stack
from tests.support.tcp_proxy import TcpProxy

RECOVERED_WITHIN = 30.0  # seconds
AS_IN_USE = {"session_timeout": 20.0, "retry_backoff_max": 10.0}  # the defaults; other tests are in a hurry
PROBES = 16  # articles that must be found after a fault: enough to be in every partition
LINES_A_SECOND = 10.0  # a broker that is away gave 150 lines/s in Faust itself


@dataclass(frozen=True)
class Size:
    """How large a scenario is."""

    articles: int  # at least so many are pushed
    faults: int = 1
    seconds: float = 0.0  # that each fault lasts, where it lasts
    rate: float = 100.0  # articles a second while faults happen


@dataclass(frozen=True)
class World:
    """What a scenario has besides the shared servers."""

    settings: Mapping[str, dict[str, Any]]  # that lead there
    kafka: Handle | None = None
    proxy: TcpProxy | None = None
    disk: Path | None = None  # the folder of a small disk


@contextmanager
def shared_servers(stack: Stack, folder: Path) -> Iterator[World]:
    """Nothing besides."""
    yield World({}, kafka=stack.kafka)


@dataclass
class Run:
    """A scenario under way: its bench, its feed, and what was measured of its faults."""

    bench: Bench
    size: Size
    world: World
    recoveries: list[float] = field(default_factory=list)  # seconds
    line_rates: list[float] = field(default_factory=list)  # lines a second
    faults: int = 0
    _feed: Feed | None = None
    _pushed: int = 0

    @property
    def feed(self) -> Feed:
        """The feed; started at its first use: a quarter of the articles at once, the rest at a steady rate."""
        if self._feed is None:
            self._feed = self.bench.feed(burst=self.size.articles // 4, rate=self.size.rate)
        return self._feed

    def feed_with(self, articles: Iterable[WireArticle]) -> None:
        """Begin the feed with articles of one's own."""
        assert self._feed is None
        self._feed = self.bench.feed(burst=self.size.articles // 4, rate=self.size.rate, articles=articles)

    @property
    def pushed(self) -> int:
        """Articles that were pushed and acknowledged, all versions."""
        return self._pushed + (self._feed.pushed if self._feed else 0)

    def push(self, articles: Iterable[WireArticle]) -> None:
        """Push these besides the feed, as fast as Kafka takes them; they are counted like all others."""
        listed = list(articles)
        ledger.push(self.bench.settings, listed, self.bench.ledger())
        self._pushed += len(listed)

    def push_unlisted(self, articles: Iterable[WireArticle]) -> None:
        """Push articles that are not to be found afterwards."""
        ledger.push(self.bench.settings, articles, Ledger("unlisted"))

    def wait_until_working(self) -> None:
        """Wait until something that was pushed just now is found."""
        probes = self.feed.next_uris()
        wait_for(lambda: self._recovered(probes), timeout=GUARD, what="work being done")

    def wait_until_pushed(self) -> None:
        """Wait until the feed has pushed as many as the scenario wants; it goes on."""
        wait_for(lambda: self.feed.pushed >= self.size.articles, timeout=GUARD, what="the feed")

    def wait_until_found(self) -> None:
        """Wait until all that was pushed so far is found in its highest version; counted anew at the end."""
        wait_until_counted(self.bench.client, self.bench.ledger(), timeout=GUARD)

    def wait_until_acknowledged(self) -> None:
        """Wait until the workers have acknowledged every record, of both topics."""
        with closing(Offsets(self.bench.settings)) as offsets:
            wait_for(lambda: offsets.left() == 0, timeout=GUARD, what="every record being acknowledged", every=1.0)

    def wait_for_dead_letters(self, number: int) -> list[Any]:
        """Wait until there are so many, and return them."""
        return list(
            wait_for(
                lambda: len(found := self.bench.dead_letters()) >= number and found,
                timeout=GUARD,
                what=f"{number} dead letters",
            )
        )

    def reasons(self) -> dict[str, int]:
        """How many dead letters there are for each reason."""
        return dict(Counter(origin.reason for origin in self._origins()))

    def given_up_by(self, stage: str) -> int:
        """How many dead letters are of this agent."""
        return sum(origin.stage == stage for origin in self._origins())

    def _origins(self) -> list[Origin]:
        origins = [split_headers(letter.headers)[1] for letter in self.bench.dead_letters()]
        return [origin for origin in origins if origin is not None]

    def pause(self) -> None:
        """Hold the feed back, and wait until all that it pushed is found."""
        self.feed.pause(True)
        self.wait_until_found()

    def resume(self) -> None:
        """Let it go on."""
        self.feed.pause(False)
        self.wait_until_working()

    def finish(self) -> None:
        """End the feed, where there is one, when it has pushed as many as the scenario wants."""
        if self._feed is not None:
            self._feed.finish(self.size.articles)

    @contextmanager
    def outage(self) -> Iterator[Outage]:
        """A fault, from its begin until articles that were pushed after its end are found by a search."""
        outage = Outage(self.feed)
        lines, began = self._lines(), time.monotonic()
        yield outage
        outage.ends()
        wait_for(lambda: self._recovered(outage.probes), timeout=GUARD, what="articles after a fault", every=0.1)
        now = time.monotonic()
        self.faults += 1
        self.recoveries.append(now - outage.ended)
        self.line_rates.append((self._lines() - lines) / (now - began))

    def _recovered(self, probes: list[str]) -> bool:
        crew = self.bench.crew.all
        assert any(worker.running for worker in crew), f"no worker is left; the last said: {crew[-1].text()[-2000:]}"
        return self.bench.finds(probes)

    def _lines(self) -> int:
        return sum(worker.text().count("\n") for worker in self.bench.crew.all)


class Outage:
    """A fault that has begun."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.ended = 0.0  # monotonic
        self.probes: list[str] = []  # ids of articles that are pushed after the end

    def ends(self) -> None:
        """The fault itself is over: from here on it counts until articles are found again."""
        if not self.ended:
            self.ended = time.monotonic()
            self.probes = self._feed.next_uris(PROBES)


def no_dead_letters(run: Run) -> None:
    """Nothing was given up."""
    letters = run.bench.dead_letters()
    assert not letters, [split_headers(letter.headers)[1] for letter in letters[:3]]


@dataclass(frozen=True)
class Scenario:
    """A row of the table."""

    name: str
    what: str  # the fault, in words; {faults} and {seconds} are filled in
    run: Callable[[Run], None]
    long: Size  # of `make chaos`
    short: Size | None = None  # of `make test`
    check: Callable[[Run], None] = no_dead_letters  # what else must hold when all is counted
    settings: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    world: Callable[[Stack, Path], AbstractContextManager[World]] = shared_servers
    light: bool = True  # without NLP
    recovered_within: float = RECOVERED_WITHIN
    lines_a_second: float = LINES_A_SECOND


@dataclass(frozen=True)
class Result:
    """What a run of a scenario measured."""

    name: str
    what: str
    articles: int  # pushed, all versions
    faults: int
    lost: int
    double: int
    stale: int
    again: int  # enriched more than once: at least once is what is promised
    recovery: float | None  # seconds; the longest
    recovery_limit: float
    lines: float | None  # log lines a second of all workers, from a fault's begin to its recovery; the most
    lines_limit: float
    seconds: float


def perform(scenario: Scenario, size: Size, stack: Stack, folder: Path) -> Result:
    """Run a scenario and count what came of it. Raises AssertionError only where it could not be counted."""
    with scenario.world(stack, folder) as world:
        sections = {name: dict(values) for name, values in ({**scenario.settings, **world.settings}).items()}
        sections["worker"] = AS_IN_USE | sections.get("worker", {})
        return _perform(scenario, size, world, Bench(stack, folder, light=scenario.light, **sections))


def _perform(scenario: Scenario, size: Size, world: World, prepared: Bench) -> Result:
    began = time.monotonic()
    with prepared as bench:
        run = Run(bench, size, world)
        scenario.run(run)
        run.finish()
        wait_until_counted(bench.client, bench.ledger(), timeout=GUARD)
        run.wait_until_acknowledged()
        counted = wait_until_counted(bench.client, bench.ledger(), timeout=5.0)
        scenario.check(run)
        enriched, wire = bench.records_of("enriched"), bench.records_of("wire")
        again = max(0, enriched + run.given_up_by("enrich") - wire)
    return Result(
        name=scenario.name,
        what=scenario.what.format(faults=run.faults, seconds=f"{size.seconds:g}"),
        articles=run.pushed,
        faults=run.faults,
        lost=len(counted.lost),
        double=len(counted.double),
        stale=len(counted.stale),
        again=again,
        recovery=max(run.recoveries, default=None),
        recovery_limit=scenario.recovered_within,
        lines=max(run.line_rates, default=None),
        lines_limit=scenario.lines_a_second,
        seconds=time.monotonic() - began,
    )


def problems(result: Result) -> list[str]:
    """What does not hold of what every scenario must show; empty where all does."""
    found = [
        f"{number} {what}"
        for what, number in (("lost", result.lost), ("double", result.double), ("stale", result.stale))
        if number
    ]
    if result.recovery is not None and result.recovery > result.recovery_limit:
        found.append(f"working again after {result.recovery:.1f} s, not within {result.recovery_limit:.0f} s")
    if result.lines is not None and result.lines > result.lines_limit:
        found.append(f"{result.lines:.1f} log lines a second, not {result.lines_limit:.0f}")
    return found
