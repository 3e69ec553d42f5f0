"""Timeline and map: which days are shown, in which bars, and where clusters stand; pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipeline.article import Interval
from pipeline.index import daterange
from pipeline.web import atlas, timeline, views
from pipeline.web.parameters import Area
from pipeline.web.timeline import Span


def at(text: str) -> float:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(
        milliseconds=1
    )


def buckets(*days: str) -> dict[str, Any]:
    """As Elasticsearch answers `timeline.DAYS` for one article on each of these days."""
    return {"days": {"buckets": [{"key": at(day[:10]), "doc_count": 1} for day in sorted(set(days))]}}


def shown(first: str, last: str, by: Any = "published", chosen: str = "") -> Span:
    own = daterange.parse(chosen) if chosen else None
    if by == "published":
        bars = timeline.published(buckets(first, last), chosen=own)
        assert bars is not None
        return bars.span
    found = timeline.span({"first": {"value": at(first)}, "last": {"value": at(last)}}, chosen=own)
    assert found is not None
    return found


def test_days_of_publication() -> None:
    assert shown("2025-03-03T10:00", "2025-03-22T23:59") == Span(
        gte=date(2025, 3, 3), lt=date(2025, 3, 23), interval="day"
    )
    assert timeline.published({"days": {"buckets": []}}, chosen=None) is None
    assert timeline.span({"first": {"value": None}, "last": {"value": None}}, chosen=None) is None


@pytest.mark.parametrize(
    ("last", "bars"),
    [
        ("2024-02-03", {"2024-01-31": 1, "2024-02-01": 1, "2024-02-03": 1}),
        ("2025-05-31", {"2024-01-29": 3, "2025-05-26": 1}),  # weeks: Mondays
        ("2027-12-31", {"2024-01-01": 1, "2024-02-01": 2, "2027-12-01": 1}),
        ("2150-12-31", {"2150-01-01": 1}),  # the last 120 years
    ],
)
def test_wider_bars_add_up_their_days(last: str, bars: dict[str, int]) -> None:
    days = buckets("2024-01-31", "2024-02-01", "2024-02-03", last)
    found = timeline.published(days, chosen=None)
    assert found is not None
    assert {bar.day.isoformat(): bar.count for bar in found.bars} == bars


def test_days_spoken_of_reach_beyond_those_of_publication() -> None:
    span = shown("2025-03-03", "2025-03-22", "about")
    assert (span.gte, span.lt) == (date(2025, 1, 31), date(2025, 4, 23))


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [("2025-01-01", "2025-04-20", "day"), ("2025-01-01", "2026-01-01", "week"), ("2022-01-01", "2025-01-01", "month"),
     ("1970-01-01", "2025-01-01", "year"), ("1000-01-01", "2025-01-01", "year")],
)  # fmt: skip
def test_there_are_never_many_bars(first: str, last: str, interval: str) -> None:
    span = shown(first, last)
    assert span.interval == interval
    width = {"day": 1, "week": 7, "month": 30.4, "year": 365.25}[interval]
    assert (span.lt - span.gte).days / width <= timeline.MOST_BARS + 2
    assert span.gte.weekday() == 0 or interval != "week"
    assert span.gte.day == 1 or interval not in ("month", "year")


def test_the_chosen_days_are_in_view_where_they_are_near() -> None:
    assert shown("2025-03-03", "2025-03-22", chosen="2025-02-20..2025-02-21").gte == date(2025, 2, 20)
    assert shown("2025-03-03", "2025-03-22", chosen="2025-03-30").lt == date(2025, 3, 31)
    assert shown("2025-03-03", "2025-03-22", chosen="1066").gte == date(2025, 3, 3)
    assert shown("9999-12-30", "9999-12-31", "about").lt <= date.max


def test_a_tile_is_where_web_mercator_has_it() -> None:
    world = atlas.tile_area(0, 0, 0)
    assert (world.west, world.east) == (-180, 180)
    assert world.north == pytest.approx(85.0511, abs=1e-4)
    assert world.south == pytest.approx(-world.north)
    quarter = atlas.tile_area(1, 1, 0)
    assert (quarter.west, quarter.east) == (0, 180)
    assert quarter.south == pytest.approx(0)


def test_a_cluster_stands_where_most_of_it_is_and_counts_articles() -> None:
    found = {
        "tiles": {"buckets": [{"key": "3/4/2", "doc_count": 9}]},
        "small_tiles": {"buckets": [{"key": "8/136/80", "doc_count": 7}, {"key": "8/130/85", "doc_count": 4}]},
    }
    (cluster,) = atlas.clusters(found)
    small = atlas.tile_area(8, 136, 80)
    assert cluster.count == 9
    assert small.south < cluster.lat < small.north
    assert small.west < cluster.lon < small.east
    assert cluster.area == atlas.tile_area(3, 4, 2)


def test_a_cluster_is_named_by_its_nearest_town() -> None:
    atlas.load_towns()
    assert atlas.nearest_town(55.6, 12.5) == "Copenhagen"
    assert atlas.nearest_town(-45.0, -120.0) is None  # the middle of an ocean


@pytest.mark.parametrize(
    ("area", "zoom"),
    [(None, 3), (Area(north=66, west=0, south=40, east=45), 6), (Area(north=1, west=0, south=0.999, east=0.001), 11)],
)
def test_a_smaller_area_has_smaller_tiles(area: Area | None, zoom: int) -> None:
    assert atlas.zoom(area) == zoom


@pytest.mark.parametrize(
    ("gte", "lt", "days"),
    [
        ("2025-03-03", "2025-03-04", "2025-03-03"),
        ("2025-03-03", "2025-03-10", "2025-03-03..2025-03-09"),
        ("2025-03-03T18:00:00", "2025-03-04T00:00:00", "2025-03-03"),
        ("2025-03-03T21:00:00", "2025-03-03T21:01:00", "2025-03-03"),
        ("2025-03-03T22:00:00", "2025-03-04T06:00:00", "2025-03-03..2025-03-04"),
        ("nonsense", "2025", None),
    ],
)
def test_an_interval_as_days_to_ask_for(gte: str, lt: str, days: str | None) -> None:
    assert views.days(Interval(gte=gte, lt=lt)) == days
    if days:
        daterange.parse(days)
