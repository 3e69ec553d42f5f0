"""What an address asks for: the query of a URL, read into a search and the facets chosen beside it.

The names are those of the options of `newswire search` (`person`, `about`, ...: any form of a name), and those of the
fields that are counted as facets (`people`, `source`, ...: exactly this value). Whatever cannot be read is a
UserError, never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final, Literal, cast

import msgspec

from pipeline.errors import Code, UserError
from pipeline.index import daterange
from pipeline.index.query import SearchRequest, Sort

PAGE: Final = 20  # answers on a page
MOST_VALUES: Final = 40  # of all parameters together
LONGEST_VALUE: Final = 1_024  # characters; a facet's value has no more (`ignore_above`)

# the facets, named as the fields of a document, in the order of the page
FACETS: Final[tuple[str, ...]] = ("people", "organizations", "places", "countries", "speakers", "source", "language")
_NAMED: Final[tuple[str, ...]] = ("person", "organization", "place", "speaker")
_SINGLE: Final[tuple[str, ...]] = (
    "q",
    "quote",
    "said",
    "about",
    "widely",
    "published",
    "sort",
    "page",
    "area",
    "fold",
)
# of the page itself, or of another question asked in the same address
_PASSED_OVER: Final = frozenset({"uri", "cursor", "timeline", "map", "version"})

Timeline = Literal["published", "about"]


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the globe in degrees; `west` may be greater than `east` across the date line."""

    north: float
    west: float
    south: float
    east: float


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A search as `newswire search` has it, and what the facets and the map narrow it to."""

    request: SearchRequest
    chosen: dict[str, tuple[str, ...]] = {}  # facet to the values that must all be there
    area: Area | None = None


def read(parameters: Iterable[tuple[str, str]]) -> Asked:
    """The search in the parameters of an address.

    Raises:
        UserError: `usage`, naming the parameter.
    """
    values: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(parameters):
        if number >= MOST_VALUES:
            raise UserError(Code.USAGE, f"an address may have {MOST_VALUES} parameters, not more")
        if name in _PASSED_OVER:
            continue
        if name not in _SINGLE and name not in _NAMED and name not in FACETS:
            raise UserError(Code.USAGE, f"{name[:80]!r} is not a parameter of a search")
        if name != "q" and len(value) > LONGEST_VALUE:
            raise UserError(Code.USAGE, f"{name} has {len(value):,} characters; the most is {LONGEST_VALUE:,}")
        if value.strip():
            values.setdefault(name, []).append(_clean(value))
    single = {name: values[name][-1] for name in _SINGLE if name in values}
    chosen = {name: tuple(dict.fromkeys(values[name])) for name in FACETS if name in values}
    page = _page(single.get("page", "1"))
    request = SearchRequest(
        query=single.get("q", ""),
        people=tuple(values.get("person", ())),
        organizations=tuple(values.get("organization", ())),
        places=tuple(values.get("place", ())),
        # the quotations of a chosen speaker are shown, so they are asked for besides
        speakers=tuple(dict.fromkeys([*values.get("speaker", ()), *chosen.get("speakers", ())])),
        quote=single.get("quote", ""),
        said=_days(single, "said"),
        about=_days(single, "about"),
        about_widely=single.get("widely") == "1",
        published=_days(single, "published"),
        sort=_sort(single.get("sort")),
        limit=PAGE,
        offset=(page - 1) * PAGE,
        collapse=single.get("fold") != "0",
    )
    return Asked(request=request, chosen=chosen, area=_area(single["area"]) if "area" in single else None)


def timeline(value: str | None) -> Timeline:
    """Which days the timeline counts; `published` where nothing is said.

    Raises:
        UserError: `usage`.
    """
    if value not in (None, "", "published", "about"):
        raise UserError(Code.USAGE, f"timeline: {value[:80]!r} is neither published nor about")
    return cast("Timeline", value or "published")


def filters(asked: Asked) -> list[dict[str, Any]]:
    """What the chosen facets and the map add to the query of the search."""
    found: list[dict[str, Any]] = [
        {"term": {name: value}} for name, values in asked.chosen.items() for value in values
    ]
    if asked.area is not None:
        area = asked.area
        corners = {
            "top_left": {"lat": area.north, "lon": area.west},
            "bottom_right": {"lat": area.south, "lon": area.east},
        }
        found.append({"geo_bounding_box": {"locations": corners}})
    return found


def _clean(value: str) -> str:
    # a lone surrogate cannot be sent, and is in no document
    return value.encode("utf-8", "replace").decode("utf-8")


def _days(single: dict[str, str], name: str) -> daterange.DateRange | None:
    return daterange.parse(single[name]) if name in single else None


def _page(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 6 and int(value) > 0):
        raise UserError(Code.USAGE, f"page: {value[:80]!r} is not a number from 1 on")
    return int(value)


def _sort(value: str | None) -> Sort | None:
    if value not in (None, "relevance", "newest", "oldest"):
        raise UserError(Code.USAGE, f"sort: {value[:80]!r} is not relevance, newest or oldest")
    return cast("Sort | None", value)


def _area(value: str) -> Area:
    """`north,west,south,east` in degrees."""
    parts = value.split(",")
    try:
        degrees = [float(part) for part in parts]
    except ValueError:
        degrees = []
    if len(degrees) != 4 or not all(math.isfinite(degree) for degree in degrees):
        raise UserError(Code.USAGE, f"area: {value[:80]!r} is not north,west,south,east in degrees")
    north, west, south, east = degrees
    if not (-90 <= south < north <= 90 and -180 <= west <= 180 and -180 <= east <= 180 and west != east):
        raise UserError(Code.USAGE, f"area: {value[:80]!r} is not on the globe")
    return Area(north=north, west=west, south=south, east=east)
