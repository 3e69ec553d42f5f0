"""The meaning of the wire on real servers: what readers see of 200 items in 2,000 articles, at three moments."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.article import WireArticle
from pipeline.errors import Code
from pipeline.index.search import SearchRequest
from tests.support import meaning
from tests.support.asked import whole
from tests.support.bench import GUARD, NOBODY_BUT_US, Bench
from tests.support.ledger import Ledger, push, shown, wait_for
from tests.support.meaning import BASE, Plan
from tests.support.offsets import Offsets
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

SEED = 20240530
WORKERS = 3
LEAD, BETWEEN = timedelta(seconds=5), timedelta(seconds=3)  # until the first embargo ends, and from it to the second
LONGEST_LEAD = timedelta(minutes=2)


class Room:
    """Three workers with the wire of a plan."""

    def __init__(self, bench: Bench, offsets: Offsets, plan: Plan) -> None:
        self.bench, self.plan = bench, plan
        self._offsets = offsets

    def push(self, articles: list[WireArticle]) -> None:
        push(self.bench.settings, articles, Ledger(self.plan.prefix))

    def settle(self) -> None:
        """Wait until the workers have done all that is on the topics: also what must not be seen."""
        wait_for(lambda: self._offsets.left() == 0, timeout=GUARD, what="nothing left to do")

    def seen(self) -> dict[str, str]:
        """What readers see, by article id its version: through the alias, and through our own search."""
        documents = shown(self.bench.client, self.plan.prefix)
        found = {document["uri"]: document["version"] for document in documents}
        assert len(found) == len(documents), [uri for uri, n in Counter(d["uri"] for d in documents).items() if n > 1]
        return found

    def searched(self) -> int:
        answer = whole(self.bench.client, SearchRequest(query=self.plan.word, limit=200))
        assert answer.total_exact
        assert {hit.uri for hit in answer.hits} <= {f"{self.plan.prefix}{number}" for number in range(200)}
        return answer.total


@pytest.fixture
def room(stack: Stack, tmp_path: Path) -> Iterator[Room]:
    with Bench(stack, tmp_path, light=True, topics={"partitions": 2 * WORKERS}) as bench:
        plan = meaning.plan(f"{NOBODY_BUT_US}{bench.name}:", seed=SEED)
        for number in range(WORKERS):
            bench.crew.start("--name", f"{bench.name}-{number}", ready=False)
        with closing(Offsets(bench.settings)) as offsets:
            yield Room(bench, offsets, plan)


def differences(seen: dict[str, str], expected: dict[str, str]) -> dict[str, object]:
    """What is wrong, for the message of a failure."""
    return {
        "missing": sorted(set(expected) - set(seen))[:5],
        "leaked": sorted(set(seen) - set(expected))[:5],
        "stale": [(uri, seen[uri], expected[uri]) for uri in seen if expected.get(uri, seen[uri]) != seen[uri]][:5],
    }


def test_the_search_shows_what_it_should_at_three_moments(
    room: Room, record_property: Callable[[str, object], None]
) -> None:
    plan = room.plan
    assert len({article.uri for article in plan.articles} - set(plan.killed_by) - set(plan.unmatched)) == 200
    assert len(plan.articles) == 2000 + meaning.UNMATCHED + meaning.REPEATED
    room.push(plan.articles)
    room.settle()
    expected = dict(plan.shown)
    assert room.seen() == expected, differences(room.seen(), expected)
    assert room.searched() == len(expected)

    _embargoes(room, expected)
    _advisories_are_told(room)
    seconds = _kills(room, expected)
    record_property("seconds until a kill takes effect", f"{min(seconds):.1f} to {max(seconds):.1f}")
    for worker in room.bench.crew.all:
        assert worker.running, worker.text()[-2000:]


def _embargoes(room: Room, expected: dict[str, str]) -> None:
    """Two groups are corrected to end their embargo within seconds: each is found from its own moment on."""
    of, lead, between = meaning.VERSIONS, LEAD, BETWEEN
    moments: set[str] = set()
    while moments != {"before", "between", "after"}:
        assert lead < LONGEST_LEAD, f"corrections of an embargo take minutes; seen: {moments}"
        of += 1
        moments = _embargoes_end(room, expected, of=of, lead=lead, between=between)
        lead, between = 2 * lead, 2 * between  # where a moment was missed, the machine is slow today
    expected |= {uri: str(of) for group in room.plan.embargoed for uri in group}


def _embargoes_end(room: Room, expected: dict[str, str], *, of: int, lead: timedelta, between: timedelta) -> set[str]:
    """Version `of` of both groups, looked at until the second embargo is over; at which moments it was looked."""
    plan = room.plan
    first = datetime.now(UTC) + lead
    second = first + between
    room.push(meaning.under_embargo(plan, (first, second), of=of, chance=random.Random(f"{SEED}/{of}")))
    room.settle()
    moments: set[str] = set()
    while "after" not in moments:
        began = datetime.now(UTC)
        seen, searched = room.seen(), room.searched()
        ended = datetime.now(UTC)
        if ended < first:
            moment, groups = "before", 0
        elif began >= first and ended < second:
            moment, groups = "between", 1
        elif began >= second:
            moment, groups = "after", 2
        else:
            continue  # an embargo ended in the midst of it
        ended_embargoes = {uri: str(of) for group in plan.embargoed[:groups] for uri in group}
        assert seen == expected | ended_embargoes, (moment, differences(seen, expected | ended_embargoes))
        assert searched == len(seen), moment
        moments.add(moment)
        time.sleep(0.1)
    return moments


def _advisories_are_told(room: Room) -> None:
    """`newswire kills` has every advisory with what it killed, and those that name nothing; so have the logs."""
    lines = room.bench.cli("kills", "--json").stdout.splitlines()
    listed = {one["uri"]: one for one in map(json.loads, lines) if one["uri"].startswith(room.plan.prefix)}
    assert {uri: one["killed"] for uri, one in listed.items() if one["killed"]} == {
        uri: [item] for uri, item in room.plan.killed_by.items()
    }
    assert {uri for uri, one in listed.items() if not one["killed"]} == set(room.plan.unmatched)
    counted = json.loads(room.bench.cli("status", "--json").stdout)["kills"]
    nothing = sum(not json.loads(line)["killed"] for line in lines)
    assert counted == {"advisories": len(lines), "unmatched": nothing}
    told = "".join(worker.text() for worker in room.bench.crew.all)
    for uri in room.plan.unmatched:
        assert any(uri in line and str(Code.KILL_UNMATCHED) in line for line in told.splitlines()), uri


def _kills(room: Room, expected: dict[str, str]) -> list[float]:
    """Kills of what is found, under their own id and by advisory; the seconds until each took effect."""
    plan = room.plan
    assert set(plan.decoys) <= set(expected)
    numbers = sorted(int(uri.removeprefix(plan.prefix)) for uri in set(expected) - set(plan.decoys))
    victims = random.Random(SEED).sample(numbers, 10)
    seconds = []
    for position, number in enumerate(victims):
        uri = f"{plan.prefix}{number}"
        at = BASE + timedelta(hours=29)
        if position % 2:
            kill = meaning.version(plan, number, 20, pubStatus="canceled", body="")
        else:
            words = meaning.naming(plan, number, "number" if position % 4 else "link", 1)
            kill = meaning.advisory(f"{plan.prefix}late-kill-{number}", words, at=at)
        room.push([kill])
        began = time.monotonic()
        wait_for(lambda uri=uri: uri not in room.seen(), timeout=GUARD, what=f"{uri} killed", every=0.05)  # type: ignore[misc]
        seconds.append(time.monotonic() - began)
        del expected[uri]
    room.push([meaning.version(plan, number, 21) for number in victims])
    room.settle()
    assert room.seen() == expected, differences(room.seen(), expected)
    return seconds
