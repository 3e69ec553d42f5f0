"""The real servers of a benchmark, and workers on them whose memory is watched."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from elasticsearch import Elasticsearch

from pipeline.article import WireArticle
from pipeline.feeds.producer import ArticleProducer
from pipeline.identity import READ_ALIAS
from pipeline.index.setup import setup
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.benchmarks.generator import articles
from tests.support.ledger import wait_for
from tests.support.stack import Stack, unique
from tests.support.workers import Workers, workers

WARM_UP = 40  # articles that load what is loaded at first use, before the clock starts
LONGEST = 1800.0  # seconds, a guard


def words(news: Iterable[WireArticle]) -> int:
    """Words by white space, of the bodies."""
    return sum(len(each.body.split()) for each in news)


@dataclass
class Memory:
    """Megabytes that a worker and its NLP processes hold, sampled: unique set size, so that nothing counts twice."""

    samples: list[tuple[float, float]] = field(default_factory=list)  # seconds since the start, megabytes

    @property
    def peak(self) -> float:
        """The most, in MB."""
        return max((held for _, held in self.samples), default=0.0)

    def mean(self, start: float, end: float) -> float:
        """Mean of the samples in a part of the run, both as shares of its time, in MB."""
        last = self.samples[-1][0] if self.samples else 0.0
        part = [held for at, held in self.samples if start * last <= at <= end * last]
        return sum(part) / len(part) if part else 0.0


@dataclass(frozen=True)
class Site:
    """Settings with topics of their own, and a client."""

    settings: Settings
    environment: dict[str, str]
    client: Elasticsearch
    crew: Workers

    def push(self, news: Iterable[WireArticle]) -> None:
        """Push all; every acknowledgement is checked."""
        failures: list[object] = []
        with ArticleProducer(self.settings) as producer:
            for each in news:
                producer.push(each, on_delivery=lambda error: failures.append(error) if error else None)
        assert not failures, failures[:3]

    def searchable(self, prefix: str) -> int:
        """Articles that a reader finds at this moment; no refresh is asked for."""
        return int(self.client.count(index=READ_ALIAS, query={"prefix": {"uri": prefix}})["count"])

    def wait_for_all(self, prefix: str, number: int, *, every: float = 0.2) -> float:
        """Wait until all are found; returns the monotonic time of that."""
        wait_for(lambda: self.searchable(prefix) >= number, timeout=LONGEST, what=f"{number} articles", every=every)
        return time.perf_counter()

    def warm_up(self) -> None:
        """A few articles through everything."""
        prefix = f"urn:newswire:warm:{unique()}:"
        self.push(articles(WARM_UP, prefix=prefix, seed=99))
        self.wait_for_all(prefix, WARM_UP)

    @contextmanager
    def memory(self) -> Iterator[Memory]:
        """Watch all workers of this site, once a second."""
        memory, over, began = Memory(), threading.Event(), time.perf_counter()

        def sample() -> None:
            while not over.wait(1.0):
                held = 0
                for worker in self.crew.all:
                    with suppress(psutil.Error):
                        process = psutil.Process(worker.process.pid)
                        for each in (process, *process.children(recursive=True)):
                            with suppress(psutil.Error):
                                held += each.memory_full_info().uss
                memory.samples.append((time.perf_counter() - began, held / 1e6))

        thread = threading.Thread(target=sample, daemon=True)
        thread.start()
        try:
            yield memory
        finally:
            over.set()
            thread.join()


@contextmanager
def site(stack: Stack, **sections: dict[str, object]) -> Iterator[Site]:
    """Topics and index ready, no worker yet; whatever is started is ended."""
    settings = stack.settings(**sections)
    environment = stack.environment(settings)
    create_topics(settings)
    with (
        tempfile.TemporaryDirectory() as folder,
        Elasticsearch(stack.url, request_timeout=60) as client,
        workers(environment, Path(folder)) as crew,
    ):
        setup(client, settings)
        yield Site(settings, environment, client, crew)
