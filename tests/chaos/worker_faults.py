"""Workers that are killed, stopped, joined by others, and put under another name."""

from __future__ import annotations

import random
import time

import psutil

from tests.chaos.scenario import Run
from tests.support.ledger import wait_for
from tests.support.workers import Worker

STOP_WITHIN = 10.5  # seconds; 10 are promised, the rest is the test's own


def sigkill(run: Run) -> None:
    """A worker is killed in the midst of its work, and started again under its name."""
    worker = run.bench.crew.start("--name", "victim")
    for _ in range(run.size.faults):
        _let_work(run)
        with run.outage() as outage:
            worker.kill()
            outage.ends()
            worker = run.bench.crew.start("--name", "victim", ready=False)


def another_name(run: Run) -> None:
    """Of two workers one is killed for ever; then a third one comes for it under another name."""
    first, _ = (run.bench.crew.start("--name", name) for name in ("first", "second"))
    for number in range(run.size.faults):
        _let_work(run)
        with run.outage() as outage:
            first.kill()
            outage.ends()
            first = run.bench.crew.start("--name", f"stranger-{number}", ready=False)


def sigterm(run: Run) -> None:
    """A worker is told to end, does so in time with status 0 and all its children, and is started again."""
    worker = run.bench.crew.start("--name", "one", "--processes", "2")
    for _ in range(run.size.faults):
        _let_work(run)
        with run.outage() as outage:
            _stop(worker)
            outage.ends()
            worker = run.bench.crew.start("--name", "one", "--processes", "2", ready=False)
    worker.wait_until_ready()


def storm(run: Run) -> None:
    """Workers join and leave one after another, by SIGTERM or SIGKILL; between one and three are there."""
    chance = random.Random(12)
    crew = run.bench.crew
    living = {"a": crew.start("--name", "a")}
    for _ in range(run.size.faults):
        _let_work(run, seconds=chance.uniform(0.5, 2.0))
        joins = len(living) == 1 or (len(living) < 3 and chance.random() < 0.5)
        with run.outage() as outage:
            if joins:
                name = next(name for name in "abc" if name not in living)
                living[name] = crew.start("--name", name)
            elif chance.random() < 0.5:
                _stop(living.pop(chance.choice(sorted(living))))
            else:
                living.pop(chance.choice(sorted(living))).kill()
            outage.ends()


def nlp_killed(run: Run) -> None:
    """An NLP process of a worker is killed by somebody, in the midst of a batch."""
    worker = run.bench.crew.start("--processes", "2")
    chance = random.Random(20)
    for _ in range(run.size.faults):
        _let_work(run, seconds=0.3)
        living = wait_for(worker.nlp_processes, timeout=120, what="an NLP process")
        with run.outage():
            psutil.Process(chance.choice(living)).kill()
    assert worker.running, worker.text()[-3000:]


def _let_work(run: Run, *, seconds: float = 0.5) -> None:
    """Until something new is found, and a moment more: a fault shall meet work, not an idle worker."""
    run.wait_until_working()
    time.sleep(seconds)


def _stop(worker: Worker) -> None:
    children = worker.children()
    began = time.monotonic()
    status = worker.stop()
    took = time.monotonic() - began
    assert status == 0, worker.text()[-2000:]
    assert took <= STOP_WITHIN, f"SIGTERM took {took:.1f} s"
    _, living = psutil.wait_procs(children, timeout=5)  # the kernel ends them, a moment after their parent
    assert not living, living
