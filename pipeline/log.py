"""Logs: ECS JSON for machines, short lines for a terminal; repeated lines are held back.

A server that is away makes libraries log many times a second (150 lines/s in Faust, measured). Of lines with the same
origin and template, `BURST` pass in `WINDOW` seconds; the next that passes says how many were held back. Lines about
different things that a desk has to see each, such as kills that found nothing, name theirs in ECS' `event.id`.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import IO, Any

import ecs_logging

from pipeline.settings import Log

BURST = 5
WINDOW = 30.0  # seconds
_KNOWN_TEMPLATES = 1000  # bound of the memory of the filter


def get_logger(name: str) -> logging.Logger:
    """The logger of a module."""
    return logging.getLogger(name)


class HoldBack(logging.Filter):
    """Lets `BURST` lines of one kind pass in `WINDOW` seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: dict[tuple[str, int, str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line passes; the first after a silence tells how many did not."""
        if record.levelno >= logging.CRITICAL:
            return True
        now = self._clock()
        of = str(record.__dict__.get("event.id", ""))
        kind = (record.name, record.levelno, str(record.msg)[:60], of)  # libraries format values into the message
        began, count = self._seen.get(kind, (now, 0))
        if now - began >= WINDOW:
            held = count - BURST
            began, count = now, 0
            if held > 0:
                record.msg = f"{record.msg} [{held} more like this were held back]"
        if len(self._seen) >= _KNOWN_TEMPLATES and kind not in self._seen:
            self._seen.clear()
        self._seen[kind] = (began, count + 1)
        return count < BURST


class _Console(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        fields = {key: value for key, value in record.__dict__.items() if "." in key}  # ECS names have dots
        return text + "".join(f" {key}={value}" for key, value in sorted(fields.items()))


def configure(settings: Log, *, stream: IO[str] | None = None) -> None:
    """Send all logs of this process to `stream` (standard error) in the form that `settings.format` names."""
    stream = stream or sys.stderr
    form = settings.format
    if form == "auto":
        form = "console" if stream.isatty() else "ecs"
    handler = logging.StreamHandler(stream)
    formatter: Any = _Console() if form == "console" else ecs_logging.StdlibFormatter()
    handler.setFormatter(formatter)
    handler.addFilter(HoldBack())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    # its tables of partitions and banner lines are for developers of Faust
    for noisy in ("faust", "mode", "aiokafka", "kafka", "elastic_transport"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, getattr(logging, settings.level.upper())))
