"""What is on its way: nothing that a sender may raise ends its thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.alerts.model import Queued, Target, Telling
from pipeline.alerts.outbox import Outbox
from pipeline.errors import Code, Poison, Transient
from pipeline.stream.retry import Backoff

TERMINAL = Target(kind="terminal")


def queued(number: int) -> Queued:
    now = datetime.now(UTC).isoformat()
    return Queued(telling=Telling(id=str(number), alert="a", kind="new", uri="urn:1", time=now), to=TERMINAL)


class Fails:
    """A sender that raises what it is given, one at a time, and then sends."""

    at_once = 1

    def __init__(self, failures: list[Exception]) -> None:
        self.failures = failures
        self.told: list[str] = []
        self.closed = threading.Event()

    def send(self, tellings: Sequence[Telling]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.told += [telling.id for telling in tellings]

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
    assert done.wait(10)
    out.close(10)
    assert sender.closed.wait(10)


@pytest.mark.parametrize(
    "failure",
    [Transient(Code.ALERT_UNREACHABLE, "away"), BrokenPipeError("the terminal is gone"), ValueError("a bug of ours")],
)
def test_whatever_fails_is_tried_again_and_all_is_told_in_order(failure: Exception) -> None:
    sender, settled = Fails([failure, failure]), list[str]()
    outbox(sender, settled, unmade=[failure], wanted=3)
    assert sender.told == settled == ["0", "1", "2"]


def test_what_is_refused_for_good_is_passed_over() -> None:
    sender, settled = Fails([Poison(Code.ALERT_REFUSED, "never")]), list[str]()
    outbox(sender, settled, unmade=[], wanted=3)
    assert settled == ["0", "1", "2"]
    assert sender.told == ["1", "2"]
