"""A pool of NLP processes: wire records in, enriched records out, with every failure kept to the guilty article.

Each slot is one process and the thread that talks to it; the event loop is never blocked and handles no text. Records
are shared out in chunks of even length; several calls may be under way at once, each gets its results in its own
order. A process that exceeds the time limit is killed, one that dies is replaced, and the records of its chunk are
then tried one by one: a record whose process fails `slot.TRIES_ALONE` times with nothing else in it is poison
(`enrich.timeout`, `enrich.crashed`), the others succeed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pipeline.enrich.jobs import Call, Job, Queue, Result, chunks
from pipeline.enrich.messages import EnrichedRecord, WireRecord
from pipeline.enrich.slot import Slot
from pipeline.errors import NewswireError
from pipeline.settings import Enrichment, Settings

__all__ = ["EnrichPool", "EnrichedRecord", "Result", "WireRecord"]

Clock = Callable[[], datetime]


class EnrichPool:
    """See the module. All methods belong to one event loop."""

    def __init__(self, settings: Settings, *, processes: int, clock: Clock = lambda: datetime.now(UTC)) -> None:
        """Nothing is started yet.

        Args:
            settings: `enrichment` is what counts.
            processes: NLP processes, at least 1; each takes a core and about 350 MB.
            clock: by which an article's date counts as in the future.
        """
        if processes < 1:
            raise ValueError(f"processes: {processes} is less than 1")
        self._settings: Enrichment = settings.enrichment
        self._queue = Queue()
        self._slots = [
            Slot(
                number,
                settings=self._settings,
                queue=self._queue,
                clock=clock,
                tell=self._tell,
                give_up=self._give_up,
            )
            for number in range(processes)
        ]
        self._calls: set[Call] = set()
        self._broken: NewswireError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Start the processes; return when each has loaded the pipeline (a few seconds).

        Raises:
            UserError, Fatal: the first reason why one could not; none is left running then.
        """
        self._loop = asyncio.get_running_loop()
        for slot in self._slots:
            slot.start()
        try:
            await asyncio.gather(*(asyncio.wrap_future(slot.started) for slot in self._slots))
        except BaseException:
            await self.close()
            raise

    async def enrich(self, records: Sequence[WireRecord]) -> list[Result]:
        """Each record's enriched articles (several where it is a feed), or why it never can be enriched; in order.

        Raises:
            Fatal, UserError: no NLP process can be started any more.
        """
        if self._broken is not None:
            raise self._broken
        if self._loop is None:
            raise RuntimeError("the pool is not running: call start() first")
        if not records:
            return []
        call = Call([None] * len(records), self._loop.create_future())
        self._calls.add(call)
        try:
            self._queue.put(
                [
                    Job(call, chunk, tuple(records[index] for index in chunk))
                    for chunk in chunks([len(r.value) for r in records], len(self._slots), self._settings.batch_size)
                ]
            )
            await call.done
        finally:
            self._calls.discard(call)
        return [result for result in call.results if result is not None]

    async def close(self) -> None:
        """End every process and wait until they are gone. Calls under way are cancelled. Can be called again."""
        self._queue.stop()
        for call in self._calls:
            call.done.cancel()
        self._loop = None
        await asyncio.gather(*(asyncio.to_thread(slot.end) for slot in self._slots))

    @property
    def pids(self) -> list[int]:
        """Process ids of the NLP processes at this moment."""
        return [child.pid for slot in self._slots if (child := slot.child) is not None]

    @property
    def restarts(self) -> int:
        """NLP processes that were started in the place of another."""
        return sum(max(0, slot.spawned - 1) for slot in self._slots)

    @property
    def waiting(self) -> int:
        """Chunks of records that no process has taken yet."""
        return len(self._queue.jobs)

    @property
    def usable(self) -> bool:
        """Whether it is started and a process lives, so that it can enrich."""
        return self._loop is not None and self._broken is None and bool(self.pids)

    def _give_up(self, error: NewswireError) -> None:
        # no process can be started; called by the threads of the slots

        def fail_all() -> None:
            self._broken = error
            for call in self._calls:
                call.fail(error)

        self._tell(fail_all)

    def _tell(self, action: Callable[[], None]) -> None:
        # called by the threads of the slots
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # closed in this moment
                loop.call_soon_threadsafe(action)
