"""The demo's articles, enriched and indexed, on the real Elasticsearch; and what a worker wrote of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.demo import expected
from pipeline.enrich.enricher import Enricher
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect, connect_sync
from pipeline.index.document import action
from pipeline.index.setup import setup
from pipeline.settings import Settings
from tests.support.stack import Stack, unique


@dataclass(frozen=True)
class Coverage:
    """The demo's articles in the index."""

    settings: Settings
    client: Elasticsearch
    slugs: dict[str, str]  # by article id

    @property
    def ids(self) -> list[str]:
        return [identity.document_id(uri) for uri in self.slugs]

    def only_ours(self, body: dict[str, Any]) -> dict[str, Any]:
        """The request, for the demo's articles alone: other tests share the index."""
        query = {"bool": {"filter": [body["query"], {"ids": {"values": self.ids}}]}}
        return body | {"query": query}

    def found(self, query: dict[str, Any], *, index: str = identity.READ_ALIAS) -> list[str]:
        """The slugs of the articles that a query finds, sorted."""
        body = self.only_ours({"size": 100, "query": query})
        hits = self.client.search(index=index, body=body)["hits"]["hits"]
        return sorted(self.slugs[hit["_source"]["uri"]] for hit in hits)


@pytest.fixture(scope="package")
def coverage(_servers: Stack) -> Iterator[Coverage]:
    settings = _servers.settings()
    with connect_sync(settings) as client:
        setup(client, settings)
        items = expected.items(now=datetime.now(UTC))
        mark = unique("urn:newswire:test")  # other tests may have the demo's articles under their own ids
        enriched = [
            each
            for each in Enricher(settings.enrichment).enrich([item.article for item in items])
            if isinstance(each, EnrichedArticle)
        ]
        assert len(enriched) == len(items)
        slugs = {f"{mark}:{item.slug}": item.slug for item in items}
        enriched = [msgspec.structs.replace(each, uri=uri) for each, uri in zip(enriched, slugs, strict=True)]
        enriched += [_lifted(each) for each in enriched if slugs[each.uri] == "rents-report"]
        slugs[enriched[-1].uri] = "rents-report-lifted"
        asyncio.run(_write(settings, enriched))
        client.indices.refresh(index=identity.index_name())
        found = Coverage(settings, client, slugs)
        yield found
        client.bulk(
            operations=[{"delete": {"_index": identity.index_name(), "_id": each}} for each in found.ids],
            refresh=True,
        )


def _lifted(article: EnrichedArticle) -> EnrichedArticle:
    """The demo's embargoed article as it will be when its embargo is over."""
    return msgspec.structs.replace(article, uri=f"{article.uri}:lifted", embargoed="2025-03-21T06:00:00+01:00")


async def _write(settings: Settings, articles: list[EnrichedArticle]) -> None:
    client = connect(settings)
    try:
        await BulkWriter(client, settings).write([action(article) for article in articles])
    finally:
        await client.close()
