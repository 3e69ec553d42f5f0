"""IPTC 7901 -> WireArticle (https://iptc.org/standards/iptc-7901/): the text transmission of European agencies.

    SOH  source and number, priority, category, words, optional information   bkn014 4 pl 171 vvvvb KNA 170123-89-1#2
         key words                                                           Bundestag/Kinder
    STX  headline, ended by "="; by-line; text                               ...
    ETX  day, hour, minute, zone, month and year of the transmission          131137 GMT Nov 13
    EOT

The article id is the agency's own item number where it says one with its version (`#2`), and else the service's
message number of the day: what is sent again is the same article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import dateline, fields, qcodes, teletype, zones
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import moment
from pipeline.wire.months import MONTHS

FORMAT: Final = "iptc7901"

HEADER: Final = re.compile(
    r"\s*(?P<source>[A-Za-z]{2,4})\s?(?P<number>\d{2,5})\s+(?P<priority>\d)\s+(?P<category>[A-Za-z]{1,4})"
    r"(?:\s+(?P<words>\d{1,5}))?(?:[ \t]+(?P<more>[^\n]{0,200}))?"
)
_ITEM = re.compile(r"(?P<agency>[^\W\d_][\w-]{1,15})[ \t]+(?P<item>\w[\w./-]{0,39})(?:#(?P<version>\d{1,3}))?\s*\Z")
# day, hour and minute, and what follows of zone, month and year: 301820 GMT May 24, 301820MAI24, 301820
_DATE = re.compile(r"(?P<day>\d{2})[ \t]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?!\d)(?P<rest>[^\n]{0,40})")
_DATE_OF_DIGITS = re.compile(
    r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4}|\d{2})[ \t,]+(?P<hour>\d{2}):?(?P<minute>\d{2})"
    r"(?P<rest>[^\n]{0,40})"
)
_PART = re.compile(r"[^\W\d_]+|\d+")
# agencies close with notes for editors under a heading
_NOTEBOOK = re.compile(r"#{1,3} ?(?:[^\W\d_]{2,8}[- ])?(?:notebook|notizblock|notizen)\b", re.I)
_PRIVATE = re.compile(r"\* \* \* \*|the following information is not for publication", re.I)
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Da) \S")
_SIGN_OFF = re.compile(r"[^\W\d_]{2,6}(?:[ /][a-z0-9.]{1,5}){1,6}\Z")
_HEAD_LINES: Final = 8  # the headline's "=" stands in one of the first lines


@dataclass(frozen=True, slots=True)
class _Text:
    genre: str | None
    headline: str | None
    by: str | None
    body: str
    note: str | None


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of a transmission, one a message.

    Raises:
        Poison: `wire.hostile` (NUL), `wire.format-unknown` where no header is found. The messages are refused one by
            one with `wire.unreadable`, `wire.field`, `wire.no-date`, `wire.empty`.
    """
    found = teletype.messages(data)
    if not found:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, "IPTC 7901: no start of header (SOH)")
    return each(found, lambda message: _article(message, context))


def _article(message: bytes, context: Context) -> WireArticle:
    header, text, end = teletype.parts(message)
    head = HEADER.match(header)
    if head is None:
        raise Poison(Code.WIRE_UNREADABLE, f"header: {header.strip()[:60]!r} is not one of IPTC 7901")
    created = _created(end, context)
    item = _ITEM.search(head["more"] or "")
    source = head["source"].lower()
    if item and item["version"]:
        uri = f"urn:newswire:iptc7901:{item['agency'].lower()}:{item['item']}"
    else:
        uri = f"urn:newswire:iptc7901:{source}:{created[:10]}:{int(head['number']):04}"
    read = _text(text)
    if not (read.body or read.headline):
        raise Poison(Code.WIRE_EMPTY, "text: neither headline nor text")
    slug = line(header[head.end() :])
    found = dateline.find(read.body)
    return WireArticle(
        uri=uri,
        versionCreated=created,
        body=read.body,
        version=item["version"] if item else None,
        urgency=fields.urgency(head["priority"]),
        headline=read.headline,
        slugline=slug.rstrip("/ ") or None if slug else None,
        by=read.by,
        edNote=read.note,
        source=item["agency"] if item else found.dateline.source if found else None,
        subjects=(qcodes.category(head["category"].lower(), FORMAT),),
        genres=fields.unique((fields.concept(name=read.genre),)),
        altIds=fields.unique((f"{source}{head['number']}", line(item.group()) if item else None)),
        wireFormat=FORMAT,
    )


def _created(end: str, context: Context) -> str:
    """The moment of the date line after the text; what it leaves out is that of the last such day."""
    found = _DATE_OF_DIGITS.search(end) or _DATE.search(end)
    if found is None:
        if context.default_date:
            return moment(context.default_date, field="date")
        raise Poison(Code.WIRE_NO_DATE, f"date line: {end.strip()[:40]!r} after the end of text", hint="use --date")
    given = found.groupdict()
    letters, month, year = None, given.get("month"), given.get("year")
    for part in _PART.findall(found["rest"]):
        named = MONTHS.get(part.lower())
        if named and month is None:
            month = str(named)
        elif month is not None and year is None and part.isdigit() and len(part) in (2, 4):
            year = part
        elif letters is None and zones.zone(part) is not None:
            letters = part
    today = identity.instant(moment(context.default_date, field="date")) if context.default_date else context.now
    day = int(found["day"])
    if month is None or year is None:
        last = teletype.nearest(int(month), day, today.date()) if month else teletype.last_day(day, today.date())
        if last is None:
            raise Poison(Code.WIRE_FIELD, f"date line: {found.group()[:40]!r} is not a date of the calendar")
        month, year = str(last.month), str(last.year)
    hour, minute = int(found["hour"]), int(found["minute"])
    return teletype.instant(
        day=day, month=int(month), year=int(year), hour=hour, minute=minute, letters=letters, field="date line"
    )


def _text(text: str) -> _Text:
    """Headline and by-line at the head, the text, and what only editors should read at the end."""
    rows = text.strip("\n").split("\n")
    rows, note = _without_notes(rows)
    genre = headline = None
    start = next((i for i, row in enumerate(rows[:_HEAD_LINES]) if row.rstrip().endswith("=")), None)
    if start is None:
        start = _plain_headline(rows)
    if start is not None:
        head = [row.strip().rstrip("=").strip() for row in rows[: start + 1] if row.strip()]
        rows = rows[start + 1 :]
        if len(head) > 1 and head[0].isupper() and len(head[0].split()) <= 2:
            genre = head.pop(0)
        headline = line(" ".join(head))
    first = next((i for i, row in enumerate(rows) if row.strip() and not _is_byline(row)), len(rows))
    bylines = (line(row.strip().rstrip("=").strip()) for row in rows[:first])
    by = next(filter(None, bylines), None)
    rows = rows[first:]
    body = "\n\n".join(teletype.paragraphs("\n".join(rows)))
    return _Text(genre=genre, headline=headline, by=by, body=body, note=note)


def _is_byline(row: str) -> bool:
    return row.rstrip().endswith("=") and _BYLINE.match(row.strip()) is not None


def _plain_headline(rows: list[str]) -> int | None:
    """The last row of a headline that no "=" ends: a short first paragraph that is no sentence and no dateline."""
    end = next((i for i, row in enumerate(rows[:4]) if not row.strip()), None)
    if not end or not any(row.strip() for row in rows[end:]):
        return None
    first = " ".join(row.strip() for row in rows[:end])
    sentence = first.endswith((".", '"', "”", ":")) or dateline.find(first) is not None or len(first) > 160
    return None if sentence else end - 1


def _without_notes(rows: list[str]) -> tuple[list[str], str | None]:
    notes: list[str] = []
    for number, row in enumerate(rows):
        if _NOTEBOOK.match(row.strip()) or _PRIVATE.match(row.strip()):
            rows, notes = rows[:number], rows[number:]
            break
    else:
        last = len(rows)
        while last and not rows[last - 1].strip():
            last -= 1
        rows = rows[:last]
        if len(rows) > 2 and not rows[-2].strip() and _SIGN_OFF.match(rows[-1].strip()):
            rows, notes = rows[:-1], [rows[-1]]
    written = (row.strip() for row in notes if not _NOTEBOOK.match(row.strip()) and row.strip(" *"))
    return rows, "\n".join(written) or None
