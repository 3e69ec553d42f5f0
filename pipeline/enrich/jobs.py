"""The work of the pool: calls, the jobs that they are shared out in, and the queue of jobs."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.enrich.messages import EnrichedRecord, WireRecord
from pipeline.errors import Poison

Result = tuple[EnrichedRecord, ...] | Poison

CHUNK_BYTES = 1_000_000  # a longer article is a chunk of its own


@dataclass(eq=False)
class Call:
    """One `enrich` under way; written by the event loop only."""

    results: list[Result | None]
    done: asyncio.Future[None]

    @property
    def over(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.done.done()

    def put(self, indices: Sequence[int], results: Sequence[Result]) -> None:
        """Set the results of these records; the last one ends the call."""
        for index, result in zip(indices, results, strict=True):
            self.results[index] = result
        if not self.done.done() and all(result is not None for result in self.results):
            self.done.set_result(None)

    def fail(self, error: BaseException) -> None:
        """End the call with an error."""
        if not self.done.done():
            self.done.set_exception(error)


@dataclass(frozen=True, eq=False)
class Job:
    """Records for one process, and how often its process failed where it is one record alone."""

    call: Call
    indices: tuple[int, ...]
    records: tuple[WireRecord, ...]
    failures: int = 0


@dataclass(eq=False)
class Queue:
    """Jobs of all calls, first come, first served; `stop` ends every wait."""

    jobs: deque[Job] = field(default_factory=deque)
    changed: threading.Condition = field(default_factory=threading.Condition)
    stopped: bool = False

    def put(self, jobs: Sequence[Job], *, first: bool = False) -> None:
        """Add jobs, behind all others or before them."""
        with self.changed:
            if first:
                self.jobs.extendleft(reversed(jobs))
            else:
                self.jobs.extend(jobs)
            self.changed.notify(len(jobs))

    def get(self) -> Job | None:
        """The next job, or None when stopped."""
        with self.changed:
            self.changed.wait_for(lambda: self.jobs or self.stopped)
            return None if self.stopped else self.jobs.popleft()

    def stop(self) -> None:
        """Drop all jobs; nothing is handed out any more."""
        with self.changed:
            self.stopped = True
            self.jobs.clear()
            self.changed.notify_all()


def chunks(sizes: Sequence[int], processes: int, most: int) -> list[tuple[int, ...]]:
    """The indices of `sizes` in chunks of even total size: one a process, or more where they would be too large.

    Args:
        sizes: bytes of each record.
        processes: the number of chunks that can be worked on at once.
        most: records of a chunk.
    """
    wanted = max(processes, -(-len(sizes) // most), -(-sum(sizes) // CHUNK_BYTES))
    count = min(wanted, len(sizes))
    loads = [0] * count
    members: list[list[int]] = [[] for _ in range(count)]
    for index in sorted(range(len(sizes)), key=lambda index: -sizes[index]):  # the longest first, to the least loaded
        open_chunks = [number for number in range(count) if len(members[number]) < most]
        chosen = min(open_chunks, key=loads.__getitem__)
        members[chosen].append(index)
        loads[chosen] += max(sizes[index], 1)  # a record without bytes is work, too
    return [tuple(sorted(chunk)) for chunk in members if chunk]
