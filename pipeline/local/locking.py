"""One process at a time: a lock on a file, freed by the system when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.local.report import Report


@contextmanager
def held(path: Path, *, report: Report, waiting: str) -> Iterator[None]:
    """Hold the lock `path`. Blocks while another process holds it, and says `waiting` once then."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report.step(waiting)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
