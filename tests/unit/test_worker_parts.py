"""The small parts of a worker: back-off, held-back logs, stable names, the watchdog, the loop's order and brake."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.errors import Code, Fatal, NewswireError, Poison, UserError
from pipeline.log import BURST, WINDOW, HoldBack
from pipeline.stream.loop import AckLoop, Policy, Progress, Record
from pipeline.stream.name import WorkerName
from pipeline.stream.retry import Backoff
from pipeline.stream.watchdog import Watchdog


def test_the_back_off_doubles_up_to_its_cap_and_never_ends() -> None:
    pauses = list(islice(Backoff(first=1.0, longest=8.0).pauses(), 50))
    for pause, whole in zip(pauses, [1.0, 2.0, 4.0] + [8.0] * 47, strict=True):
        assert whole / 2 <= pause <= whole
    assert len(set(pauses)) > 40  # jitter


def test_repeated_log_lines_are_held_back_and_counted() -> None:
    now = 0.0
    hold = HoldBack(clock=lambda: now)

    def line(message: str, level: int = logging.WARNING) -> logging.LogRecord:
        return logging.LogRecord("kafka", level, "", 0, message, None, None)

    assert sum(hold.filter(line("broker away")) for _ in range(1000)) == BURST
    assert hold.filter(line("another thing"))
    assert hold.filter(line("broker away", logging.CRITICAL))
    now = WINDOW
    after = line("broker away")
    assert hold.filter(after)
    assert f"[{1000 - BURST} more" in after.getMessage()


def test_log_lines_about_different_things_are_not_repetitions() -> None:
    hold = HoldBack(clock=lambda: 0.0)

    def line(event: str) -> logging.LogRecord:
        record = logging.LogRecord("index", logging.WARNING, "", 0, "%s kills nothing", (event,), None)
        record.__dict__["event.id"] = event
        return record

    assert all(hold.filter(line(f"advisory {number}")) for number in range(3 * BURST))
    assert sum(hold.filter(line("one again and again")) for _ in range(100)) == BURST


def test_workers_of_one_host_have_different_names_that_come_back(tmp_path: Path) -> None:
    first = WorkerName(group="g", name="", folder=tmp_path)
    second = WorkerName(group="g", name="", folder=tmp_path)
    assert first.name != second.name
    first.release()
    assert WorkerName(group="g", name="", folder=tmp_path).name == first.name
    assert WorkerName(group="g", name="chosen name", folder=tmp_path).name == "chosen-name"


def test_where_no_slot_can_be_kept_the_error_says_why_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        WorkerName(group="g", name="", folder=tmp_path / "missing")
    assert told.value.code == Code.LOCAL_FAILED
    assert "No such file or directory" in str(told.value)
    assert told.value.hint == "newswire worker --name NAME"


def test_the_watchdog_sees_a_stall_and_no_stall_where_nothing_is_in_flight() -> None:
    now = 0.0
    progress = {"enrich": Progress(moved=0.0)}
    watchdog = Watchdog(progress, limit=10.0, on_stall=lambda error: None, clock=lambda: now)
    now = 11.0
    watchdog.beat()
    assert watchdog.problem() is None
    progress["enrich"].in_flight = 3
    problem = watchdog.problem()
    assert problem is not None
    assert problem.code == Code.WORKER_STALLED
    progress["enrich"].moved = 5.0
    assert watchdog.problem() is None
    now = 22.0
    progress["enrich"].in_flight = 0
    blocked = watchdog.problem()
    assert blocked is not None
    assert "event loop" in str(blocked)


class Stream:
    """Hands out batches as Faust's stream does, and notes what is acknowledged."""

    def __init__(self, batches: Sequence[Sequence[int]]) -> None:
        self.batches = batches
        self.acked: list[int] = []

    async def noack_take(self, size: int, within: float) -> AsyncIterator[list[Any]]:
        for batch in self.batches:
            yield [
                SimpleNamespace(
                    message=SimpleNamespace(
                        topic="t", partition=0, offset=n, timestamp=None, key=b"", value=b"", headers=[]
                    )
                )
                for n in batch
            ]
        await asyncio.sleep(3600)

    async def ack(self, event: Any) -> None:
        self.acked.append(event.message.offset)


class Step:
    """Takes longer for earlier batches; odd offsets are poison where asked."""

    name = "enrich"

    def __init__(self, poison: bool = False, fails_at: int | None = None) -> None:
        self.poison = poison
        self.fails_at = fails_at
        self.most_at_once = 0
        self._now = 0

    async def process(self, records: Sequence[Record]) -> Sequence[Poison | None]:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(0.05 / (1 + records[0].offset))
        self._now -= 1
        if self.fails_at in [record.offset for record in records]:
            raise ValueError("a bug")
        return [
            Poison(Code.RECORD_SCHEMA, "odd") if self.poison and record.offset % 2 else None for record in records
        ]


class Letters:
    def __init__(self) -> None:
        self.sent: list[int] = []

    async def send(self, letters: Sequence[tuple[Record, Poison]], *, stage: str) -> None:
        self.sent += [record.offset for record, _ in letters]


async def until(condition: Any) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.005)


def run_loop(stream: Stream, step: Step, *, brake: int = 1000, done: Any) -> tuple[Letters, list[NewswireError]]:
    letters = Letters()
    fatal: list[NewswireError] = []
    loop = AckLoop(
        step,
        dead_letters=letters,
        policy=Policy(batch=10, wait=0.01, in_flight=3, brake=brake),
        progress=Progress(),
        on_fatal=fatal.append,
    )

    async def main() -> None:
        task = asyncio.create_task(loop.run(stream))
        await until(lambda: done() or fatal)
        await asyncio.sleep(0.1)  # what must not happen has time to happen
        task.cancel()

    asyncio.run(main())
    return letters, fatal


def test_batches_run_side_by_side_and_are_acknowledged_in_order() -> None:
    stream, step = Stream([[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]), Step()
    run_loop(stream, step, done=lambda: len(stream.acked) == 10)
    assert stream.acked == list(range(10))
    assert step.most_at_once == 3


def test_poison_goes_to_the_dead_letters_before_it_is_acknowledged() -> None:
    stream, step = Stream([[0, 1, 2, 3], [4, 5]]), Step(poison=True)
    letters, fatal = run_loop(stream, step, done=lambda: len(stream.acked) == 6)
    assert letters.sent == [1, 3, 5]
    assert not fatal


def test_a_bug_stops_the_worker_and_acknowledges_nothing_after_it() -> None:
    stream, step = Stream([[0, 1], [2, 3], [4, 5]]), Step(fails_at=2)
    _, fatal = run_loop(stream, step, done=lambda: False)
    assert stream.acked == [0, 1]
    assert [error.code for error in fatal] == [Code.WORKER_BUG]


def test_the_brake_stops_after_its_number_of_poison_records_and_keeps_the_offset() -> None:
    stream, step = Stream([[0, 1, 3], [5, 7, 9]]), Step(poison=True)
    letters, fatal = run_loop(stream, step, brake=3, done=lambda: False)
    assert letters.sent == [1, 3, 5]
    assert stream.acked == [0, 1, 3, 5]
    assert isinstance(fatal[0], Fatal)
    assert fatal[0].code == Code.WORKER_BRAKE


@pytest.mark.parametrize("kind", [Poison, Fatal])
def test_errors_cross_process_borders_whole(kind: type[NewswireError]) -> None:
    import pickle

    error = pickle.loads(pickle.dumps(kind(Code.WIRE_FIELD, "a message", hint="a hint")))
    assert (type(error), error.code, error.message, error.hint) == (kind, Code.WIRE_FIELD, "a message", "a hint")
