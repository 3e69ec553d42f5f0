"""Panels that Lens draws: the state of a Lens object for bars and lines over time, top lists, rings and figures.

A Lens object has a datasource (columns: the groups and the measures, which become aggregations) and a visualization
that says which column is drawn as what.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pipeline.kibana.objects import Reference, SavedObject, kql
from pipeline.kibana.sources import COUNT, Measure, Number, OverTime, Share, Split, Top

LAYER: Final = "layer"
RECORDS: Final = "___records___"  # Lens' name for "no field": documents are counted
DATE_MEASURES: Final = frozenset({"min", "max"})

Column = dict[str, Any]
Drawn = tuple[str, dict[str, Any], dict[str, Column]]  # type of the visualization, its state, columns in their order


class Known(NamedTuple):
    """What the columns need to know of a data view: its time field, its date fields, and how fields are labelled."""

    time: str
    dates: frozenset[str]
    labels: Mapping[str, str]


def lens(panel: OverTime | Top | Share | Number, *, id: str, data_view: str, known: Known) -> SavedObject:
    """The Lens object of a panel."""
    kind, visualization, columns = _drawn(panel, known)
    layer = {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}, "sampling": 1}
    return SavedObject(
        type="lens",
        id=id,
        attributes={
            "title": panel.title,
            "description": "",
            "visualizationType": kind,
            "state": {
                "visualization": visualization,
                "query": kql(panel.query),
                "filters": [],
                "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
                "internalReferences": [],
                "adHocDataViews": {},
            },
        },
        references=(Reference("index-pattern", data_view, f"indexpattern-datasource-layer-{LAYER}"),),
    )


def _drawn(panel: OverTime | Top | Share | Number, known: Known) -> Drawn:
    match panel:
        case OverTime():
            return _over_time(panel, known)
        case Top():
            return _top(panel, known)
        case Share():
            return _share(panel, known)
        case Number():
            return "lnsMetric", {**_of_layer(), "metricAccessor": "m0"}, {"m0": _measure(panel.measure, known)}


def _of_layer() -> dict[str, str]:
    return {"layerId": LAYER, "layerType": "data"}


def _over_time(panel: OverTime, known: Known) -> Drawn:
    measures = _measures(panel.measures, known)
    columns: dict[str, Column] = {}
    if panel.split is not None:
        columns["split"] = _terms(panel.split, known)
    columns["time"] = {
        **_labelled(panel.time, known),
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": panel.time,
        "isBucketed": True,
        "scale": "interval",
        "params": {
            "interval": panel.interval,
            # within the picked time; of another field it would be a bar for each day of the centuries spoken of
            "includeEmptyRows": panel.time == known.time,
            "dropPartials": False,
        },
    }
    series = "bar_stacked" if panel.series == "bar" else "line"
    layer: dict[str, Any] = {
        **_of_layer(),
        "seriesType": series,
        "xAccessor": "time",
        "accessors": list(measures),
        "position": "top",
        "showGridlines": False,
    }
    if panel.split is not None:
        layer["splitAccessor"] = "split"
    visualization = {
        "preferredSeriesType": series,
        "legend": {"isVisible": panel.split is not None or len(measures) > 1, "position": "bottom"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "layers": [layer],
    }
    return "lnsXY", visualization, columns | measures


def _top(panel: Top, known: Known) -> Drawn:
    measures = _measures(panel.measures, known)
    columns = {"group": _terms(Split(field=panel.field, size=panel.size), known)} | measures
    return "lnsDatatable", {**_of_layer(), "columns": [{"columnId": name} for name in columns]}, columns


def _share(panel: Share, known: Known) -> Drawn:
    ring = {
        **_of_layer(),
        "primaryGroups": ["group"],
        "metrics": ["m0"],
        "numberDisplay": "percent",
        "categoryDisplay": "default",
        "legendDisplay": "default",
        "nestedLegend": False,
    }
    columns = {
        "group": _terms(Split(field=panel.field, size=panel.size), known, other=True),
        "m0": _measure(COUNT, known),
    }
    return "lnsPie", {"shape": "donut", "layers": [ring]}, columns


def _terms(split: Split, known: Known, *, other: bool = False) -> Column:
    return {
        **_labelled(split.field, known),
        "dataType": "string",
        "operationType": "terms",
        "sourceField": split.field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": split.size,
            "orderBy": {"type": "column", "columnId": "m0"},
            "orderDirection": "desc",
            "otherBucket": other,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _labelled(field: str, known: Known) -> Column:
    return {"label": known.labels.get(field, field), "customLabel": True}


def _measures(measures: tuple[Measure, ...], known: Known) -> dict[str, Column]:
    return {f"m{number}": _measure(measure, known) for number, measure in enumerate(measures)}


def _measure(measure: Measure, known: Known) -> Column:
    is_date = measure.what in DATE_MEASURES and measure.field in known.dates
    return {
        "label": measure.label,
        "customLabel": True,
        "dataType": "date" if is_date else "number",
        "operationType": measure.what,
        "sourceField": measure.field or RECORDS,
        "isBucketed": False,
        "scale": "ratio",
        "params": {} if measure.what in ("min", "max", "average") else {"emptyAsNull": True},
    }
