"""Read the dateline at the head of a text: place, date and agency, as agencies and their style books write it.

    KYIV, Feb 26 (Reuters) -          WASHINGTON (AP) —            Berlin (dpa) -
    PARIS/LONDON, 3 March —           BEIJING, Feb. 26 (Xinhua) -- MOSCOW, February 26. /TASS/.
    STOCKHOLM, Aug 29, 2014 (AFP) -   (Reuters) -                  FORT WORTH, Texas —

A dateline stands at the start of a paragraph, is short, and ends in a dash (or, after an agency between slashes, in
a full stop). Without an agency and a date only a place in capitals counts, since a dash after a few words is common.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from pipeline.article import Dateline
from pipeline.wire.fields import words
from pipeline.wire.months import MONTHS

LONGEST: Final = 160  # characters of a paragraph that are looked at
PARAGRAPHS: Final = 4  # a byline or a note may stand before the paragraph with the dateline

_MONTH = r"(?P<month>[^\W\d_]{3,11})\.?"
_DATE = re.compile(
    rf"(?:{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?|(?P<day2>\d{{1,2}})\.? (?P<month2>[^\W\d_]{{3,11}})\.?)"
    r"(?:,? (?P<year>\d{4}))?\.?\Z"
)
# the end of a dateline: (Agency) and a dash, /Agency/ and a full stop, or a dash alone
_AGENCY_END = re.compile(r"\s?\((?P<agency>[^\W\d_][^()\n]{0,40})\)\.?\s?(?P<sep>--|[-–—_=:]|\Z|(?<=\s)(?=[A-Z]))\s*")
_SLASH_END = re.compile(r"\.? ?/(?P<agency>[^\W\d_][^/()\n]{1,20})/\.?(?:\s?(?:--|[-–—]))?\s+")
_DASH_END = re.compile(r"\s(?:--|[-–—_])(?:\s+|\Z)|(?:—|--)\s*")
_WORD = re.compile(r"[^\W\d_][\w.'’\-]*\Z")
_SMALL_WORDS: Final = words(
    "al am an and are auf da das de del den der des di do dos du e el en et i in la las le les lo los of on op "
    "oder por sous st sur the tot und upon van von y zu"
)
# labels of a story in capitals before a dash: no places
_LABELS: Final = words(
    "ADVISORY ALERT ANALYSIS BACKGROUND BREAKING BRIEF CORRECTED CORRECTION CHRONOLOGY EDITORIAL EMBARGOED "
    "EXCLUSIVE EXPLAINER FACTBOX FEATURE FLASH FOCUS GRAPHIC INSIGHT INTERVIEW KILL LEAD LIVE NEWSALERT OPINION "
    "PREVIEW PROFILE REFILE REPEAT REVIEW RPT SNAP SUMMARY TABLE TEXT TIMELINE UPDATE URGENT VIDEO WATCH WITHHOLD "
    "WRAPUP ATHLETICS BASEBALL BASKETBALL BOXING BUSINESS CRICKET CYCLING FOOTBALL GOLF HOCKEY MARKETS MOTORSPORT "
    "NEWS OLYMPICS POLITICS RACING RUGBY SKIING SOCCER SPORT SPORTS SWIMMING TENNIS WEATHER WORLD"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A dateline in a text: `text[start:end]`, its separator and the white space after it included."""

    dateline: Dateline
    start: int
    end: int


def find(text: str, *, reference: date | None = None) -> Found | None:
    """The dateline at the head of one of the first paragraphs, or None.

    Args:
        text: the body.
        reference: the day of the article; a dateline without a year is the nearest such day to it.
    """
    start = 0
    for _ in range(PARAGRAPHS):
        while start < len(text) and text[start].isspace():
            start += 1
        end = text.find("\n", start, start + LONGEST)
        found = _read(text[start : start + LONGEST if end < 0 else end], reference)
        if found:
            dateline, length = found
            return Found(dateline, start, start + length)
        start = text.find("\n", start)
        if start < 0:
            return None
    return None


def parse(text: str, *, reference: date | None = None) -> Dateline | None:
    """The dateline that a metadata field holds, with or without its closing dash; None where it is none."""
    text = " ".join(text.split())[:LONGEST]
    found = _read(text, reference) or _read(text.rstrip(" -–—_=") + " —", reference, any_case=True)
    return msgspec.structs.replace(found[0], text=text) if found else None


def _read(head: str, reference: date | None, *, any_case: bool = False) -> tuple[Dateline, int] | None:
    for pattern in (_AGENCY_END, _SLASH_END, _DASH_END):
        found = pattern.search(head)
        if found is None:
            continue
        agency = found["agency"].strip() if pattern is not _DASH_END else None
        before = head[: found.start()].strip()
        parts = _place_and_date(before, reference)
        if parts is None:
            continue
        place, day, dated = parts
        unmarked = pattern is _AGENCY_END and not found["sep"] and found.end() < len(head)
        if unmarked and not (place and dated and _in_capitals(place) and head[found.end() - 1] == " "):
            continue  # only "NEW DELHI, Feb 26 (PTI) The government" needs no dash
        if pattern is _AGENCY_END and not before and (behind := _behind(head[found.end() :], reference)):
            place, day, length = behind  # "(ANSA) - ROMA, 26 FEB - "
            end = found.end() + length
            return Dateline(text=head[:end].strip(), place=place, date=day, source=agency), end
        if agency is None:
            rest = head[found.end() :]
            capitals = place is not None and _in_capitals(place) and not rest.isupper()
            if place is None or not (capitals or dated or any_case):
                continue
        elif place is None and found.start() > 0 and not dated:
            continue
        source = agency and agency.rstrip(".")
        return Dateline(text=head[: found.end()].strip(), place=place, date=day, source=source), found.end()
    return None


def _behind(rest: str, reference: date | None) -> tuple[str, str, int] | None:
    """Place, day and length of a dateline that follows its agency."""
    found = _DASH_END.search(rest)
    parts = _place_and_date(rest[: found.start()].strip(), reference) if found else None
    if found is None or parts is None or not parts[0] or not parts[1] or not _in_capitals(parts[0]):
        return None
    return parts[0], parts[1], found.end()


def _place_and_date(text: str, reference: date | None) -> tuple[str | None, str | None, bool] | None:
    """Place, day and whether a date was written; None where the text is neither."""
    if not text:
        return None, None, False
    pieces = [piece.strip() for piece in re.split(r",|(?<=[^\W\d_a-z]{2})\. ", text)]
    # from the right: [..., "Aug 29", "2014"] or [..., "Feb 26"]; "KYIV Feb 26" without a comma happens as well
    for count in (2, 1):
        written = ", ".join(pieces[-count:])
        if len(pieces) >= count and _DATE.match(written):
            place = ", ".join(pieces[:-count]) or None
            return _checked(place, _day(written, reference))
    words = text.split(" ")
    for count in (3, 2):
        written = " ".join(words[-count:])
        if len(words) > count and _DATE.match(written):
            return _checked(" ".join(words[:-count]).rstrip(",. "), _day(written, reference))
    return (text, None, False) if _is_place(text) else None


def _checked(place: str | None, day: str | None) -> tuple[str | None, str | None, bool] | None:
    if day is None or (place is not None and not _is_place(place)):
        return None
    return place, day or None, True


def _day(written: str, reference: date | None) -> str | None:
    """ISO date; empty where the day has no year and there is no reference; None where it is no day."""
    found = _DATE.match(written)
    if found is None:
        return None
    month = MONTHS.get((found["month"] or found["month2"]).lower())
    day = int(found["day"] or found["day2"])
    if month is None:
        return None
    if found["year"]:
        years = [int(found["year"])]
    elif reference is None:
        return "" if day <= 31 else None
    else:
        years = [reference.year - 1, reference.year, reference.year + 1]
    days = []
    for year in years:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if not days:
        return None
    return min(days, key=lambda each: abs(each - reference) if reference else 0).isoformat()


def _is_place(text: str) -> bool:
    if not 2 <= len(text) <= 80:
        return False
    names = re.split(r"[/,;]", text)
    return len(names) <= 5 and all(_is_name(name.strip()) for name in names)


def _is_name(name: str) -> bool:
    words = name.split()
    if not words or len(words) > 6 or not words[0][0].isupper():
        return False
    return all(_WORD.match(word) and (word[0].isupper() or word.lower() in _SMALL_WORDS) for word in words)


def _in_capitals(place: str) -> bool:
    first = place.partition(",")[0]
    letters = [letter for letter in first if letter.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters)) and first.split()[0] not in _LABELS
