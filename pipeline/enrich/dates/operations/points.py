"""Days and times of day: "Oct. 23, 1999", "late Friday", "10 p.m. Wednesday", "this morning", "Jan. 3-5"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.enrich.dates.calendar import Granule, make_day, nth_weekday
from pipeline.enrich.dates.context import Direction, Match, Meaning
from pipeline.enrich.dates.holidays import KNOWN
from pipeline.enrich.dates.operations.choice import choose, choose_in, direction_of, years_in_view


def month_of(match: Match) -> int | None:
    """The captured month, 1 to 12."""
    found = match.get("mo", "MONTH") or match.get("ms", "SHORTMONTH")
    return int(found) if found else None


def weekday_of(match: Match) -> int | None:
    """The captured weekday, 0 Monday."""
    found = match.get("wd", "WEEKDAY")
    if found is None:
        found = match.get("ws", "SHORTDAY")
    return None if found is None else int(found)


def year_of(match: Match) -> int | None:
    """The captured year, also of two figures, or the anchor's with "this", "last" or "next"."""
    year = match.get("y", "YEAR4")
    if year is not None:
        return int(year)
    short = match.get("yy", "TWODIGITS")
    if short is not None:
        if not _is_short_year(match, match.captured["yy"]):
            return None
        return full_year(int(short), match.context.now.year)
    shift = shift_of(match, "y")
    return None if shift is None else match.context.now.year + shift


def _is_short_year(match: Match, index: int) -> bool:
    """Whether an apostrophe and two figures are a year: "in '98", "May '98", but not "the workers' 15 percent"."""
    tokens, language = match.context.tokens, match.context.language
    mark = index - 1
    if mark < 1 or tokens.ends[mark] != tokens.starts[index] or tokens.ends[mark - 1] == tokens.starts[mark]:
        return False
    return mark > match.start or tokens.words[mark - 1] in language.before_year


def full_year(short: int, now: int) -> int:
    """Two figures as the year nearest to now that is not more than 20 years ahead."""
    year = now - now % 100 + short
    return year - 100 if year > now + 20 else year


def shift_of(match: Match, prefix: str = "") -> int | None:
    """-1, 0 or 1 for last, this, next, captured as `last`, `this` or `next` with the prefix; None without one."""
    # "this past spring", "this coming Sunday": the second word says which way
    for name, kinds in (("last", ("LAST", "LASTVIEW")), ("next", ("NEXT", "NEXTVIEW")), ("this", ("THIS",))):
        for kind in kinds:
            found = match.get(prefix + name, kind)
            if found is not None:
                return int(found)
    return None


def _day_number(match: Match) -> int | None:
    number = match.get("dn", "DAYNUM")
    if number is None:
        number = match.get("do", "DAYORD")
    return None if number is None else int(number)


def places_of(match: Match) -> tuple[Granule, ...]:
    """The days that the captured parts can mean, best first."""
    context = match.context
    today = match.get("td", "TODAY")
    if today is not None:
        if _is_name(match, match.captured["td"]):
            return ()
        return (context.this("day").shift(int(today)),)
    month, number, weekday = month_of(match), _day_number(match), weekday_of(match)
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
    return choose_in(match.context, places, direction_of(match))


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
    direction = direction_of(match)
    if direction is Direction.UNKNOWN:
        direction = Direction.PAST  # news reports what has happened
    return choose((today.shift(ahead - 7), today.shift(ahead)), now, direction)


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


def point(match: Match) -> Meaning | None:
    """A day, with or without a time of day."""
    places = [place for place in places_of(match) if place.valid]
    if not places:
        return None
    clock, offset = clock_of(match)
    timed = {"ck", "hr", "pt", "pd", "dc"} & match.captured.keys()
    if timed and clock is None:
        return None
    if clock is None:
        return Meaning(
            type="DATE", value=places[0].value, place=places[0], alternatives=tuple(p.value for p in places[1:3])
        )
    return at(places[0], clock, offset=offset)


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
        if match.word(0).isalpha():
            return None
        start += 1
    context = match.context
    months = [context.this("month").shift(shift).first for shift in range(-12, 13)]
    if weekday is None:
        months = months[11:14]
    days = [make_day(month.year, month.month, int(number)) for month in months]
    if weekday is not None:
        days = [day for day in days if day is not None and day.first.weekday() == weekday]
    places = choose(days, context.now, direction_of(match))
    return Meaning(type="DATE", value=places[0].value, place=places[0], start=start) if places else None


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


def hundred_hours(match: Match) -> Meaning | None:
    """0600 GMT."""
    text = match.context.tokens.raw(match.captured["hm"])
    if len(text) != 4 or not text.isdigit() or int(text[:2]) > 24 or int(text[2:]) > 59:
        return None
    day = match.context.narrative.last("day", after=match.start - 60) or match.context.this("day")
    return at(day, f"{text[:2]}:{text[2:]}", offset=match.get("zn", "ZONE"))


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
        candidates = [place for place in map(day_of, range(now.year - 1, now.year + 2)) if place is not None]
        if shift:
            candidates = [place for place in candidates if (place.first > now) == (shift > 0)]
        direction = Direction.PAST if shift == -1 else Direction.FUTURE if shift == 1 else direction_of(match)
        places = choose(candidates, now, direction)
    if not places or not places[0].valid:
        return None
    place = places[0].to(str(match.get("u", "WEEKLIKE"))) if "u" in match else places[0]
    return Meaning(type="DATE", value=place.value, place=place)


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
    time_alone,
    night,
    numeric,
    day_range,
    holiday,
    nine_eleven,
    weekday_range,
    day_of_month,
    weekday_of_month,
    hundred_hours,
    beside,
    holding,
)
