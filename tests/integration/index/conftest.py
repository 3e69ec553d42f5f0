"""An index of articles on the real Elasticsearch, empty of this test's articles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.errors import Code
from pipeline.index.articles import ArticleWriter, prepare
from pipeline.index.bulk import BulkWriter, Outcome
from pipeline.index.client import connect, connect_sync
from pipeline.index.document import Action, action
from pipeline.index.search import Answer, Hit, SearchRequest
from pipeline.index.setup import setup
from pipeline.settings import Settings
from tests.support.asked import whole
from tests.support.enriched import enriched


@dataclass
class Index:
    """The index, with what a test does with it. `uri` makes ids that no other test has."""

    settings: Settings
    client: Elasticsearch
    server: Any  # to be killed and started
    url: str
    name: str = field(default_factory=lambda: f"urn:newswire:test:{uuid4().hex[:12]}")
    retries: list[tuple[Code, int, float]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)

    def article(self, number: int = 0, /, **changes: Any) -> EnrichedArticle:
        return enriched(f"{self.name}:{number}", **changes)

    def at(self, url: str, **worker: Any) -> None:
        """Let the writer reach the server by another address."""
        self.settings = self.settings.model_copy(
            update={
                "elasticsearch": self.settings.elasticsearch.model_copy(update={"hosts": url}),
                "worker": self.settings.worker.model_copy(update=worker),
            }
        )

    def write(self, *articles: EnrichedArticle | Action) -> list[Outcome]:
        """Write, and make what was written visible."""
        outcomes = asyncio.run(self.writing([a if isinstance(a, Action) else action(a) for a in articles]))
        self.client.indices.refresh(index=identity.index_name())
        return outcomes

    async def writing(self, actions: Sequence[Action]) -> list[Outcome]:
        client = connect(self.settings)
        self.written |= {each.document_id for each in actions}
        try:
            writer = BulkWriter(client, self.settings, on_retry=lambda *told: self.retries.append(told))
            return await writer.write(actions)
        finally:
            await client.close()

    def say(self, *articles: EnrichedArticle) -> list[Outcome]:
        """Write articles as the index agent does, with all that they mean, in one batch."""
        return asyncio.run(self.saying([articles]))[0]

    async def saying(self, batches: Sequence[Sequence[EnrichedArticle]]) -> list[list[Outcome]]:
        """Several batches at once, each by a worker of its own."""
        client = connect(self.settings)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._saying(client, batch)) for batch in batches]
            self.client.indices.refresh(index=identity.index_name())
            return [task.result() for task in tasks]
        finally:
            await client.close()

    async def _saying(self, client: AsyncElasticsearch, articles: Sequence[EnrichedArticle]) -> list[Outcome]:
        told = [prepare(each, ingested="2022-03-09T06:30:01Z") for each in articles]
        self.written |= {each.action.document_id for each in told}
        writer = ArticleWriter(client, self.settings, writer=BulkWriter(client, self.settings))
        return await writer.write(told)

    def found(self, query: str = "", **asked: Any) -> Answer:
        """What a reader finds, who asks again where the answer says that its second was not enough."""
        return whole(self.client, SearchRequest(query=query, **{"limit": 200} | asked))

    def count(self) -> int:
        """How many of this test's articles a reader can find."""
        mine = {"prefix": {"uri": f"{self.name}:"}}
        return int(self.client.count(index=identity.READ_ALIAS, query=mine)["count"])

    def numbers(self, query: str = "", **asked: Any) -> list[int]:
        """The numbers of this test's articles in the answer, in its order."""
        hits: list[Hit] = []
        while len(page := self.found(query, offset=len(hits), **asked).hits) == 200:
            hits += page  # other tests' articles are there, too
        hits += page
        return [int(hit.uri.rpartition(":")[2]) for hit in hits if hit.uri.startswith(f"{self.name}:")]


SOON = 1.0  # seconds
PLAIN_SEARCHES = 50  # take no longer than that on a machine that has nothing else to do


def answered_soon(index: Index, ask: Callable[[], object]) -> bool:
    """Whether `ask` takes less than a second; where other processes share the machine, than fifty plain searches."""
    for _ in range(10):  # whatever slows one of the two for a moment
        seconds = _seconds(ask)
        if seconds < max(SOON, PLAIN_SEARCHES * _seconds(lambda: index.found("ferry", limit=10))):
            return True
    return False


def _seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


@pytest.fixture
def index(stack: Any) -> Iterator[Index]:
    settings = stack.settings(worker={"retry_backoff_max": 0.5}, elasticsearch={"request_timeout": 120.0})
    with connect_sync(settings) as client:
        setup(client, settings)
        found = Index(settings=settings, client=client, server=stack.elasticsearch, url=stack.url)
        yield found
        setup(client, settings)  # some tests take an alias away
        if found.written:
            client.bulk(
                operations=[{"delete": {"_index": identity.index_name(), "_id": each}} for each in found.written],
                refresh=True,
            )
