"""Ctrl-C in the moment in which a process is started: the process is known before anything is interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from pipeline.demo.worker import DemoWorker
from pipeline.interrupts import held_back
from pipeline.local import processes
from pipeline.local.kafka import KafkaServer
from pipeline.local.layout import Account
from pipeline.local.report import Silent
from pipeline.local.server import Launch, Programs
from pipeline.local.state import State


@pytest.fixture(autouse=True)
def interrupted() -> Iterator[None]:
    """SIGINT is a KeyboardInterrupt here, whoever runs us."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_signal_comes_when_the_block_is_done() -> None:
    done = False
    with pytest.raises(KeyboardInterrupt), held_back():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        done = True
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_a_signal_and_in_other_threads_nothing_happens() -> None:
    with held_back():
        pass
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with held_back():
                pass
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert failed == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_process_is_known_though_its_start_was_interrupted() -> None:
    class Interrupted(subprocess.Popen[bytes]):
        """As if Ctrl-C came before the caller has it."""

        def __init__(self, command: list[str]) -> None:
            super().__init__(command)
            os.kill(os.getpid(), signal.SIGINT)

    process = None
    try:
        with pytest.raises(KeyboardInterrupt), held_back():
            process = Interrupted([sys.executable, "-c", "import time; time.sleep(600)"])
        assert process is not None
    finally:
        if process is not None:
            process.kill()
            process.wait()


class Sleeper(KafkaServer):
    """A server that never answers."""

    def _prepare(self, programs: Programs, remembered: State) -> State:
        return remembered

    def _launch(self, programs: Programs) -> Launch:
        code = "import time; time.sleep(600)"
        return Launch([sys.executable, "-c", code, processes.mark(self.folder)], os.environ)


def test_a_server_that_is_interrupted_at_its_start_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Sleeper(tmp_path / "server", port=0, heap="", account=Account(None, None))
    real = processes.start

    def start(*given: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = real(*given, **options)
        os.kill(os.getpid(), signal.SIGINT)
        return process

    monkeypatch.setattr(processes, "start", start)
    with pytest.raises(KeyboardInterrupt):
        server.begin(cast(Programs, None), report=Silent())
    server.give_up()
    assert server.process() is None
    assert server._begun is None


def test_the_worker_of_a_demo_that_is_interrupted_at_its_start_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = real([sys.executable, "-c", "import time; time.sleep(600)"], **options)  # type: ignore[call-overload]
        started.append(process)
        os.kill(os.getpid(), signal.SIGINT)
        return process

    monkeypatch.setattr(subprocess, "Popen", popen)
    worker = DemoWorker(processes=1, config=None)
    with pytest.raises(KeyboardInterrupt):
        worker.__enter__()
    (process,) = started
    assert process.returncode is not None
    assert not Path(worker.log).exists()
