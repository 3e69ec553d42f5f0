"""ANPA 1312 -> WireArticle: the wire service transmission of the Associated Press and other American agencies.

    SYN SYN SOH  service level and transmission number, US, selector          W2870 US asian
                 priority, category, format, slug, month-day, words           r s DC3 DC1 BC-Ferry 02-20 0500
    STX          lines that begin with "^" and end in "<" or "=": slug and words, headline, notes, by-line, summary
                 paragraphs that begin with a tab
    ETX          point of origin, date, time and zone                         AP-WF-11-13-13 1509GMT
    EOT

The article id is the slug of the day: a lead, correction or writethru of a story carries its slug and replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pipeline.article import WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import dateline, fields, qcodes, teletype
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import moment

FORMAT: Final = "anpa"

HEADER: Final = re.compile(
    r"\s*(?P<service>[A-Za-z]{1,2})(?P<number>\d{4})[ \x1f]?(?P<selector>[^\n]{0,40})\n\s*"
    r"(?P<priority>[A-Za-z])\s+(?P<category>[A-Za-z])\s*(?P<rest>[^\n]{0,200})"
)
_SLUG_AND_DATE = re.compile(r"(?P<slug>.*?)\s+(?P<month>\d{2})-(?P<day>\d{2})\s+(?P<words>\d{1,5})\s*\Z")
_DATE = re.compile(
    r"(?P<origin>[A-Z]{2,6})-(?P<office>[A-Z]{2,4})-(?P<month>\d{2})-(?P<day>\d{2})-(?P<year>\d{2,4})"
    r"\s+(?P<hour>\d{2})(?P<minute>\d{2})\s?(?P<zone>[A-Za-z]{1,5})?"
)
_WORDS = re.compile(r",\s?\d{1,5}\s*\Z")
# parts of a slug that tell versions of a story apart: "1st Ld-Writethru", "2nd Lead", "CORRECTION", "Take 2"
_TAKE = re.compile(r",?\s*\b(?P<count>\d{1,2})(?:st|nd|rd|th) ?(?:Ld|Lead)(?:-?Writethru)?\b", re.I)
_VERSION_WORDS = re.compile(
    r",?\s*\b(?:Writethru|CORRECTION|CORRECTIVE|KILL|WITHHOLD|ELIMINATION|CLARIFICATION)\b.*", re.I
)
_URGENCIES: Final = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5}  # flash, bulletin, urgent, regular, deferred
_NOTE = re.compile(r"Eds?:|Editors:|AP (?:Photos?|Video|Graphics?|Audio)\b|EDITOR'?S NOTE|Note", re.I)
_BYLINE = re.compile(r"By [A-Z]")
_RULE = re.compile(r"[_\-*=]{3,}\Z")


@dataclass(slots=True)
class _Head:
    """What the lines before the first paragraph say."""

    slug: str | None = None
    headline: str | None = None
    summary: str | None = None
    by: str | None = None
    source: str | None = None
    notes: list[str] = field(default_factory=list)


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of a transmission, one a message.

    Raises:
        Poison: `wire.hostile` (NUL), `wire.format-unknown` where no header is found. The messages are refused one by
            one with `wire.unreadable`, `wire.field`, `wire.no-date`, `wire.empty`.
    """
    found = teletype.messages(data)
    if not found:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, "ANPA 1312: no start of header (SOH)")
    return each(found, lambda message: _article(message, context))


def _article(message: bytes, context: Context) -> WireArticle:
    header, text, end = teletype.parts(message)
    head = HEADER.match(header.replace("\x13", " "))
    if head is None:
        raise Poison(Code.WIRE_UNREADABLE, f"header: {header.strip()[:60]!r} is not one of ANPA 1312")
    dated = _SLUG_AND_DATE.match(head["rest"].strip())
    created, origin = _created(end, dated, context)
    lines, body = _split(text)
    read = _head(lines)
    slug = read.slug or line(dated["slug"] if dated else head["rest"])
    if not (body or read.headline):
        raise Poison(Code.WIRE_EMPTY, "text: neither headline nor text")
    number = f"{head['service']}{head['number']}"
    base, version = _base(slug)
    key = re.sub(r"[^\w]+", "-", base.lower()).strip("-") if base else number.lower()
    found = dateline.find(body)
    return WireArticle(
        uri=f"urn:newswire:anpa:{(origin or 'anpa').lower()}:{created[:10]}:{key}",
        versionCreated=created,
        body=body,
        version=version,
        urgency=_URGENCIES.get(head["priority"].lower()),
        headline=read.headline,
        slugline=slug,
        description=read.summary,
        by=read.by,
        edNote="\n".join(read.notes) or None,
        source=read.source or (found.dateline.source if found else None) or origin,
        subjects=fields.unique((qcodes.category(head["category"].lower(), "anpa"),)),
        altIds=(number,),
        wireFormat=FORMAT,
    )


def _base(slug: str | None) -> tuple[str | None, str | None]:
    """A slug without what tells versions apart, and the version that it names."""
    if slug is None:
        return None, None
    take = _TAKE.search(slug)
    return _VERSION_WORDS.sub("", _TAKE.sub("", slug)).strip(" ,") or slug, take["count"] if take else None


def _created(end: str, dated: re.Match[str] | None, context: Context) -> tuple[str, str | None]:
    """Time of the transmission and the agency, from the end line; else the day of the header."""
    found = _DATE.search(end)
    if found:
        numbers = {name: int(found[name]) for name in ("day", "month", "year", "hour", "minute")}
        return teletype.instant(**numbers, letters=found["zone"], field="end line"), found["origin"]
    if dated:
        day = teletype.nearest(int(dated["month"]), int(dated["day"]), context.now.date())
        if day is None:
            raise Poison(Code.WIRE_FIELD, f"header: {dated['month']}-{dated['day']} is not a day of the calendar")
        return day.isoformat(), None
    if context.default_date:
        return moment(context.default_date, field="date"), None
    raise Poison(Code.WIRE_NO_DATE, "neither header nor end line give a date", hint="use --date")


def _split(text: str) -> tuple[list[str], str]:
    """The marked lines at the head, and the text as paragraphs."""
    rows = text.replace("\x0c", "").strip("\n").split("\n")
    text_rows = (i for i, row in enumerate(rows) if row.startswith("\t") or (row.strip() and not _marked(row)))
    start = next(text_rows, len(rows))
    lines = [row.strip() for row in rows[:start] if row.strip()]
    body = teletype.paragraphs(
        "\n".join(row.rstrip().removesuffix("<").rstrip().removeprefix("^") for row in rows[start:])
    )
    return lines, "\n\n".join(body).strip()


def _marked(row: str) -> bool:
    return row.lstrip(" ").startswith("^") or row.rstrip().endswith(("<", "="))


def _head(lines: list[str]) -> _Head:
    head = _Head()
    after_byline = False
    for number, row in enumerate(lines):
        written = line(row.lstrip("^").rstrip().rstrip("<=").rstrip())
        if written is None or _RULE.match(written):
            continue
        if number == 0:
            head.slug = line(_WORDS.sub("", written))
        elif _BYLINE.match(written) and head.by is None:
            head.by = written
            after_byline = True
            continue
        elif _NOTE.match(written):
            head.notes.append(written)
        elif after_byline and row.rstrip().endswith("="):
            if written.lower() in ("associated press", "the associated press"):
                head.source = written
            else:
                head.by = f"{head.by}, {written}"
        elif head.headline is None:
            head.headline = written
        elif head.summary is None:
            head.summary = written
        after_byline = False
    return head
