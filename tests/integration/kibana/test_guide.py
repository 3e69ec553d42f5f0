"""The questions of docs/kibana.md: each KQL as the query that Kibana makes of it, by hand, and as `newswire search`.

The demo's articles must answer both ways alike; where the two ask differently, the test says how.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline import identity
from pipeline.index.daterange import parse
from pipeline.index.search import SearchRequest
from tests.integration.kibana.conftest import Coverage
from tests.support.asked import whole
from tests.unit.kibana.guide import questions

pytestmark = pytest.mark.servers

Query = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question of the guide: what Kibana makes of its KQL, and the slugs that must be found.

    wider: what Kibana finds besides, for the reason that the guide gives.
    """

    query: Query
    expect: tuple[str, ...]
    wider: tuple[str, ...] = ()


def _all(*parts: Query) -> Query:
    return {"bool": {"filter": list(parts)}}


def _one(part: Query) -> Query:
    return {"bool": {"should": [part], "minimum_should_match": 1}}


def _said(*parts: Query) -> Query:
    return {"nested": {"path": "quotations", "query": _all(*parts), "score_mode": "none", "ignore_unmapped": True}}


WEEK = (
    _one({"range": {"quotations.said": {"gte": "2025-03-10T00:00Z", "time_zone": "Europe/Oslo"}}}),
    _one({"range": {"quotations.said": {"lt": "2025-03-17T00:00Z", "time_zone": "Europe/Oslo"}}}),
)


def _spoken_of(day: str) -> Query:
    """`mentioned_days: "day"` of a reader in Oslo; the time picker on that day asks the same."""
    return _one({"range": {"mentioned_days": {"gte": day, "lte": day, "time_zone": "Europe/Oslo"}}})


ASKED: dict[str, Asked] = {
    "Who spoke about boats in the week of 10 March?": Asked(
        _said(_one({"match": {"quotations.text": "boat"}}), *WEEK),
        ("mackerel-late-friday", "mackerel-second-day"),
    ),
    "What did Þórsdóttir say about boats in that week?": Asked(
        _said(
            _one({"match_phrase": {"quotations.speaker.canonical.text": "Þórsdóttir"}}),
            _one({"match": {"quotations.text": "boat"}}),
            *WEEK,
        ),
        ("mackerel-late-friday",),
    ),
    "Everything that Élodie Marchetti is quoted with": Asked(
        _one({"match": {"speakers.text": "marchetti"}}),
        ("kestrel-delay", "kestrel-launch", "kestrel-scrub"),
    ),
    "All coverage of what happened on 11 March": Asked(
        _spoken_of("2025-03-11"),
        (
            "galway-oysters", "hokkaido-flash", "hokkaido-next-day", "mackerel-opening", "mackerel-second-day",
            "orchestra-vienna", "storm-maud-inquiry",
        ),
        # "last week", the night before, "the same week", "early next week"
        wider=("amman-water", "kestrel-delay", "oresund-empa", "oresund-ministers"),
    ),
    "What do the stories on the Øresund say of 4 March?": Asked(
        _all(
            _one({"match": {"body": "Øresund"}}),
            _spoken_of("2025-03-04"),
        ),
        ("ferry-timetable", "oresund-crack", "oresund-empa", "oresund-ministers", "oresund-reopens"),
    ),
    "What did we publish under embargo?": Asked(
        _one({"exists": {"field": "embargoed"}}),
        ("rents-report-lifted",),
    ),
    "What has Meridian corrected?": Asked(
        _all(_one({"term": {"source": "Meridian"}}), _one({"term": {"signals": "correction"}})),
        ("hanbit-chips", "storm-maud-galway"),
    ),
    "Flashes and urgent news": Asked(
        _one({"range": {"urgency": {"lte": "2"}}}),
        ("etna-airport", "hokkaido-flash", "kestrel-launch", "mackerel-agreement", "oresund-crack"),
    ),
    "What names Kharkiv, as the place of the story or in it?": Asked(
        _one({"term": {"places": "Kharkiv"}}), ("orchestra-lodz", "orchestra-vienna")
    ),
    "Where do both ministers and boats come up, but no agreement?": Asked(
        _all(
            _one({"match": {"body": "minister"}}),
            _one({"match": {"body": "boats"}}),
            {"bool": {"must_not": _one({"match": {"headline": "agreement"}})}},
        ),
        ("mackerel-late-friday", "mackerel-second-day"),
    ),
}  # fmt: skip


def test_every_question_of_the_guide_is_asked_here() -> None:
    assert [each.question for each in questions()] == list(ASKED)


@pytest.mark.parametrize("question", ASKED)
def test_kibana_finds_what_the_guide_says(coverage: Coverage, question: str) -> None:
    asked = ASKED[question]
    assert coverage.found(asked.query) == sorted({*asked.expect, *asked.wider})


@pytest.mark.parametrize("each", [each for each in questions() if each.command], ids=lambda each: each.question)
def test_newswire_search_finds_the_same(coverage: Coverage, each: Any) -> None:
    answer = whole(coverage.client, _request(each.command))
    found = sorted(coverage.slugs[hit.uri] for hit in answer.hits if hit.uri in coverage.slugs)
    assert found == sorted(ASKED[each.question].expect)


def test_what_is_under_embargo_is_not_even_counted_through_the_alias(coverage: Coverage) -> None:
    later = {"range": {"embargoed": {"gt": "now"}}}
    assert coverage.found(later) == []
    assert coverage.found(later, index=identity.index_name()) == ["rents-report"]
    suggested = coverage.client.search(
        index=identity.READ_ALIAS,
        size=0,
        query={"ids": {"values": coverage.ids}},
        aggs={"headlines": {"terms": {"field": "slugline", "size": 100, "include": "HOUSING.*"}}},
    )
    # the lifted one has the same slugline: one of two is counted
    assert [bucket["doc_count"] for bucket in suggested["aggregations"]["headlines"]["buckets"]] == [1]


def _request(command: str) -> SearchRequest:
    """The request of a command line of the guide: the options that it uses."""
    words = shlex.split(command)[2:]
    options: dict[str, str] = {}
    query: list[str] = []
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            options[word[2:]] = words.pop(0)
        else:
            query.append(word)
    days = {name: parse(options.pop(name)) for name in ("said", "about", "published") if name in options}
    names = {
        plural: (options.pop(name),)
        for name, plural in (("speaker", "speakers"), ("person", "people"), ("place", "places"))
        if name in options
    }
    quote = options.pop("quote", "")
    assert not options, f"{command}: {options}"
    return SearchRequest(query=" ".join(query), quote=quote, limit=200, **names, **days)  # type: ignore[arg-type]
