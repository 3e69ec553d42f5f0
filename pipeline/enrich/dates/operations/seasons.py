"""Spring, summer, autumn and winter: last summer, the fall of 1998, that winter, by late autumn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pipeline.enrich.dates.calendar import season_granule
from pipeline.enrich.dates.context import Direction, Match, Meaning, dated
from pipeline.enrich.dates.operations.captures import shift_of, year_of
from pipeline.enrich.dates.operations.choice import around, choose_in, direction_of, years_in_view


def season(match: Match) -> Meaning | None:
    """Last summer, the fall of 1998, this winter."""
    number = match.get("se", "SEASON")
    if number is None:
        return None
    known = year_of(match)
    if known is not None:
        return dated(season_granule(known, int(number)))
    now = match.context.now
    here = season_granule(years_in_view(match.context)[1], int(number))
    shift = shift_of(match)
    if shift and match.context.narrating:
        return season_in_view(match)
    if shift == -1:  # in January, "last winter" is not the one that is not over
        return dated(next((place for place in (here, here.shift(-4)) if place.next_first <= now), here.shift(-8)))
    if shift == 1:
        return dated(here if here.first > now else here.shift(4))
    direction = Direction.UNKNOWN if shift == 0 else direction_of(match)
    places = choose_in(match.context, around(here, 4), direction)
    return dated(places[0], alternatives=places[1:2]) if places else None


def season_bare(match: Match) -> Meaning | None:
    """By autumn, in winter: the match begins with the preposition; "in winter clothes" is none."""
    if match.word(0).isalpha() and match.word(0) not in match.context.language.before_year:
        return None
    found = season(match)
    return None if found is None else replace(found, start=match.start + 1)


def season_in_view(match: Match) -> Meaning | None:
    """That winter, the following spring: from the place named last."""
    number, shift = match.get("se", "SEASON"), shift_of(match)
    last = match.context.narrative.last()
    if number is None:
        return None
    start = last.first if last is not None and last.valid else match.context.now
    here = season_granule(start.year, int(number))
    if shift is None:
        return dated(here)
    if shift > 0:
        return dated(here if here.first > start else here.shift(4))
    return dated(here if here.next_first <= start else here.shift(-4))


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    season,
    season_bare,
    season_in_view,
)
