"""What is on its way: nothing that a sender may raise ends its thread, and what arrived is not sent again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

import pytest

from pipeline.alerts.model import Queued, Target, Telling
from pipeline.alerts.outbox import Outbox
from pipeline.errors import Code, Poison, Transient
from pipeline.stream.retry import Backoff

TERMINAL = Target(kind="terminal")
GUARD = 60.0  # seconds: against hanging, not a measurement


def queued(number: int) -> Queued:
    now = datetime.now(UTC).isoformat()
    return Queued(telling=Telling(id=str(number), alert="a", kind="new", uri="urn:1", time=now), to=TERMINAL)


class Fails:
    """A sender that raises what it is given, one at a time, and then sends."""

    at_once = 1

    def __init__(self, failures: list[Exception], *, refused: Mapping[str, Poison] | None = None) -> None:
        self.failures = failures
        self.refused = refused or {}
        self.told: list[str] = []
        self.closed = threading.Event()

    def send(self, tellings: Sequence[Telling]) -> Mapping[str, Poison]:
        if self.failures:
            raise self.failures.pop(0)
        self.told += [telling.id for telling in tellings if telling.id not in self.refused]
        return {telling.id: self.refused[telling.id] for telling in tellings if telling.id in self.refused}

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        return frozenset()

    def close(self) -> None:
        self.closed.set()


def outbox(sender: Fails, settled: list[str], *, unmade: list[Exception], wanted: int) -> None:
    done = threading.Event()

    def make(_: Target) -> Fails:
        if unmade:
            raise unmade.pop(0)
        return sender

    def on_settled(each: Queued) -> None:
        settled.append(each.telling.id)
        if len(settled) == wanted:
            done.set()

    out = Outbox(make, on_settled=on_settled, give_up=timedelta(hours=1), backoff=Backoff(first=0.001, longest=0.01))
    out.put([queued(number) for number in range(wanted)])
    assert done.wait(GUARD)
    out.close(GUARD)
    assert sender.closed.wait(GUARD)


@pytest.mark.parametrize(
    "failure",
    [Transient(Code.ALERT_UNREACHABLE, "away"), BrokenPipeError("the terminal is gone"), ValueError("a bug of ours")],
)
def test_whatever_fails_is_tried_again_and_all_is_told_in_order(failure: Exception) -> None:
    sender, settled = Fails([failure, failure]), list[str]()
    outbox(sender, settled, unmade=[failure], wanted=3)
    assert sender.told == settled == ["0", "1", "2"]


def test_what_is_refused_for_good_is_passed_over_and_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    sender, settled = Fails([], refused={"1": Poison(Code.ALERT_REFUSED, "too large")}), list[str]()
    sender.at_once = 3
    with caplog.at_level(logging.ERROR, logger="pipeline.alerts.outbox"):
        outbox(sender, settled, unmade=[], wanted=3)
    assert settled == ["0", "1", "2"]
    assert sender.told == ["0", "2"]
    (message,) = [each.getMessage() for each in caplog.records if each.name == "pipeline.alerts.outbox"]
    assert "alert.refused: too large" in message
    assert "urn:1" in message


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + GUARD
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_thread_without_work_ends_and_another_one_takes_what_comes_later() -> None:
    senders: list[Fails] = []
    settled: SimpleQueue[str] = SimpleQueue()

    def make(_: Target) -> Fails:
        senders.append(Fails([]))
        return senders[-1]

    out = Outbox(make, on_settled=lambda each: settled.put(each.telling.id), give_up=timedelta(hours=1), idle=0.01)
    for number in range(2):
        out.put([queued(number)])
        assert settled.get(timeout=GUARD) == str(number)
        assert senders[number].closed.wait(GUARD), "the thread gives up what it holds"
        until(lambda: out.slowest() is None)
    assert [sender.told for sender in senders] == [["0"], ["1"]]
    out.close(GUARD)


def test_what_is_on_its_way_is_counted_over_all_targets() -> None:
    away, here = Target(kind="webhook", address="https://away"), Target(kind="webhook", address="https://here")
    senders = {away: Fails([Transient(Code.ALERT_UNREACHABLE, "away")] * 1000), here: Fails([])}
    settled: SimpleQueue[str] = SimpleQueue()
    out = Outbox(
        senders.__getitem__, on_settled=lambda each: settled.put(each.telling.id), give_up=timedelta(hours=1)
    )
    telling = queued(0).telling
    out.put([Queued(telling=telling, to=here), *[Queued(telling=telling, to=away)] * 3])
    assert settled.get(timeout=GUARD) == "0"
    until(lambda: len(out) == 3)
    assert out.slowest() == away
    out.drop(lambda each: each.to == away)
    assert len(out) == 0
    out.close(GUARD)


class Remembers(Fails):
    """A sender whose target knows what arrived; `asked` is set when it is asked, and it answers once `answer` is."""

    def __init__(self, arrived: set[str]) -> None:
        super().__init__([])
        self.arrived = arrived
        self.asked, self.answer = threading.Event(), threading.Event()

    def sent(self, queued: Sequence[Queued]) -> frozenset[str]:
        self.asked.set()
        assert self.answer.wait(GUARD)
        return frozenset(self.arrived & {each.telling.id for each in queued})


def test_what_is_taken_over_while_the_target_is_asked_is_asked_for_too() -> None:
    sender = Remembers({"0", "1"})
    settled: SimpleQueue[str] = SimpleQueue()
    out = Outbox(lambda _: sender, on_settled=lambda each: settled.put(each.telling.id), give_up=timedelta(hours=1))
    out.put([queued(0)], uncertain=True)
    assert sender.asked.wait(GUARD)
    out.put([queued(1), queued(2)], uncertain=True)
    sender.answer.set()
    assert [settled.get(timeout=GUARD) for _ in range(3)] == ["0", "1", "2"]
    out.close(GUARD)
    assert sender.told == ["2"]


def test_what_this_process_sent_is_not_sent_again_when_its_partition_comes_back() -> None:
    sender = Fails([])
    settled: SimpleQueue[str] = SimpleQueue()
    out = Outbox(lambda _: sender, on_settled=lambda each: settled.put(each.telling.id), give_up=timedelta(hours=1))
    out.put([queued(0)])
    assert settled.get(timeout=GUARD) == "0"
    out.put([queued(0), queued(1)], uncertain=True)
    assert [settled.get(timeout=GUARD) for _ in range(2)] == ["0", "1"]
    out.close(GUARD)
    assert sender.told == ["0", "1"]
