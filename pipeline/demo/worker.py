"""The demo's worker: `newswire worker` as a process of its own, ended with the demo."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import Code, UserError
from pipeline.interrupts import held_back

STOP_WITHIN = 15.0  # seconds; a worker ends within 10 s of SIGTERM
TAIL_LINES = 15


class DemoWorker:
    """A worker with both agents that runs as long as the `with` block does."""

    def __init__(self, *, processes: int, config: Path | None) -> None:
        """Describe it; `with` starts it.

        Args:
            processes: NLP processes.
            config: the settings file of `--config`, if one was given.
        """
        chosen = ["--config", str(config)] if config else []
        self._command = [
            sys.executable,
            *("-m", "pipeline.cli", *chosen),
            *("worker", "--agents", "enrich,index", "--processes", str(processes)),
        ]
        self._folder = tempfile.TemporaryDirectory(prefix="newswire-demo-")
        self.log = Path(self._folder.name) / "worker.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            with self.log.open("wb") as log, held_back():
                # a session of its own: Ctrl-C is ours to pass on, and what it leaves behind can be ended with it
                self._process = subprocess.Popen(
                    self._command,
                    env=os.environ | {"NEWSWIRE__LOG__FORMAT": "console"},  # people may have to read it
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_WITHIN)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._folder.cleanup()

    def check(self) -> None:
        """Make sure that it runs.

        Raises:
            UserError: `local.failed` with the end of its log, where it has ended.
        """
        if self._process is None or self._process.poll() is None:
            return
        raise UserError(
            Code.LOCAL_FAILED, f"the worker ended with exit status {self._process.returncode}\n{self.tail()}"
        )

    def tail(self) -> str:
        """The last lines of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(["the end of its log:", *(f"  {line}" for line in lines[-TAIL_LINES:])])
