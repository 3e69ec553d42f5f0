"""Days by month, weekday or "today", with or without a time of day: "Oct. 23, 1999", "late Friday", "Jan. 3-5"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.enrich.dates.calendar import Granule, make_day, nth_weekday
from pipeline.enrich.dates.context import Direction, Match, Meaning
from pipeline.enrich.dates.operations.captures import day_number_of, month_of, shift_of, weekday_of, year_of
from pipeline.enrich.dates.operations.choice import (
    choose,
    choose_in,
    direction_of,
    is_past,
    reading_of,
    years_in_view,
)
from pipeline.enrich.dates.operations.clocks import at, clock_of

_JUST_PAST: Final = 2  # days
_RECENT: Final = 62  # days
_NEAR: Final = 40  # tokens
_SAME_SENTENCE: Final = 12  # tokens


def places_of(match: Match) -> tuple[Granule, ...]:
    """The days that the captured parts can mean, best first."""
    context = match.context
    today = match.get("td", "TODAY")
    if today is not None:
        if _is_name(match, match.captured["td"]):
            return ()
        return (context.this("day").shift(int(today)),)
    month, number, weekday = month_of(match), day_number_of(match), weekday_of(match)
    if month is not None and number is not None:
        return _month_day(match, month, number, weekday)
    if weekday is not None:
        return _weekday(match, weekday)
    if shift_of(match) is not None:  # this morning, last night
        return (context.this("day").shift(shift_of(match) or 0),)
    return ()


def _is_name(match: Match, index: int) -> bool:
    """Whether "Today" has its capital within a sentence: USA Today."""
    tokens = match.context.tokens
    if not tokens.raw(index)[0].isupper() or tokens.raw(index).isupper() or not index:
        return False
    return tokens.words[index - 1].isalnum()


def _month_day(match: Match, month: int, number: int, weekday: int | None) -> tuple[Granule, ...]:
    year = year_of(match)
    spelt = match.captured.get("dn", 0) == match.stop - 1 and match.word_of("dn")[:1].isalpha()
    if spelt and match.word(0).isalpha():
        return ()  # "in August three battles were lost"
    if year is not None:
        place = make_day(year, month, number)
        return (place,) if place is not None else ()
    now = match.context.now
    middle = years_in_view(match.context)[1]
    wide = weekday is not None or (month, number) == (2, 29)
    years = range(middle - 4, middle + 5) if wide else years_in_view(match.context)
    places = [make_day(year, month, number) for year in years]
    if weekday is not None:
        fitting = [place for place in places if place is not None and place.first.weekday() == weekday]
        if fitting:
            return choose_in(match.context, fitting, Direction.UNKNOWN)
        places = [make_day(year, month, number) for year in years_in_view(match.context)]
    shift = shift_of(match)
    if shift is not None:
        places = [place for place in places if place is not None and (place.first > now) == (shift > 0)]
    direction = direction_of(match)
    found = choose_in(match.context, places, direction, sure=is_past(match))
    if shift is None and found and direction is not Direction.FUTURE:
        told = _within_named(match, month, number)
        if told is not None and not 0 <= now.toordinal() - found[0].number <= _RECENT:
            return (told, *(place for place in found if place != told))
    return found


def _within_named(match: Match, month: int, number: int) -> Granule | None:
    """The day within the month or season named just before: "in the summer of 2007 ... on July 4"."""
    last = match.context.narrative.last("day", "month", "season", after=match.start - _NEAR)
    if last is None or last.unit == "day" or last.first.year >= match.context.now.year:
        return None
    day = make_day(last.first.year, month, number)
    return day if day is not None and last.first <= day.first < last.next_first else None


def _weekday(match: Match, weekday: int) -> tuple[Granule, ...]:
    now = match.context.now
    today = match.context.this("day")
    ahead = (weekday - now.weekday()) % 7
    view = match.context.view
    if view is not None and view.unit == "day" and view.valid:
        after = view.shift((weekday - view.first.weekday()) % 7)
        return (after, after.shift(-7))
    shift = shift_of(match)
    if shift == -1:
        return (today.shift(ahead - 7),)
    if shift == 1:
        return (today.shift(ahead or 7),)
    if shift == 0:
        return choose(
            (today.shift(ahead - 7), today.shift(ahead)), now, direction_of(match) if ahead else Direction.PAST
        )
    direction = reading_of(match)
    if direction is Direction.INTENDED:  # "was due to speak on Saturday", told on Sunday
        direction = Direction.PAST if 0 < (now.weekday() - weekday) % 7 <= _JUST_PAST else Direction.FUTURE
    last = match.context.narrative.last("day", after=match.start - _SAME_SENTENCE)
    follows = last is not None and today.number < last.number < today.number + 7
    if direction is Direction.UNKNOWN:
        # news reports what has happened; but "heats are on Tuesday, the final Thursday"
        direction = Direction.FUTURE if follows else Direction.PAST
    if direction is Direction.FUTURE and not ahead and follows:
        return (today.shift(7), today)  # "opens on Monday and closes on Thursday", told on a Thursday
    return choose((today.shift(ahead - 7), today.shift(ahead)), now, direction)


def point(match: Match) -> Meaning | None:
    """A day, with or without a time of day."""
    places = [place for place in places_of(match) if place.valid]
    if not places:
        return None
    clock, offset = clock_of(match)
    timed = bool({"ck", "hr", "pt", "pd", "dc", "hm"} & match.captured.keys()) or match.option("clock") is not None
    if timed and clock is None:
        return None
    if clock is None:
        if match.context.narrating and match.get("td", "TODAY") == 0:
            return Meaning(type="DATE", value="PRESENT_REF")  # history's "today" is the age we live in
        return Meaning(
            type="DATE", value=places[0].value, place=places[0], alternatives=tuple(p.value for p in places[1:3])
        )
    return at(places[0], clock, offset=offset)


def day_range(match: Match) -> list[Meaning] | None:
    """Jan. 3-5, April 24 and 25, 3 to 5 May: two days of one month."""
    month = month_of(match)
    second = match.get("dm", "DAYNUM")
    if month is None or second is None:
        return None
    places = places_of(match)
    if not places or not places[0].valid:
        return None
    other = make_day(places[0].first.year, month, int(second))
    first_token, second_token = match.captured["dn"], match.captured["dm"]
    if other is None or other.number <= places[0].number:
        return None
    month_token = match.captured.get("mo", match.captured.get("ms", match.start))
    if month_token > second_token or match.captured.get("y", -1) > second_token:  # 3 to 5 May
        spans = ((match.start, first_token + 1), (second_token, match.stop))
    else:
        spans = ((match.start, first_token + 1), (second_token, second_token + 1))
    return [
        Meaning(type="DATE", value=place.value, place=place, start=start, stop=stop)
        for place, (start, stop) in zip((places[0], other), spans, strict=True)
    ]


def weekday_range(match: Match) -> list[Meaning] | None:
    """From Monday to Thursday: the second day follows the first."""
    first, second = match.captured["wd"], match.captured["we"]
    places = [place for place in places_of(match) if place.valid]
    last = match.get("we", "WEEKDAY")
    if not places or last is None:
        return None
    other = places[0].shift((int(last) - places[0].first.weekday()) % 7)
    return [
        Meaning(type="DATE", value=place.value, place=place, start=token, stop=token + 1)
        for token, place in ((first, places[0]), (second, other))
        if place.valid
    ]


def day_of_month(match: Match) -> Meaning | None:
    """Friday the 13th; on the 15th, where no noun follows (the 5th Circuit)."""
    number, weekday = match.get("dn", "DAYNUM"), weekday_of(match)
    start = match.start
    if match.option("bare"):
        if match.word(0).isalpha() and match.word(0) not in match.context.language.phrase:
            return None
        start += 1
    context = match.context
    view = context.view
    here = context.this("month") if view is None or not view.valid else view.to("month")
    months = [here.shift(shift).first for shift in range(-12, 13) if here.shift(shift).valid]
    if weekday is None:
        months = [month for month in months if abs(month.year * 12 + month.month - 1 - here.number) <= 1]
    days = [make_day(month.year, month.month, int(number)) for month in months]
    if weekday is not None:
        days = [day for day in days if day is not None and day.first.weekday() == weekday]
    places = choose_in(context, days, direction_of(match))
    if not places:
        return None
    clock = clock_of(match)[0]
    return (
        at(places[0], clock) if clock else Meaning(type="DATE", value=places[0].value, place=places[0], start=start)
    )


def two_days(match: Match) -> Meaning | None:
    """The night of 4/5 June: its first day."""
    text = match.context.tokens.raw(match.captured["fr"])
    first, _, second = text.partition("/")
    month, year = month_of(match), year_of(match)
    if not (first.isdigit() and second.isdigit()) or int(second) not in (int(first) + 1, 1) or month is None:
        return None
    years = (year,) if year is not None else years_in_view(match.context)
    places = choose_in(match.context, [make_day(one, month, int(first)) for one in years], direction_of(match))
    if not places:
        return None
    clock = clock_of(match)[0]
    return at(places[0], clock) if clock else Meaning(type="DATE", value=places[0].value, place=places[0])


def weekday_of_month(match: Match) -> Meaning | None:
    """The first Monday in May, the last Sunday of October 2012."""
    month, weekday, number = month_of(match), weekday_of(match), match.get("o", "ORD")
    nth = -1 if number is None else int(number)
    if month is None or weekday is None or not (nth == -1 or 1 <= nth <= 5):
        return None
    year = year_of(match)
    years = (year,) if year is not None else years_in_view(match.context)
    places = choose_in(match.context, [nth_weekday(one, month, weekday, nth) for one in years], direction_of(match))
    return Meaning(type="DATE", value=places[0].value, place=places[0]) if places else None


def beside(match: Match) -> Meaning | None:
    """The day before Friday, the day after next Tuesday."""
    places = places_of(match)
    if not places or not places[0].valid:
        return None
    place = places[0].shift(int(match.option("shift")))
    return Meaning(type="DATE", value=place.value, place=place) if place.valid else None


def holding(match: Match) -> Meaning | None:
    """The week of March 6, the week ended Friday."""
    places = places_of(match)
    if not places or not places[0].valid:
        return None
    place = places[0].to(str(match.get("u", "WEEKLIKE")))
    return Meaning(type="DATE", value=place.value, place=place) if place.valid else None


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    point,
    day_range,
    weekday_range,
    day_of_month,
    weekday_of_month,
    two_days,
    beside,
    holding,
)
