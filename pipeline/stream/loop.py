"""The one place that acknowledges: take a batch, work on it, dead-letter its poison, acknowledge it, in that order.

What never to do here, each measured to lose records (DESIGN section 6): let an exception leave the loop over
`noack_take` (Faust then acknowledges the batch), acknowledge out of order, or run the agent with concurrency > 1.
Several batches are under way at once; they are settled in the order in which they were taken, so within a partition
no offset is committed past a record that is still in flight.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.errors import Code, Fatal, NewswireError, Poison
from pipeline.log import get_logger
from pipeline.metrics import OFF, Instruments

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Record:
    """A record as taken from a topic."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


class Step(Protocol):
    """What an agent does with its records. `name` goes into dead letters and logs."""

    name: str

    async def process(self, records: Sequence[Record]) -> Sequence[Poison | None]:
        """Carry the records on; one result a record, in order: None when it is done, or why it never will be.

        Blocks while a server is away. Raises Fatal when somebody must act; nothing is acknowledged then. It may be
        called again with records that it has seen before, and must then come to the same result.
        """


class DeadLetters(Protocol):
    """Where poison goes."""

    async def send(self, letters: Sequence[tuple[Record, Poison]], *, stage: str) -> None:
        """Return once the brokers have confirmed every letter."""


@dataclass(frozen=True)
class Policy:
    """How an agent takes and settles its batches."""

    batch: int  # the most records taken at once
    wait: float  # seconds that a batch waits to fill
    in_flight: int  # batches under way at once
    brake: int  # poison records in a row that stop the worker


@dataclass
class Progress:
    """What the watchdog looks at. Written by the event loop only."""

    in_flight: int = 0
    done: int = 0
    poison: int = 0
    moved: float = 0.0  # monotonic time of the last sign of life: a batch settled, or a retry on a server away
    waiting: Code | None = None  # why records are tried again since the last batch was settled

    def touch(self) -> None:
        """Something moved."""
        self.moved = time.monotonic()


class AckLoop:
    """One agent's way from its stream to the acknowledgement."""

    def __init__(
        self,
        step: Step,
        *,
        dead_letters: DeadLetters,
        policy: Policy,
        progress: Progress,
        on_fatal: Callable[[NewswireError], None],
        instruments: Instruments = OFF,
    ) -> None:
        self._step = step
        self._instruments = instruments
        self._dead_letters = dead_letters
        self._policy = policy
        self._progress = progress
        self._on_fatal = on_fatal
        self._poison_in_a_row = 0

    async def run(self, stream: Any) -> None:
        """Work on a Faust stream until it is cancelled. Every failure ends in `on_fatal`, none leaves the loop."""
        under_way: asyncio.Queue[tuple[list[Any], asyncio.Task[Sequence[Poison | None]]]] = asyncio.Queue()
        slots = asyncio.Semaphore(self._policy.in_flight)
        tasks: set[asyncio.Task[Any]] = set()
        settler = asyncio.create_task(self._settle_all(stream, under_way, slots), name=f"settle-{self._step.name}")
        try:
            async for events in _batches(stream, self._policy):
                await slots.acquire()
                self._progress.in_flight += len(events)
                self._instruments.observe("newswire_batch_records", len(events), agent=self._step.name)
                self._progress.touch()
                task = asyncio.create_task(self._process([_record(event) for event in events]))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                under_way.put_nowait((events, task))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach Faust
            self._fail(error)
        finally:
            for running in (settler, *tasks):
                running.cancel()

    async def _process(self, records: Sequence[Record]) -> Sequence[Poison | None]:
        outcomes = await self._step.process(records)
        if len(outcomes) != len(records):
            raise Fatal(Code.WORKER_BUG, f"{self._step.name}: {len(outcomes)} results for {len(records)} records")
        return outcomes

    async def _settle_all(self, stream: Any, under_way: asyncio.Queue[Any], slots: asyncio.Semaphore) -> None:
        try:
            while True:
                events, task = await under_way.get()
                await self._settle(stream, events, await task)
                self._progress.in_flight -= len(events)
                self._progress.waiting = None
                self._progress.touch()
                slots.release()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing after it may be acknowledged
            self._fail(error)

    async def _settle(self, stream: Any, events: Sequence[Any], outcomes: Sequence[Poison | None]) -> None:
        letters: list[tuple[Record, Poison]] = []
        settled = 0
        braked = False
        for event, outcome in zip(events, outcomes, strict=True):
            settled += 1
            if outcome is None:
                self._poison_in_a_row = 0
                continue
            letters.append((_record(event), outcome))
            self._poison_in_a_row += 1
            if self._poison_in_a_row >= self._policy.brake:
                braked = True
                break
        if letters:
            began = time.monotonic()
            await self._dead_letters.send(letters, stage=self._step.name)
            self._took("dead_letter", began)
        began = time.monotonic()
        for event in events[:settled]:
            await stream.ack(event)
        self._took("acknowledge", began)
        self._progress.done += settled
        self._progress.poison += len(letters)
        self._measure(events[:settled], letters)
        if braked:
            raise Fatal(
                Code.WORKER_BRAKE,
                f"{self._step.name}: {self._poison_in_a_row} poison records in a row, the last for "
                f"{letters[-1][1].code}: {letters[-1][1].message}",
                hint="mend the cause, start the worker again, then: newswire dead-letters replay --all",
            )

    def _took(self, stage: str, began: float) -> None:
        self._instruments.observe("newswire_stage_duration_seconds", time.monotonic() - began, stage=stage)

    def _measure(self, events: Sequence[Any], letters: Sequence[tuple[Record, Poison]]) -> None:
        name = self._step.name
        self._instruments.add("newswire_records_total", len(events) - len(letters), agent=name, outcome="done")
        if letters:
            self._instruments.add("newswire_records_total", len(letters), agent=name, outcome="dead_letter")
        for _, poison in letters:
            self._instruments.add("newswire_dead_letters_total", agent=name, reason=str(poison.code))
        times = [event.message.timestamp for event in events if event.message.timestamp is not None]
        if times:  # by two clocks, ours and the broker's: `newswire doctor` compares them
            self._instruments.observe("newswire_record_age_seconds", max(0.0, time.time() - min(times)), agent=name)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, NewswireError):
            log.exception("the agent failed", extra={"event.action": self._step.name})
            wrapped = Fatal(Code.WORKER_BUG, f"{self._step.name}: {type(error).__name__}: {error}")
            wrapped.__cause__ = error
            error = wrapped
        self._on_fatal(error)


async def _batches(stream: Any, policy: Policy) -> AsyncIterator[list[Any]]:
    async for events in stream.noack_take(policy.batch, within=policy.wait):
        yield list(events)


def _record(event: Any) -> Record:
    message = event.message
    return Record(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp_ms=None if message.timestamp is None else round(message.timestamp * 1000),
        key=message.key,
        value=message.value,
        headers=tuple(message.headers or ()),
    )
