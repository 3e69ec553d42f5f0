"""Times of day: "10 p.m.", "noon", "this morning", "tonight", "0600 GMT"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from pipeline.enrich.dates.calendar import Granule
from pipeline.enrich.dates.context import Direction, Match, Meaning
from pipeline.enrich.dates.operations.captures import heads_clause
from pipeline.enrich.dates.operations.choice import day_in_view, direction_of
from pipeline.enrich.dates.tokens import PARAGRAPH


def run_together(text: str) -> str | None:
    """0600 as 06:00; None where the figures are no time of day."""
    if len(text) != 4 or not text.isdigit() or int(text[:2]) > 24 or int(text[2:]) > 59:
        return None
    return f"{text[:2]}:{text[2:]}"


_HALF_PAST: Final = 30  # minutes
_NIGHT: Final = frozenset({"NI", "EV"})
_SMALL_HOURS: Final = "09:00"  # before it


def clock_of(match: Match) -> tuple[str | None, int | None]:
    """The time of day as TIMEX3 writes it after the T, and the offset of a named zone in minutes."""
    offset = match.get("zn", "ZONE")
    fixed = match.get("pt", "POINT")
    if fixed is not None:
        return str(fixed), offset
    part = match.get("pd", "PART") or match.option("clock")
    text = match.get("ck", "CLOCK")
    hour = match.get("hr", "HOURNUM")
    meridiem = match.get("mer", "MERIDIEM")
    run = match.captured.get("hm")
    if run is not None:
        return run_together(match.context.tokens.raw(run)), offset
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
    if "min" in match:
        minute = f"{int(match.get('min', 'NUM')):02d}"
        if int(minute) > 59:
            return None, offset
    if "sp" in match:
        past = match.get("sp", "PASTTO") or _HALF_PAST
        hour, minute = (hour, str(past)) if past > 0 else ((hour - 2) % 12 + 1, str(60 + past))
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


def part_of(match: Match, clock: str, *, offset: int | None = None) -> Meaning:
    """A TIME of the day in view, else of the anchor; in a tale that has named no day, of none."""
    breaks = match.context.language.grammar.code_of(PARAGRAPH)
    codes = match.context.tokens.codes
    if match.start and codes[match.start - 1] == breaks == codes[match.stop : match.stop + 1]:
        return at(match.context.this("day"), clock, offset=offset)  # a line of its own heads an entry of today's
    day = day_in_view(match)
    if day is not None:
        return at(_morning_after(match, day, clock), clock, offset=offset)
    view = match.context.view
    if view is None or view.unit == "day":
        return at(match.context.this("day") if view is None else view, clock, offset=offset)
    month = f"{view.first.month:02d}" if view.unit == "month" else "XX"
    return Meaning(type="TIME", value=f"{view.first.year:04d}-{month}-XXT{clock}")


def _morning_after(match: Match, day: Granule, clock: str) -> Granule:
    """The day, or the one after it: by 3 a.m., where the text has come to the night of the day."""
    seen = match.context.narrative.last_seen()
    before = seen.clock if seen is not None and seen.place == day else None
    if before is None or not (before in _NIGHT or "18:00" <= before < "24:00"):
        return day
    until = match.word(-1) in match.context.language.bounds  # "in force since 6 p.m. ... until 7 a.m."
    small = clock == "MO" or (clock < ("12:00" if until else _SMALL_HOURS) and clock[0].isdigit())
    return day.shift(1) if small and (until or day.first < match.context.now) else day


def time_alone(match: Match) -> Meaning | None:
    """A time of day without a day: that of the narrative."""
    clock, offset = clock_of(match)
    if clock is None:
        return None
    if "ck" in match and not {"mer", "zn", "pd"} & match.captured.keys():
        # 14:30 is a time where a preposition says so; 2:1 is a result
        text = match.context.tokens.raw(match.captured["ck"])
        if len(text.partition(":")[2]) < 2 or match.word(-1) not in match.context.language.at:
            return None
    return part_of(match, clock, offset=offset)


def part_alone(match: Match) -> Meaning | None:
    """The evening, the early morning: that of the day in view."""
    return None if heads_clause(match) else time_alone(match)


def time_after_word(match: Match) -> Meaning | None:
    """At dawn: the match begins with the preposition that shows it is a time."""
    found = time_alone(match)
    return None if found is None else replace(found, start=match.start + 1)


def night(match: Match) -> Meaning | None:
    """Tonight, overnight, last night, this morning."""
    day = match.context.this("day").shift(int(match.option("shift") or 0))
    return at(day, str(match.option("clock"))) if day.valid else None


def overnight(match: Match) -> Meaning | None:
    """Overnight: the night that has just ended, or with a verb to come the one that begins."""
    view = match.context.view
    if view is not None:
        return part_of(match, "NI")
    day = match.context.this("day").shift(0 if direction_of(match) is Direction.FUTURE else -1)
    return replace(at(day, "NI"), focus=False) if day.valid else None


def hundred_hours(match: Match) -> Meaning | None:
    """0600 GMT; at 0300, at 1500 hours."""
    text = match.context.tokens.raw(match.captured["hm"])
    clock = run_together(text)
    if clock is None:
        return None
    sure = "zn" in match or text[0] == "0" or match.stop > match.captured["hm"] + 1
    if not sure or ("zn" not in match and match.word(-1) not in match.context.language.at):
        return None  # an amount, a year
    return part_of(match, clock, offset=match.get("zn", "ZONE"))


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    time_alone,
    part_alone,
    time_after_word,
    night,
    overnight,
    hundred_hours,
)
