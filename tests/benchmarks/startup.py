"""How long it takes until something can be done."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tests.benchmarks.report import Table
from tests.benchmarks.site import site
from tests.support.stack import Stack

ROUNDS = 3


def measure(stack: Stack, *, processes: int) -> Table:
    """The best of a few starts each: whatever else runs on the machine only ever adds."""
    rows = []
    with site(stack) as here:
        for name, arguments in (("newswire --help", ["--help"]), ("newswire search", ["search", "port"])):
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "pipeline.cli", *arguments],
                    env=os.environ | here.environment,
                    capture_output=True,
                    check=True,
                )
                times.append(time.perf_counter() - began)
            rows.append((name, min(times)))
    for name, options in (
        (f"a worker with {processes} NLP processes, until it is ready", ["--processes", str(processes)]),
        ("a worker with the index agent alone", ["--agents", "index"]),
    ):
        times = []
        for _ in range(ROUNDS):
            with site(stack) as here:
                began = time.perf_counter()
                here.crew.start(*options)
                times.append(time.perf_counter() - began)
        rows.append((name, min(times)))
    for name, server in (("Kafka, until it answers", stack.kafka), ("Elasticsearch", stack.elasticsearch)):
        server.stop()
        began = time.perf_counter()
        server.start()
        rows.append((name, time.perf_counter() - began))
    return Table(
        "startup", "Start-up, in seconds", ("", "seconds"), rows, note=f"The best of {ROUNDS}; servers once."
    )
