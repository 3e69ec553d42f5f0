"""What the index shows of articles at this moment, and which alerts match them: by the very queries of the search.

All alerts are asked together, each as a named clause of one search through the alias `news` that is restricted to
the articles in question; measured, that costs a third of a search an alert. An alert that Elasticsearch refuses is
found by halving, told in the log, and left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from elasticsearch import BadRequestError, Elasticsearch

from pipeline import identity
from pipeline.alerts.model import Alert, Article, Telling
from pipeline.alerts.store import explained
from pipeline.errors import UserError
from pipeline.index.query import matching
from pipeline.log import get_logger

TOGETHER: Final = 200  # alerts of one search; Elasticsearch bounds the clauses (indices.query.bool.max_clause_count)
MOST: Final = 500  # articles of one search
KILLS_BACK: Final = timedelta(minutes=10)
_SHOWN: Final = "shown"
# What a shard that is away holds would count as withdrawn: such a search has to fail, and is done again
_WHOLE: Final[dict[str, Any]] = {"allow_partial_search_results": False}
_SOURCE: Final = [
    *(name for name in Telling.__struct_fields__ if name not in ("id", "alert", "kind", "time")),
    *("event.created", "embargoed"),
]

log = get_logger(__name__)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What the index holds of an article, whether readers see it or not, as far as searches show it already."""

    version: int
    killed: bool


class Coverage:
    """Asks Elasticsearch. Raises Transient and Fatal as `client.explain`."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._queries: dict[str, dict[str, Any]] = {}  # by the id of the alert, None of those that are refused
        self._refused: set[str] = set()

    def use(self, alerts: Sequence[Alert]) -> None:
        """The alerts from now on. Their queries are built anew, since the alias file may have changed."""
        self._queries = {}
        for alert in alerts:
            try:
                asked = matching(alert.request, quoted=False)["bool"]
            except UserError as error:  # of an older release, which allowed more
                self._refuse(alert.id, str(error))
                continue
            self._queries[alert.id] = {"bool": {"filter": asked["must"] + asked["filter"]}}
        self._refused &= {alert.id for alert in alerts}

    def states(self, uris: Sequence[str]) -> dict[str, State]:
        """Those of the articles that are in the index, hidden ones included.

        Only the version and whether it was killed are read of what readers must not see.
        """
        with explained("look the new articles up"):
            found = self._client.search(
                index=identity.WRITE_ALIAS,
                query=_these(uris),
                size=len(uris),
                version=True,
                source_includes=["uri", "pubStatus"],
                **_WHOLE,
            )
        return {
            hit["_source"]["uri"]: State(version=hit["_version"], killed=hit["_source"]["pubStatus"] == "canceled")
            for hit in found["hits"]["hits"]
        }

    def swept(self, since: datetime) -> dict[str, int]:
        """What changed for readers without a record of its own: embargoes that ended after `since`, and articles that
        an advisory under another id killed. Article ids and external versions; kills are looked for ten minutes back,
        since one that had to wait for Elasticsearch carries the time at which it first was to be written.
        """
        early = (since - KILLS_BACK).isoformat()
        killed = [{"term": {"pubStatus": "canceled"}}, {"range": {"event.ingested": {"gt": early}}}]
        ended = [
            {"term": {"pubStatus": "usable"}},
            {"range": {"embargoed": {"gt": since.isoformat(), "lte": "now"}}},
        ]
        should = [{"bool": {"filter": ended}}, {"bool": {"filter": killed}}]
        with explained("look for embargoes that ended"):
            found = self._client.search(
                index=identity.WRITE_ALIAS,
                query={"bool": {"should": should}},
                size=10_000,
                version=True,
                source_includes=["uri"],
                sort=["_doc"],
                **_WHOLE,
            )
        return {hit["_source"]["uri"]: hit["_version"] for hit in found["hits"]["hits"]}

    def articles(self, uris: Sequence[str], states: Mapping[str, State]) -> list[Article]:
        """The articles as readers see them, with the alerts that match; those that readers don't see, too."""
        seen: dict[str, tuple[int, dict[str, Any]]] = {}
        matched: dict[str, set[str]] = {uri: set() for uri in uris}
        # without any alert as well: what was told of earlier may be gone
        ids = list(self._queries)
        for chunk in [ids[at : at + TOGETHER] for at in range(0, len(ids), TOGETHER)] or [[]]:
            for hit in self._ask(uris, chunk):
                uri = hit["_source"]["uri"]
                seen[uri] = (hit["_version"], hit["_source"])
                matched[uri].update(name for name in hit["matched_queries"] if name != _SHOWN)
        found = []
        for uri in uris:
            version, source = seen.get(uri, (states[uri].version if uri in states else 0, {}))
            killed = uri not in seen and uri in states and states[uri].killed
            found.append(
                Article(
                    uri=uri,
                    version=version,
                    shown=uri in seen,
                    killed=killed,
                    matching=frozenset(matched[uri]),
                    source=source,
                    arrived=_arrived(source),
                )
            )
        return found

    def _ask(self, uris: Sequence[str], alerts: Sequence[str]) -> list[dict[str, Any]]:
        named = [{"constant_score": {"filter": self._queries[alert], "_name": alert}} for alert in alerts]
        should = [{"match_all": {"_name": _SHOWN}}, *named]
        query = {"bool": {"filter": [_these(uris)], "should": should}}
        with explained("ask the alerts"):
            try:
                found = self._client.search(
                    index=identity.READ_ALIAS,
                    query=query,
                    size=len(uris),
                    version=True,
                    source_includes=_SOURCE,
                    **_WHOLE,
                )
            except BadRequestError as error:
                if not alerts:
                    raise
                if len(alerts) == 1:
                    self._refuse(alerts[0], str(error)[:300])
                    return self._ask(uris, ())
                half = len(alerts) // 2
                return self._ask(uris, alerts[:half]) + self._ask(uris, alerts[half:])
        hits: list[dict[str, Any]] = found["hits"]["hits"]
        return hits

    def _refuse(self, alert: str, why: str) -> None:
        self._queries.pop(alert, None)
        if alert not in self._refused:
            self._refused.add(alert)
            log.error("the alert with the id %s is left out: %s", alert, why)


def _these(uris: Sequence[str]) -> dict[str, Any]:
    return {"ids": {"values": [identity.document_id(uri) for uri in uris]}}


def _arrived(source: Mapping[str, Any]) -> datetime | None:
    """When readers could first have seen it: when it was pushed, or its embargo ended."""
    moments = [(source.get("event") or {}).get("created"), source.get("embargoed")]
    return max((read for moment in moments if moment and (read := _moment(moment))), default=None)


def _moment(text: str) -> datetime | None:
    """A moment; None for what is none, since the time of a push is what its producer wrote into a header."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
