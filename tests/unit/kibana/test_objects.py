"""The saved objects, as far as they can be checked without a Kibana: shape, versions, references, fields.

The accepted attributes, the field types that an operation takes and the forms of references are facts of Kibana 8.9
to 9; how Kibana draws the objects is not checked anywhere here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.kibana.build import build, fields, ndjson
from pipeline.kibana.objects import CORE_VERSION
from pipeline.kibana.sources import GRID_WIDTH, load

SOURCES = load()
OBJECTS = build(SOURCES)
LINES: list[dict[str, Any]] = [json.loads(line) for line in ndjson(OBJECTS).splitlines()]
BY_ID = {line["id"]: line for line in LINES}
OF = {
    kind: [line for line in LINES if line["type"] == kind]
    for kind in ("index-pattern", "search", "lens", "map", "visualization", "dashboard")
}

# what the schema of each type takes at its typeMigrationVersion; the schemas of dashboard and search forbid others
ATTRIBUTES = {
    "index-pattern": {
        "name", "title", "timeFieldName", "fieldAttrs", "fieldFormatMap", "fields", "runtimeFieldMap",
        "sourceFilters", "typeMeta",
    },
    "search": {
        "title", "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery", "kibanaSavedObjectMeta",
    },
    "lens": {"title", "description", "visualizationType", "state"},
    "map": {"title", "description", "layerListJSON", "mapStateJSON", "uiStateJSON"},
    "visualization": {"title", "description", "uiStateJSON", "version", "visState", "kibanaSavedObjectMeta"},
    "dashboard": {
        "title", "description", "panelsJSON", "optionsJSON", "timeRestore", "timeFrom", "timeTo", "refreshInterval",
        "controlGroupInput", "kibanaSavedObjectMeta",
    },
}  # fmt: skip
VERSIONS = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "lens": "8.9.0",
    "visualization": "8.5.0",
    "map": "8.4.0",
    "dashboard": "8.9.0",
}
NUMBERS = {"long", "integer", "float"}
# the field types that Lens offers for an operation
TAKES = {
    "terms": {"keyword", "boolean", *NUMBERS},
    "date_histogram": {"date", "date_range"},
    "sum": NUMBERS,
    "average": NUMBERS,
    "min": {"date", *NUMBERS},
    "max": {"date", *NUMBERS},
    "unique_count": {"keyword", "date", "boolean", *NUMBERS},
}


def _index(view: str) -> dict[str, str]:
    return fields(BY_ID[view]["attributes"]["title"])


def _view_of(line: dict[str, Any]) -> str:
    (view,) = [each["id"] for each in line["references"] if each["type"] == "index-pattern"]
    return str(view)


def _kql_fields(query: str) -> set[str]:
    return set(re.findall(r"([@\w.]+)\s*(?::|<=?|>=?)", query))


def test_every_line_is_an_object_with_its_versions() -> None:
    assert len(LINES) == len(OBJECTS) >= 40
    for line in LINES:
        assert set(line) == {
            "attributes", "coreMigrationVersion", "id", "managed", "references", "type", "typeMigrationVersion",
        }  # fmt: skip
        assert line["coreMigrationVersion"] == CORE_VERSION == "8.8.0"
        assert line["typeMigrationVersion"] == VERSIONS[line["type"]]
        assert set(line["attributes"]) == ATTRIBUTES[line["type"]], line["id"]


def test_ids_are_unique_over_all_types_ours_and_stable() -> None:
    assert len(BY_ID) == len(LINES)
    assert all(re.fullmatch(r"newswire-[a-z0-9-]+", name) for name in BY_ID)
    # addresses of these are in bookmarks and in docs/kibana.md
    assert {"newswire-newsroom", "newswire-story", "newswire-pipeline", "newswire-news", "newswire-days"} <= set(
        BY_ID
    )
    assert ndjson(build(load())) == ndjson(OBJECTS)


def test_every_reference_leads_to_an_object_before_it() -> None:
    seen: set[tuple[str, str]] = set()
    for line in LINES:
        for reference in line["references"]:
            assert (reference["type"], reference["id"]) in seen, f"{line['id']}: {reference}"
        names = [reference["name"] for reference in line["references"]]
        assert len(set(names)) == len(names)
        seen.add((line["type"], line["id"]))


def test_every_object_is_used_or_opened_by_itself() -> None:
    used = {reference["id"] for line in LINES for reference in line["references"]}
    assert {line["id"] for line in LINES if line["type"] in ("lens", "map", "visualization")} <= used


def _strings(node: Any) -> Iterator[tuple[str, str]]:
    for key, value in node.items() if isinstance(node, dict) else ():
        yield from [(key, value)] if isinstance(value, str) else _strings(value)


def test_json_within_strings_is_json() -> None:
    inner = {"fieldAttrs", "fieldFormatMap", "sourceFilters", "runtimeFieldMap", "fields", "typeMeta", "visState"}
    found = {name for line in LINES for name, value in _strings(line["attributes"]) if value and _is_json(value)}
    assert found == inner | {
        name for line in LINES for name, _ in _strings(line["attributes"]) if name.endswith("JSON")
    }


def _is_json(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict | list)
    except ValueError:
        return False


@pytest.mark.parametrize("line", OF["index-pattern"], ids=lambda line: line["id"])
def test_data_views_name_fields_of_their_index(line: dict[str, Any]) -> None:
    attributes = line["attributes"]
    known = fields(attributes["title"])
    assert known[attributes["timeFieldName"]] == "date"
    labels = json.loads(attributes["fieldAttrs"])
    assert set(labels) <= set(known)
    assert all(each["customLabel"] for each in labels.values())
    formats = json.loads(attributes["fieldFormatMap"])
    for name, each in formats.items():
        assert known[name] == "date" if each["id"] == "date" else known[name] in NUMBERS, name
        assert each["params"]["pattern"]
    for each in json.loads(attributes["sourceFilters"]):
        name = each["value"].removesuffix(".*")
        assert any(path == name or path.startswith(f"{name}.") for path in known), name


def test_the_news_is_read_through_the_filtered_alias_alone() -> None:
    from pipeline import identity

    assert {line["attributes"]["title"] for line in OF["index-pattern"]} == {identity.READ_ALIAS, "news-pipeline"}


@pytest.mark.parametrize("line", OF["search"], ids=lambda line: line["id"])
def test_saved_searches_show_and_sort_by_fields_that_they_can(line: dict[str, Any]) -> None:
    known = _index(_view_of(line))
    attributes = line["attributes"]
    assert set(attributes["columns"]) <= set(known)
    for field, _ in attributes["sort"]:
        assert known[field] in {"date", "keyword", *NUMBERS}
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    assert source["indexRefName"] in {reference["name"] for reference in line["references"]}
    assert source["query"]["language"] == "kuery"
    asked = _kql_fields(source["query"]["query"])
    assert bool(asked) == bool(source["query"]["query"])
    assert asked <= set(known)


@pytest.mark.parametrize("line", OF["lens"], ids=lambda line: line["id"])
def test_lens_columns_are_operations_on_fields_that_allow_them(line: dict[str, Any]) -> None:
    state = line["attributes"]["state"]
    known = _index(_view_of(line))
    ((name, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
    assert [each["name"] for each in line["references"]] == [f"indexpattern-datasource-layer-{name}"]
    columns = layer["columns"]
    assert layer["columnOrder"] == list(columns)
    assert _kql_fields(state["query"]["query"]) <= set(known)
    buckets = [key for key, column in columns.items() if column["isBucketed"]]
    assert layer["columnOrder"][: len(buckets)] == buckets, "groups come before measures"
    for column in columns.values():
        operation, field = column["operationType"], column["sourceField"]
        if operation == "count":
            assert field == "___records___"
            continue
        assert known[field] in TAKES[operation], f"{operation} of {field}"
        if operation == "terms":
            assert column["params"]["orderBy"]["columnId"] in columns
            assert column["params"]["size"] <= 1000
        if operation in ("min", "max"):
            assert column["dataType"] == ("date" if known[field] == "date" else "number")
    drawn = re.findall(r'"(?:layer|split|group|time|m\d)"', json.dumps(state["visualization"]))
    assert {name.strip('"') for name in drawn} == {*columns, name}, "every column is drawn, and no other"


def test_only_the_time_of_the_data_view_is_drawn_with_its_empty_days() -> None:
    checked = 0
    for line in OF["lens"]:
        time = BY_ID[_view_of(line)]["attributes"]["timeFieldName"]
        for column in line["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]["layer"][
            "columns"
        ].values():
            if column["operationType"] == "date_histogram":
                assert column["params"]["includeEmptyRows"] is (column["sourceField"] == time)
                checked += 1
    assert checked >= 8


@pytest.mark.parametrize("line", OF["map"], ids=lambda line: line["id"])
def test_the_map_counts_points(line: dict[str, Any]) -> None:
    known = _index(_view_of(line))
    _, cells = json.loads(line["attributes"]["layerListJSON"])
    source = cells["sourceDescriptor"]
    assert known[source["geoField"]] == "geo_point"
    assert source["indexPatternRefName"] in {reference["name"] for reference in line["references"]}


@pytest.mark.parametrize("line", OF["dashboard"], ids=lambda line: line["id"])
def test_panels_stand_side_by_side_and_name_their_objects(line: dict[str, Any]) -> None:
    references = {each["name"]: each for each in line["references"]}
    taken: set[tuple[int, int]] = set()
    panels = json.loads(line["attributes"]["panelsJSON"])
    for panel in panels:
        grid = panel["gridData"]
        assert grid["i"] == panel["panelIndex"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & taken, f"{panel['panelIndex']} lies over another"
        assert max(x for x, _ in cells) < GRID_WIDTH
        taken |= cells
        reference = references.pop(f"{panel['panelIndex']}:{panel['panelRefName']}")
        assert reference["type"] == panel["type"] == BY_ID[reference["id"]]["type"]
    assert len(taken) == GRID_WIDTH * (max(y for _, y in taken) + 1), "no hole is left"
    controls = json.loads(line["attributes"]["controlGroupInput"]["panelsJSON"])
    for name, control in controls.items():
        reference = references.pop(f"controlGroup_{name}:optionsListDataView")
        assert _index(reference["id"])[control["explicitInput"]["fieldName"]] == "keyword"
        assert control["explicitInput"]["id"] == name
    assert [control["order"] for control in controls.values()] == list(range(len(controls)))
    assert references == {}


def test_kibana_yml_of_compose_has_the_setting_that_the_filter_needs() -> None:
    import yaml

    from pipeline.kibana.importer import SAFE_SUGGESTIONS, SUGGESTIONS
    from pipeline.resources import resource

    read = yaml.safe_load(resource("config/kibana/kibana.yml").read_text("utf-8"))
    assert read["uiSettings"]["overrides"] == {SUGGESTIONS: SAFE_SUGGESTIONS}
