"""What was told of which article, and what is on its way: one document an article, in Elasticsearch.

A telling is written down before it is sent and marked as told after it, so that a runner that is killed loses
nothing, and whoever takes its partitions over knows what may or may not have been sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.alerts.model import Entry, Queued
from pipeline.alerts.store import ensure_index, explained, pages
from pipeline.errors import Code, Transient

INDEX: Final = "newswire-alerts-told"
_WATERMARK: Final = "newswire watermark"  # begins the ids of documents that say how far a partition was looked at
PAGE: Final = 1_000  # documents that are read at once
TOGETHER: Final = 2_000  # tellings that are written at once, or one article's
_MAPPING: Final[dict[str, Any]] = {
    "dynamic": "strict",
    "properties": {
        "uri": {"type": "keyword", "ignore_above": 8191},
        "partition": {"type": "integer"},
        "open": {"type": "boolean"},
        "changed": {"type": "date"},
        "told": {"type": "object", "enabled": False},
        "outbox": {"type": "object", "enabled": False},
    },
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What was told of one article, by the id of the alert, and what is on its way."""

    uri: str
    partition: int  # of the enriched topic: who has it answers for what is on its way
    told: dict[str, Entry] = {}
    outbox: tuple[Queued, ...] = ()


class ToldStore:
    """Reads and writes what was told. Raises Transient and Fatal as `client.explain`."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def prepare(self) -> None:
        """Create the index where it is missing."""
        with explained("prepare the alerts"):
            ensure_index(self._client, INDEX, _MAPPING)

    def get(self, uris: Sequence[str]) -> dict[str, Told]:
        """What was told of these articles, as of this moment; nothing for those of which nothing was."""
        if not uris:
            return {}
        with explained("look up what was told"):
            found = self._client.mget(index=INDEX, ids=[identity.document_id(uri) for uri in uris])
        documents = (_read(document["_source"]) for document in found["docs"] if document.get("found"))
        return {document.uri: document for document in documents}

    def put(self, documents: Iterable[Told], *, now: datetime) -> None:
        """Write them; all of them are durable afterwards."""
        operations: list[dict[str, Any]] = []
        tellings = 0
        for document in documents:
            if tellings + len(document.outbox) > TOGETHER:
                self._write(operations)
                operations, tellings = [], 0
            tellings += len(document.outbox)
            source = msgspec.to_builtins(document) | {"open": bool(document.outbox), "changed": now.isoformat()}
            operations += [{"index": {"_id": identity.document_id(document.uri)}}, source]
        self._write(operations)

    def _write(self, operations: Sequence[dict[str, Any]]) -> None:
        if not operations:
            return
        with explained("write down what is told"):
            answer = self._client.bulk(index=INDEX, operations=operations)
        if answer["errors"]:
            first = next(item["index"]["error"] for item in answer["items"] if "error" in item["index"])
            raise Transient(Code.ELASTICSEARCH_BUSY, f"cannot write down what is told: {first.get('reason')}")

    def open(self, partitions: Iterable[int]) -> list[Told]:
        """The articles of these partitions of which something is on its way, the longest first."""
        query = {"bool": {"filter": [{"term": {"open": True}}, {"terms": {"partition": list(partitions)}}]}}
        with explained("look up what is on its way"):
            self._client.indices.refresh(index=INDEX)
            order = [{"changed": "asc"}, {"uri": "asc"}]
            hits = pages(self._client, index=INDEX, query=query, size=PAGE, sort=order)
            return [_read(hit["_source"]) for hit in hits]

    def watermark(self, partitions: Iterable[int]) -> datetime | None:
        """Up to which moment ended embargoes were told of in all of these partitions; None where never."""
        with explained("look up the alerts' watermark"):
            found = self._client.mget(index=INDEX, ids=[f"{_WATERMARK} {number}" for number in partitions])
        moments = [document["_source"]["changed"] for document in found["docs"] if document.get("found")]
        return min((datetime.fromisoformat(moment) for moment in moments), default=None)

    def set_watermark(self, partitions: Iterable[int], moment: datetime) -> None:
        """Write it down."""
        operations: list[dict[str, Any]] = []
        for number in partitions:
            operations += [
                {"index": {"_id": f"{_WATERMARK} {number}"}},
                {"changed": moment.isoformat(), "open": False},
            ]
        if not operations:
            return
        with explained("write down the alerts' watermark"):
            self._client.bulk(index=INDEX, operations=operations)


def _read(source: dict[str, Any]) -> Told:
    return msgspec.convert(source, Told)
