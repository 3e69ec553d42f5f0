"""Metrics of a program that pushes for long (`newswire feed`, `newswire listen`), on a port like a worker's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.log import get_logger
from pipeline.metrics import OFF, Instruments, Prometheus
from pipeline.settings import Settings
from pipeline.stream.monitor import Answer, Monitor

log = get_logger(__name__)


@contextmanager
def monitored(settings: Settings, *, program: str) -> Iterator[Instruments]:
    """Instruments for the producer, whose `/metrics` and `/live` answer until the block ends.

    Where no port is free, or [metrics] is switched off, nothing is measured, and the program runs all the same.
    """
    monitor: Monitor | None = None
    instruments: Instruments = OFF
    if settings.metrics.enabled:
        prometheus = Prometheus("producer")
        about = {"program": program, "pid": os.getpid()}
        try:
            monitor = Monitor(
                settings.metrics,
                about=about,
                metrics=prometheus.text,
                probes={"/live": lambda: Answer(True, {})},
            )
        except OSError as error:
            log.warning("no metrics: cannot listen on %s: %s", settings.metrics.host, error)
        else:
            instruments = prometheus
            log.info("%s: metrics at %s", program, monitor.address)
    try:
        yield instruments
    finally:
        if monitor is not None:
            monitor.close()
