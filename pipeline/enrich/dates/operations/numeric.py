"""Days in figures, and days that have a name: "2013-04-05", "04/05/2013", "9/11", "Thanksgiving"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.enrich.dates.calendar import Granule, make_day
from pipeline.enrich.dates.context import Direction, Match, Meaning
from pipeline.enrich.dates.holidays import KNOWN
from pipeline.enrich.dates.operations.captures import full_year, shift_of, year_of
from pipeline.enrich.dates.operations.choice import choose_in, direction_of, years_in_view
from pipeline.enrich.dates.operations.clocks import at, clock_of


def numeric(match: Match) -> Meaning | None:
    """2013-04-05, 04/05/2013, 5.4.2013, 20130405."""
    place = _numeric(match)
    if place is None or not place.valid:
        return None
    clock = clock_of(match)[0] if "ck" in match else None
    return at(place, clock) if clock else Meaning(type="DATE", value=place.value, place=place)


def _numeric(match: Match) -> Granule | None:
    compact = match.get("compact", "COMPACT")
    if compact is not None:
        text = str(compact)
        return make_day(int(text[:4]), int(text[4:6]), int(text[6:]))
    dotted = match.get("dotted", "DOTTED")
    if dotted is not None:
        fields = str(dotted).split(".")
        if len(fields) != 3 or len(fields[2]) != 4 or not all(1 <= len(field) <= 2 for field in fields[:2]):
            return None
        return make_day(int(fields[2]), int(fields[1]), int(fields[0]))
    slashed = match.get("slashed", "SLASHED")
    if slashed is not None:
        parts = str(slashed).split("/")
        if len(parts[0]) == 4:
            return make_day(*(int(part) for part in parts))
        if not all(1 <= len(part) <= 2 for part in parts[:2]) or len(parts[2]) not in (2, 4):
            return None
        first, second, year = (int(part) for part in parts)
        if len(parts[2]) == 2:
            year = full_year(year, match.context.now.year)
        # American order, unless only the other one is a date
        return make_day(year, first, second) or make_day(year, second, first)
    year, month, number = match.get("y", "YEAR4"), match.get("mn", "NUM"), match.get("dn", "DAYNUM")
    if year is None or len(match.context.tokens.raw(match.captured["mn"])) != 2:
        return None
    return make_day(int(year), int(month), int(number))


def nine_eleven(match: Match) -> Meaning | None:
    """9/11."""
    day = make_day(2001, 9, 11)
    if match.word_of("fr") != "9/11" or day is None or match.context.now < day.first:
        return None
    return Meaning(type="DATE", value=day.value, place=day, focus=False)


def holiday(match: Match) -> Meaning | None:
    """Thanksgiving, last Christmas, Easter 2005, Easter week."""
    tokens = match.context.tokens
    if match.stop - match.start == 1 and match.word(0).isalpha() and tokens.raw(match.stop)[0].isupper():
        return None  # Easter Island
    day_of = KNOWN[str(match.option("key"))]
    now = match.context.now
    year, shift = year_of(match), shift_of(match)
    if year is not None:
        places: tuple[Granule, ...] = tuple(place for place in (day_of(year),) if place is not None)
    else:
        candidates = [place for place in map(day_of, years_in_view(match.context)) if place is not None]
        if shift:
            candidates = [place for place in candidates if (place.first > now) == (shift > 0)]
        direction = Direction.PAST if shift == -1 else Direction.FUTURE if shift == 1 else direction_of(match)
        places = choose_in(match.context, candidates, direction)
    if not places or not places[0].valid:
        return None
    place = places[0].to(str(match.get("u", "WEEKLIKE"))) if "u" in match else places[0]
    return Meaning(type="DATE", value=place.value, place=place)


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    numeric,
    nine_eleven,
    holiday,
)
