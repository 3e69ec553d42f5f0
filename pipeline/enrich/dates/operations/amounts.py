"""Lengths of time and repetitions: three weeks, the past two months, 10-year, every Thursday, daily."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pipeline.enrich.dates.context import Match, Meaning

# ISO 8601 designators; a T before those of the clock
DESIGNATORS: Final = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "week": "W", "month": "M", "quarter": "Q",
    "year": "Y", "decade": "E", "century": "C", "millennium": "L", "weekend": "WE", "fortnight": "W", "half": "H",
    "summer": "SU", "winter": "WI", "spring": "SP", "morning": "MO", "afternoon": "AF", "evening": "EV",
}  # fmt: skip
_CLOCK: Final = frozenset({"second", "minute", "hour"})
# units that are counted in others where a number is given: two decades are P20Y, three quarters P9M
_COUNTED: Final = {
    "decade": ("year", 10),
    "century": ("year", 100),
    "quarter": ("month", 3),
    "fortnight": ("week", 2),
}


def unit_of(match: Match) -> str | None:
    """The captured unit."""
    found = match.get("u", "UNIT") or match.get("us", "UNITS")
    return str(found) if found else None


def amount_of(match: Match) -> Any:
    """The captured number, "X" for a vague one, 1 for a lone unit with an article."""
    number = match.get("n", "NUM")
    if number is None:
        number = match.get("few", "FEW")
    if number is None:
        return match.option("amount")
    if not isinstance(number, int | float):
        return None
    half = match.option("half")
    return number + 0.5 if half else number


def period_value(unit: str, amount: Any) -> str | None:
    """The ISO 8601 duration: `("year", 2.5)` is P2Y6M, `("day", "X")` PXD."""
    designator = DESIGNATORS.get(unit)
    if designator is None:
        return None
    clock = "T" if unit in _CLOCK else ""
    if amount == "X":
        return f"P{clock}X{designator}"
    if unit in _COUNTED:
        unit, factor = _COUNTED[unit]
        amount, designator = amount * factor, DESIGNATORS[unit]
    whole = int(amount)
    if amount == whole:
        return f"P{clock}{whole}{designator}"
    lesser = {"year": (12, "M"), "hour": (60, "M"), "minute": (60, "S"), "day": (24, "H"), "week": (7, "D")}.get(unit)
    rest = (amount - whole) * lesser[0] if lesser else 0.5
    if lesser is None or rest != int(rest):
        return f"P{clock}{amount:g}{designator}"
    head = f"P{clock}{whole}{designator}" if whole else f"P{clock}"
    if unit == "day":
        head += "T"
    return f"{head}{int(rest)}{lesser[1]}"


def duration(match: Match) -> Meaning | None:
    """Three weeks, a few days, 10-year, years."""
    unit, amount = unit_of(match), amount_of(match)
    if unit is None or amount is None:
        return None
    value = period_value(unit, amount)
    return None if value is None else Meaning(type="DURATION", value=value)


def repetition(match: Match) -> Meaning | None:
    """Every week, each July, every Thursday night, twice a year, Mondays."""
    month, weekday = match.get("mo", "MONTH"), match.get("wd", "WEEKDAY")
    if weekday is None:
        weekday = match.get("wds", "WEEKDAYS")
    part = match.get("pd", "PART")
    if month is not None:
        return Meaning(type="SET", value=f"XXXX-{int(month):02d}")
    if weekday is not None:
        return Meaning(type="SET", value=f"XXXX-WXX-{int(weekday) + 1}" + (f"T{part}" if part else ""))
    if part is not None:
        return Meaning(type="SET", value=f"XXXX-XX-XXT{part}")
    season = match.get("se", "SEASON")
    if season is not None:
        return Meaning(type="SET", value="XXXX-" + ("SP", "SU", "FA", "WI")[int(season)])
    unit, amount = unit_of(match), amount_of(match)
    if unit is None or amount is None:
        return None
    value = "P1Q" if unit == "quarter" and amount == 1 else period_value(unit, amount)
    return None if value is None else Meaning(type="SET", value=value)


def often(match: Match) -> Meaning:
    """Daily, weekly, annually."""
    return Meaning(type="SET", value=str(match.get("often", "OFTEN") or match.get("often", "ANNUAL")))


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (duration, repetition, often)
