"""The map: places gathered in tiles, each tile with the town nearest to where most of it is.

A tile counts articles. Its point is the centre of the fullest of the much smaller tiles in it, so that it stands
where a place is: the centroid of the documents would take in all other places that they speak of.
"""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.web.parameters import Area

WORLD: Final = 3  # zoom of the tiles of the whole world: 8 in a row
FINEST: Final = 11  # zoom at which places of one town are one tile
FINER: Final = 5  # zoom steps between a tile and the small ones in it
TILES: Final = 80
SMALL_TILES: Final = 1_000
TOWN_FROM: Final = 100_000  # people, for a town that names a tile of the whole world
NEAR: Final = 3.0  # degrees; a point farther from any town has no name
_TOWNS: Final[list[tuple[list[str], npt.NDArray[np.float64]]]] = []  # at most one: names, and latitude and longitude


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Places that lie near each other: the articles that speak of any, a point in degrees, and the tile's area."""

    count: int
    lat: float
    lon: float
    area: Area
    near: str | None = None  # the town nearest to the point


def zoom(area: Area | None) -> int:
    """The zoom of tiles that suits an area."""
    if area is None:
        return WORLD
    width = (area.east - area.west) % 360 or 360.0
    height = (area.north - area.south) * 1.6
    return max(WORLD, min(FINEST, round(math.log2(360 / max(width, height, 1e-6))) + 3))


def aggregations(area: Area | None) -> dict[str, Any]:
    """What Elasticsearch counts for the map."""
    bounds: dict[str, Any] = {}
    if area is not None:
        bounds["bounds"] = {
            "top_left": {"lat": area.north, "lon": area.west},
            "bottom_right": {"lat": area.south, "lon": area.east},
        }
    tiles = zoom(area)
    return {
        name: {"geotile_grid": {"field": "locations", "precision": precision, "size": size, **bounds}}
        for name, precision, size in (("tiles", tiles, TILES), ("small_tiles", tiles + FINER, SMALL_TILES))
    }


def clusters(found: dict[str, Any]) -> tuple[Cluster, ...]:
    """The clusters of the answer to `aggregations`, the fullest first."""
    fullest: dict[tuple[int, int], tuple[int, int, int]] = {}
    for each in found["small_tiles"]["buckets"]:  # the fullest come first
        z, x, y = _key(each["key"])
        fullest.setdefault((x >> FINER, y >> FINER), (z, x, y))
    made = []
    for each in found["tiles"]["buckets"]:
        z, x, y = _key(each["key"])
        area = tile_area(z, x, y)
        inside = tile_area(*fullest.get((x, y), (z, x, y)))
        lat, lon = (inside.north + inside.south) / 2, (inside.west + inside.east) / 2
        made.append(Cluster(count=each["doc_count"], lat=lat, lon=lon, area=area, near=nearest_town(lat, lon)))
    return tuple(made)


def tile_area(z: int, x: int, y: int) -> Area:
    """The area of a tile of the Web Mercator scheme that geotile_grid uses."""
    n = 1 << z

    def latitude(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / n))))

    return Area(
        north=latitude(y), south=latitude(y + 1), west=x / n * 360 - 180, east=min((x + 1) / n * 360 - 180, 180.0)
    )


def nearest_town(lat: float, lon: float) -> str | None:
    """The name of the nearest large town; None where none is near, or where `load_towns` has not run yet."""
    if not _TOWNS:
        return None
    names, points = _TOWNS[0]
    away = np.hypot((points[:, 0] - lat), (points[:, 1] - lon) * math.cos(math.radians(lat)))
    best = int(away.argmin())
    return names[best] if away[best] <= NEAR else None


def load_towns() -> None:
    """Have the towns of GeoNames ready. Blocks for half a second: not for the event loop."""
    from pipeline.enrich.places.geonames import load

    if not _TOWNS:
        towns = [
            (place.name, place.lat, place.lon)
            for place in load().by_id.values()
            if place.kind == "city" and place.lat is not None and (place.rank >= TOWN_FROM or place.capital)
        ]
        points = np.array([(lat, lon) for _, lat, lon in towns], dtype=np.float64)
        _TOWNS.append(([name for name, _, _ in towns], points))


def _key(key: str) -> tuple[int, int, int]:
    z, x, y = (int(part) for part in key.split("/"))
    return z, x, y
