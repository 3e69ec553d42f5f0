"""Ranges of dates as people type them: `2022-02-23`, `2022-02`, `2022`, `2022-02-21..2022-02-27`, `2022-02..`."""

from __future__ import annotations

import re
from datetime import MAXYEAR, date, timedelta

import msgspec

from pipeline.errors import Code, UserError

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z", re.ASCII)
LAST = date(MAXYEAR, 12, 31)
_HINT = "write 2022-02-23, 2022-02, 2022, 2022-02-21..2022-02-27 or 2022-02.."


class DateRange(msgspec.Struct, frozen=True, kw_only=True):
    """Whole days, `gte` included and `lt` not; None where that side is open."""

    gte: date | None = None
    lt: date | None = None


def parse(text: str) -> DateRange:
    """The range that a text means; both of its dates belong to it, and a month or year is all of its days.

    Raises:
        UserError: `usage`, naming the text and what would be accepted.
    """
    first, dots, last = (part.strip() for part in text.strip().partition(".."))
    if not dots:
        last = first
    gte = _days(first, text)[0] if first else None
    lt = _days(last, text)[1] if last else None
    if gte is None and lt is None:
        raise _unreadable(text)
    if gte is not None and lt is not None and gte >= lt:
        raise UserError(Code.USAGE, f"{text[:80]!r}: the range ends before it begins")
    return DateRange(gte=gte, lt=lt)


def written(days: DateRange) -> str:
    """A range as it is typed: `parse` of it is the same range."""
    first = days.gte.isoformat() if days.gte else ""
    last = (days.lt - timedelta(days=1)).isoformat() if days.lt else ""
    return first if first == last else f"{first}..{last}"


def _days(text: str, whole: str) -> tuple[date, date]:
    """The first day of a date, month or year, and the day after its last."""
    found = _DATE.match(text)
    if not found:
        raise _unreadable(whole)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None, "the pattern has a year"
    try:
        first = date(year, month or 1, day or 1)
        if day:
            return first, min(first, LAST - timedelta(days=1)) + timedelta(days=1)
        if month:
            return first, date(year + month // 12, month % 12 + 1, 1)
        return first, date(year + 1, 1, 1)
    except ValueError as error:
        raise UserError(Code.USAGE, f"{whole[:80]!r}: {text} is not a date of the calendar", hint=_HINT) from error


def _unreadable(text: str) -> UserError:
    return UserError(Code.USAGE, f"{text[:80]!r} is not a range of dates", hint=_HINT)
