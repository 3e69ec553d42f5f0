"""An embargo said in words -> the moment it ends.

    EMBARGOED UNTIL 6 p.m. GMT, Feb 27        STRICTLY EMBARGOED TO 0001 THURSDAY OCTOBER 15
    HOLD FOR RELEASE AT NOON ET FRIDAY        Under embargo until 14:00 London time on 3 March 2022
    SPERRFRIST: 27. Februar, 18.00 Uhr        NOT FOR PUBLICATION BEFORE 2022-02-27T06:00Z

What is not said is taken so that nothing comes out early: a day without a year is the nearest to the article's, a
weekday or a time alone is the next one, a day without a time begins at midnight, a time without a zone is in the zone
of the article's own time where that is a local one, and else where on earth it comes last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.wire import zones
from pipeline.wire.dateline import MONTHS
from pipeline.wire.moments import LAST_ON_EARTH

LOOKED_AT: Final = 1000  # characters of a note or line
LONGEST: Final = 160  # characters after the word of embargo that are looked at

_UNTIL = r"(?:until|till?|bis|jusqu['’ ]?(?:au|à|a)|hasta|expires?|lifts?|ends?)"
_UNTIL_OR_AT = rf"(?:{_UNTIL}|to|before|for|at|on)"
_USE = r"(?:release|publication|use|broadcast)"
# the words of embargo; what follows says when
_STRONG = re.compile(
    rf"\b(?:strictly\s+)?embargoed\b(?:\s*[:,.–—-]+\s*|\s+)(?:(?:for|against)\s+{_USE}\b\s*)?{_UNTIL_OR_AT}\b"
    rf"|\b(?P<noun>(?:under\s+)?embargo\b)(?:\s*[:,]\s*|\s+)(?:(?:is|in place)\s+)?{_UNTIL}\b"
    rf"|\b(?:hold\s+for|embargoed\s+for|not\s+for)\s+(?:public\s+)?{_USE}\s*(?:\b{_UNTIL_OR_AT}\b|:)"
    r"|\bsperrfrist\b|\bembargo\s*:|\bembargoed\b(?=\W{0,3}(?:\d|noon|midnight|mon|tue|wed|thu|fri|sat|sun))",
    re.I,
)
# said in capitals, without a time that we can read
_BARE = re.compile(
    r"\b(?:STRICTLY EMBARGOED|EMBARGOED|UNDER EMBARGO|HOLD FOR RELEASE|SPERRFRIST)"
    r"(?: STORY| COPY| MATERIAL| NEWS| RELEASE)?(?=\W*\Z|\s*[:;,.!*/|()–—-])"
)
_HINTS: Final = ("embargo", "sperrfrist", "hold", "not for")  # without one of them there is none
_OVER = re.compile(r"\b(?:embargo|sperrfrist)\b.{0,20}\b(?:lifted|expired|over|aufgehoben|abgelaufen)\b", re.I)

_CLOCK = re.compile(
    r"\b(?:(?P<noon>noon|midday|12 ?noon|mittags?)|(?P<midnight>midnight|mitternacht)"
    r"|(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d))?\s?(?:(?P<half>[ap])\.?\s?m\b\.?|(?P<uhr>uhr|hrs?|hours|h)\b)"
    r"|(?P<hour2>[01]?\d|2[0-4])[:.](?P<minute2>[0-5]\d)(?::[0-5]\d)?(?!\.?\d)"
    r"|(?P<hour4>[01]\d|2[0-4])(?P<minute4>[0-5]\d)(?=\s|\Z|[A-Z(,.])(?:\s?(?:hrs|hours|h)\b)?)",
    re.I,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):?(\d{2})(?::?\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+|de\s+)?([^\W\d_]{3,10})\b\.?,?\s*(\d{4})?", re.I)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?![:.h]\d),?\s*(\d{4})?(?!\d)", re.I)
_WEEKDAY = re.compile(
    r"\b(?:(mon|mondays?|montag)|(tues?|tuesdays?|dienstag)|(wed|wednesdays?|mittwoch)|(thurs?|thursdays?|donnerstag)"
    r"|(fri|fridays?|freitag)|(sat|saturdays?|samstag)|(sun|sundays?|sonntag))\b",
    re.I,
)
_RELATIVE = re.compile(r"\b(?:(today|tonight|heute)|(tomorrow|morgen))\b", re.I)
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?([+-]\d{1,2})(?::?(\d{2}))?\b")
_LETTERS = re.compile(r"\b[A-Z]{1,5}\b|\b[A-Z]\.[A-Z]\.(?:[A-Z]\.)?")
_PLACE_TIME = re.compile(
    r"\b(eastern|central|mountain|pacific|ET|CT|MT|PT|[^\W\d_]+(?: york)?)\s+(?:standard |daylight )?time\b"
    r"|\b(ET|CT|MT|PT)\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_LEADING: Final = frozenset(("attention", "note", "editors", "eds", "strictly"))
_PLACES: Final = {
    "eastern": "America/New_York", "et": "America/New_York", "new york": "America/New_York",
    "washington": "America/New_York", "central": "America/Chicago", "ct": "America/Chicago",
    "mountain": "America/Denver", "mt": "America/Denver",
    "pacific": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "london": "Europe/London", "uk": "Europe/London", "british": "Europe/London", "paris": "Europe/Paris",
    "brussels": "Europe/Brussels", "berlin": "Europe/Berlin", "german": "Europe/Berlin", "geneva": "Europe/Zurich",
    "swiss": "Europe/Zurich", "zurich": "Europe/Zurich", "rome": "Europe/Rome", "madrid": "Europe/Madrid",
    "vienna": "Europe/Vienna", "stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo",
    "copenhagen": "Europe/Copenhagen",
    "helsinki": "Europe/Helsinki", "lisbon": "Europe/Lisbon", "dublin": "Europe/Dublin", "moscow": "Europe/Moscow",
    "kyiv": "Europe/Kyiv", "istanbul": "Europe/Istanbul", "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo",
    "beijing": "Asia/Shanghai", "delhi": "Asia/Kolkata", "india": "Asia/Kolkata", "sydney": "Australia/Sydney",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What the words say: until when; None where there is an embargo whose end we can't read."""

    until: str | None


def find(text: str, *, created: str, anywhere: bool = False) -> Said | None:
    """The embargo that one line or note declares, or None.

    Args:
        text: a line at the head of the text, a headline or an editor's note.
        created: the article's versionCreated, the moment that times without a date follow.
        anywhere: whether the words may stand in the middle, as in a note; else only other words in capitals or of
            the same kind may stand before them.
    """
    text = text[:LOOKED_AT]
    lowered = text.lower()
    if not any(word in lowered for word in _HINTS) or _OVER.search(text):
        return None
    found = _STRONG.search(text)
    if found and (anywhere or (_leads(text[: found.start()]) and not _prose(found))):
        until = _moment(text[found.end() : found.end() + LONGEST], created)
        return Said(until)
    bare = _BARE.search(text)
    if bare and (anywhere or _leads(text[: bare.start()])):
        return Said(_moment(text[bare.end() : bare.end() + LONGEST], created))
    return None


def _prose(found: re.Match[str]) -> bool:
    """ "Embargo until 2030 agreed": the noun in a sentence or headline, not in capitals, declares nothing."""
    return found["noun"] is not None and not found["noun"].isupper()


def _leads(before: str) -> bool:
    words = _WORD.findall(before)
    return len(words) <= 6 and all(word.isupper() or word.lower() in _LEADING for word in words)


def _moment(rest: str, created: str) -> str | None:
    """The moment that the words after an embargo name, or None where they name none."""
    reference, local = _reference(created)
    whole = _ISO.search(rest)
    if whole and whole[4]:
        return _iso(whole, rest, local)
    clock = _clock(rest)
    zone = _zone(rest) or local
    here = reference.astimezone(zone)
    days = _dates(int(whole[1]), int(whole[2]), int(whole[3])) if whole else _days(rest, here)
    if not days and clock is None:
        return None
    at, carry = clock or (time(0), 0)
    if days:
        # where the words allow two days, the later one keeps the secret
        return _written(max(days), at, carry, zone)
    ends = datetime.combine(here.date(), at, zone) + timedelta(days=carry)
    if ends < here:
        ends += timedelta(days=1)
    return ends.isoformat()


def _written(day: date, at: time, carry: int, zone: tzinfo) -> str | None:
    try:
        return datetime.combine(day + timedelta(days=carry), at, zone).isoformat()
    except OverflowError:
        return None


def _iso(found: re.Match[str], rest: str, local: tzinfo) -> str | None:
    offset = found[6]
    try:
        naive = datetime(int(found[1]), int(found[2]), int(found[3]), int(found[4]), int(found[5]))
    except ValueError:
        return None
    if offset is None:
        return naive.replace(tzinfo=_zone(rest[found.end() :]) or local).isoformat()
    return naive.isoformat() + (offset if offset == "Z" or ":" in offset else f"{offset[:3]}:{offset[3:]}")


def _reference(created: str) -> tuple[datetime, tzinfo]:
    """The article's moment, and the zone of times that name none."""
    if len(created) == 10:
        return datetime.fromisoformat(created).replace(tzinfo=UTC), LAST_ON_EARTH
    moment = datetime.fromisoformat(created)
    offset = moment.utcoffset()
    return moment, (moment.tzinfo if offset and moment.tzinfo else LAST_ON_EARTH)


def _clock(rest: str) -> tuple[time, int] | None:
    """Time of day, and a day more where it is 24 o'clock. Midnight is that of the day's begin."""
    for found in _CLOCK.finditer(rest):
        if found["noon"]:
            return time(12), 0
        if found["midnight"]:
            return time(0), 0
        hour = int(found["hour"] or found["hour2"] or found["hour4"])
        minute = int(found["minute"] or found["minute2"] or found["minute4"] or 0)
        if found["hour4"] and _is_year(found, rest):
            continue
        half = (found["half"] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        return (time(0, minute), 1) if hour == 24 else (time(hour, minute), 0)
    return None


def _is_year(found: re.Match[str], rest: str) -> bool:
    """Whether four digits are a year: they follow a day or a month."""
    before = rest[: found.start()].rstrip(" ,./-")
    last = re.search(r"[^\W_]+\Z", before)
    word = last.group().lower() if last else ""
    dated = word[:3] in MONTHS or word in MONTHS or _ORDINAL.fullmatch(word) is not None
    return dated and 1900 <= int(found.group()[:4]) <= 2100


def _days(rest: str, here: datetime) -> list[date]:
    """The days that the words may mean."""
    numeric = _NUMERIC.search(rest)
    if numeric:
        first, second, year = (int(part) for part in numeric.groups())
        year += 2000 if year < 100 else 0
        return _dates(year, second, first) + _dates(year, first, second)
    for pattern, month_first in ((_DAY_MONTH, False), (_MONTH_DAY, True)):
        for found in pattern.finditer(rest):
            month = MONTHS.get((found[1] if month_first else found[2]).lower())
            day = int(found[2] if month_first else found[1])
            if month is None:
                continue
            if found[3]:
                return _dates(int(found[3]), month, day)
            years = (here.year - 1, here.year, here.year + 1)
            near = [each for year in years for each in _dates(year, month, day)]
            return [min(near, key=lambda each: abs(each - here.date()))] if near else []
    weekday = _WEEKDAY.search(rest)
    if weekday:
        wanted = next(number for number, name in enumerate(weekday.groups()) if name)
        ahead = (wanted - here.weekday()) % 7
        clock = _clock(rest)
        if ahead == 0 and (clock is None or datetime.combine(here.date(), clock[0], here.tzinfo) < here):
            ahead = 7
        return [here.date() + timedelta(days=ahead)]
    relative = _RELATIVE.search(rest)
    if relative:
        return [here.date() + timedelta(days=1 if relative[2] else 0)]
    return []


def _dates(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _zone(rest: str) -> tzinfo | None:
    offset = _OFFSET.search(rest)
    if offset:
        return _fixed(int(offset[1]), int(offset[2] or 0))
    for found in _PLACE_TIME.finditer(rest):
        name = _PLACES.get((found[1] or found[2]).lower())
        if name:
            return ZoneInfo(name)
    for letters in _LETTERS.findall(rest):
        known = zones.zone(letters)
        if known is not None:
            return known
    return None


def _fixed(hours: int, minutes: int) -> tzinfo | None:
    if abs(hours) > 14 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))
