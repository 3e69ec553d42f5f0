"""Pieces that the patterns of several rules share."""

from __future__ import annotations

import re
from typing import Any, Final

PIECES: Final = {
    "MONTH": "(mo:MONTH | ms:SHORTMONTH DOT?)",
    "WEEKDAY": "(wd:WEEKDAY | ws:SHORTDAY DOT?)",
    "SUFFIX": "(st | nd | rd | th)?",
    "DAYNUM": "(the? dn:DAYNUM $SUFFIX | do:DAYORD)",
    "YEAR": "(y:YEAR4 | MARK yy:TWODIGITS)",
    "YEARSHIFT": "(ythis:THIS | ylast:LAST | ynext:NEXT)",
    "SHIFT": "(this:THIS (last:LAST | next:NEXT)? | last:LAST | next:NEXT)",
    # after a month, a season or a quarter: "1998", "of 1998", "last year", "of next year"
    "WHATYEAR": "(COMMA? of? (fiscal year?)? $YEAR | (of | in | COMMA)? the? $YEARSHIFT year)",
    "MONTHDAY": "($MONTH $DAYNUM ((COMMA | in | of)? $YEAR >!HYPHEN | (of | in)? $YEARSHIFT year)?"
    " | the? dn:DAYNUM $SUFFIX (day? of)? $MONTH (COMMA? $YEAR | (of | in)? $YEARSHIFT year)?"
    " | the? do:DAYORD (day? of)? $MONTH (COMMA? $YEAR)?)",
    "EARLY": "(early | late | earlier | later | mid HYPHEN? | end HYPHEN)",
    "EARLYIN": "(the? $EARLY (HYPHEN | in the?)?)",
    "NTH": "(o:ORD | n:NUM (st | nd | rd | th))",
    "CIRCA": "(circa | c DOT? | ca DOT?)",
    "PARTIAL": "(early | late | mid HYPHEN? | middle)",
    "DAY": "(($SHIFT? $WEEKDAY (COMMA | the)* )? (last:LAST | this:THIS | next:NEXT)? $MONTHDAY | $SHIFT?"
    " wd:WEEKDAY (last:LAST | next:NEXT)? | td:TODAY)",
    "ZONE": "(COMMA? zn:ZONE | COMMA? local time | COMMA? (eastern | central | pacific | mountain | moscow | london"
    " | beijing) (standard | daylight | summer)? time)?",
    # agencies give local time and, in brackets, that of Greenwich
    "CONVERTED": "(OPEN (NUM | CLOCK) MERIDIEM? ZONE CLOSE)?",
    "CLOCK": "(hr:HOURNUM mer:MERIDIEM | dc:DECIMAL mer:MERIDIEM | ck:CLOCK mer:MERIDIEM? | hr:HOURNUM o MARK"
    " clock | pt:POINT) $ZONE $CONVERTED",
    "SPOKEN": "(sp:HALF past | a? quarter sp:PASTTO | min:NUM minutes? past) hr:HOURNUM (o MARK clock)?",
    "APPROX": "(about | around | approximately | roughly | nearly | almost | just? over | just? under | exactly"
    " | some | (no | not)? more than | (no | not)? less than | fewer than | at least | at most | up to"
    " | as (much | many | little | few) as | well? over | close to)?",
    # before "the past two years", where "over" is a preposition
    "LEAST": "(about | approximately | roughly | nearly | almost | exactly | at least | at most"
    " | most of | much of)?",
    "N": "(n:NUM fr:FRACTION | n:NUM HYPHEN? and HYPHEN? a HYPHEN? half:HALF | a? n:NUM | a? few:FEW (of | of"
    " thousands of | of millions of | thousand"
    " | hundred | dozen | more)? | a (good | great) few:MANY | quite a few:FEW)",
    "UNIT": "(u:UNIT | us:UNITS)",
    "EDGE": "(the? (very)? (beginning | e:ENDING | start | middle | rest | remainder | turn) of)",
    "SPAN": "(past:PASTLIKE | next:NEXT | first:FIRST)",
}  # fmt: skip

Spec = tuple[str, str, str, str, dict[str, Any]]


def expand(pattern: str) -> str:
    """The pattern with every piece in its place."""
    while "$" in pattern:
        pattern = re.sub(r"\$([A-Z]+)", lambda found: PIECES[found[1]], pattern)
    return pattern


def rule(name: str, pattern: str, operation: str, source: str = "TimeML 1.2.1", **options: Any) -> Spec:
    """A rule as the tables write it."""
    return name, pattern, operation, source, options
