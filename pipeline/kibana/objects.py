"""Kibana's saved objects: how each kind is written, and what of it may refer to what.

Shapes and versions are those that Kibana 8.9 exports and every later 8 and 9 reads: the migration versions tell it
where its own migrations must begin. A version higher than the server's is refused; a missing one leaves Lens without
its migrations.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

CORE_VERSION: Final = "8.8.0"
TYPE_VERSIONS: Final = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "lens": "8.9.0",
    "visualization": "8.5.0",
    "map": "8.4.0",
    "dashboard": "8.9.0",
}


class Reference(msgspec.Struct, frozen=True):
    """That one saved object uses another; `name` is where in it."""

    type: str
    id: str
    name: str


class SavedObject(msgspec.Struct, frozen=True, kw_only=True):
    """One object as a line of an export has it."""

    type: str
    id: str
    attributes: dict[str, Any]
    references: tuple[Reference, ...] = ()

    @property
    def line(self) -> bytes:
        """The object as one line of NDJSON, without its end."""
        return msgspec.json.encode(
            {
                "attributes": self.attributes,
                "coreMigrationVersion": CORE_VERSION,
                "id": self.id,
                "managed": False,
                "references": self.references,
                "type": self.type,
                "typeMigrationVersion": TYPE_VERSIONS[self.type],
            }
        )


def text(value: Any) -> str:
    """JSON in a string, as Kibana keeps the parts of an object that it does not index."""
    return msgspec.json.encode(value).decode()


def kql(query: str) -> dict[str, str]:
    """A query in Kibana's query language."""
    return {"query": query, "language": "kuery"}


def search_source(query: str, *, index: str | None = None) -> str:
    """The `searchSourceJSON` of an object: its query, and the name of the reference to its data view."""
    source: dict[str, Any] = {"query": kql(query), "filter": []}
    if index is not None:
        source["indexRefName"] = index
    return text(source)
