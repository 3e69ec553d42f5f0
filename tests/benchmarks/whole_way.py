"""How fast the whole way is, push to searchable, beside raw spaCy on the same articles in the same run.

    python -m tests.benchmarks.bench --only whole_way

The worker is up and its models are loaded when the clock starts; it ends when a search shows every article. Servers,
worker, producer and this script share the machine. Raw `nlp.pipe` is the full model with as many processes as the
worker has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.article import WireArticle
from tests.benchmarks.generator import articles
from tests.benchmarks.raw import NER_ONLY, raw_pipe
from tests.benchmarks.report import Table
from tests.benchmarks.site import Memory, site, words
from tests.support.stack import Stack, unique

LONGER = 2  # times the articles


def whole_way(stack: Stack, count: int, *, processes: int, workers: int = 1) -> tuple[float, Memory]:
    """Seconds from the first push until a search shows every article, and the memory of the workers."""
    prefix = f"urn:newswire:bench:{unique()}:"
    news = list(articles(count, prefix=prefix))
    with site(stack) as here:
        for number in range(workers):
            here.crew.start("--processes", str(processes), environment={"NEWSWIRE__WORKER__NAME": f"bench-{number}"})
        here.warm_up()
        with here.memory() as memory:
            began = time.perf_counter()
            here.push(news)
            took = here.wait_for_all(prefix, count) - began
        return took, memory


def measure(stack: Stack, *, count: int, processes: int) -> Table:
    """The whole way beside the raw model and the raw recogniser."""
    news = list(articles(count, prefix="urn:newswire:bench:"))
    texts = [each.body for each in news]
    took, memory = whole_way(stack, count, processes=processes)
    ways = {
        "the whole way, all enrichment on": (took, memory.peak),
        "raw nlp.pipe, full model": (raw_pipe(texts, processes=processes), None),
        "raw nlp.pipe, NER only": (raw_pipe(texts, processes=processes, exclude=NER_ONLY), None),
    }
    full = ways["raw nlp.pipe, full model"][0]
    total = words(news)
    return Table(
        "whole_way",
        f"The whole way, push to searchable: {count:,} articles, {total:,} words, {processes} processes",
        ("", "articles/s", "words/s", "times the full model", "worker's memory, MB"),
        [(name, count / s, round(total / s), full / s, held) for name, (s, held) in ways.items()],
        note="To reach: 1.2 times the raw full model, aim 1.5.",
        figures={
            "articles_per_second": count / took,
            "words_per_second": total / took,
            "ratio": full / took,
            "bars": {name: total / s for name, (s, _) in ways.items()},
            "x": "words/s",
        },
    )


def scaling(stack: Stack, *, count: int, cores: int) -> Table:
    """One and two processes, beside the gain of raw spaCy itself; one, two and four workers of one process.

    The whole way takes `LONGER` times the articles: its first batch and the last refresh, a second or so whatever the
    number of processes, are to weigh as little as they do in a long run. Raw spaCy has neither.
    """
    news: Sequence[WireArticle] = list(articles(count * LONGER, prefix="urn:newswire:bench:"))
    texts, total = [each.body for each in news[:count]], words(news[:count])
    rows: list[tuple[Any, ...]] = []
    gains = []
    ways: dict[str, tuple[int, Callable[[int], float]]] = {
        "raw nlp.pipe, full model": (total, lambda number: raw_pipe(texts, processes=number)),
        "the whole way, one worker": (
            words(news),
            lambda number: whole_way(stack, count * LONGER, processes=number)[0],
        ),
    }
    for name, (held, seconds) in ways.items():
        one, two = seconds(1), seconds(2)
        gains.append(one / two)
        rows += [(f"{name}, 1 process", held / one, 1.0), (f"{name}, 2 processes", held / two, one / two)]
    first = 0.0
    for number in (1, 2, 4):
        took, _ = whole_way(stack, count, processes=1, workers=number)
        first = first or took
        rows.append((f"{number} worker{'s' * (number > 1)} of 1 process", total / took, first / took))
    return Table(
        "scaling",
        f"More processes and workers on {cores} cores: {count:,} articles, one worker {count * LONGER:,}",
        ("", "words/s", "times the first"),
        [(name, round(rate), gain) for name, rate, gain in rows],
        note=f"Ours gains {gains[1] / gains[0]:.2f} of what raw nlp.pipe gains (to reach: 0.9). The servers need "
        "a part of the same cores, and workers beyond the cores bring nothing.",
        figures={"gain_of_raw": gains[1] / gains[0], "bars": {name: rate for name, rate, _ in rows}, "x": "words/s"},
    )
