"""One test's own topics, consumer group and workers on the shared servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch
from kafka import KafkaConsumer, TopicPartition

from pipeline.article import WireArticle
from pipeline.identity import READ_ALIAS
from pipeline.index.setup import setup
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support import steps
from tests.support.feed import Feed, feeding
from tests.support.ledger import Ledger, records, shown, wait_for
from tests.support.stack import Stack, unique
from tests.support.workers import Workers, workers

ROOT = Path(__file__).parents[2]
NOBODY_BUT_US = "urn:newswire:test:"
GUARD = 300.0  # seconds: against hanging, not a measurement


class Bench:
    """See the module. As a context it starts workers and feeds, and ends them."""

    def __init__(self, stack: Stack, folder: Path, *, light: bool = False, **sections: dict[str, Any]) -> None:
        """Create the topics and the index.

        Args:
            stack: the servers.
            folder: for logs, and what a test needs besides.
            light: no NLP: one step that marks each article and obeys some of them (`tests.support.steps`).
            sections: settings that differ from the usual.
        """
        self.name = unique()
        # a name would be every worker's, and no two may share one
        worker = {"name": "", "session_timeout": 6.0, "retry_backoff_max": 2.0} | sections.pop("worker", {})
        if light:
            config = {"config": str(steps.config(folder))}
            sections["enrichment"] = config | sections.pop("enrichment", {})
        self.settings: Settings = stack.settings(worker=worker, **sections)
        # the NLP processes import the step from the tests, wherever the worker was started
        self.environment = stack.environment(self.settings) | {"PYTHONPATH": str(ROOT)}
        self.folder = folder
        self.stack = stack
        self._ledger = Ledger(f"{NOBODY_BUT_US}{self.name}:")
        self.client = Elasticsearch(stack.url, request_timeout=30, retry_on_timeout=True, max_retries=10)
        self.crew = Workers(self.environment, folder)
        self._open = ExitStack()
        create_topics(self.settings)
        setup(self.client, self.settings)

    def __enter__(self) -> Self:
        self.crew = self._open.enter_context(workers(self.environment, self.folder))
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()
        self.client.close()

    def ledger(self) -> Ledger:
        """What was pushed, by ids that begin as no other test's do."""
        return self._ledger

    def feed(self, *, burst: int, rate: float, articles: Iterable[WireArticle] | None = None) -> Feed:
        """A feed of short articles that has begun; it ends with this context at the latest."""
        running = feeding(self.settings, self._ledger, articles=articles, burst=burst, rate=rate)
        return self._open.enter_context(running)

    def cli(self, *arguments: str, stdin: bytes | None = None, status: int = 0) -> subprocess.CompletedProcess[bytes]:
        """A command in a process of its own; its status is checked."""
        return self.cli_with({}, *arguments, stdin=stdin, status=status)

    def cli_with(
        self, environment: dict[str, str], *arguments: str, stdin: bytes | None = None, status: int = 0
    ) -> subprocess.CompletedProcess[bytes]:
        """The same with further variables."""
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            env=os.environ | self.environment | environment,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            timeout=GUARD,
        )
        assert done.returncode == status, (done.stdout[-2000:], done.stderr[-2000:])
        return done

    def search(self, *arguments: str) -> list[dict[str, Any]]:
        """The hits of `newswire search`, asked again where its second was not enough."""
        answer: dict[str, Any] = wait_for(
            lambda: found if (found := self._searched(*arguments))["complete"] else None,
            timeout=GUARD,
            what=f"a complete answer to {arguments}",
        )
        hits: list[dict[str, Any]] = answer["hits"]
        return hits

    def _searched(self, *arguments: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.cli("search", "--json", *arguments).stdout)
        return answer

    def finds(self, uris: list[str]) -> bool:
        """Whether a search finds these articles now; a server that is away finds nothing."""
        try:
            answer = self.client.count(index=READ_ALIAS, query={"terms": {"uri": uris}})
        except (TransportError, ApiError):
            return False
        return int(answer["count"]) >= len(uris)

    def wait_for_more(self, ledger: Ledger, more: int) -> None:
        """Wait until readers see `more` articles more than now, or all of them."""
        wanted = min(len(shown(self.client, ledger.prefix)) + more, len(ledger.expected))
        wait_for(lambda: len(shown(self.client, ledger.prefix)) >= wanted, timeout=GUARD, what=f"{wanted} articles")

    def dead_letters(self) -> list[Any]:
        """Every dead letter at this moment."""
        return records(self.settings, self.settings.topics.dead_letter)

    def records_of(self, topic: str) -> int:
        """How many records were written to a topic so far, by its name in the settings."""
        name = getattr(self.settings.topics, topic)
        consumer: Any = KafkaConsumer(bootstrap_servers=self.settings.kafka.bootstrap_servers.split(","))
        try:
            partitions = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name)]
            return sum(consumer.end_offsets(partitions).values())
        finally:
            consumer.close()
