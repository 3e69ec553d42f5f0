"""Every panel, control and saved search, as the requests that Kibana would send, on the demo's articles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.demo import expected
from pipeline.kibana.build import build
from pipeline.kibana.sources import load
from tests.integration.kibana.conftest import Coverage
from tests.integration.kibana.requests import CONTROLS, PANELS, SEARCHES

pytestmark = pytest.mark.servers

OBJECTS = {each.id: each for each in build(load())}
VIEWS = {each.id: each.attributes for each in OBJECTS.values() if each.type == "index-pattern"}
OPERATIONS = {"avg": "average", "cardinality": "unique_count"}
BY_HAND = {"geotile_grid", "geo_centroid"}  # the map's own; its field is compared below


def _operations(aggs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for agg in aggs.values():
        for kind, body in agg.items():
            if kind == "aggs":
                yield from _operations(body)
            else:
                yield OPERATIONS.get(kind, kind), body["field"]


def _fields_asked(node: Any) -> set[str]:
    """The fields that a query names."""
    found: set[str] = set()
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("term", "range", "match", "match_phrase"):
                found |= set(value)
            elif key == "exists":
                found.add(value["field"])
            else:
                found |= _fields_asked(value)
    elif isinstance(node, list):
        for value in node:
            found |= _fields_asked(value)
    return found


def _view(id: str) -> dict[str, Any]:
    return VIEWS[next(each.id for each in OBJECTS[id].references if each.type == "index-pattern")]


def _time(columns: dict[str, Any], view: dict[str, Any]) -> str:
    """The field that the time picker narrows: that of the chart, else that of the data view."""
    drawn = [each["sourceField"] for each in columns.values() if each["operationType"] == "date_histogram"]
    return str((drawn or [view["timeFieldName"]])[0])


def test_there_is_a_request_for_every_panel_control_and_search() -> None:
    assert set(PANELS) == {each.id for each in OBJECTS.values() if each.type in ("lens", "map")}
    assert set(SEARCHES) == {each.id for each in OBJECTS.values() if each.type == "search"}
    assert list(CONTROLS) == [
        (dashboard, control.field)
        for dashboard in ("newswire-newsroom", "newswire-story", "newswire-pipeline")
        for control in next(each for each in load().dashboards if each.id == dashboard).control
    ]


@pytest.mark.parametrize("id", PANELS)
def test_the_request_asks_what_the_panel_shows(id: str) -> None:
    index, body = PANELS[id]
    assert index == _view(id)["title"]
    asked = set(_operations(body["aggs"]))
    if OBJECTS[id].type == "map":
        cells = json.loads(OBJECTS[id].attributes["layerListJSON"])[1]["sourceDescriptor"]
        assert asked == {(kind, cells["geoField"]) for kind in BY_HAND}
        return
    state = OBJECTS[id].attributes["state"]
    columns = state["datasourceStates"]["formBased"]["layers"]["layer"]["columns"]
    shown = {(each["operationType"], each["sourceField"]) for each in columns.values()}
    assert asked == {pair for pair in shown if pair[0] != "count"}
    query = state["query"]["query"]
    named = {part.partition(":")[0].strip() for part in query.split(" and ") if part}
    assert _fields_asked(body["query"]) == named | {_time(columns, _view(id))}
    for value in (part.partition(":")[2].strip() for part in query.split(" and ") if part):
        assert json.dumps(value) in json.dumps(body["query"])


@pytest.mark.parametrize("id", SEARCHES)
def test_the_request_asks_what_the_search_shows(id: str) -> None:
    attributes = OBJECTS[id].attributes
    body = SEARCHES[id]
    assert [each["field"] for each in body["fields"]] == list(attributes["columns"])
    assert [[next(iter(each)), each[next(iter(each))]["order"]] for each in body["sort"]] == [
        list(each) for each in attributes["sort"]
    ]
    query = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])["query"]["query"]
    named = {query.partition(":")[0]} - {""}
    assert _fields_asked(body["query"]) == named | {_view(id)["timeFieldName"]}


def _values(answer: Any) -> Iterator[Any]:
    """The figures of an answer: counts of buckets, and values of measures."""
    for agg in answer.values():
        if "value" in agg:
            yield agg["value"]
        for bucket in agg.get("buckets", ()):
            yield bucket["doc_count"]


NEWS = [id for id, (index, _) in PANELS.items() if index == "news"]


@pytest.mark.parametrize("id", NEWS)
def test_a_panel_shows_something_of_the_demo(coverage: Coverage, id: str) -> None:
    index, body = PANELS[id]
    answer = coverage.client.search(index=index, body=coverage.only_ours(body))
    assert answer["hits"]["total"]["value"] >= 35
    assert any(_values(answer.get("aggregations", {"": {"value": 1}})))


@pytest.mark.parametrize(("dashboard", "field"), [key for key, (index, _) in CONTROLS.items() if index == "news"])
def test_a_control_lists_values_of_the_demo(coverage: Coverage, dashboard: str, field: str) -> None:
    index, body = CONTROLS[dashboard, field]
    answer = coverage.client.search(index=index, body=coverage.only_ours(body))["aggregations"]
    assert answer["suggestions"]["buckets"]
    assert answer["unique_terms"]["value"] >= len(answer["suggestions"]["buckets"]) > 0


@pytest.mark.parametrize("id", SEARCHES)
def test_a_saved_search_finds_articles_of_the_demo_with_its_columns(coverage: Coverage, id: str) -> None:
    hits = coverage.client.search(index="news", body=coverage.only_ours(SEARCHES[id]))["hits"]["hits"]
    assert hits
    for field in SEARCHES[id]["fields"]:
        if field["field"] not in ("by", "description", "dateline.text"):  # the demo has none of them in JSON
            assert any(field["field"] in hit["fields"] for hit in hits), field


def _buckets(coverage: Coverage, id: str) -> dict[str, int]:
    answer = coverage.client.search(index="news", body=coverage.only_ours(PANELS[id][1]))
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"]["0"]["buckets"]}


def test_the_figures_are_those_of_the_articles(coverage: Coverage) -> None:
    visible = [item.article.source for item in expected.items(now=datetime.now(UTC)) if item.visible]
    counted = Counter([source for source in visible if source] + ["Meridian"])  # and the one whose embargo is over
    assert _buckets(coverage, "newswire-newsroom-sources") == counted
    assert len(counted) == 2
    speakers = _buckets(coverage, "newswire-newsroom-speakers")
    # by the name as each text spells it: the third story has Elodie, which the list is too short for
    assert speakers["Élodie Marchetti"] == 2
    first = coverage.client.search(index="news", body=coverage.only_ours(PANELS["newswire-story-first"][1]))
    assert first["aggregations"]["0"]["value_as_string"] == "2025-03-03T21:55:00.000Z"


def test_a_day_spoken_of_is_one_bar_in_the_readers_own_time(coverage: Coverage) -> None:
    """An interval from midnight to midnight UTC would be two bars there."""
    body = PANELS["newswire-story-spoken-of"][1]
    answer = coverage.client.search(index="news", body=coverage.only_ours(body))
    days = {bucket["key_as_string"][:10]: bucket["doc_count"] for bucket in answer["aggregations"]["0"]["buckets"]}
    assert days["2025-03-11"] >= 7
    exactly = coverage.found(
        {"range": {"mentioned_days": {"gte": "2025-03-11", "lte": "2025-03-11", "time_zone": "Europe/Oslo"}}}
    )
    assert len(exactly) == days["2025-03-11"]


def test_quotations_stand_with_their_speakers(coverage: Coverage) -> None:
    hits = coverage.client.search(index="news", body=coverage.only_ours(SEARCHES["newswire-quotations"]))["hits"][
        "hits"
    ]
    said = [line for hit in hits for line in hit["fields"].get("quoted", ())]
    assert any(line.startswith("Tormod Lie: “We are strong where the sea is cold") for line in said)
