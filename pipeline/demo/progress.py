"""How far the demo's articles have come: compares what Elasticsearch holds and shows with what is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch

from pipeline import identity
from pipeline.demo.expected import Item
from pipeline.index.client import explain

REVISIONS = 100  # versions that differ by less are the same version, enriched again


@dataclass(frozen=True)
class Progress:
    """Items whose last version is stored, and what readers find of them."""

    items: int
    stored: int  # with their last version, or a later one that somebody pushed since
    visible: int  # that readers must find
    found: int  # of those
    leaked: int  # found, though they must not be

    @property
    def done(self) -> bool:
        """Every item has its last version; readers find the visible ones, and none of the others."""
        return self.stored == self.items and self.found == self.visible and not self.leaked


def look(client: Elasticsearch, items: Sequence[Item]) -> Progress:
    """Ask Elasticsearch. What is stored is read past the refresh interval, what is found through the alias.

    Raises:
        Transient, Fatal: as `pipeline.index.client.explain`.
    """
    ids = [identity.document_id(item.article.uri) for item in items]
    try:
        stored = client.mget(index=identity.WRITE_ALIAS, ids=ids, source=False)
        shown = client.search(
            index=identity.READ_ALIAS, query={"ids": {"values": ids}}, size=len(ids), version=True, source=False
        )
    except (ApiError, TransportError) as error:
        raise explain(error, doing="look how far the articles are") from error
    return compare(
        items,
        stored={document["_id"]: document["_version"] for document in stored["docs"] if document.get("found")},
        shown={hit["_id"]: hit["_version"] for hit in shown["hits"]["hits"]},
    )


def compare(items: Sequence[Item], *, stored: Mapping[str, int], shown: Mapping[str, int]) -> Progress:
    """The progress, from the external versions that are stored and those that are shown, by document id."""
    enough = visible = found = leaked = 0
    for item in items:
        document = identity.document_id(item.article.uri)
        version = stored.get(document, -1)
        enough += version >= item.version
        if version >= item.version + REVISIONS:
            continue  # a later version decides now whether it is shown
        if item.visible:
            visible += 1
            found += shown.get(document, -1) >= item.version
        else:
            leaked += document in shown
    return Progress(items=len(items), stored=enough, visible=visible, found=found, leaked=leaked)
