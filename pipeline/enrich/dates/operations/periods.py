"""Months, years, decades, quarters, halves, seasons and centuries by name or number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pipeline.enrich.dates.calendar import Granule, month_granule, year_granule
from pipeline.enrich.dates.context import Context, Direction, Match, Meaning, dated, is_family_name
from pipeline.enrich.dates.operations.amounts import unit_of
from pipeline.enrich.dates.operations.captures import full_year, month_of, shift_of, year_of
from pipeline.enrich.dates.operations.choice import (
    around,
    choose_in,
    direction_of,
    is_past,
    years_in_view,
)

_FIRST_DECADE: Final = 1900  # the 1800s are a century; the 1900s and the 2000s may be ten years
_LATE: Final = 2  # years that a report compares with
_FIGURES: Final = {"century": 2, "millennium": 1}  # of their values


def month(match: Match) -> Meaning | None:
    """October, last October, October 1998, October last year."""
    number = month_of(match)
    if number is None:
        return None
    year = year_of(match)
    if year is not None:
        return dated(month_granule(year, number))
    if match.stop - match.start == 1 and _is_family(match):
        return None
    here = month_granule(years_in_view(match.context)[1], number)
    shift = shift_of(match)
    if shift == -1:
        return dated(here if here.number < match.context.this("month").number else here.shift(-12))
    if shift == 1:
        return dated(here if here.number > match.context.this("month").number else here.shift(12))
    if shift == 0:
        return dated(here)
    places = choose_in(match.context, around(here, 12), _settled(direction_of(match)), sure=is_past(match))
    return dated(places[0], alternatives=places[1:2]) if places else None


def _is_family(match: Match) -> bool:
    """Whether a lone May is the one who has been named: "Theresa May", and later "May said"."""
    language, word = match.context.language, match.word_of("mo")
    if word not in language.surnames or word not in match.context.families:
        return False
    return is_family_name(match.context, match.start) or match.word(-1) not in language.before_year


def year(match: Match) -> Meaning | None:
    """1998, '98, fiscal 1998."""
    number = year_of(match)
    if number is None:
        spelt = match.get("t", "NUMWORD")
        number = int(spelt) if spelt is not None and 1900 <= spelt <= 2199 else None
    return None if number is None else dated(year_granule(number))


def year_range(match: Match) -> list[Meaning] | None:
    """1990-95, 1990-1995: two years."""
    first = match.get("y", "YEAR4")
    second = match.get("z", "YEAR4")
    short = match.get("zz", "TWODIGITS")
    if second is None:
        if short is None or len(match.context.tokens.raw(match.captured["zz"])) != 2:
            return None
        second = int(first) // 100 * 100 + int(short)
    if int(second) <= int(first):
        return None
    token = match.captured.get("z", match.captured.get("zz", match.stop))
    found = []
    for number, start, stop in ((int(first), match.start, match.captured["y"] + 1), (int(second), token, token + 1)):
        place = year_granule(number)
        found.append(Meaning(type="DATE", value=place.value, place=place, start=start, stop=stop))
    return found


def decade(match: Match) -> Meaning | None:
    """The 1990s, the '80s, the nineties."""
    now = match.context.now.year
    full = match.get("y", "YEAR4")
    if full is not None:
        if int(full) % 100 == 0 and int(full) < _FIRST_DECADE:
            return dated(Granule("century", int(full) // 100))  # the 1800s
        return dated(Granule("decade", int(full) // 10)) if int(full) % 10 == 0 else None
    short = match.get("yy", "TWODIGITS")
    if short is not None and (int(short) % 10 or (short < 50 and not _marked(match))):
        return None  # "in the mid-30s" is a temperature, an age or a rate
    tens = match.get("nd", "NUMDECADE") if short is None else int(short) // 10
    # a decade that is spoken of has begun: the '30s are the 1930s until 2030
    return None if tens is None else dated(Granule("decade", full_year(int(tens) * 10, now, ahead=0) // 10))


def _marked(match: Match) -> bool:
    """Whether an apostrophe stands for the figures left out: the '30s."""
    return match.context.tokens.words[match.captured["yy"] - 1] in ("'", "’", "‘")


def century(match: Match) -> Meaning | None:
    """The 20th century, the third millennium BC: TIMEX3 writes the first figures of their years."""
    number = match.get("o", "ORD") or match.get("n", "NUM")
    if number is None or not 1 <= int(number) <= 30:
        return None
    unit = str(match.option("unit") or "century")
    if "bc" in match:
        return Meaning(type="DATE", value=f"BC{int(number) - 1:0{_FIGURES[unit]}d}")
    return dated(Granule(unit, int(number) - 1))


def part_of_year(match: Match) -> Meaning | None:
    """The third quarter, the first half of 1998, last year's fourth quarter."""
    unit = str(match.option("unit"))
    parts = 4 if unit == "quarter" else 2
    number = int(match.get("o", "ORD") or -1)  # the latter half, the last half
    if number == -1:
        number = parts
    if not 1 <= number <= parts:
        return None
    known = year_of(match)
    if known is not None:
        return dated(Granule(unit, known * parts + number - 1))
    context = match.context
    if context.on_games:
        return None  # the second half of a match
    here = Granule(unit, years_in_view(context)[1] * parts + number - 1)
    places = choose_in(context, around(here, parts), _settled(direction_of(match)))
    # a period that has begun counts as present; one to come needs a verb that says so
    return dated(places[0], alternatives=places[1:2]) if places else None


def quarter_in_view(context: Context) -> Granule:
    """The quarter that the text speaks of: the last one named, else the one that ended last before the anchor."""
    return topic(context, "quarter") or context.this("quarter").shift(-1)


def topic(context: Context, *units: str) -> Granule | None:
    """The period of a report: the one named last, unless that is long gone and another is not."""
    named = [item.place for item in reversed(context.narrative.seen[-40:]) if item.place.unit in units]
    late = (place for place in named if place.first.year >= context.now.year - _LATE)
    return next(late, named[0] if named else None)


def latest(match: Match) -> Meaning | None:
    """The latest quarter, the latest fiscal year: the last that has ended, or the one named before."""
    unit = unit_of(match) or "quarter"
    if unit == "quarter":
        return dated(quarter_in_view(match.context))
    if unit in ("month", "year", "week"):
        return dated(match.context.this(unit).shift(-1))
    return Meaning(type="DATE", value="PAST_REF") if unit == "day" else None


def compared(match: Match) -> Meaning | None:
    """The year-earlier quarter, the same period last year, year-ago: a year before the period in view."""
    context = match.context
    number = match.get("o", "ORD")
    unit = unit_of(match)
    if unit not in (None, "quarter", "month"):
        return None
    units = ("quarter", "half", "month") if unit is None else (unit,)
    base = topic(context, *units) or context.this(unit or "quarter").shift(-1)
    if number is not None and 1 <= int(number) <= 4:
        base = Granule("quarter", base.first.year * 4 + int(number) - 1)
    cycle = {"quarter": 4, "half": 2, "month": 12}[base.unit]
    found = dated(base.shift(-cycle))
    return None if found is None else replace(found, focus=False)


def compared_year(match: Match) -> Meaning | None:
    """The 1988 quarter: that of the year which is in view."""
    number = year_of(match)
    if number is None:
        return None
    found = dated(Granule("quarter", number * 4 + quarter_in_view(match.context).number % 4))
    return None if found is None else replace(found, focus=False)


def month_quarter(match: Match) -> Meaning | None:
    """The December quarter: the one that ends with that month."""
    found = month(match)
    number = month_of(match)
    if found is None or found.place is None or number is None or number % 3:
        return None
    return dated(found.place.to("quarter"))


def months_quarter(match: Match) -> Meaning | None:
    """The July-September quarter: months that are a quarter of the calendar; else they are read one by one."""
    first, last = month_of(match), match.get("me", "MONTH") or match.get("me", "SHORTMONTH")
    if first is None or last is None or first % 3 != 1 or int(last) != first + 2:
        return None
    context, known = match.context, year_of(match)
    quarter = (first - 1) // 3
    if known is not None:
        return dated(Granule("quarter", known * 4 + quarter))
    here = Granule("quarter", years_in_view(context)[1] * 4 + quarter)
    places = choose_in(context, around(here, 4), _settled(direction_of(match)))
    return dated(places[0], alternatives=places[1:2]) if places else None


def week_of_month(match: Match) -> Meaning | None:
    """The first week of April, the last week in May 2010: the ISO week in the middle of those seven days."""
    month, number = month_of(match), match.get("o", "ORD")
    nth = -1 if number is None else int(number)
    if month is None or not (nth == -1 or 1 <= nth <= 5):
        return None
    year = year_of(match)
    years = (year,) if year is not None else years_in_view(match.context)
    places = choose_in(match.context, [month_granule(one, month) for one in years], _settled(direction_of(match)))
    if not places:
        return None
    first, after = places[0].first.toordinal(), places[0].next_first.toordinal()
    return dated(Granule("day", after - 4 if nth == -1 else first + 7 * nth - 4).to("week"))


def before_christ(match: Match) -> Meaning | None:
    """44 B.C.: off the calendar that an index knows."""
    number = match.get("n", "NUM")
    if not isinstance(number, int) or not 1 <= number <= 9999:
        return None
    return Meaning(type="DATE", value=f"BC{number:04d}")


def anno_domini(match: Match) -> Meaning | None:
    """A.D. 79."""
    number = match.get("n", "NUM")
    return dated(year_granule(number)) if isinstance(number, int) and 1 <= number <= 2199 else None


def _settled(direction: Direction) -> Direction:
    return Direction.PAST if direction is Direction.UNKNOWN else direction


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    month,
    year,
    year_range,
    decade,
    century,
    part_of_year,
    week_of_month,
    before_christ,
    anno_domini,
    latest,
    compared,
    compared_year,
    month_quarter,
    months_quarter,
)
