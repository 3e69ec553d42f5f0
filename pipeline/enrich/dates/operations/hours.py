"""Hours of a named day: from 5 to 8 p.m. Friday, from 9 p.m. to 5 a.m., shortly after midnight on Friday."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pipeline.enrich.dates.context import Match, Meaning
from pipeline.enrich.dates.operations.clocks import at, clock_of, part_of
from pipeline.enrich.dates.operations.points import places_of


def after_midnight(match: Match) -> Meaning | None:
    """Shortly after midnight on Friday: that day has just begun."""
    places = [place for place in places_of(match) if place.valid]
    clock, offset = clock_of(match)
    if not places or clock != "24:00":
        return None
    return replace(at(places[0], "00:00", offset=offset), start=match.captured["pt"])


def clock_range(match: Match) -> list[Meaning] | None:
    """From 5 to 8 p.m. Friday, 9:30-11 a.m.: the first hour lies before the second, within half a day."""
    last, offset = clock_of(match)
    text = str(match.get("cf", "CLOCK") or match.get("hf", "HOURNUM"))
    hour, _, minute = text.partition(":")
    first_token = match.captured.get("cf", match.captured.get("hf", match.start))
    if last is None or not hour.isdigit() or not 1 <= int(hour) <= 12 or (minute and len(minute) != 2):
        return None
    half = 12 if last >= "12" else 0
    own = match.get("mf", "MERIDIEM")
    if own is not None:
        half = int(own)
    clock = f"{int(hour) % 12 + half:02d}:{minute or '00'}"
    if own is None and clock >= last and half:
        clock = f"{int(hour) % 12:02d}:{minute or '00'}"  # 11 to 2 p.m.
    places = [place for place in places_of(match) if place.valid]
    found = [
        at(places[0], one, offset=offset) if places else part_of(match, one, offset=offset) for one in (clock, last)
    ]
    after = first_token + (1 if own is None else 2)
    night = found[0].place
    if own is not None and last <= clock and night is not None:
        found[1] = at(night.shift(1), last, offset=offset)  # from 9 p.m. to 5 a.m.
    return [replace(found[0], start=match.start, stop=after), replace(found[1], start=after + 1, stop=match.stop)]


def tonight_at(match: Match) -> Meaning | None:
    """At 10 tonight, 8 p.m. tonight."""
    clock, offset = clock_of(match)
    return None if clock is None else at(match.context.this("day"), clock, offset=offset)


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    after_midnight,
    clock_range,
    tonight_at,
)
