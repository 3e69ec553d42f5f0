"""What the index shows of articles at this moment, and which alerts match them: by the very queries of the search.

Alerts are asked together, each as a named clause of a search through the alias `news` that is restricted to the
articles in question; several such searches are one request. An alert that Elasticsearch refuses is found by halving,
told in the log, and left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from elasticsearch import BadRequestError, Elasticsearch

from pipeline import identity
from pipeline.alerts.model import Alert, Article, Telling
from pipeline.alerts.store import explained, pages
from pipeline.errors import UserError
from pipeline.index.query import matching
from pipeline.log import get_logger

TOGETHER: Final = 250  # alerts of one search; Elasticsearch bounds its clauses, by its memory
MOST: Final = 500  # articles of one search
PAGE: Final = 5_000  # articles that changed without a record, at once
KILLS_BACK: Final = timedelta(minutes=10)
# What a shard that is away holds would count as withdrawn: such a search has to fail, and is done again
_WHOLE: Final[dict[str, Any]] = {"allow_partial_search_results": False}
_ANY_ORDER: Final = ["_doc"]
_SOURCE: Final = [
    *(name for name in Telling.__struct_fields__ if name not in ("id", "alert", "kind", "time")),
    *("event.created", "embargoed"),
]

log = get_logger(__name__)


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What the index holds of an article, whether readers see it or not, as far as searches show it already."""

    version: int
    killed: bool


class _Seen(msgspec.Struct):
    """An article as readers see it."""

    version: int
    source: Mapping[str, Any]
    matching: set[str]


class Coverage:
    """Asks Elasticsearch. Raises Transient and Fatal as `client.explain`.

    Args:
        client: of Elasticsearch.
        readers: what shows articles as readers see them.
        everything: what also has those that they don't see.
    """

    def __init__(
        self,
        client: Elasticsearch,
        *,
        readers: str = identity.READ_ALIAS,
        everything: str = identity.WRITE_ALIAS,
    ) -> None:
        self._client = client
        self._readers, self._everything = readers, everything
        self._queries: dict[str, dict[str, Any]] = {}  # by the id of the alert, None of those that are refused
        self._refused: set[str] = set()
        self._together = TOGETHER

    def use(self, alerts: Sequence[Alert]) -> None:
        """The alerts from now on. Their queries are built anew, since the alias file may have changed."""
        self._queries = {}
        for alert in alerts:
            try:
                asked = matching(alert.request, quoted=False, scored=False)["bool"]
            except UserError as error:  # of an older release, which allowed more
                self._refuse(alert.id, str(error))
                continue
            self._queries[alert.id] = {"bool": {"filter": asked["must"] + asked["filter"]}}
        self._refused &= {alert.id for alert in alerts}

    def states(self, uris: Sequence[str]) -> dict[str, State]:
        """Those of the articles that are in the index, hidden ones included.

        Only the version and whether it was killed are read of what readers must not see.
        """
        states: dict[str, State] = {}
        for at in range(0, len(uris), MOST):
            with explained("look the new articles up"):
                found = self._client.search(
                    index=self._everything,
                    query=_these(uris[at : at + MOST]),
                    size=MOST,
                    sort=_ANY_ORDER,
                    version=True,
                    source_includes=["uri", "pubStatus"],
                    **_WHOLE,
                )
            for hit in found["hits"]["hits"]:
                killed = hit["_source"]["pubStatus"] == "canceled"
                states[hit["_source"]["uri"]] = State(version=hit["_version"], killed=killed)
        return states

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
            hits = pages(
                self._client,
                index=self._everything,
                query={"bool": {"should": should}},
                size=PAGE,
                version=True,
                source_includes=["uri"],
                sort=[{"uri": "asc"}],
                **_WHOLE,
            )
            return {hit["_source"]["uri"]: hit["_version"] for hit in hits}

    def articles(self, uris: Sequence[str], states: Mapping[str, State]) -> list[Article]:
        """The articles as readers see them, with the alerts that match; those that readers don't see, too."""
        shown = self._shown(uris)
        found = []
        for uri in uris:
            state, seen = states.get(uri), shown.get(uri)
            if seen is None:
                version, killed = (state.version, state.killed) if state else (0, False)
                found.append(Article(uri=uri, version=version, shown=False, killed=killed))
                continue
            found.append(
                Article(
                    uri=uri,
                    version=seen.version,
                    shown=True,
                    matching=frozenset(seen.matching),
                    source=seen.source,
                    arrived=_arrived(seen.source),
                )
            )
        return found

    def _shown(self, uris: Sequence[str]) -> dict[str, _Seen]:
        """Those of them that readers see, each asked of all alerts in one and the same version."""
        shown: dict[str, _Seen] = {}
        left = list(uris)
        while left:
            ids = list(self._queries)
            # without any alert as well: what was told of earlier may be gone
            chunks = [ids[at : at + self._together] for at in range(0, len(ids), self._together)] or [[]]
            answers = self._answers(left, chunks)
            changed = []  # while they were asked
            for uri in left:
                seen = [answer.get(uri) for answer in answers]
                if len({each.version if each else None for each in seen}) > 1:
                    changed.append(uri)
                elif seen[0] is not None:
                    seen[0].matching.update(*(each.matching for each in seen if each))
                    shown[uri] = seen[0]
            left = changed
        return shown

    def _answers(self, uris: Sequence[str], chunks: Sequence[Sequence[str]]) -> list[dict[str, _Seen]]:
        """What is shown of these articles, and which alerts match, for each chunk; the source is in the first."""
        searches: list[dict[str, Any]] = []
        for number, chunk in enumerate(chunks):
            searches += [{"index": self._readers, **_WHOLE}, self._body(uris, chunk, source=number == 0)]
        with explained("ask the alerts"):
            responses = self._client.msearch(searches=searches)["responses"]
        answers = []
        for number, (chunk, response) in enumerate(zip(chunks, responses, strict=True)):
            failed = "error" in response
            answers += self._ask(uris, chunk, source=number == 0) if failed else [_read(uris, response)]
        return answers

    def _ask(self, uris: Sequence[str], alerts: Sequence[str], *, source: bool) -> list[dict[str, _Seen]]:
        """The same of some alerts that cannot be asked in one search: one of them is refused, or it is too large."""
        with explained("ask the alerts"):
            try:
                found = self._client.search(
                    index=self._readers, body=self._body(uris, alerts, source=source), **_WHOLE
                )
                return [_read(uris, found)]
            except BadRequestError as error:
                if not alerts:
                    raise
                if len(alerts) == 1:
                    self._refuse(alerts[0], str(error)[:300])
                    return self._ask(uris, (), source=source)
        half, known = len(alerts) // 2, len(self._refused)
        rest = alerts[half:]
        answers = self._ask(uris, alerts[:half], source=source) + self._ask(uris, rest, source=False)
        if len(self._refused) == known:
            self._together = min(self._together, half)
        return answers

    def _body(self, uris: Sequence[str], alerts: Sequence[str], *, source: bool) -> dict[str, Any]:
        """A search without order and scores: so Elasticsearch leaves the alerts out when it looks the articles up,
        and asks them only when it fetches these, in the segments that have them (measured: docs/alerts.md).
        """
        named = [{"constant_score": {"filter": self._queries[alert], "_name": alert}} for alert in alerts]
        return {
            "query": {"bool": {"filter": [_these(uris)], "should": named}},
            "size": len(uris),
            "sort": _ANY_ORDER,
            "version": True,
            "_source": _SOURCE if source else False,
        }

    def _refuse(self, alert: str, why: str) -> None:
        self._queries.pop(alert, None)
        if alert not in self._refused:
            self._refused.add(alert)
            log.error("the alert with the id %s is left out: %s", alert, why)


def _these(uris: Sequence[str]) -> dict[str, Any]:
    return {"ids": {"values": [identity.document_id(uri) for uri in uris]}}


def _read(uris: Sequence[str], response: Any) -> dict[str, _Seen]:
    names = {identity.document_id(uri): uri for uri in uris}
    return {
        names[hit["_id"]]: _Seen(hit["_version"], hit.get("_source", {}), set(hit.get("matched_queries", ())))
        for hit in response["hits"]["hits"]
    }


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
