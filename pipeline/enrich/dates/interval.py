"""The stretch of the calendar that a meaning covers, as Elasticsearch's `date_range` takes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from pipeline.article import Interval
from pipeline.enrich.dates.context import Meaning
from pipeline.enrich.dates.reference import Reference

# hours of the parts of a day, which TIMEX3 names without them; a night begins on its day and ends on the next
PART_HOURS: Final = {"MO": (5, 12), "MI": (11, 14), "AF": (12, 18), "EV": (17, 22), "NI": (20, 30), "DT": (6, 18)}


def interval_of(meaning: Meaning, reference: Reference) -> Interval | None:
    """Half-open bounds: local dates, for a TIME date-times with offset; None off the calendar."""
    place = meaning.place
    if place is None or not place.valid:
        return None
    if meaning.clock is None:
        return Interval(gte=place.first.isoformat(), lt=place.next_first.isoformat())
    midnight = datetime.combine(place.first, datetime.min.time())
    if meaning.clock in PART_HOURS:
        first, last = (timedelta(hours=hour) for hour in PART_HOURS[meaning.clock])
    else:
        fields = [int(field) for field in meaning.clock.split(":")]
        first = timedelta(hours=fields[0], minutes=fields[1], seconds=fields[2] if len(fields) > 2 else 0)
        last = first + (timedelta(seconds=1) if len(fields) > 2 else timedelta(minutes=1))
    if meaning.offset is not None:
        zone: timezone | None = timezone(timedelta(minutes=meaning.offset))
        bounds = [(midnight + hours).replace(tzinfo=zone) for hours in (first, last)]
    else:
        bounds = [(midnight + hours).replace(tzinfo=reference.zone or UTC) for hours in (first, last)]
    return Interval(gte=bounds[0].isoformat(), lt=bounds[1].isoformat())
