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

from pipeline.errors import Code, UserError

SLOTS = 1000
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")  # Kafka allows these characters in a group instance id


class WorkerName:
    """A name that is held until `release`, or the end of the process."""

    def __init__(self, *, group: str, name: str, folder: Path | None = None) -> None:
        """Take `name`, or else the first free slot.

        Args:
            group: the consumer group.
            name: from the settings; may be empty.
            folder: of the slots' files; the system's temporary one where it is None.

        Raises:
            UserError: `local.failed`: no slot is free, or none of its files can be opened.
        """
        self._held: IO[str] | None = None
        if name:
            self.name = _UNSAFE.sub("-", name)
            return
        host = _UNSAFE.sub("-", socket.gethostname())
        folder = folder or Path(tempfile.gettempdir())
        problem = f"{SLOTS} workers of the group {group!r} are on this host"
        for slot in range(SLOTS):
            path = folder / f"newswire-worker-{_UNSAFE.sub('-', group)}-{slot}.lock"
            try:
                held = path.open("a")
            except OSError as error:  # another user's; or the disk is full, then it is the same for all
                problem = f"{path}: {error.strerror}"
                continue
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                held.close()
                continue
            self._held = held
            self.name = f"{host}-{slot}"
            return
        raise UserError(Code.LOCAL_FAILED, f"no name for this worker: {problem}", hint="newswire worker --name NAME")

    def release(self) -> None:
        """Give the slot back."""
        if self._held is not None:
            self._held.close()
            self._held = None
