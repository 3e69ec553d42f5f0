"""Lengths of time and repetitions: three weeks, the past two months, 10-year, every Thursday, daily."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from pipeline.enrich.dates.context import Match, Meaning

# ISO 8601 designators; a T before those of the clock
DESIGNATORS: Final = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "week": "W", "month": "M", "quarter": "Q",
    "year": "Y", "decade": "E", "century": "C", "millennium": "L", "weekend": "WE", "fortnight": "W", "half": "H",
    "summer": "SU", "winter": "WI", "spring": "SP", "morning": "MO", "afternoon": "AF", "evening": "EV",
}  # fmt: skip
# "every night" is a count of days
_PARTS: Final = {"morning": "XXXX-XX-XXT", "afternoon": "XXXX-XX-XXT", "evening": "XXXX-XX-XXT", "summer": "XXXX-",
                 "winter": "XXXX-"}  # fmt: skip
_FINER: Final = ("year", "month", "week", "day", "hour", "minute", "second")
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
    for name, kind in (("u", "UNIT"), ("us", "UNITS"), ("u", "LONGUNIT"), ("u", "WEEKLIKE")):
        found = match.get(name, kind)
        if found:
            return str(found)
    given = match.option("unit")
    return str(given) if given else None


def amount_of(match: Match) -> Any:
    """The captured number, "X" for a vague one, else the rule's own; halves are added."""
    number = match.get("n", "NUM")
    if number is None:
        number = match.get("few", "FEW") or match.get("few", "MANY")
    if number is None:
        number = match.option("amount")
    if not isinstance(number, int | float):
        return "X" if number == "X" else None
    half = match.get("half", "HALF")
    fraction = match.get("fr", "FRACTION")
    if isinstance(fraction, str):
        above, _, below = fraction.partition("/")
        if not (above.isdigit() and below.isdigit()) or not 0 < int(above) < int(below):
            return None
        fraction = int(above) / int(below)
    return number + (half or 0) + (fraction or 0)


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
    rest = round((amount - whole) * lesser[0], 6) if lesser else 0.5
    if lesser is None or rest != int(rest):
        return f"P{clock}{amount:g}{designator}"
    head = f"P{clock}{whole}{designator}" if whole else f"P{clock}"
    if unit == "day":
        head += "T"
    return f"{head}{int(rest)}{lesser[1]}"


_HALVES: Final = {"decade": ("year", 10), "century": ("year", 100), "year": ("month", 12), "month": ("day", 30)}


def whole(unit: str, amount: Any) -> tuple[str, Any]:
    """Half a century as fifty years, two and a half years as thirty months; else as it was."""
    if isinstance(amount, float) and amount != int(amount) and unit in _HALVES:
        finer, factor = _HALVES[unit]
        if amount * factor == int(amount * factor):
            return finer, int(amount * factor)
    return unit, amount


def duration(match: Match) -> Meaning | None:
    """Three weeks, a few days, 10-year, years."""
    unit, amount = unit_of(match), amount_of(match)
    if unit is None or amount is None:
        return None
    value = period_value(unit, amount)
    if value is None or is_name(match) or _lasts(match):
        return None
    start = None
    # "a 10-year bond": the article belongs to the noun after it
    if "n" in match and not match.option("whole") and ("hy" in match or ("u" in match and amount != 1)):
        start = match.captured["n"]
    return Meaning(type="DURATION", value=value, start=start)


def _lasts(match: Match) -> bool:
    """Whether the match begins with a verb: "should last two days"."""
    return "past" in match and match.word(-1) in match.context.language.auxiliaries


def quarter_of(match: Match) -> Meaning | None:
    """A quarter of a century, a quarter-century."""
    unit = unit_of(match)
    return Meaning(type="DURATION", value="P25Y") if unit == "century" else None


def is_name(match: Match) -> bool:
    """Whether the unit has a capital within running text: 60 Minutes, the Six-Day War."""
    tokens = match.context.tokens
    index = match.captured.get("u", match.captured.get("us"))
    if index is None or index == match.start:
        return False
    raw = tokens.raw(index)
    return raw[0].isupper() and not raw.isupper()


def after_word(match: Match) -> Meaning | None:
    """For years, in months: the match begins with the word that shows it is a time."""
    found = duration(match)
    return None if found is None else replace(found, start=match.start + 1)


def per_unit(match: Match) -> Meaning | None:
    """$5 million a year, twice a week: the match begins with what is counted."""
    unit = unit_of(match)
    if unit not in ("hour", "day", "week", "month", "year", "quarter", "minute"):
        return None
    value = "P1Q" if unit == "quarter" else period_value(unit, 1)
    start = match.start if match.option("whole") else match.start + 1
    return None if value is None else Meaning(type="SET", value=value, start=start)


def compound(match: Match) -> Meaning | None:
    """Two hours and ten minutes, two years, two months and five days: units from coarse to fine."""
    tokens, lexicon = match.context.tokens, match.context.language.grammar.lexicon
    parts: list[tuple[str, float]] = []
    amount: float | None = 1 if "one" in match else None  # an hour and ten minutes
    for index in range(match.captured.get("n", match.captured.get("one", match.start)), match.stop):
        number = tokens.numbers.get(index)
        if number is not None:
            amount = number if isinstance(number, int | float) else None
            continue
        classes = lexicon.words.get(tokens.words[index], {})
        unit = classes.get("UNIT") or classes.get("UNITS")
        if unit is not None:
            if amount is None or unit not in _FINER:
                return None
            parts.append((str(unit), amount))
            amount = None
    order = [_FINER.index(unit) for unit, _ in parts]
    if len(parts) < 2 or any(before >= after for before, after in pairwise(order)):
        return None
    days = "".join(f"{count:g}{DESIGNATORS[unit]}" for unit, count in parts if unit not in _CLOCK)
    clock = "".join(f"{count:g}{DESIGNATORS[unit]}" for unit, count in parts if unit in _CLOCK)
    return Meaning(type="DURATION", value=f"P{days}" + (f"T{clock}" if clock else ""))


def span(match: Match) -> Meaning | None:
    """The past two years, the next few days: a length that ends or begins now."""
    return duration(match)


def skip(match: Match) -> list[Meaning]:
    """Words that only look like a time."""
    return []


def vague(match: Match) -> Meaning:
    """A while: a length that nothing counts."""
    return Meaning(type="DURATION", value="PXX")


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
    if unit in _PARTS and amount == 1:
        return Meaning(type="SET", value=f"{_PARTS[unit]}{DESIGNATORS[unit]}")
    value = "P1Q" if unit == "quarter" and amount == 1 else period_value(unit, amount)
    return None if value is None else Meaning(type="SET", value=value)


def some_weekday(match: Match) -> Meaning | None:
    """On a Friday: any such day; "a Friday deadline" is that of one Friday."""
    if match.word(0).isalpha() and match.word(0) not in match.context.language.phrase:
        return None
    weekday, part = match.get("wd", "WEEKDAY"), match.get("pd", "PART")
    value = f"XXXX-WXX-{int(weekday) + 1}"
    return Meaning(type="TIME", value=f"{value}T{part}") if part else Meaning(type="DATE", value=value)


def weekends(match: Match) -> Meaning:
    """On weekends."""
    return Meaning(type="SET", value="XXXX-WXX-WE")


def often(match: Match) -> Meaning | None:
    """Daily, weekly, annually; not in a name (the Daily Telegraph)."""
    tokens = match.context.tokens
    if tokens.raw(match.start)[0].isupper() and match.word(-1) not in (".", ""):
        return None
    if match.word(0) in match.context.language.speech:
        return None  # the daily said: a newspaper
    return Meaning(type="SET", value=str(match.get("often", "OFTEN")))


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    duration,
    after_word,
    per_unit,
    span,
    skip,
    vague,
    repetition,
    often,
    quarter_of,
    some_weekday,
    weekends,
    compound,
)
