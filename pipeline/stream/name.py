"""A worker's stable name, for Kafka's static membership: the same after a restart, different for each worker.

Where the settings give no name, the workers of one host and group take the first free slot (`host-0`, `host-1`, ...):
a file that is locked as long as the worker lives, and free again in the moment in which it dies.
"""

from __future__ import annotations

import fcntl
import re
import socket
import tempfile
from pathlib import Path
from typing import IO

SLOTS = 1000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")  # Kafka allows these characters in a group instance id


class WorkerName:
    """A name that is held until `release`, or the end of the process."""

    def __init__(self, *, group: str, name: str, folder: Path | None = None) -> None:
        self._held: IO[str] | None = None
        if name:
            self.name = _UNSAFE.sub("-", name)
            return
        host = _UNSAFE.sub("-", socket.gethostname())
        folder = folder or Path(tempfile.gettempdir())
        for slot in range(SLOTS):
            path = folder / f"newswire-worker-{_UNSAFE.sub('-', group)}-{slot}.lock"
            try:
                held = path.open("a")
            except OSError:  # another user's
                continue
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                held.close()
                continue
            self._held = held
            self.name = f"{host}-{slot}"
            return
        raise RuntimeError(f"{SLOTS} workers of the group {group} are on this host")

    def release(self) -> None:
        """Give the slot back."""
        if self._held is not None:
            self._held.close()
            self._held = None
