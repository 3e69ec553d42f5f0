"""The map of a dashboard: points counted by cells of the map, over Elastic's own background map."""

from __future__ import annotations

from typing import Any

from pipeline.kibana.objects import Reference, SavedObject, kql, text
from pipeline.kibana.sources import Map

SOURCE = "layer_1_source_index_pattern"
LARGEST = 28  # pixels of the circle of the busiest cell


def map_object(panel: Map, *, id: str, data_view: str) -> SavedObject:
    """The map object of a panel. Its background is Elastic's; where their servers are not reached, it is empty."""
    return SavedObject(
        type="map",
        id=id,
        attributes={
            "title": panel.title,
            "description": "",
            "layerListJSON": text([_background(id), _cells(panel, id)]),
            "mapStateJSON": text(
                {
                    "zoom": 1.4,
                    "center": {"lon": 15, "lat": 30},
                    "query": kql(panel.query),
                    "filters": [],
                    "refreshConfig": {"isPaused": True, "interval": 0},
                    "settings": {"autoFitToDataBounds": True},
                }
            ),
            "uiStateJSON": text({"isLayerTOCOpen": False, "openTOCDetails": []}),
        },
        references=(Reference("index-pattern", data_view, SOURCE),),
    )


def _background(id: str) -> dict[str, Any]:
    return {
        "id": f"{id}-background",
        "type": "EMS_VECTOR_TILE",
        "label": None,
        "alpha": 1,
        "minZoom": 0,
        "maxZoom": 24,
        "visible": True,
        "style": {"type": "EMS_VECTOR_TILE", "color": ""},
        "sourceDescriptor": {"type": "EMS_TMS", "isAutoSelect": True, "lightModeDefault": "road_map_desaturated"},
    }


def _cells(panel: Map, id: str) -> dict[str, Any]:
    counted = {"name": "doc_count", "origin": "source"}
    sized = {"minSize": 5, "maxSize": LARGEST, "field": counted, "fieldMetaOptions": {"isEnabled": True, "sigma": 3}}
    coloured = {
        "color": "Blues",
        "type": "ORDINAL",
        "field": counted,
        "fieldMetaOptions": {"isEnabled": True, "sigma": 3},
    }
    return {
        "id": f"{id}-cells",
        "type": "GEOJSON_VECTOR",
        "label": panel.title,
        "alpha": 0.75,
        "minZoom": 0,
        "maxZoom": 24,
        "visible": True,
        "includeInFitToBounds": True,
        "joins": [],
        "sourceDescriptor": {
            "id": f"{id}-source",
            "type": "ES_GEO_GRID",
            "requestType": "point",
            "resolution": "FINE",
            "geoField": panel.field,
            "metrics": [{"type": "count"}],
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "applyForceRefresh": True,
            "indexPatternRefName": SOURCE,
        },
        "style": {
            "type": "VECTOR",
            "properties": {
                "iconSize": {"type": "DYNAMIC", "options": sized},
                "fillColor": {"type": "DYNAMIC", "options": coloured},
                "lineWidth": {"type": "STATIC", "options": {"size": 0}},
            },
        },
    }
