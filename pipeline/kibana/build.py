"""From the files of `config/kibana/` to Kibana's saved objects and their NDJSON: pure.

An object's id follows from its place in the files (`newswire-newsroom-people` is the panel `people` of the dashboard
`newswire-newsroom`), so that an import replaces what an earlier one brought, and addresses of dashboards stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pipeline.index.definitions import definition
from pipeline.kibana.lens import Known, lens
from pipeline.kibana.map import map_object
from pipeline.kibana.objects import Reference, SavedObject, kql, search_source, text
from pipeline.kibana.sources import Control, Dashboard, DataView, Found, Map, Note, Panel, Search, Sources

SEARCH_INDEX: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"
MAPPINGS: Final = {"news": "fields", "news-pipeline": "pipeline"}  # files of config/elasticsearch/ by index


def build(sources: Sources) -> list[SavedObject]:
    """Every saved object, each after those that it refers to."""
    views = {view.id: view for view in sources.data_views}
    objects = [_data_view(view) for view in sources.data_views]
    objects += [_search(search) for search in sources.searches]
    for dashboard in sources.dashboards:
        panels = [_panel(panel, dashboard, views[dashboard.data_view]) for panel in dashboard.panel]
        # the saved searches are there already
        objects += [made for panel, made in zip(dashboard.panel, panels, strict=True) if not isinstance(panel, Found)]
        objects.append(_dashboard(dashboard, panels))
    return objects


def ndjson(objects: Sequence[SavedObject]) -> bytes:
    """The objects as Kibana imports them: a line each."""
    return b"".join(each.line + b"\n" for each in objects)


def fields(index: str) -> dict[str, str]:
    """The types in Elasticsearch of an index' fields, by their full names; nested ones stand below their path."""
    return dict(_fields(definition(MAPPINGS[index])["template"]["mappings"]["properties"]))


def _fields(properties: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, mapped in properties.items():
        if "type" in mapped:
            yield f"{path}{name}", mapped["type"]
        yield from _fields({**mapped.get("properties", {}), **mapped.get("fields", {})}, f"{path}{name}.")


def _data_view(view: DataView) -> SavedObject:
    formats = {
        name: {
            "id": each.id,
            "params": {"pattern": each.pattern} | ({"timezone": each.timezone} if each.timezone else {}),
        }
        for name, each in view.formats.items()
    }
    return SavedObject(
        type="index-pattern",
        id=view.id,
        attributes={
            "name": view.name,
            "title": view.index,
            "timeFieldName": view.time,
            "fieldAttrs": text({name: {"customLabel": label} for name, label in view.labels.items()}),
            "fieldFormatMap": text(formats),
            "fields": "[]",
            "runtimeFieldMap": "{}",
            "sourceFilters": text([{"value": name} for name in view.hidden]),
            "typeMeta": "{}",
        },
    )


def _search(search: Search) -> SavedObject:
    return SavedObject(
        type="search",
        id=search.id,
        attributes={
            "title": search.title,
            "description": search.description,
            "columns": search.columns,
            "sort": search.sort,
            "grid": {},
            "hideChart": False,
            "isTextBasedQuery": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": search_source(search.query, index=SEARCH_INDEX)},
        },
        references=(Reference("index-pattern", search.data_view, SEARCH_INDEX),),
    )


def _panel(panel: Panel, dashboard: Dashboard, view: DataView) -> SavedObject:
    id = f"{dashboard.id}-{panel.id}"
    match panel:
        case Found():
            return SavedObject(type="search", id=panel.search, attributes={})
        case Map():
            return map_object(panel, id=id, data_view=view.id)
        case Note():
            return _note(panel, id)
        case _:
            dates = frozenset(name for name, kind in fields(view.index).items() if kind == "date")
            return lens(panel, id=id, data_view=view.id, known=Known(view.time, dates, view.labels))


def _note(panel: Note, id: str) -> SavedObject:
    params = {"markdown": panel.text.strip(), "fontSize": 12, "openLinksInNewTab": False}
    return SavedObject(
        type="visualization",
        id=id,
        attributes={
            "title": panel.title,
            "description": "",
            "uiStateJSON": "{}",
            "version": 1,
            "visState": text({"title": panel.title, "type": "markdown", "aggs": [], "params": params}),
            "kibanaSavedObjectMeta": {"searchSourceJSON": search_source("")},
        },
    )


def _dashboard(dashboard: Dashboard, panels: Sequence[SavedObject]) -> SavedObject:
    placed = []
    references = []
    for panel, made in zip(dashboard.panel, panels, strict=True):
        x, y, width, height = panel.at
        placed.append(
            {
                "type": made.type,
                "panelIndex": panel.id,
                "panelRefName": f"panel_{panel.id}",
                "gridData": {"x": x, "y": y, "w": width, "h": height, "i": panel.id},
                "title": panel.title,
                "embeddableConfig": {"enhancements": {}},
            }
        )
        references.append(Reference(made.type, made.id, f"{panel.id}:panel_{panel.id}"))
    attributes = {
        "title": dashboard.title,
        "description": dashboard.description,
        "panelsJSON": text(placed),
        "optionsJSON": text({"useMargins": True, "syncColors": True, "syncCursor": True, "syncTooltips": False}),
        "timeRestore": True,
        "timeFrom": dashboard.from_,
        "timeTo": dashboard.to,
        "refreshInterval": {"pause": not dashboard.refresh, "value": dashboard.refresh * 1000},
        "controlGroupInput": _controls(dashboard.control),
        "kibanaSavedObjectMeta": {"searchSourceJSON": text({"query": kql(""), "filter": []})},
    }
    references += [
        Reference("index-pattern", dashboard.data_view, f"controlGroup_{_control_id(control)}:optionsListDataView")
        for control in dashboard.control
    ]
    return SavedObject(type="dashboard", id=dashboard.id, attributes=attributes, references=tuple(references))


def _control_id(control: Control) -> str:
    return control.field.replace(".", "-")


def _controls(controls: Sequence[Control]) -> dict[str, str]:
    panels = {
        _control_id(control): {
            "type": "optionsListControl",
            "order": number,
            "grow": True,
            "width": "medium",
            "explicitInput": {
                "id": _control_id(control),
                "fieldName": control.field,
                "title": control.title,
                "selectedOptions": [],
                "enhancements": {},
            },
        }
        for number, control in enumerate(controls)
    }
    ignored = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
    return {
        "chainingSystem": "HIERARCHICAL",  # a choice in one narrows those after it
        "controlStyle": "oneLine",
        "ignoreParentSettingsJSON": text(ignored),
        "panelsJSON": text(panels),
    }
