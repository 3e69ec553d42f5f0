"""When an article arrived, by what the index holds of it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from pipeline.alerts.coverage import PAGE, TOGETHER, Coverage, _arrived
from pipeline.alerts.model import Alert, Target
from pipeline.index.query import SearchRequest

PUSHED = datetime(2026, 1, 2, 10, tzinfo=UTC)
LATER = datetime(2026, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "arrived"),
    [
        ({"event": {"created": "2026-01-02T12:00:00+02:00"}}, PUSHED),
        ({"event": {"created": "2026-01-02T10:00:00.000000001Z"}}, PUSHED),  # as Go's producers write it
        ({"event": {"created": "2026-01-02T10:00:00"}}, PUSHED),
        ({"event": {"created": "2026-01-02T10:00:00Z"}, "embargoed": "2026-01-03T00:00:00.000Z"}, LATER),
        ({"event": {"created": "Fri, 02 Jan 2026 10:00:00 GMT"}}, None),  # whatever a foreign producer's header says
        ({"event": {"created": "now"}, "embargoed": "2026-01-03T00:00:00.000Z"}, LATER),
        ({"event": {}}, None),
        ({}, None),
    ],
)
def test_the_moment_at_which_readers_could_first_have_seen_it(
    source: dict[str, Any], arrived: datetime | None
) -> None:
    assert _arrived(source) == arrived


def alert(name: str) -> Alert:
    request = SearchRequest(query=f"word{name}")
    return Alert(id=name, name=name, request=request, to=Target(kind="terminal"), created="2026-01-02T00:00Z")


class Asked:
    """Takes searches down and finds nothing: what Elasticsearch is asked is what counts here."""

    def __init__(self) -> None:
        self.searches: list[dict[str, Any]] = []

    def search(self, **search: Any) -> dict[str, Any]:
        self.searches.append(search)
        return {"hits": {"hits": []}}

    def msearch(self, *, searches: list[dict[str, Any]]) -> dict[str, Any]:
        return {"responses": [self.search(**head) for head in searches[::2]]}


class Changed:
    """Many articles that changed, answered in pages as Elasticsearch does: by their ids, after the one named."""

    def __init__(self, count: int) -> None:
        self.uris = [f"urn:{number:06}" for number in range(count)]

    def search(self, *, size: int, search_after: list[str] | None = None, **search: Any) -> dict[str, Any]:
        assert search["sort"] == [{"uri": "asc"}]
        assert size <= 10_000, "what Elasticsearch gives at once"
        left = [uri for uri in self.uris if search_after is None or uri > search_after[0]]
        hits = [{"_source": {"uri": uri}, "_version": 7, "sort": [uri]} for uri in left[:size]]
        return {"hits": {"hits": hits}}


@pytest.mark.parametrize("count", [0, 1, PAGE, 2 * PAGE + 1, 25_000])
def test_however_many_changed_without_a_record_none_is_missed(count: int) -> None:
    changed = Changed(count)
    found = Coverage(cast("Elasticsearch", changed)).swept(PUSHED)
    assert found == dict.fromkeys(changed.uris, 7)


class Corrected:
    """Shows an article whose correction comes in between the first two searches."""

    def __init__(self) -> None:
        self.searches = 0

    def msearch(self, *, searches: list[dict[str, Any]]) -> dict[str, Any]:
        return {"responses": [self._answer(body) for body in searches[1::2]]}

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        self.searches += 1
        asked = [each["constant_score"]["_name"] for each in body["query"]["bool"]["should"]]
        hit = {"_id": "urn:1", "_version": min(self.searches, 2), "matched_queries": asked[:1]}
        source = {"_source": {"version": str(hit["_version"])}} if body["_source"] else {}
        return {"hits": {"hits": [hit | source]}}


def test_an_article_that_changes_while_it_is_asked_is_asked_of_all_alerts_in_one_version() -> None:
    corrected = Corrected()
    coverage = Coverage(cast("Elasticsearch", corrected))
    coverage.use([alert(str(number)) for number in range(TOGETHER + 1)])
    (article,) = coverage.articles(["urn:1"], {})
    assert corrected.searches == 4
    assert (article.version, article.source) == (2, {"version": "2"})
    assert article.matching == {"0", str(TOGETHER)}


class Small:
    """Refuses searches of more than three alerts, and one alert whatever comes with it."""

    def __init__(self, *, bad: str = "") -> None:
        self.bad = bad
        self.sizes: list[int] = []

    def msearch(self, *, searches: list[dict[str, Any]]) -> dict[str, Any]:
        self.sizes.append(max(len(body["query"]["bool"]["should"]) for body in searches[1::2]))
        return {"responses": [self._answer(body) or {"error": {}, "status": 400} for body in searches[1::2]]}

    def search(self, *, body: dict[str, Any], **search: Any) -> dict[str, Any]:
        answer = self._answer(body)
        if answer is None:
            raise BadRequestError("refused", cast("Any", SimpleNamespace(status=400)), {})
        return answer

    def _answer(self, body: dict[str, Any]) -> dict[str, Any] | None:
        asked = [each["constant_score"]["_name"] for each in body["query"]["bool"]["should"]]
        hit = {"_id": "urn:1", "_version": 1, "matched_queries": asked, "_source": {}}
        return None if len(asked) > 3 or self.bad in asked else {"hits": {"hits": [hit]}}


def test_alerts_that_are_too_many_for_one_search_are_asked_in_smaller_ones_from_then_on() -> None:
    small = Small()
    coverage = Coverage(cast("Elasticsearch", small))
    coverage.use([alert(str(number)) for number in range(10)])
    for _ in range(2):
        (article,) = coverage.articles(["urn:1"], {})
        assert len(article.matching) == 10
    assert small.sizes == [10, 2]


def test_an_alert_that_is_refused_is_left_out_and_the_others_are_asked() -> None:
    small = Small(bad="1")
    coverage = Coverage(cast("Elasticsearch", small))
    coverage.use([alert(str(number)) for number in range(3)])
    for _ in range(2):
        (article,) = coverage.articles(["urn:1"], {})
        assert article.matching == {"0", "2"}
    assert small.sizes == [3, 2]


def test_a_shard_that_is_away_fails_a_search_since_what_it_holds_would_count_as_withdrawn() -> None:
    asked = Asked()
    coverage = Coverage(cast("Elasticsearch", asked))
    coverage.states(["urn:1"])
    coverage.swept(PUSHED)
    coverage.articles(["urn:1"], {})
    assert len(asked.searches) == 3
    assert all(search["allow_partial_search_results"] is False for search in asked.searches)
