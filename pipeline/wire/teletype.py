"""What IPTC 7901 and ANPA 1312 share: control characters, old encodings, lines of fixed width, date lines."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from pipeline.errors import Code, Poison
from pipeline.wire import zones
from pipeline.wire.fields import check_lines, checked

SOH: Final = b"\x01"
STX: Final = b"\x02"
ETX: Final = b"\x03"
EOT: Final = b"\x04"

_MESSAGE_BYTES: Final = 100  # no message is shorter, on average
_FEWEST_MESSAGES: Final = 1000

_INDENT = re.compile(r"[ \t]{2,}|\t")
# lines that are no running text: lists, tables, and lines of marks
_KEPT = re.compile(r"\s*(?:[-*•–] |#|_{3,})|.*\S {3,}\S")
_NUMBERED = re.compile(r"\s*\d+[.)] ")
_ENDS = re.compile(r".*[.:;!?)\"”]\s*\Z")


def decode(data: bytes) -> str:
    """The characters of a transmission: UTF-8 where it is that, else Windows-1252, which holds Latin-1's letters."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return checked(data.decode(encoding), "text")
        except UnicodeDecodeError:
            continue
    return checked(data.decode("latin-1"), "text")


def messages(data: bytes) -> list[bytes]:
    """The messages of a transmission, each from its start of header to before the next one."""
    if b"\0" in data:
        raise Poison(Code.WIRE_HOSTILE, f"NUL at byte {data.index(0)}")
    check_lines(data, "transmission")
    if data.count(SOH) > _FEWEST_MESSAGES + len(data) // _MESSAGE_BYTES:
        raise Poison(Code.WIRE_HOSTILE, f"transmission: {data.count(SOH)} messages in {len(data)} bytes")
    starts = [found.start() for found in re.finditer(SOH, data)]
    return [data[start:end] for start, end in pairwise([*starts, len(data)])]


def parts(message: bytes) -> tuple[str, str, str]:
    """Header, text and what follows the end of the text.

    Raises:
        Poison: `wire.unreadable` where the start of the text is missing.
    """
    header, start, rest = message.lstrip(SOH).partition(STX)
    if not start:
        raise Poison(Code.WIRE_UNREADABLE, "start of text (STX) is missing")
    text, _, end = rest.partition(ETX)
    return decode(header), decode(text.rstrip(EOT)), decode(end)


def paragraphs(text: str) -> list[str]:
    """Text of fixed width as its paragraphs: lines are joined, a blank line or an indent begins a new one."""
    found: list[list[str]] = []
    fresh, kept = True, False
    for row in text.split("\n"):
        if not row.strip():
            fresh = True
            continue
        before, fresh = fresh or _INDENT.match(row) is not None, False
        # a number begins an item of a list where no sentence goes on: "... on\n30. Mai" does not
        begins = before or kept or _ENDS.match(found[-1][-1]) is not None
        after, kept = kept, _KEPT.match(row) is not None or (begins and _NUMBERED.match(row) is not None)
        if before:
            found.append([])
        elif kept or after:
            found[-1].append("\n")
        found[-1].append(row)
    return [_joined(rows) for rows in found]


def _joined(rows: list[str]) -> str:
    out: list[str] = []
    for row in rows:
        if row == "\n":
            out.append(row)
            continue
        if out and out[-1] != "\n":
            out.append(" ")
        out.append(row.strip())
    return "".join(out)


def nearest(month: int, day: int, today: date) -> date | None:
    """The last such day that is not after tomorrow."""
    for year in (today.year + 1, today.year, today.year - 1, today.year - 4, today.year - 8):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found - today).days <= 1:
            return found
    return None


def last_day(day: int, today: date) -> date | None:
    """The last day of a month with that number that is not after tomorrow."""
    for back in range(32):
        found = today - timedelta(days=back - 1)
        if found.day == day:
            return found
    return None


def instant(*, day: int, month: int, year: int, hour: int, minute: int, letters: str | None, field: str) -> str:
    """The ISO 8601 date-time of a date line's parts.

    Raises:
        Poison: `wire.field` where it is not in the calendar.
    """
    if year < 100:
        year += 1900 if year >= 70 else 2000
    zone = zones.zone(letters) if letters else UTC
    try:
        return datetime(year, month, day, hour, minute, tzinfo=zone or UTC).isoformat()
    except ValueError as error:
        written = f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"
        raise Poison(Code.WIRE_FIELD, f"{field}: {written!r} is not a date of the calendar") from error
