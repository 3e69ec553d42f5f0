"""Stretches of the calendar: a unit and its number, counted so that arithmetic is addition.

`Granule("month", 1998 * 12 + 7)` is August 1998. Every unit counts from the year 0 of the proleptic Gregorian
calendar, days as `datetime.date.toordinal`, weeks as ISO 8601 weeks (Monday to Sunday). Values are written as TIMEX3
writes them (TimeML 1.2.1, ISO 8601 with its extensions: `1998-W07`, `1998-Q2`, `1998-SU`, `199` a decade, `19` a
century).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

FIRST_YEAR: Final = 1
LAST_YEAR: Final = 9998  # so that the first day after it is still a date
_FIRST_DAY: Final = 1
_LAST_DAY: Final = date(LAST_YEAR, 12, 31).toordinal()

SEASONS: Final = ("SP", "SU", "FA", "WI")  # in the order of their beginning within a year
# months in which they begin, northern meteorological seasons; the winter of a year begins in its December
_SEASON_MONTH: Final = (3, 6, 9, 12)

# months in a unit that is a whole number of months
MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200, "millennium": 12000}
DAYS: Final = {"day": 1, "week": 7}
# from fine to coarse
ORDER: Final = (
    "day",
    "weekend",
    "week",
    "month",
    "quarter",
    "season",
    "half",
    "year",
    "decade",
    "century",
    "millennium",
)


class Granule(NamedTuple):
    """One unit of the calendar: its kind and its number."""

    unit: str
    number: int

    def shift(self, count: int) -> Granule:
        """The unit `count` places later (earlier where negative)."""
        return Granule(self.unit, self.number + count)

    @property
    def valid(self) -> bool:
        """Whether it lies within the years that Python's calendar can tell."""
        first, last = _bounds(self.unit)
        return first <= self.number <= last

    @property
    def first(self) -> date:
        """Its first day. Raises ValueError outside the calendar (`valid`)."""
        unit, number = self
        if unit == "day":
            return date.fromordinal(number)
        if unit == "week":
            return date.fromordinal(max(1, number * 7 + 1))
        if unit == "weekend":
            return date.fromordinal(number * 7 + 6)
        if unit == "season":
            return date(number // 4, _SEASON_MONTH[number % 4], 1)
        months = number * MONTHS[unit]
        return date(max(1, months // 12), months % 12 + 1, 1)

    @property
    def next_first(self) -> date:
        """The first day after it."""
        unit, number = self
        if unit == "weekend":
            return date.fromordinal(number * 7 + 8)
        if unit == "season":
            year, month = divmod(number // 4 * 12 + _SEASON_MONTH[number % 4] - 1 + 3, 12)
            return date(year, month + 1, 1)
        return Granule(unit, number + 1).first

    @property
    def value(self) -> str:
        """As TIMEX3 writes it."""
        return _write(self)

    def to(self, unit: str) -> Granule:
        """The unit of that kind which holds its first day (for a finer kind: its first one)."""
        return self if unit == self.unit else granule(unit, self.first)


def granule(unit: str, day: date) -> Granule:
    """The unit of that kind which holds the day; for a weekend, the one of its week; winter is the one it lies in."""
    if unit == "day":
        return Granule(unit, day.toordinal())
    if unit in ("week", "weekend"):
        return Granule(unit, (day.toordinal() - 1) // 7)
    if unit == "season":
        months = day.year * 12 + day.month - 3
        return Granule(unit, months // 12 * 4 + months % 12 // 3)
    return Granule(unit, (day.year * 12 + day.month - 1) // MONTHS[unit])


def make_day(year: int, month: int, day: int) -> Granule | None:
    """That day, or None where the calendar has none (30 February, year 0)."""
    try:
        return Granule("day", date(year, month, day).toordinal())
    except (ValueError, OverflowError):
        return None


def year_granule(year: int) -> Granule:
    """The calendar year."""
    return Granule("year", year)


def month_granule(year: int, month: int) -> Granule:
    """The month, 1 to 12, of a year."""
    return Granule("month", year * 12 + month - 1)


def add_months(day: date, months: int) -> date | None:
    """The day of that number as many months on; the last of the month where it is shorter; None off the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    for number in (day.day, 30, 29, 28):
        if number <= day.day:
            try:
                return date(year, month + 1, number)
            except ValueError:
                continue
    return None


@lru_cache(maxsize=32)
def _bounds(unit: str) -> tuple[int, int]:
    if unit == "day":
        return _FIRST_DAY, _LAST_DAY
    if unit in ("week", "weekend"):
        return 0, (_LAST_DAY - 1) // 7 - 1
    if unit == "season":
        return FIRST_YEAR * 4, LAST_YEAR * 4 + 2
    months = MONTHS[unit]
    return FIRST_YEAR * 12 // months, (LAST_YEAR + 1) * 12 // months - 1


@lru_cache(maxsize=4096)
def _write(self: Granule) -> str:
    unit, number = self
    if unit == "day":
        return date.fromordinal(number).isoformat()
    if unit in ("week", "weekend"):
        year, week, _ = date.fromordinal(number * 7 + 4).isocalendar()  # ISO: the week's Thursday names its year
        return f"{year:04d}-W{week:02d}" + ("-WE" if unit == "weekend" else "")
    if unit == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if unit == "quarter":
        return f"{number // 4:04d}-Q{number % 4 + 1}"
    if unit == "half":
        return f"{number // 2:04d}-H{number % 2 + 1}"
    if unit == "season":
        return f"{number // 4:04d}-{SEASONS[number % 4]}"
    width = {"year": 4, "decade": 3, "century": 2, "millennium": 1}[unit]
    return f"{number:0{width}d}"


def season_granule(year: int, season: int) -> Granule:
    """The season, 0 spring to 3 winter, that begins in the year."""
    return Granule("season", year * 4 + season)


def weekday_near(day: date, weekday: int, *, weeks: int = 0) -> Granule:
    """The day of that weekday (0 Monday) in the ISO week of `day`, or `weeks` weeks from it."""
    return Granule("day", day.toordinal() - day.weekday() + weekday + 7 * weeks)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> Granule | None:
    """The nth (1 first, -1 last) such weekday of a month."""
    if nth > 0:
        first = make_day(year, month, 1)
        if first is None:
            return None
        return first.shift((weekday - first.first.weekday()) % 7 + 7 * (nth - 1))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    last = month_granule(year, month).next_first.toordinal() - 1
    return Granule("day", last - (date.fromordinal(last).weekday() - weekday) % 7 + 7 * (nth + 1))
