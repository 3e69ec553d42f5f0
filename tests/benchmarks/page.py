"""docs/speed.md out of a report of `make bench`: what was measured, and what follows for a large installation.

python -m tests.benchmarks.page [build/bench/report.json] [LATER_REPORT ...]

What later reports have, of single measurements (`--only`), stands in place of the first one's; the page says so.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Cell, Table, text

PAGE = Path("docs/speed.md")
REPORT = Path("build/bench/report.json")
WORDS = 450  # of an article, the mean of the generator
PEAK = 3  # times the mean: news does not come evenly
KEPT = 30  # days, of the topic and of the index in the plan
SHARD_GB = 40  # Elasticsearch's documentation advises 10 to 50
NLP_PROCESSES = 4  # of a worker in the plan
A_DAY = (1_000_000, 100_000_000)  # articles

HEAD = """# How fast it is

Measured by `make bench` (`tests/benchmarks/`), everything in one run on one machine, servers, workers, producer and
the measuring script together; articles are generated (100 to 1,500 words, names by Zipf's law, seeded). The figures
were taken with {cores} cores, {memory} GB of memory and Python {python}; ratios carry over to other machines, rates
do not.

    make bench
    .venv/bin/python -m tests.benchmarks.bench --only whole_way --only latency
    .venv/bin/python -m tests.benchmarks.page
"""
AGAIN = """
Measured again alone (`--only`), later, on the same machine with nothing else running: {names}.
"""
PLANNING = """## Planning

What a million articles of {words} words cost, from the figures above:
"""
EVEN = "An even load is not what news is: this plans for a peak of {peak} times the mean.\n"
TAIL = """Partitions and shards are fixed once articles are in (`topics.partitions`, `elasticsearch.shards`):
`newswire reindex` changes shards without downtime, more partitions need new topics. Only what stands in the tables
above was measured; the plan for 100 million a day is arithmetic from it, and was not run.
"""


@dataclass(frozen=True)
class Cost:
    """What was measured, an article."""

    core_seconds: float  # of the whole way, servers included
    index_seconds: float  # of one worker with the index agent alone
    topic_bytes: float  # on the enriched topic, before compression
    index_bytes: float  # in Elasticsearch, without replicas


def cost(tables: dict[str, Table], *, cores: int) -> Cost:
    """What an article of `WORDS` words costs by these tables."""
    words_per_second = tables["whole_way"].figures["words_per_second"]
    growth = tables["growth"].figures
    return Cost(
        core_seconds=WORDS * cores / words_per_second,
        index_seconds=1 / growth["articles_per_second"],
        topic_bytes=growth["topic_bytes"],
        index_bytes=growth["index_bytes"],
    )


def planning(each: Cost) -> str:
    """The section that plans for `A_DAY`."""
    million = [
        ("the whole way, servers included", f"{text(1e6 * each.core_seconds / 3600)} core hours"),
        ("indexing alone, from `news.enriched.v1`", f"{text(1e6 * each.index_seconds / 3600)} hours of one worker"),
        ("`news.enriched.v1`, before compression", f"{text(each.topic_bytes * 1e6 / 1e9)} GB"),
        ("Elasticsearch, without replicas", f"{text(each.index_bytes * 1e6 / 1e9)} GB"),
    ]
    plans = [_plan(each, articles) for articles in A_DAY]
    rows = [(name, *(plan[name] for plan in plans)) for name in plans[0]]
    return "\n".join(
        [
            PLANNING.format(words=WORDS),
            _rows(("what", "a million articles"), million),
            EVEN.format(peak=PEAK),
            _rows(("", *(f"{articles // 1_000_000} million a day" for articles in A_DAY)), rows),
            TAIL,
        ]
    )


def _plan(each: Cost, articles: int) -> dict[str, str]:
    peak = PEAK * articles / 86_400
    cores = peak * each.core_seconds
    workers = math.ceil(cores / NLP_PROCESSES)
    index_gb = each.index_bytes * articles * KEPT / 1e9
    return {
        "articles/s at the peak": f"{peak:,.0f}",
        "cores for the whole way at the peak": f"{math.ceil(cores):,}",
        f"workers with {NLP_PROCESSES} NLP processes": f"{workers:,}",
        "partitions: twice the workers, with room to grow, at least 8": f"{max(8, 2 * workers):,}",
        f"index of {KEPT} days, one copy": f"{index_gb:,.0f} GB",
        f"shards of at most {SHARD_GB} GB for these": f"{math.ceil(index_gb / SHARD_GB):,}",
        f"`news.enriched.v1` of {KEPT} days, before compression and replication": (
            f"{each.topic_bytes * articles * KEPT / 1e9:,.0f} GB"
        ),
    }


def _rows(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    table: list[tuple[Cell, ...]] = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(text(cell) for cell in row) + " |" for row in table) + "\n"


def page(report: dict[str, Any], later: Sequence[dict[str, Any]] = ()) -> str:
    """The whole page of a report that has all measurements, and of later ones that have some."""
    tables = {table["name"]: Table(**table) for table in report["tables"]}
    again = {table["name"]: Table(**table) for each in later for table in each["tables"]}
    tables |= again
    about = report["machine"]
    head = HEAD.format(cores=about["cores"], memory=about["memory GB"], python=about["Python"])
    if again:
        head += AGAIN.format(names=", ".join(f"`{name}`" for name in again))
    return "\n".join(
        [head, *(table.markdown() for table in tables.values()), planning(cost(tables, cores=about["cores"]))]
    )


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", type=Path, default=[REPORT], help=f"default: {REPORT}")
    first, *later = (json.loads(path.read_text(encoding="utf-8")) for path in parser.parse_args().reports)
    PAGE.write_text(page(first, later), encoding="utf-8")


if __name__ == "__main__":
    main()
