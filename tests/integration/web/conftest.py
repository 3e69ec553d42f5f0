"""The page on the real Elasticsearch with the demo’s articles, enriched as shipped, and one Chromium for all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from pipeline import codec, identity
from pipeline.article import EnrichedArticle
from pipeline.demo import expected
from pipeline.errors import Poison
from pipeline.index import query
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect, connect_sync
from pipeline.index.document import action
from pipeline.index.setup import setup
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from pipeline.web import server, versions
from pipeline.wire import parse
from tests.support.browser import CHROMIUM, DRIVER, GUARD, MISSING, Browser
from tests.support.browser import browser as chromium
from tests.support.http_proxy import LOST, Request, Response, http_proxy
from tests.support.nlp import enricher
from tests.support.stack import Stack


@dataclass
class Newsroom:
    """The page at `address`, the index behind it, and a switch by which Elasticsearch is away for the page."""

    settings: Settings
    client: Elasticsearch
    address: str = ""
    away: bool = False
    written: set[str] = field(default_factory=set)

    def write(self, *articles: EnrichedArticle) -> None:
        """Index as the agent does, and have it visible."""
        asyncio.run(self._write(articles))
        self.client.indices.refresh(index=identity.index_name())

    async def _write(self, articles: Sequence[EnrichedArticle]) -> None:
        client = connect(self.settings)
        try:
            now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            await BulkWriter(client, self.settings).write([action(each, ingested=now) for each in articles])
        finally:
            await client.close()

    def delete(self, *uris: str) -> None:
        """As if they had never been."""
        operations = [{"delete": {"_index": identity.index_name(), "_id": identity.document_id(uri)}} for uri in uris]
        self.client.bulk(operations=operations, refresh=True)

    @contextmanager
    def with_articles(self, *articles: EnrichedArticle) -> Iterator[None]:
        """More articles, for one test."""
        self.write(*articles)
        try:
            yield
        finally:
            self.delete(*(article.uri for article in articles))


def on_the_topic(settings: Settings, articles: Sequence[EnrichedArticle]) -> None:
    """Enriched articles on their topic, as the enrich agent leaves them there."""
    create_topics(settings)
    producer = KafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers)
    try:
        for article in articles:
            producer.send(settings.topics.enriched, key=article.uri.encode(), value=codec.encode(article))
        producer.flush(GUARD)
    finally:
        producer.close()


def demo() -> list[EnrichedArticle]:
    """Every version of the demo's articles, enriched by the pipeline as shipped."""
    now = datetime.now(UTC)
    articles = [
        article
        for path in sorted(expected.folder().iterdir())
        for article in parse(path.read_bytes(), name=path.name, now=now)
    ]
    results = enricher().enrich(articles)
    enriched = [result for result in results if not isinstance(result, Poison)]
    assert len(enriched) == len(articles)
    return enriched


@contextmanager
def patience() -> Iterator[None]:
    """A machine that stands still for seconds is no server that does not answer, nor has it found only a part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "ANSWER_WITHIN", GUARD)
        patch.setattr(versions, "LONGEST_WAIT", GUARD)
        patch.setattr(query, "TIMEOUT", f"{GUARD:.0f}s")
        yield


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    with patience():
        yield


@pytest.fixture(scope="session")
def newsroom(_servers: Stack) -> Iterator[Newsroom]:
    settings = _servers.settings(web={"port": 0})
    with connect_sync(settings) as client:
        # counts are compared, so nothing else may be in the index
        client.options(ignore_status=404).indices.delete(index=identity.index_name())
        setup(client, settings)
        found = Newsroom(settings, client)
        articles = demo()
        found.write(*articles)
        on_the_topic(settings, articles)

        def before(request: Request) -> Response | None:
            return LOST if found.away else None

        with http_proxy(_servers.url, before=before) as proxy:
            hosts = settings.elasticsearch.model_copy(update={"hosts": proxy.url})
            serving = server.running(settings.model_copy(update={"elasticsearch": hosts}))
            with ExitStack() as page:
                with patience():
                    found.address = page.enter_context(serving)
                yield found
        client.options(ignore_status=404).indices.delete(index=identity.index_name())
        setup(client, settings)


@pytest.fixture(scope="session")
def _chromium() -> Iterator[Browser]:
    if not (CHROMIUM and DRIVER):
        pytest.skip(MISSING)
    with chromium() as found:
        yield found


@pytest.fixture
def browser(_chromium: Browser, newsroom: Newsroom) -> Iterator[Browser]:
    """At the desktop's size, in light; a test that makes the browser complain fails."""
    _chromium.address = newsroom.address
    _chromium.view()
    _chromium.complaints()
    yield _chromium
    newsroom.away = False
    # what the network answered is the test's own affair; what a script or the CSP said is not
    assert [said for said in _chromium.complaints() if "Failed to load resource" not in said] == []


@pytest.fixture
def get(newsroom: Newsroom) -> Any:
    """Asks the server without a browser: `get(path, **headers)` answers status, headers and body."""
    import http.client
    from urllib.parse import urlsplit

    def ask(path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
        parts = urlsplit(newsroom.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=GUARD)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=named)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response.status, response.headers, data

    return ask
