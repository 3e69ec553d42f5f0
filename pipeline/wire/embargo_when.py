"""When the words after an embargo say that it ends (`embargo_words.py` says how what is not said is taken)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.wire import zones
from pipeline.wire.moments import LAST_ON_EARTH
from pipeline.wire.months import MONTHS_IN_TEXT, WEEKDAYS

_HOURS = r"uhr|hrs?|hours|horas?|heures?|uur|h"
_CLOCK = re.compile(
    r"\b(?:(?P<noon>noon|midday|12 ?noon|mittags?|midi|mediodía|mezzogiorno)"
    r"|(?P<midnight>midnight|mitternacht|minuit|medianoche|mezzanotte|middernacht|midnatt|midnat|keskiyö\w*)"
    rf"|(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d))?\s?(?:(?P<half>[ap])\.?\s?m\b\.?|(?P<uhr>{_HOURS})\b)"
    r"|(?P<hour2>[01]?\d|2[0-4])[:.h](?P<minute2>[0-5]\d)(?::[0-5]\d)?(?!\.?\d)"
    r"|(?P<hour4>[01]\d|2[0-4])(?P<minute4>[0-5]\d)(?=\s|\Z|[A-Z(,.])(?:\s?(?:hrs|hours|h)\b)?"
    r"|(?:klo|kl|alle(?: ore)?|às|a las)\.?\s?(?P<hour3>[01]?\d|2[0-4])(?![\d.:h]))",
    re.I,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):?(\d{2})(?::?\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_NUMERIC = re.compile(  # 31.5.2024, 31/05/24; "31.5." where a time follows, since "18.10." may be one
    r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2})\b|\.(?=\s*,?\s*(?:klo|kl|um|ab|asti|saakka|\d)))", re.I
)
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|\.|º)?\s+(?:of\s+|de\s+)?([^\W\d_]{3,11})\b\.?,?\s*(\d{4})?", re.I
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,11})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?![:.h]\d),?\s*(\d{4})?(?!\d)", re.I)
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\b", re.I)
_RELATIVE = re.compile(
    r"\b(?:(today|tonight|heute|aujourd['’]hui|hoy|oggi|hoje|vandaag|i ?dag|tänään)"
    r"|(tomorrow|morgen|demain|mañana|domani|amanhã|i ?morgon|i ?morgen|huomenna))\b",
    re.I,
)
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?([+-]\d{1,2})(?::?(\d{2}))?\b")
_LETTERS = re.compile(r"\b[A-Z]{1,5}\b|\b[A-Z]\.[A-Z]\.(?:[A-Z]\.)?")
_PLACE_TIME = re.compile(
    r"\b(eastern|central|mountain|pacific|ET|CT|MT|PT|[^\W\d_]+(?: york)?)\s+(?:standard |daylight )?time\b"
    r"|\b(ET|CT|MT|PT)\b|\b(?:heure|hora|ora)\s+d[ei]\s+([^\W\d_]+)",
    re.I,
)
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
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


def read(rest: str, created: str) -> str | None:
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
        return _told(datetime.combine(day + timedelta(days=carry), at, zone))
    except OverflowError:
        return None


def _iso(found: re.Match[str], rest: str, local: tzinfo) -> str | None:
    day, clock = "-".join(found.group(1, 2, 3)), ":".join(found.group(4, 5))
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{found[6] or ''}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(rest[found.end() :]) or local)
        return _told(moment)
    except (ValueError, OverflowError):
        return None


def _told(moment: datetime) -> str:
    """As it is written; raises OverflowError where it is none in UTC, as whoever reads it will need."""
    moment.astimezone(UTC)
    return moment.isoformat()


def _reference(created: str) -> tuple[datetime, tzinfo]:
    """The article's moment, and the zone of times that name none."""
    if len(created) == 10:
        return datetime.fromisoformat(created).replace(tzinfo=UTC), LAST_ON_EARTH
    moment = datetime.fromisoformat(created)
    offset = moment.utcoffset()
    return moment, (moment.tzinfo if offset and moment.tzinfo else LAST_ON_EARTH)


def _clock(rest: str) -> tuple[time, int] | None:
    """Time of day, and a day more where it is 24 o'clock. Midnight is that of the day's begin."""
    for found in _CLOCK.finditer(_NUMERIC.sub(lambda day: " " * len(day.group()), rest)):
        if found["noon"]:
            return time(12), 0
        if found["midnight"]:
            return time(0), 0
        hour = int(found["hour"] or found["hour2"] or found["hour3"] or found["hour4"])
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
    dated = word[:3] in MONTHS_IN_TEXT or word in MONTHS_IN_TEXT or _ORDINAL.fullmatch(word) is not None
    return dated and 1900 <= int(found.group()[:4]) <= 2100


def _days(rest: str, here: datetime) -> list[date]:
    """The days that the words may mean."""
    numeric = _NUMERIC.search(rest)
    if numeric:
        first, second = int(numeric[1]), int(numeric[2])
        if numeric[3] is None:
            return _nearest(second, first, here)
        year = int(numeric[3]) + (2000 if len(numeric[3]) == 2 else 0)
        return _dates(year, second, first) + _dates(year, first, second)
    for pattern, month_first in ((_DAY_MONTH, False), (_MONTH_DAY, True)):
        for found in pattern.finditer(rest):
            month = MONTHS_IN_TEXT.get((found[1] if month_first else found[2]).lower())
            day = int(found[2] if month_first else found[1])
            if month is None:
                continue
            if found[3]:
                return _dates(int(found[3]), month, day)
            return _nearest(month, day, here)
    weekday = _WEEKDAY.search(rest)
    if weekday:
        wanted = WEEKDAYS[weekday.group().lower()]
        ahead = (wanted - here.weekday()) % 7
        clock = _clock(rest)
        if ahead == 0 and (clock is None or datetime.combine(here.date(), clock[0], here.tzinfo) < here):
            ahead = 7
        return [here.date() + timedelta(days=ahead)]
    relative = _RELATIVE.search(rest)
    if relative:
        return [here.date() + timedelta(days=1 if relative[2] else 0)]
    return []


def _nearest(month: int, day: int, here: datetime) -> list[date]:
    near = [each for year in (here.year - 1, here.year, here.year + 1) for each in _dates(year, month, day)]
    return [min(near, key=lambda each: abs(each - here.date()))] if near else []


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
        name = _PLACES.get((found[1] or found[2] or found[3]).lower())
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
