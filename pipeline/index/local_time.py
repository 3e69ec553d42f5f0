"""Intervals as wall-clock times, and only those that Elasticsearch has on its calendar. Pure.

"late on Wednesday" in a story from Kyiv is a Wednesday there, whoever searches.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pipeline.article import Interval, Timex

DATE_CHARACTERS: Final = 10  # of YYYY-MM-DD

_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?\Z", re.ASCII)


def local(timex: Timex) -> tuple[Timex, timedelta]:
    """The time expression with its interval in local time, and how long that is.

    Without interval where Elasticsearch would refuse it: its calendar ends with the year 9999.
    """
    interval = timex.interval
    if interval is None:
        return timex, timedelta()
    gte, lt = _without_offset(interval.gte), _without_offset(interval.lt)
    length = _between(gte, lt)
    if length <= timedelta():
        return msgspec.structs.replace(timex, interval=None), timedelta()
    if gte == interval.gte and lt == interval.lt:
        return timex, length
    return msgspec.structs.replace(timex, interval=Interval(gte=gte, lt=lt)), length


def _without_offset(value: str) -> str:
    return value if len(value) == DATE_CHARACTERS else _OFFSET.sub("", value)


def _between(gte: str, lt: str) -> timedelta:
    """From one moment to another; zero where either is not on the calendar."""
    if not (_MOMENT.match(gte) and _MOMENT.match(lt)):
        return timedelta()
    try:
        return datetime.fromisoformat(lt) - datetime.fromisoformat(gte)
    except ValueError:
        return timedelta()
