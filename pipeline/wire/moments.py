"""Times as agencies write them -> ISO 8601 date-times with offset, or a date alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

from pipeline.errors import Poison
from pipeline.wire import zones
from pipeline.wire.fields import bad

# A time without a zone is read in UTC. An embargo without one holds until the last place on earth has reached it.
LAST_ON_EARTH: Final = timezone(timedelta(hours=-12))

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]\s?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?\Z",
    re.ASCII,
)
# a year, or a year and month: dates that XML Schema and ninjs allow where only so much is known
_TRUNCATED = re.compile(r"\d{4}(?:-\d{2})?(?:Z|[+-]\d{2}:\d{2})?\Z", re.ASCII)
_SLASHES = re.compile(r"(\d{4})/(\d{2})/(\d{2})(?!\d)", re.ASCII)
# the zone at the end of a time: "GMT+0200", "+02:00", "CEST"
_OFFSET = re.compile(r"(?<=\d)\s?(?:GMT|UTC)?\s?([+-]\d{2}):?(\d{2})\Z", re.ASCII)
_ZONE = re.compile(r"(?<=\d)\s?([A-Za-z]{2,5})\Z", re.ASCII)
_DAY_WITH_ZONE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})\Z", re.ASCII)  # xs:date


def moment(value: str, *, field: str, zone: tzinfo = UTC) -> str:
    """An ISO 8601 (extended or basic) or RFC 822 time as `YYYY-MM-DDTHH:MM:SS[.f]+HH:MM`; a date alone stays one.

    Args:
        value: the time as delivered.
        field: its name, for the message.
        zone: in which a time without offset is read.

    Raises:
        Poison: `wire.field` where it is neither, or not in the calendar.
    """
    text = value.strip()
    found = _ISO.match(text) or _ISO.match(_DAY_WITH_ZONE.sub(r"\1", text)) if len(text) <= 40 else None
    if found is None:
        return _otherwise(text, field, zone)
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if hour is None:
        _valid(f"{year}-{month}-{day}", field, value)
        return f"{year}-{month}-{day}"
    second = "59" if second == "60" else second or "00"  # a leap second
    if hour == "24" and minute == second == "00":  # midnight at the end of the day
        year, month, day = _next_day(f"{year}-{month}-{day}", field, value)
        hour = "00"
    written = f"{year}-{month}-{day}T{hour}:{minute}:{second}"
    if offset is None:
        written = _valid(written, field, value).replace(tzinfo=zone).isoformat()
        if fraction:
            written = f"{written[:19]}.{fraction[:6]}{written[19:]}"
        return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written
    if offset in ("Z", "z", "UTC", "GMT"):
        offset = "Z"
    elif len(offset) == 3:
        offset += ":00"
    elif ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    if fraction:
        written += f".{fraction[:6]}"
    _valid(written + offset, field, value)
    return written + offset


def embargo(value: str, *, field: str = "embargoed") -> str:
    """The moment an embargo ends; a time or date without zone holds until the last place on earth has reached it.

    Raises:
        Poison: `wire.field`: what is under embargo must not pass without one that we understand.
    """
    found = moment(value, field=field, zone=LAST_ON_EARTH)
    return f"{found}T00:00:00-12:00" if len(found) == 10 else found


def full(value: str | None) -> str | None:
    """The value, or None where it is empty or names no day."""
    value = value.strip() if value else ""
    return value if value and not _TRUNCATED.match(value) else None


def optional(value: str | None, *, field: str) -> str | None:
    """`moment`, or None for a value that is empty or names no day."""
    written = full(value)
    return moment(written, field=field) if written else None


def _next_day(day: str, field: str, value: str) -> tuple[str, str, str]:
    try:
        year, month, number = (_valid(day, field, value).date() + timedelta(days=1)).isoformat().split("-")
    except OverflowError as error:
        raise bad(field, value, "is not a date of the calendar") from error
    return year, month, number


def _valid(iso: str, field: str, value: str) -> datetime:
    try:
        return datetime.fromisoformat(iso)
    except ValueError as error:
        raise bad(field, value, "is not a date of the calendar") from error


def _otherwise(text: str, field: str, zone: tzinfo) -> str:
    """ISO 8601 with slashes or with a zone by its letters; else RFC 822."""
    if len(text) <= 40:
        letters = _ZONE.search(text)
        known = zones.zone(letters[1]) if letters else None
        plain = _SLASHES.sub(r"\1-\2-\3", text[: letters.start()] if letters and known else text, count=1)
        if plain != text and _ISO.match(plain):
            return moment(plain, field=field, zone=known or zone)
    return _rfc822(text, field, zone)


def _rfc822(text: str, field: str, zone: tzinfo) -> str:
    refusal: Poison = bad(field, text, "is not an ISO 8601 or RFC 822 date")
    if not 8 <= len(text) <= 80:
        raise refusal
    offset, letters = _OFFSET.search(text), _ZONE.search(text)
    if offset:
        text = f"{text[: offset.start()]} {offset[1]}{offset[2]}"
    known = zones.zone(letters[1]) if letters else None  # the standard library knows those of America alone
    if letters and known:
        text = f"{text[: letters.start()]} -0000"
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise refusal from error
    if found.tzinfo is None:
        # "-0000" is UTC, by RFC 5322; where no zone is said, or none that we know, it is that of the caller
        found = found.replace(tzinfo=known or (UTC if text.endswith("-0000") else zone))
    written = found.isoformat()
    return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written
