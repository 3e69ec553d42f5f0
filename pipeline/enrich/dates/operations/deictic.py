"""Stretches seen from the anchor: this week, last year, two days ago, recently, the future."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pipeline.enrich.dates.calendar import (
    ORDER,
    Granule,
    add_months,
    granule,
    month_granule,
    weekday_near,
    year_granule,
)
from pipeline.enrich.dates.context import Direction, Match, Meaning, dated
from pipeline.enrich.dates.operations.amounts import amount_of, is_name, period_value, unit_of, whole
from pipeline.enrich.dates.operations.captures import shift_of, year_of
from pipeline.enrich.dates.operations.choice import direction_of
from pipeline.enrich.dates.operations.clocks import at
from pipeline.enrich.dates.operations.points import places_of

PARTS: Final = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
_MONTHS: Final = {
    "month": 1,
    "quarter": 3,
    "half": 6,
    "year": 12,
    "decade": 120,
    "century": 1200,
    "millennium": 12000,
}
_DAYS: Final = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "weekend": 7}
_HALF_WEEK: Final = 3  # days
_SUNDAY: Final = 6
_MIDYEAR: Final = 6  # month
_FEW_WEEKS: Final = 20  # that are counted by their days
# how many of a unit make a year
YEARLY: Final = {"quarter": 4, "half": 2}
REPORT: Final = 60  # tokens within which the period named last is still the topic


def near(match: Match) -> Meaning | None:
    """This week, last year, next month, this morning, last night."""
    unit, shift = unit_of(match), shift_of(match)
    if unit is None or shift is None or is_name(match):
        return None
    context = match.context
    if shift == 1 and unit in ("day", *PARTS):
        # "next day" is the one after another; the one after today is tomorrow
        day = (context.narrative.last("day") or context.this("day")).shift(1)
        return (dated(day) if unit == "day" else at(day, PARTS[unit])) if day.valid else None
    if unit in PARTS:
        day = context.this("day").shift(shift)
        return at(day, PARTS[unit]) if day.valid else None
    if unit in ("summer", "winter", "fortnight", "second", "minute", "hour"):
        return None
    if unit == "day" and shift == -1:
        return _last_day(match)
    # "the past decade" is the ten years up to now, "the next decade" those to come
    past = "last" in match and match.word_of("last") == "past" and unit in ("decade", "century", "quarter")
    if past or (shift == 1 and unit in ("decade", "century")):
        value = period_value(unit, 1)
        return None if value is None else Meaning(type="DURATION", value=value)
    if unit == "quarter" and shift == -1:
        return dated(context.this("quarter").shift(-1))
    here = granule(unit, context.now)
    if unit == "week" and shift == 0 and _week_begins(match):
        here = here.shift(1)
    return dated(here.shift(shift))


def _week_begins(match: Match) -> bool:
    """Whether "this week", said on a Sunday of what is to be done, is the week that begins."""
    return match.context.now.weekday() == _SUNDAY and direction_of(match) is Direction.FUTURE


def _last_day(match: Match) -> Meaning | None:
    """Over the past day: its length; "the last day" is that of something else."""
    codes, before = match.context.tokens.codes, match.context.language.grammar.members("FORLIKE")
    length = match.word_of("last") == "past" or (match.start > 0 and codes[match.start - 1] in before)
    return Meaning(type="DURATION", value="P1D") if length else None


def until_now(match: Match) -> Meaning:
    """To this day: the match begins with the preposition."""
    return Meaning(type="DATE", value="PRESENT_REF", start=match.start + 1)


def now_unit(match: Match) -> Meaning | None:
    """The end of the year, the beginning of the month, year-end, year-end 1998."""
    unit, year = unit_of(match), year_of(match)
    if year is not None:
        return dated(year_granule(year))
    return dated(match.context.here(unit)) if unit in ORDER else None


def from_day(match: Match) -> Meaning | None:
    """A week from Friday, two days from tomorrow."""
    places = places_of(match)
    unit, amount = unit_of(match), amount_of(match)
    if (
        not places
        or not places[0].valid
        or unit not in ("day", "week", "month", "year")
        or not isinstance(amount, int)
    ):
        return None
    place = move(places[0].first, unit, amount)
    if unit == "week":
        place = places[0].shift(7 * amount)
    return dated(place)


def move(start: date, unit: str, count: int) -> Granule | None:
    """The place `count` units from a day, at the granularity that such words have: a week, a month, a year."""
    if unit in _MONTHS:
        day = add_months(start, _MONTHS[unit] * count)
        return None if day is None else granule({"month": "month", "quarter": "quarter"}.get(unit, "year"), day)
    if unit in _DAYS:
        place = Granule("day", start.toordinal() + _DAYS[unit] * count)
        return place.to("day" if unit in ("day", "night") else "week") if place.valid else None
    return None


def ago(match: Match) -> Meaning | None:
    """Two days ago, a year ago, three weeks from now; `sign` says which way."""
    unit, amount = unit_of(match), amount_of(match)
    sign = int(match.option("sign") or -1)
    if unit is None or amount is None:
        return None
    if amount == "X":
        return Meaning(type="DATE", value="PAST_REF" if sign < 0 else "FUTURE_REF")
    context = match.context
    if unit in ("hour", "minute", "second"):
        day = context.this("day")
        return Meaning(type="TIME", value=f"{day.value}TXX:XX", place=None)
    years = unit == "year" and amount > 1
    unit, amount = whole(unit, amount)
    if float(amount) != int(amount):
        return None
    # in a report of a quarter, "a year ago" is that quarter's like; the day of the report is not its topic
    last = context.narrative.last("quarter", "half", "month", "year", after=match.start - REPORT)
    if unit == "year" and sign < 0 and last is not None and last.unit in YEARLY:
        found = dated(last.shift(-int(amount) * YEARLY[last.unit]))
        return None if found is None else replace(found, focus=False)
    place = move(context.now, unit, sign * int(amount))
    if years and place is not None:
        place = place.to("year")  # "two and a half years ago"
    found = dated(place)
    # "a year ago" is what a report compares with: the topic stays where it was
    return replace(found, focus=False) if found is not None and unit == "year" and amount == 1 else found


def before_last(match: Match) -> Meaning | None:
    """The week before last, the year after next."""
    unit = unit_of(match)
    return dated(match.context.this(unit).shift(int(match.option("shift")))) if unit in ORDER else None


def some_day(match: Match) -> Meaning | None:
    """One day they will meet, some day: a day to come; else a length."""
    one = "n" not in match.captured or (match.get("n", "NUM") == 1 and unit_of(match) == "day")
    return Meaning(type="DATE", value="FUTURE_REF") if one and direction_of(match) is Direction.FUTURE else None


def weekdays_ago(match: Match) -> Meaning | None:
    """Two Fridays ago."""
    count, weekday = match.get("n", "NUM"), match.get("wds", "WEEKDAYS")
    now = match.context.now
    if not isinstance(count, int) or not 1 <= count <= _FEW_WEEKS or weekday is None:
        return None
    return dated(granule("day", now).shift((int(weekday) - now.weekday()) % 7 - 7 * count))


def new_year(match: Match) -> Meaning | None:
    """In the new year: the one that begins next, or has just begun."""
    now = match.context.now
    if unit_of(match) != "year" or match.context.narrating:
        return None
    return dated(year_granule(now.year + (now.month > _MIDYEAR)))


def some_evening(match: Match) -> Meaning | None:
    """One evening, at the head of a sentence: a time that is not told."""
    tokens, start = match.context.tokens, match.start
    heads = not start or not tokens.words[start - 1].isalnum()
    if match.get("n", "NUM") != 1 or not heads or match.word(-1) in (",", "-"):
        return None
    return Meaning(type="TIME", value=f"XXXX-XX-XXT{match.get('pd', 'PART')}")


def anniversary(match: Match) -> Meaning | None:
    """Fifty years ago tomorrow, a week ago Tuesday, two years ago this month: counted back from what follows."""
    unit, amount = unit_of(match), amount_of(match)
    now, base = match.context.now, match.get("v", "LONGUNIT")
    if unit not in ("day", "week", "month", "year", "decade") or not isinstance(amount, int):
        return None
    weekday, shift = match.get("wd", "WEEKDAY"), shift_of(match)
    if base is not None:
        if base not in ("week", "month", "year") or shift is None:
            return None
        place = granule(str(base), now).shift(shift)
    elif match.get("mo", "MONTH") is not None:
        if unit not in ("year", "decade"):
            return None
        place = month_granule(now.year + (shift or 0), int(match.get("mo", "MONTH")))
    elif weekday is not None:
        if unit in ("day", "week"):
            return dated(weekday_near(now, int(weekday), weeks=-amount)) if unit == "week" else None
        ahead = (int(weekday) - now.weekday()) % 7
        place = granule("day", now).shift(ahead if ahead <= _HALF_WEEK else ahead - 7)  # the nearest one
    else:
        place = granule("day", now).shift(int(match.get("td", "TODAY") or 0))
    if unit in _DAYS:
        start = Granule("day", place.first.toordinal() - _DAYS[unit] * amount)
        return dated(start.to(place.unit)) if start.valid else None
    middle = place.first + timedelta(days=_HALF_WEEK) if place.unit == "week" else place.first
    day = add_months(middle, -_MONTHS[unit] * amount)
    return None if day is None else dated(granule(place.unit, day))


def week_on(match: Match) -> Meaning | None:
    """Friday week, the Thursday after next: a week after the one to come."""
    language = match.context.language
    if match.word(0).isalpha() and match.word(0) not in language.phrase and match.word(-1) not in language.at:
        return None
    today, weekday = match.context.this("day"), match.get("wd", "WEEKDAY")
    if weekday is None:
        return dated(today.shift(7 + int(match.get("td", "TODAY"))))
    return dated(today.shift(7 + ((int(weekday) - today.first.weekday()) % 7 or 7)))


def reference(match: Match) -> Meaning:
    """Now, recently, the future: no place on the calendar."""
    for name, kind in (("ref", "ADVERB"), ("rec", "RECENT")):
        found = match.get(name, kind)
        if found is not None:
            return Meaning(type="DATE", value=str(found))
    return Meaning(type="DATE", value=str(match.option("value") or "PAST_REF"))


def neighbour(match: Match) -> Meaning | None:
    """The day before yesterday, the day after tomorrow."""
    base = match.get("td", "TODAY")
    return None if base is None else dated(match.context.this("day").shift(int(base) + int(match.option("shift"))))


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    some_day,
    before_last,
    near,
    now_unit,
    from_day,
    ago,
    reference,
    neighbour,
    anniversary,
    week_on,
    until_now,
    new_year,
    weekdays_ago,
    some_evening,
)
