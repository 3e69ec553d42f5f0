"""Months, years, decades, quarters, halves, seasons and centuries by name or number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.enrich.dates.calendar import Granule, month_granule, season_granule, year_granule
from pipeline.enrich.dates.context import Direction, Match, Meaning, dated
from pipeline.enrich.dates.operations.choice import around, choose, direction_of
from pipeline.enrich.dates.operations.points import full_year, month_of, shift_of, year_of


def month(match: Match) -> Meaning | None:
    """October, last October, October 1998, October last year."""
    number = month_of(match)
    if number is None:
        return None
    year = year_of(match)
    if year is not None:
        return dated(month_granule(year, number))
    now = match.context.now
    here = month_granule(now.year, number)
    shift = shift_of(match)
    if shift == -1:
        return dated(here if here.number < match.context.this("month").number else here.shift(-12))
    if shift == 1:
        return dated(here if here.number > match.context.this("month").number else here.shift(12))
    if shift == 0:
        return dated(here)
    places = choose(around(here, 12), now, direction_of(match))
    return dated(places[0], alternatives=places[1:2]) if places else None


def year(match: Match) -> Meaning | None:
    """1998, '98, fiscal 1998."""
    number = year_of(match)
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
        return dated(Granule("decade", int(full) // 10)) if int(full) % 10 == 0 else None
    short = match.get("yy", "TWODIGITS")
    if short is not None and int(short) % 10:
        return None
    tens = match.get("nd", "NUMDECADE") if short is None else int(short) // 10
    return None if tens is None else dated(Granule("decade", full_year(int(tens) * 10, now) // 10))


def century(match: Match) -> Meaning | None:
    """The 20th century: TIMEX3 writes the first two figures of its years."""
    number = match.get("o", "ORD") or match.get("n", "NUM")
    if number is None or not 1 <= int(number) <= 30:
        return None
    return dated(Granule("century", int(number) - 1))


def part_of_year(match: Match) -> Meaning | None:
    """The third quarter, the first half of 1998, last year's fourth quarter."""
    number = int(match.get("o", "ORD") or 0)
    unit = str(match.option("unit"))
    parts = 4 if unit == "quarter" else 2
    if number == -1:
        number = parts
    if not 1 <= number <= parts:
        return None
    known = year_of(match)
    if known is not None:
        return dated(Granule(unit, known * parts + number - 1))
    here = Granule(unit, match.context.now.year * parts + number - 1)
    places = choose(around(here, parts), match.context.now, _settled(direction_of(match)))
    # a period that has begun counts as present; one to come needs a verb that says so
    return dated(places[0], alternatives=places[1:2]) if places else None


def _settled(direction: Direction) -> Direction:
    return Direction.PAST if direction is Direction.UNKNOWN else direction


def season(match: Match) -> Meaning | None:
    """Last summer, the fall of 1998, this winter."""
    number = match.get("se", "SEASON")
    if number is None:
        return None
    known = year_of(match)
    if known is not None:
        return dated(season_granule(known, int(number)))
    now = match.context.now
    here = season_granule(now.year, int(number))
    shift = shift_of(match)
    if shift == -1:
        return dated(here if here.next_first <= now else here.shift(-4))
    if shift == 1:
        return dated(here if here.first > now else here.shift(4))
    direction = Direction.UNKNOWN if shift == 0 else direction_of(match)
    places = choose(around(here, 4), now, direction)
    return dated(places[0], alternatives=places[1:2]) if places else None


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    month, year, year_range, decade, century, part_of_year, season,
)  # fmt: skip
