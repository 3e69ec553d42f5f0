"""What a worker writes of itself into Elasticsearch, for Kibana's dashboard Pipeline: an entry a minute and agent.

It stands between the code that is measured and Prometheus: counts pass through and are added up besides. Writing is
best effort: an entry that cannot be written is dropped, which is told once; nothing waits for it. Entries overwrite
those of `worker.journal_days` ago, since their ids go round, so nothing has to be deleted.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch import AsyncElasticsearch

from pipeline.index.setup import JOURNAL
from pipeline.log import get_logger
from pipeline.metrics import Instruments
from pipeline.stream.loop import Progress

DELAY: Final = "newswire_push_to_indexed_seconds"
SAMPLE: Final = (
    4096  # delays of an interval that are kept; of more, a random choice (reservoir sampling, Vitter 1985)
)
WRITE_WITHIN: Final = 10.0  # seconds
SECONDS_A_DAY: Final = 86_400
_REASONS: Final = {"newswire_dead_letters_total": "dead-letters", "newswire_retried_records_total": "retries"}

log = get_logger(__name__)

Entry = dict[str, Any]


class Journal(Instruments):
    """Adds up what one worker does, and hands it on to `onward`. Called by the event loop alone."""

    def __init__(self, onward: Instruments, *, worker: str, progress: Mapping[str, Progress]) -> None:
        """`progress` has every agent of the worker, maybe only later."""
        self._onward = onward
        self._worker = worker
        self._progress = progress
        self._done: dict[str, float] = defaultdict(float)
        self._reasons: dict[tuple[str, str, str], float] = defaultdict(float)
        self._delays: list[float] = []
        self._delays_seen = 0

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """See `Instruments`."""
        self._onward.add(name, amount, **labels)
        if name == "newswire_records_total":
            self._done[labels["agent"]] += amount
        elif name in _REASONS:
            self._reasons[_REASONS[name], labels["agent"], labels["reason"]] += amount

    def observe(self, name: str, value: float, **labels: str) -> None:
        """See `Instruments`."""
        self._onward.observe(name, value, **labels)
        if name == DELAY:
            self._delays_seen += 1
            if len(self._delays) < SAMPLE:
                self._delays.append(value)
            elif (place := random.randrange(self._delays_seen)) < SAMPLE:  # noqa: S311 - no secret depends on it
                self._delays[place] = value

    def set(self, name: str, value: float, **labels: str) -> None:
        """See `Instruments`."""
        self._onward.set(name, value, **labels)

    def replace(self, name: str, values: Iterable[tuple[Mapping[str, str], float]]) -> None:
        """See `Instruments`."""
        self._onward.replace(name, values)

    def on_scrape(self, refresh: Callable[[], None]) -> None:
        """See `Instruments`."""
        self._onward.on_scrape(refresh)

    def entries(self, *, now: datetime, seconds: float) -> list[Entry]:
        """What was done in the last `seconds`, an entry an agent and one for each reason; and begin anew."""
        frame: Entry = {"@timestamp": now.isoformat(timespec="milliseconds"), "worker": self._worker}
        found = [
            frame
            | {
                "kind": "progress",
                "agent": agent,
                "seconds": round(seconds, 3),
                "articles": round(self._done[agent]),
                "rate": round(self._done[agent] / seconds, 3),
                "in_flight": progress.in_flight,
            }
            | (self._delay() if agent == "index" else {})
            for agent, progress in self._progress.items()
        ]
        found += [
            frame | {"kind": kind, "agent": agent, "reason": reason, "count": round(count)}
            for (kind, agent, reason), count in self._reasons.items()
        ]
        self._done.clear()
        self._reasons.clear()
        self._delays, self._delays_seen = [], 0
        return found

    def _delay(self) -> Entry:
        if not self._delays:
            return {}
        ordered = sorted(self._delays)
        p50, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95))
        return {"delay": {"p50": round(p50, 3), "p95": round(p95, 3)}}


class JournalWriter:
    """Writes a journal's entries, every so many seconds, until it is cancelled."""

    def __init__(
        self,
        journal: Journal,
        client: AsyncElasticsearch,
        *,
        every: float,
        days: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`every` seconds; entries are kept `days` days."""
        self._journal = journal
        self._client = client
        self._every = every
        self._round = max(1, int(days * SECONDS_A_DAY / every))  # entries until the ids come round again
        self._clock = clock
        self._failed = False

    async def run(self) -> None:
        """Write for ever. Raises nothing but CancelledError."""
        while True:
            await asyncio.sleep(self._every)
            await self.write()

    async def write(self) -> None:
        """Write what was done since the last time, or drop it: never raises, never takes longer than 10 seconds."""
        try:
            now = self._clock()
            entries = self._journal.entries(now=now, seconds=self._every)
            place = int(now.timestamp() / self._every) % self._round
            operations: list[Entry] = []
            for entry in entries:
                operations += [{"index": {"_id": _id(entry, place)}}, entry]
            if not operations:
                return
            answer = await asyncio.wait_for(
                self._client.bulk(operations=operations, index=JOURNAL, require_alias=True), WRITE_WITHIN
            )
            errors = [item["index"]["error"] for item in answer["items"] if "error" in item["index"]]
            self._told(f"{errors[0].get('type')}: {errors[0].get('reason')}" if errors else None)
        except Exception as error:  # noqa: BLE001 - whatever it is, articles go on
            self._told(f"{type(error).__name__}: {error}"[:300])

    def _told(self, problem: str | None) -> None:
        if problem is not None and not self._failed:
            log.warning("the journal of this worker cannot be written (newswire setup creates it): %s", problem)
        elif problem is None and self._failed:
            log.info("the journal of this worker is written again")
        self._failed = problem is not None


def _id(entry: Entry, place: int) -> str:
    named = "/".join(str(entry.get(key, "")) for key in ("worker", "agent", "kind", "reason"))
    return f"{hashlib.sha256(named.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}-{place}"
