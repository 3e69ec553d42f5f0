"""The benchmark: `make bench`. Everything in one run on one machine, so that the ratios are fair.

    python -m tests.benchmarks.bench [--quick] [--only NAME ...] [--out FOLDER]

Writes report.md, report.json and report.png. It starts a Kafka and an Elasticsearch of its own and ends them.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from tests.benchmarks import growth, index_speed, latency, stages, startup, whole_way
from tests.benchmarks.report import Table, machine, write
from tests.support.stack import Stack, running


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    articles: int  # through the whole way, beside raw spaCy
    scaling: int
    stages: int
    documents: int  # of the index path beside parallel_bulk
    rounds: int
    latency: float  # seconds at each load
    growth: tuple[int, ...]
    memory: int


FULL = Size(
    articles=1_000, scaling=600, stages=600, documents=6_000, rounds=3, latency=40.0,
    growth=(1_000, 10_000, 100_000), memory=20_000,
)  # fmt: skip
QUICK = Size(
    articles=200, scaling=100, stages=100, documents=1_000, rounds=1, latency=8.0, growth=(500, 2_000), memory=500
)
MEMORY_WORDS = 100  # of an article in the measurement of memory

Measure = Callable[[Stack, Mapping[str, Table]], Table]


def measures(size: Size) -> dict[str, Measure]:
    """Each measurement by its name; it may look at the tables before it."""
    cores = os.cpu_count() or 1
    processes = min(2, cores)

    def at_loads(stack: Stack, done: Mapping[str, Table]) -> Table:
        if "whole_way" not in done:
            took, _ = whole_way.whole_way(stack, size.scaling, processes=processes)
            throughput = size.scaling / took
        else:
            throughput = done["whole_way"].figures["articles_per_second"]
        return latency.measure(stack, throughput=throughput, processes=processes, seconds=size.latency)

    def alone(measure: Callable[..., Table], **options: object) -> Measure:
        return lambda stack, done: partial(measure, stack)(**options)

    return {
        "startup": alone(startup.measure, processes=processes),
        "whole_way": alone(whole_way.measure, count=size.articles, processes=processes),
        "scaling": alone(whole_way.scaling, count=size.scaling, cores=cores),
        "stages": alone(stages.measure, count=size.stages, processes=processes),
        "latency": at_loads,
        "memory": alone(growth.memory, count=size.memory, length=MEMORY_WORDS),
        "index_speed": alone(index_speed.measure, count=size.documents, rounds=size.rounds),
        "growth": alone(growth.index_path, counts=size.growth),
    }


def main() -> None:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few minutes; the figures are rough")
    parser.add_argument("--only", action="append", choices=list(measures(QUICK)), help="just this; may be repeated")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder of the report")
    parser.add_argument("--memory-articles", type=int, help="articles in the measurement of memory")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    size = QUICK if options.quick else FULL
    if options.memory_articles:
        size = Size(**{**size.__dict__, "memory": options.memory_articles})
    chosen = {name: run for name, run in measures(size).items() if not options.only or name in options.only}
    about, began = machine(), time.perf_counter()
    done: dict[str, Table] = {}
    with running() as stack:
        for number, (name, run) in enumerate(chosen.items(), start=1):
            with console.status(f"{number} of {len(chosen)}: {name}"):
                started = time.perf_counter()
                done[name] = run(stack, done)
            done[name].show(console)
            console.print(f"{name}: {time.perf_counter() - started:.0f} s\n", style="dim")
            write(options.out, list(done.values()), about=about)  # what is done is kept, whatever comes
    console.print(f"{(time.perf_counter() - began) / 60:.1f} minutes; the report: {options.out}/report.md")


if __name__ == "__main__":
    main()
