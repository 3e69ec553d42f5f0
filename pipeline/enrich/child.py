"""The parent's end of one NLP process: start it, ask it, end it. Every call blocks; a thread of the pool makes them.

A fresh interpreter (as `multiprocessing`'s spawn starts it) rather than `multiprocessing.Process`: it does not import
the caller's main module again, needs no resource tracker, and gets an environment of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection

import msgspec

from pipeline.enrich.messages import Started, decode_started
from pipeline.errors import Code, Fatal, UserError
from pipeline.settings import Enrichment

START_WITHIN = 300.0  # seconds; a start takes 2 to 4 on an idle machine
_ENDS_WITHIN = 30.0  # seconds that the kernel may take to end a killed process

# One process uses one core: more threads of a BLAS make it slower, not faster.
_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)

# Arrays of some megabytes come and go with every batch: kept in the heap of glibc rather than asked of the kernel and
# given back each time, which took a quarter of the recogniser's time (bytes; other systems pass over these).
_HEAP = {"MALLOC_MMAP_THRESHOLD_": "67108864", "MALLOC_TRIM_THRESHOLD_": "134217728"}


class Died(Exception):
    """The process ended while it had work, or before it could be asked."""


class TimedOut(Exception):
    """No answer within the limit; the process may still be running."""


class Child:
    """One NLP process. It dies with the thread that made it (Linux), or with this process."""

    def __init__(self, settings: Enrichment) -> None:
        """Start the process and return at once; `wait_until_started` waits for its pipeline."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    *("-X", "faulthandler", "-m", "pipeline.enrich.process"),
                    *(str(theirs.fileno()), str(os.getpid())),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_HEAP
                | os.environ
                | _ONE_THREAD
                | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)},
                process_group=0,  # Ctrl-C is for the parent
            )
        self._connection = Connection(ours.detach())
        self._settings = settings

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def wait_until_started(self, *, within: float = START_WITHIN) -> None:
        """Wait until its pipeline is loaded.

        Raises:
            UserError: the pipeline cannot be loaded; whoever wrote the config can mend it.
            Fatal: `enrich.crashed` where it ended or did not answer.
        """
        try:
            said: Started = decode_started(self.ask(msgspec.json.encode(self._settings.model_dump()), within=within))
        except (Died, TimedOut) as error:
            self.kill()
            raise Fatal(
                Code.ENRICH_CRASHED, f"an NLP process did not start: {error}", hint="newswire enrich - (and a text)"
            ) from error
        if said.code is None:
            return
        self.kill()
        if said.code is Code.WORKER_BUG:
            raise Fatal(said.code, f"an NLP process did not start: {said.message}", hint=said.hint)
        raise UserError(said.code, said.message, hint=said.hint)

    def ask(self, request: bytes, *, within: float) -> bytes:
        """The answer to a request.

        Raises:
            Died: the process ended.
            TimedOut: it did not answer within so many seconds.
        """
        try:
            self._connection.send_bytes(request)
            if not self._connection.poll(within):
                raise TimedOut(f"no answer within {within:.0f} s")
            return self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            raise Died(self._how_it_ended()) from error

    def kill(self) -> None:
        """End it at once, whatever it does, and wait until it is gone. Can be called again, and by another thread."""
        self._process.kill()
        self._process.wait(_ENDS_WITHIN)

    def close(self) -> None:
        """End it and close the socket; only by the thread that asks."""
        self.kill()
        self._connection.close()

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            return f"NLP process {self.pid} closed its socket"
        return (
            f"NLP process {self.pid} was ended by signal {-status}"
            if status < 0
            else (f"NLP process {self.pid} ended with status {status}")
        )
