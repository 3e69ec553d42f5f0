"""The gauges of a worker, read from Faust and the pool when somebody asks: they cost nothing in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import psutil

from pipeline.enrich.pool import EnrichPool
from pipeline.metrics import Instruments
from pipeline.stream.loop import Progress


class Gauges:
    """`refresh` sets them; it runs in the monitor's thread and only reads."""

    def __init__(
        self, instruments: Instruments, app: Any, *, progress: Mapping[str, Progress], pool: EnrichPool | None
    ) -> None:
        self._instruments = instruments
        self._app = app
        self._progress = progress
        self._pool = pool
        self._restarts = 0

    def refresh(self) -> None:
        """Set every gauge to what it is now."""
        for name, progress in self._progress.items():
            self._instruments.set("newswire_records_in_flight", progress.in_flight, agent=name)
            self._instruments.set("newswire_waiting", 1.0 if progress.waiting else 0.0, agent=name)
        lags = lag(self._app)
        counts = Counter(topic for topic, _ in lags)
        self._instruments.replace(
            "newswire_assigned_partitions", [({"topic": topic}, count) for topic, count in counts.items()]
        )
        self._instruments.replace(
            "newswire_lag_records",
            [
                ({"topic": topic, "partition": str(partition)}, behind)
                for (topic, partition), behind in lags.items()
                if behind is not None
            ],
        )
        if self._pool is not None:
            self._of_the_pool(self._pool)

    def _of_the_pool(self, pool: EnrichPool) -> None:
        pids = pool.pids
        self._instruments.set("newswire_nlp_processes", len(pids))
        self._instruments.set("newswire_nlp_queue_jobs", pool.waiting)
        self._instruments.set("newswire_nlp_resident_memory_bytes", sum(_resident(pid) for pid in pids))
        restarts = pool.restarts
        self._instruments.add("newswire_nlp_restarts_total", restarts - self._restarts)
        self._restarts = restarts


def assigned(app: Any) -> list[Any]:
    """The partitions that this worker has, empty while it has not joined its group."""
    try:
        return sorted(app.consumer.assignment())
    except Exception:  # noqa: BLE001 - Faust's consumer has none of its parts before it has started
        return []


def lag(app: Any) -> dict[tuple[str, int], int | None]:
    """Of each assigned partition the records that are not committed yet; None where Kafka has not told its end."""
    found: dict[tuple[str, int], int | None] = {}
    for place in assigned(app):
        try:
            end = app.consumer.highwater(place)
        except Exception:  # noqa: BLE001, S112 - taken away in this moment
            continue
        # None: nothing committed yet; the offsets of a topic begin with 0 until its retention ends some
        done = app.consumer._committed_offset.get(place) or 0
        found[place.topic, place.partition] = None if end is None else max(0, end - done)
    return found


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it ended in this moment
        return 0
