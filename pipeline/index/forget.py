"""Legal erasure: the content of an article leaves every index, and a tombstone keeps it from coming back.

The tombstone has the external version `identity.FORGOTTEN`, which nothing outranks: no later version, no replay, no
reinstatement. It says only that something was forgotten and when. Its `_id` stays the article id, since that is what
a version that comes again is known by; an id that itself may not be kept has to be withdrawn by the agency.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.errors import Code, Transient
from pipeline.index.client import explain
from pipeline.index.unregister import unregister

SIGNAL: Final = "forgotten"


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: in which indices there was something to erase, and how many entries left the register."""

    uri: str
    indices: tuple[str, ...]
    erased_from: tuple[str, ...]
    names: int


def forget(
    client: Elasticsearch, uri: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Forgotten:
    """Put the tombstone into every index of articles, those that a reindex left among them. May be done again.

    What was never there is forgotten all the same: it will not come in. Blocks until readers see it.

    Raises:
        Transient: `elasticsearch.unreachable` or `.busy` (`newswire reindex` switches, or an entry of the register
            could not be deleted): to be called again.
        Fatal: `elasticsearch.refused` or `.index-missing`.
    """
    try:
        names = sorted(client.indices.get(index=f"{identity.INDEX_PREFIX}-v*", features=["settings"]))
        for name in client.indices.get_alias(name=identity.WRITE_ALIAS):  # missing: nothing is set up
            if _closed(client, name):  # opening it would let in what the last pass of a reindex has not copied
                message = f"{name} is closed for writing, by a newswire reindex"
                raise Transient(
                    Code.ELASTICSEARCH_BUSY, message, hint="try again; if none runs: newswire reindex --abort"
                )
        erased = [name for name in names if _entomb(client, name, uri, now=clock())]
        entries = unregister(client, uri)
    except (ApiError, TransportError) as error:
        raise explain(error, doing="forget the article") from error
    return Forgotten(uri=uri, indices=tuple(names), erased_from=tuple(erased), names=entries)


def tombstone(uri: str, *, now: datetime) -> dict[str, Any]:
    """The document that stands in the place of a forgotten article."""
    at = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "@timestamp": at,
        "event": {"ingested": at},  # by which the alerts find what is gone
        "uri": identity.document_id(uri),
        "versionCreated": at,
        "pubStatus": "canceled",
        "signals": [SIGNAL],
    }


def _entomb(client: Elasticsearch, index: str, uri: str, *, now: datetime) -> bool:
    """Replace what the index has; whether there was something."""
    found = client.options(ignore_status=404).get(
        index=index, id=identity.document_id(uri), source_includes=["signals"]
    )
    if found.get("found") and found["_version"] == identity.FORGOTTEN:
        return False
    closed = _closed(client, index)
    if closed:
        client.indices.put_settings(index=index, settings={"index.blocks.write": None})
    try:
        client.index(
            index=index,
            id=identity.document_id(uri),
            document=tombstone(uri, now=now),
            version=identity.FORGOTTEN,
            version_type="external_gte",
            refresh=True,
        )
    finally:
        if closed:
            client.indices.add_block(index=index, block="write")
    return bool(found.get("found"))


def _closed(client: Elasticsearch, index: str) -> bool:
    settings = client.indices.get_settings(index=index, flat_settings=True)[index]["settings"]
    return str(settings.get("index.blocks.write", "false")) == "true"
