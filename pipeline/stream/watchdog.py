"""Ends a worker that stands still: nothing acknowledged for too long with records in flight, or a blocked event loop.

It is a thread, since a blocked event loop cannot watch itself. Waiting for a server that is away is no stall: the
retries count as signs of life.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from pipeline.errors import Code, NewswireError, Transient
from pipeline.stream.loop import Progress

LOOK_EVERY = 1.0  # seconds


class Watchdog(threading.Thread):
    """Calls `on_stall` from its own thread, once, when a `Progress` or the event loop has not moved for `limit` s."""

    def __init__(
        self,
        progress: Mapping[str, Progress],
        *,
        limit: float,
        on_stall: Callable[[NewswireError], None],
        clock: Callable[[], float] = time.monotonic,
        look_every: float = LOOK_EVERY,
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._progress = progress
        self._limit = limit
        self._on_stall = on_stall
        self._clock = clock
        self._look_every = look_every
        self._beat = clock()
        self._ended = threading.Event()

    def beat(self) -> None:
        """The event loop is alive; it says so every second or so."""
        self._beat = self._clock()

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()

    def run(self) -> None:
        """Look every second until `end`."""
        while not self._ended.wait(self._look_every):
            problem = self.problem()
            if problem is not None:
                self._on_stall(problem)
                return

    def problem(self) -> NewswireError | None:
        """What stands still at this moment, if anything does."""
        now = self._clock()
        if now - self._beat > self._limit:
            return Transient(Code.WORKER_STALLED, f"the event loop has been blocked for {now - self._beat:.0f} s")
        for name, progress in self._progress.items():
            if progress.in_flight and now - progress.moved > self._limit:
                still = f"{progress.in_flight} records in flight and none settled for {now - progress.moved:.0f} s"
                return Transient(Code.WORKER_STALLED, f"{name}: {still}")
        return None
