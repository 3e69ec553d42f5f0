"""Times of day: "10 p.m.", "noon", "this morning", "tonight", "0600 GMT"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.enrich.dates.calendar import Granule
from pipeline.enrich.dates.context import Match, Meaning


def clock_of(match: Match) -> tuple[str | None, int | None]:
    """The time of day as TIMEX3 writes it after the T, and the offset of a named zone in minutes."""
    offset = match.get("zn", "ZONE")
    fixed = match.get("pt", "POINT")
    if fixed is not None:
        return str(fixed), offset
    part = match.get("pd", "PART")
    text = match.get("ck", "CLOCK")
    hour = match.get("hr", "HOURNUM")
    meridiem = match.get("mer", "MERIDIEM")
    dotted = match.captured.get("dc")  # 2.30pm
    if dotted is not None:
        text = match.context.tokens.raw(dotted).replace(".", ":")
    if text is None and hour is None:
        return part, offset
    minute = "00"
    if text is not None:
        fields = str(text).split(":")
        if len(fields) not in (2, 3) or not all(len(value) <= 2 for value in fields):
            return None, offset
        hour, minute = int(fields[0]), ":".join(value.zfill(2) for value in fields[1:])
        if any(int(value) > 59 for value in fields[1:]):
            return None, offset
    hour = int(hour)
    if meridiem is None and part is not None:
        meridiem = 0 if part == "MO" or (part == "NI" and hour <= 5) else 12
    if meridiem is not None:
        if not 1 <= hour <= 12:
            return None, offset
        hour = hour % 12 + int(meridiem)
    if hour > 24 or (hour == 24 and minute != "00"):
        return None, offset
    return f"{hour:02d}:{minute}", offset


def at(day: Granule, clock: str, *, offset: int | None = None) -> Meaning:
    """A TIME of that day."""
    return Meaning(type="TIME", value=f"{day.value}T{clock}", place=day, clock=clock, offset=offset)


def time_alone(match: Match) -> Meaning | None:
    """A time of day without a day: that of the narrative."""
    clock, offset = clock_of(match)
    if clock is None:
        return None
    context = match.context
    if "ck" in match and not {"mer", "zn", "pd"} & match.captured.keys():
        # 14:30 is a time where a preposition says so; 2:1 is a result
        text = match.context.tokens.raw(match.captured["ck"])
        if len(text.partition(":")[2]) < 2 or match.word(-1) not in match.context.language.at:
            return None
    day = context.narrative.last("day", after=match.start - 60) or context.this("day")
    return at(day, clock, offset=offset)


def night(match: Match) -> Meaning | None:
    """Tonight, overnight, last night, this morning."""
    day = match.context.this("day").shift(int(match.option("shift") or 0))
    return at(day, str(match.option("clock"))) if day.valid else None


def hundred_hours(match: Match) -> Meaning | None:
    """0600 GMT."""
    text = match.context.tokens.raw(match.captured["hm"])
    if len(text) != 4 or not text.isdigit() or int(text[:2]) > 24 or int(text[2:]) > 59:
        return None
    day = match.context.narrative.last("day", after=match.start - 60) or match.context.this("day")
    return at(day, f"{text[:2]}:{text[2:]}", offset=match.get("zn", "ZONE"))


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    time_alone,
    night,
    hundred_hours,
)
