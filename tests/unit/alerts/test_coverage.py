"""When an article arrived, by what the index holds of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from elasticsearch import Elasticsearch

from pipeline.alerts.coverage import Coverage, _arrived

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


class Asked:
    """Takes searches down and finds nothing: what Elasticsearch is asked is what counts here."""

    def __init__(self) -> None:
        self.searches: list[dict[str, Any]] = []

    def search(self, **search: Any) -> dict[str, Any]:
        self.searches.append(search)
        return {"hits": {"hits": []}}


def test_a_shard_that_is_away_fails_a_search_since_what_it_holds_would_count_as_withdrawn() -> None:
    asked = Asked()
    coverage = Coverage(cast("Elasticsearch", asked))
    coverage.states(["urn:1"])
    coverage.swept(PUSHED)
    coverage.articles(["urn:1"], {})
    assert len(asked.searches) == 3
    assert all(search["allow_partial_search_results"] is False for search in asked.searches)
