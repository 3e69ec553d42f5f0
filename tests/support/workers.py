"""Workers as real processes: started, killed, stopped, and always ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.support.ledger import wait_for

READY_WITHIN = 240.0  # seconds, a guard: start-up takes about 5 s on an idle machine


class Worker:
    """One `newswire worker` process, in a session of its own."""

    def __init__(self, environment: dict[str, str], log: Path, arguments: list[str]) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "worker", *arguments],
                env=os.environ | environment,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def nlp_processes(self) -> list[int]:
        """Process ids of the NLP processes that live at this moment."""
        living = []
        for child in self.children():
            with suppress(psutil.NoSuchProcess):  # also a zombie: killed, and not yet taken note of
                if "pipeline.enrich.process" in child.cmdline():
                    living.append(child.pid)
        return living

    def wait_until_ready(self, timeout: float = READY_WITHIN) -> None:
        """Wait until the NLP processes are up and the agents start."""

        def ready() -> bool:
            assert self.running, self.text()[-3000:]
            return " starts with the agents " in self.text()

        wait_for(ready, timeout=timeout, what=f"a worker that is ready; its log: {self.log}")

    def kill(self) -> None:
        """SIGKILL, as the kernel does it when memory runs out."""
        self.process.kill()
        self.process.wait()

    def stop(self, timeout: float = READY_WITHIN) -> int:
        """SIGTERM; returns the exit status. It takes 10 s at most where the machine has time for it."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def end(self) -> None:
        """Whatever state it is in, it is gone afterwards, children included."""
        if self.running:
            children = self.children()
            self.kill()
            for child in children:
                with suppress(psutil.NoSuchProcess):  # they end with their parent, maybe in this moment
                    child.kill()


@contextmanager
def workers(environment: dict[str, str], folder: Path) -> Iterator[Workers]:
    """A starter of workers that ends all that it started."""
    started = Workers(environment, folder)
    try:
        yield started
    finally:
        for worker in started.all:
            worker.end()


class Workers:
    """Starts workers; each keeps its log in `folder`."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.all: list[Worker] = []

    def start(self, *arguments: str, ready: bool = True, environment: dict[str, str] | None = None) -> Worker:
        log = self.folder / f"worker-{len(self.all)}.log"
        worker = Worker(self.environment | (environment or {}), log, list(arguments))
        self.all.append(worker)
        if ready:
            worker.wait_until_ready()
        return worker
