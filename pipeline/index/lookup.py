"""One article by its id, through the alias `news` alone: what is killed, withheld or under embargo is not found.

Never `GET` by `_id`: that would pass over the alias' filter (DESIGN section 8).
"""

from __future__ import annotations

from typing import Any

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline import identity
from pipeline.article import EnrichedArticle, WireArticle
from pipeline.errors import Code, UserError
from pipeline.index.client import explain

_OWN = frozenset(WireArticle.__struct_fields__) | {
    "dates", "quotations", "mainCountry", "enrichment", "languageDetected", "stepsLeftOut", "minhash",
}  # fmt: skip


def lookup(client: Elasticsearch, uri: str) -> EnrichedArticle:
    """The article with the id `uri` as readers may see it now. Very long articles may lack their later findings.

    Raises:
        UserError: `not-found`, where there is none to be seen.
        Transient, Fatal: as `client.explain`.
    """
    try:
        response = client.search(index=identity.READ_ALIAS, body=_body(uri))
    except (ApiError, TransportError) as error:
        raise explain(error, doing="look an article up") from error
    return _only(response.body["hits"]["hits"], uri)


async def lookup_async(client: AsyncElasticsearch, uri: str) -> EnrichedArticle:
    """The same on the event loop."""
    try:
        response = await client.search(index=identity.READ_ALIAS, body=_body(uri))
    except (ApiError, TransportError) as error:
        raise explain(error, doing="look an article up") from error
    return _only(response.body["hits"]["hits"], uri)


def _body(uri: str) -> dict[str, Any]:
    return {"query": {"ids": {"values": [identity.document_id(uri)]}}, "size": 1}


def _only(hits: list[dict[str, Any]], uri: str) -> EnrichedArticle:
    if not hits:
        raise UserError(
            Code.NOT_FOUND,
            f"{uri}: no such article, or none that may be shown (killed, withheld, under embargo)",
            hint="newswire search prints the uri of every article that it finds",
        )
    return read(hits[0]["_source"])


def read(source: dict[str, Any]) -> EnrichedArticle:
    """The enriched article in the `_source` of a document of the index."""
    found = source.get("enriched") or {}
    fields = {name: value for name, value in source.items() if name in _OWN}
    fields |= {name: found.get(name, []) for name in ("entities", "places")}
    return msgspec.convert(fields, EnrichedArticle, strict=False)
