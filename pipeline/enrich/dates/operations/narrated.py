"""Dates as histories tell them: March of that year, the 17th and 18th centuries, the night of 3 to 4 May, in 410."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pipeline.enrich.dates.calendar import Granule, make_day, month_granule, season_granule, year_granule
from pipeline.enrich.dates.context import Match, Meaning, dated
from pipeline.enrich.dates.operations.amounts import unit_of
from pipeline.enrich.dates.operations.anaphora import place_in_view
from pipeline.enrich.dates.operations.captures import day_number_of, month_of, shift_of, year_of
from pipeline.enrich.dates.operations.clocks import at, clock_of
from pipeline.enrich.dates.operations.deictic import PARTS, YEARLY
from pipeline.enrich.dates.operations.points import places_of

_AFTER_DAY: Final = frozenset({".", "st", "nd", "rd", "th"})  # still of the first of two days
_LATER_HALF: Final = frozenset({"afternoon", "evening", "night"})  # of a day
_LAST_ANCIENT_YEAR: Final = 1100  # a text that has named one as old may write years of three figures


def of_year_in_view(match: Match) -> Meaning | None:
    """March of that year, 3 March the following year, the spring of that year: the year is the one named before."""
    month, number, season = month_of(match), day_number_of(match), match.get("se", "SEASON")
    year = place_in_view(match.context, "year").number + (shift_of(match) or 0)
    if season is not None:
        return dated(season_granule(year, int(season)))
    part = match.get("o", "ORD")
    if part is not None:
        unit = str(match.option("unit"))
        parts = YEARLY[unit]
        return dated(Granule(unit, year * parts + int(part) - 1)) if 1 <= int(part) <= parts else None
    if month is None:
        return None
    return dated(month_granule(year, month) if number is None else make_day(year, month, number))


def that_month(match: Match) -> Meaning | None:
    """In 1954; that June she married: but "he said that June was cold" is none."""
    before = match.word(-1)
    if before.isalpha() and before not in match.context.language.during:
        return None
    return of_year_in_view(match)


def month_beside(match: Match) -> Meaning | None:
    """The following March, the previous October: from the place named last."""
    number, shift = month_of(match), shift_of(match)
    last = match.context.narrative.last()
    if number is None or not shift:
        return None
    start = last.first if last is not None and last.valid else match.context.now
    here = month_granule(start.year, number)
    if shift > 0:
        return dated(here if here.first > start else here.shift(12))
    found = dated(here if here.next_first <= start else here.shift(-12))
    return None if found is None else replace(found, focus=False)


def day_of_this_month(match: Match) -> Meaning | None:
    """The 22nd of this month, the 5th of that month."""
    context, number, shift = match.context, day_number_of(match), shift_of(match)
    month = place_in_view(context, "month") if match.option("view") else context.this("month")
    month = month.shift(shift or 0)
    if number is None or not month.valid:
        return None
    return dated(make_day(month.first.year, month.first.month, number))


def night_between(match: Match) -> Meaning | None:
    """The night of 3 to 4 May, the night of April 30-May 1: it belongs to its first day."""
    second = match.get("dm", "DAYNUM")
    places = places_of(match)
    if not places or not places[0].valid or second is None:
        return None
    clock = clock_of(match)[0]
    after = places[0].shift(1)
    if clock is None or not after.valid or after.first.day != int(second):
        return None
    return at(places[0], clock)


def two_centuries(match: Match) -> list[Meaning] | None:
    """The 17th and 18th centuries, the late 18th and early 19th century."""
    numbers = [match.get("o", "ORD") or match.get("n", "NUM"), match.get("p", "ORD") or match.get("q", "NUM")]
    if not all(isinstance(number, int) and 1 <= number <= 30 for number in numbers):
        return None
    first_stop = match.captured.get("o", match.captured.get("n", match.start) + 1) + 1
    link = next(
        index for index in range(first_stop, match.stop) if match.context.tokens.words[index] in ("and", "to", "or")
    )
    found = []
    for number, start, stop in zip(numbers, (match.start, link + 1), (link, match.stop), strict=True):
        place = Granule("century", int(number) - 1)
        if not place.valid:
            return None
        found.append(Meaning(type="DATE", value=place.value, place=place, start=start, stop=stop))
    return found


def ancient_year(match: Match) -> Meaning | None:
    """In 410: three figures, in a text that has named a year as old."""
    number = match.get("n", "FIGURE")
    last = match.context.narrative.last()
    if not isinstance(number, int) or not 100 <= number <= 999 or last is None or not last.valid:
        return None
    if last.first.year >= _LAST_ANCIENT_YEAR or not match.context.narrating or match.word(0).isalpha():
        return None
    place = year_granule(number)
    return Meaning(type="DATE", value=place.value, place=place, start=match.start + 1)


def before_end(match: Match) -> Meaning | None:
    """From January to June 1943, 30 November to 2 December 1989: the first of the two, which has the same year."""
    month, number, year = month_of(match), day_number_of(match), year_of(match)
    end = match.get("me", "MONTH") or match.get("me", "SHORTMONTH")
    if month is None or end is None or year is None:
        return None
    year -= month > int(end)
    words = match.context.tokens.words
    stop = max(match.captured.get(name, -1) for name in ("mo", "ms", "dn", "do")) + 1
    while words[stop] in _AFTER_DAY:
        stop += 1
    found = dated(month_granule(year, month) if number is None else make_day(year, month, number))
    return None if found is None else replace(found, stop=stop)


def clock_in_view(match: Match) -> Meaning | None:
    """Noon the next day, 2 a.m. the following morning, at dawn that day."""
    clock, offset = clock_of(match)
    weekday, shift = match.get("wd", "WEEKDAY"), shift_of(match) or int(match.option("shift") or 0)
    unit = unit_of(match)
    if clock is not None and "mer" not in match and unit in _LATER_HALF and clock[:2].isdigit() and clock < "12:00":
        clock = f"{int(clock[:2]) + 12}{clock[2:]}"  # nine o'clock the night before
    day = place_in_view(match.context, "day")
    if clock is None or not day.valid or (weekday is None and unit not in ("day", *PARTS)):
        return None
    if weekday is not None:
        ahead = (int(weekday) - day.first.weekday()) % 7
        day = day.shift(ahead - 7 if shift < 0 else ahead or (7 if shift else 0))
    else:
        day = day.shift(shift)
    if not day.valid:
        return None
    start = match.start + int(match.option("after") or 0)
    return replace(at(day, clock, offset=offset), start=start, focus=shift >= 0)


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    of_year_in_view,
    that_month,
    month_beside,
    day_of_this_month,
    night_between,
    two_centuries,
    ancient_year,
    before_end,
    clock_in_view,
)
