"""What Kibana can show of nested findings: the days spoken of as plain dates, quotations as plain text.

Kibana draws over time in the time zone of its reader. An interval of a day, midnight to midnight, would fall into
two bars anywhere but at Greenwich; a moment of that day at 10:30 UTC is in the same day from Honolulu (UTC-10) to
Auckland (UTC+13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from pipeline.article import Interval, Quotation

DAY_MOMENT: Final = "T10:30:00Z"  # of a day spoken of: the same date for nearly every reader
LONGEST_STRETCH: Final = timedelta(days=7)  # "last week" is something about each of its days, "in February" is not
DAYS_MOST: Final = 1000  # of an article; a calendar of ten years would be no use as a facet


def days_spoken_of(intervals: Iterable[Interval]) -> tuple[str, ...]:
    """Each day that intervals of local time touch, once, as a moment of that day; the first `DAYS_MOST`.

    Intervals longer than `LONGEST_STRETCH` are passed over. All must be valid (`pipeline.index.local_time`).
    """
    found: dict[str, None] = {}
    for interval in intervals:
        for day in _days(interval):
            if len(found) >= DAYS_MOST:
                return tuple(found)
            found[f"{day}{DAY_MOMENT}"] = None
    return tuple(found)


def _days(interval: Interval) -> Iterator[str]:
    gte, lt = datetime.fromisoformat(interval.gte), datetime.fromisoformat(interval.lt)
    if lt - gte > LONGEST_STRETCH:
        return
    last = lt - timedelta(microseconds=1)
    for ordinal in range(gte.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal).isoformat()


def quoted(quotations: Sequence[Quotation]) -> tuple[str, ...]:
    """Every quotation as "speaker: words", in the order of the text; parts of a split one together."""
    lines: list[str] = []
    groups: dict[int, int] = {}  # the line of each split quotation
    for quotation in quotations:
        if quotation.group is not None and quotation.group in groups:
            lines[groups[quotation.group]] += f" {quotation.text}"
            continue
        if quotation.group is not None:
            groups[quotation.group] = len(lines)
        speaker = quotation.speaker and (quotation.speaker.canonical or quotation.speaker.text)
        lines.append(f"{speaker}: {quotation.text}" if speaker else quotation.text)
    return tuple(lines)
