"""The timeline: which stretch of days it shows, in bars of which width, and what Elasticsearch counts for it.

Days of publication are counted by `@timestamp` (UTC), days spoken of by `mentioned_dates`, whose intervals count in
every bar that they touch. It is counted without its own range, so that what lies beside the chosen days stays in
view. An article is published on one day, so a count by days tells both ends and, added up, every bar; of days spoken
of the ends are asked for first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from pipeline.index.daterange import DateRange
from pipeline.web.parameters import Timeline

Interval = Literal["day", "week", "month", "year"]

FIELDS: Final[dict[Timeline, str]] = {"published": "@timestamp", "about": "mentioned_dates"}
MOST_BARS: Final = 120
AROUND: Final = timedelta(days=31)  # news mostly speaks of the weeks before and after it
_DAYS: Final[dict[Interval, float]] = {"day": 1, "week": 7, "month": 30.4, "year": 365.25}


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days that the timeline shows (`lt` not included), and the width of its bars."""

    gte: date
    lt: date
    interval: Interval


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """The first day of a bar, and its articles; bars without any are left out."""

    day: date
    count: int


class Bars(msgspec.Struct, frozen=True, kw_only=True):
    """A timeline. All of its bars lie within its span."""

    by: Timeline
    span: Span
    bars: tuple[Bar, ...]


DAYS: Final[dict[str, Any]] = {
    "days": {"date_histogram": {"field": FIELDS["published"], "calendar_interval": "day", "min_doc_count": 1}}
}
ENDS: Final[dict[str, Any]] = {
    "first": {"min": {"field": "@timestamp"}},
    "last": {"max": {"field": "@timestamp"}},
}


def published(found: dict[str, Any], *, chosen: DateRange | None) -> Bars | None:
    """The timeline of the days of publication in the answer to `DAYS`; None where there are none.

    Args:
        found: `aggregations` of the answer.
        chosen: as in `span`.
    """
    days = [(_day(each["key"]), each["doc_count"]) for each in found["days"]["buckets"]]
    if not days:
        return None
    shown = _around(days[0][0], days[-1][0], chosen)
    counts: dict[date, int] = {}
    for day, count in days:
        first = _first_day(day, shown.interval)
        counts[first] = counts.get(first, 0) + count
    made = [Bar(day=day, count=count) for day, count in counts.items()]
    return Bars(by="published", span=shown, bars=tuple(bar for bar in made if bar.day >= shown.gte))


def span(ends: dict[str, Any], *, chosen: DateRange | None) -> Span | None:
    """The span of days spoken of, from the first and last publication in the answer to `ENDS`; None without any.

    Args:
        ends: `aggregations` of the answer.
        chosen: the timeline's own range, which is in view where it is less than ten years away.
    """
    if ends["first"]["value"] is None:
        return None
    first, last = (_day(ends[name]["value"]) for name in ("first", "last"))
    return _around(_moved(first, -AROUND), _moved(last, AROUND), chosen)


def _around(first: date, last: date, chosen: DateRange | None) -> Span:
    if chosen is not None:
        near = timedelta(days=3653)
        if chosen.gte is not None and abs(chosen.gte - first) < near:
            first = min(first, chosen.gte)
        if chosen.lt is not None and abs(chosen.lt - last) < near:
            last = max(last, _moved(chosen.lt, -timedelta(days=1)))
    return _span(first, _moved(last, timedelta(days=1)))


def _span(gte: date, lt: date) -> Span:
    days = (lt - gte).days
    interval: Interval = next((name for name, width in _DAYS.items() if days / width <= MOST_BARS), "year")
    gte = _first_day(gte, interval)
    if interval == "year":
        gte = gte.replace(year=max(gte.year, lt.year - MOST_BARS))
    return Span(gte=gte, lt=lt, interval=interval)


def _first_day(day: date, interval: Interval) -> date:
    """The first day of the bar that a day is in."""
    if interval == "week":
        return day - timedelta(days=day.weekday())
    if interval == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if interval == "year" else day


def aggregation(shown: Span) -> dict[str, Any]:
    """What Elasticsearch counts for the bars of days spoken of."""
    last = shown.lt - timedelta(days=1)
    bounds = {"min": shown.gte.isoformat(), "max": last.isoformat()}
    return {
        "date_histogram": {
            "field": FIELDS["about"],
            "calendar_interval": shown.interval,
            "min_doc_count": 1,
            "hard_bounds": bounds,
        }
    }


def spoken_of(found: dict[str, Any], shown: Span) -> Bars:
    """The timeline of the days spoken of in the answer to `aggregation`."""
    made = [Bar(day=_day(each["key"]), count=each["doc_count"]) for each in found["buckets"]]
    return Bars(by="about", span=shown, bars=tuple(bar for bar in made if shown.gte <= bar.day < shown.lt))


def _day(milliseconds: float) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).date()


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day
