"""The alerts themselves, in an index of Elasticsearch that every machine sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import BadRequestError, ConflictError, Elasticsearch, NotFoundError

from pipeline.alerts.model import Alert, Target
from pipeline.errors import Code, UserError
from pipeline.index.client import explain
from pipeline.index.query import SearchRequest, matching
from pipeline.index.querystring import query_string

INDEX: Final = "newswire-alerts"
MOST: Final = 10_000  # alerts: what one page of a search can hold
TARGETS_MOST: Final = 200  # topics and webhooks: each has a thread of the runner while it is told
MAPPING: Final[dict[str, Any]] = {
    "dynamic": "strict",
    "properties": {"name": {"type": "keyword"}, "alert": {"type": "object", "enabled": False}},
}


def ensure_index(client: Elasticsearch, name: str, mapping: Mapping[str, Any]) -> None:
    """Create an index of ours where it is missing."""
    if client.indices.exists(index=name):
        return
    settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
    try:
        client.indices.create(index=name, mappings=mapping, settings=settings)
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":  # another process was faster
            raise


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turns errors of the client into ours."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise explain(error, doing=doing) from error


def pages(client: Elasticsearch, *, size: int, sort: Sequence[Mapping[str, str]], **search: Any) -> Iterator[Any]:
    """All hits of a search, however many, `size` at a time; raises as the client.

    Args:
        client: of Elasticsearch.
        size: of a page.
        sort: fields that together differ for any two documents: a hit is then neither missed nor met twice.
        search: the other arguments of `client.search`.
    """
    after: dict[str, Any] = {}
    while True:
        hits = client.search(size=size, sort=sort, **search, **after)["hits"]["hits"]
        yield from hits
        if len(hits) < size:
            return
        after = {"search_after": hits[-1]["sort"]}


class AlertStore:
    """Adds, lists and removes alerts.

    Raises everywhere:
        Transient: `elasticsearch.unreachable` or `.busy`.
        Fatal: `elasticsearch.refused`.
    """

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def add(self, name: str, request: SearchRequest, to: Target, *, now: datetime) -> Alert:
        """Save an alert.

        Raises:
            UserError: `usage`, where the name is taken, or the query is empty or cannot be sent.
        """
        clauses = matching(request)["bool"]
        if not (query_string(request.query) or clauses["filter"]):
            raise UserError(Code.USAGE, "an alert on everything would tell of every article: give it words or names")
        alert = Alert(id=uuid4().hex[:12], name=name, request=request, to=to, created=now.isoformat())
        with explained("save the alert"):
            ensure_index(self._client, INDEX, MAPPING)
            others = self._all()
            if len(others) >= MOST:
                raise UserError(Code.USAGE, f"there are {MOST:,} alerts already")
            targets = {to, *(each.to for each in others)} - {Target(kind="terminal")}
            if len(targets) > TARGETS_MOST:
                raise UserError(
                    Code.USAGE,
                    f"alerts tell to {TARGETS_MOST} topics and webhooks already",
                    hint="tell to a topic, and share it out from there",
                )
            try:
                document = {"name": name, "alert": msgspec.to_builtins(alert)}
                self._client.create(index=INDEX, id=name, document=document, refresh=True)
            except ConflictError as error:
                hint = f"newswire alert show {name}"
                raise UserError(Code.USAGE, f"there is an alert {name!r} already", hint=hint) from error
        return alert

    def get(self, name: str) -> Alert:
        """One alert.

        Raises:
            UserError: `not-found`.
        """
        with explained("look up the alert"):
            try:
                found = self._client.get(index=INDEX, id=name)
            except NotFoundError as error:
                raise _missing(name) from error
        return _read(found["_source"])

    def remove(self, name: str) -> None:
        """Remove an alert; what is on its way is still told.

        Raises:
            UserError: `not-found`.
        """
        with explained("remove the alert"):
            try:
                self._client.delete(index=INDEX, id=name, refresh=True)
            except NotFoundError as error:
                raise _missing(name) from error

    def all(self) -> list[Alert]:
        """Every alert, by name."""
        with explained("list the alerts"):
            return self._all()

    def _all(self) -> list[Alert]:
        try:
            found = self._client.search(index=INDEX, size=MOST, sort=[{"name": "asc"}])
        except NotFoundError:
            return []
        return [_read(hit["_source"]) for hit in found["hits"]["hits"]]


def _missing(name: str) -> UserError:
    return UserError(Code.NOT_FOUND, f"no alert {name!r}", hint="newswire alert list")


def _read(source: Mapping[str, Any]) -> Alert:
    return msgspec.convert(source["alert"], Alert)
