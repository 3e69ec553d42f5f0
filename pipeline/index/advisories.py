"""The kill advisories that have come, and what each of them killed, as the register has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.index.client import explain
from pipeline.index.names import digest
from pipeline.index.register import PAGE, Entry


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An advisory. `killed` is empty where nothing that it names has come yet.

    `spared`: items with the same slug, number or headline, of which the newest is taken to be meant.
    """

    uri: str
    versionCreated: str
    source: str | None
    names: tuple[str, ...]
    killed: tuple[str, ...]
    spared: tuple[str, ...]
    killedAt: str | None  # when the first item was killed


def listed(client: Elasticsearch, *, uri: str | None = None) -> list[Listed]:
    """All advisories, the newest first; of those that killed the item `uri` alone, where one is given.

    Raises:
        Transient, Fatal: as `client.explain`.
    """
    try:
        client.indices.refresh(index=identity.REGISTER)
        kills = list(entries(client, {"kind": "kill"}, *([{"item": digest(uri)}] if uri is not None else [])))
        advisories = list(entries(client, {"kind": "advisory"}))
    except (ApiError, TransportError) as error:
        raise explain(error, doing="list the kills") from error
    by: dict[str, list[Entry]] = {}
    for kill in kills:
        by.setdefault(kill.by, []).append(kill)
    found = [_listed(entry, by.get(entry.key, [])) for entry in advisories if uri is None or entry.key in by]
    return sorted(found, key=lambda one: (one.versionCreated, one.uri), reverse=True)


def _listed(entry: Entry, kills: list[Entry]) -> Listed:
    advisory = entry.advisory
    assert advisory is not None, "an entry of this kind has one"
    return Listed(
        uri=entry.uri,
        versionCreated=advisory.versionCreated,
        source=advisory.source,
        names=advisory.words,
        killed=tuple(sorted(kill.uri for kill in kills)),
        spared=tuple(sorted({uri for kill in kills for uri in kill.spared})),
        killedAt=min((kill.at for kill in kills if kill.at), default=None),
    )


def entries(client: Elasticsearch, *terms: dict[str, str]) -> Iterator[Entry]:
    """The entries of the register that have all these terms, page by page; raises as the client does."""
    after: list[Any] | None = None
    while True:
        body = {
            "query": {"bool": {"filter": [{"term": term} for term in terms]}},
            "sort": [{"key": "asc"}],
            "size": PAGE,
        } | ({"search_after": after} if after else {})
        hits = client.search(index=identity.REGISTER, body=body)["hits"]["hits"]
        for hit in hits:
            yield msgspec.convert(hit["_source"], Entry)
        if len(hits) < PAGE:
            return
        after = hits[-1]["sort"]
