"""The English grammar: pieces that patterns share, and all rules in the order in which they are tried.

`$NAME` in a pattern stands for a piece. Extents follow the TimeML annotation guidelines 1.2.1 (section 2.2): the
expression has its determiners and modifiers ("the early 1990s", "more than two years"), but no preposition before it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pipeline.enrich.dates.grammar import Rule

PIECES: Final = {
    "MONTH": "(mo:MONTH | ms:SHORTMONTH DOT?)",
    "WEEKDAY": "(wd:WEEKDAY | ws:SHORTDAY DOT?)",
    "SUFFIX": "(st | nd | rd | th)?",
    "DAYNUM": "(dn:DAYNUM $SUFFIX | do:DAYORD)",
    "YEAR": "(y:YEAR4 | MARK yy:TWODIGITS)",
    # "this year" and "last year" after a month
    "WHATYEAR": "(COMMA? $YEAR | (of | in)? (ythis:THIS | ylast:LAST | ynext:NEXT) year)",
    "MONTHDAY": "($MONTH the? $DAYNUM (COMMA? $YEAR >!DAYNUM | (of | in)? (ythis:THIS | ylast:LAST) year)?"
    " | the? dn:DAYNUM $SUFFIX (day? of)? $MONTH (COMMA? $YEAR)? | the do:DAYORD (day? of) $MONTH (COMMA? $YEAR)?)",
    "EARLY": "(early | late | earlier | later | mid HYPHEN?)",
    "THISDAY": "((this | last | next) (coming | past)?)?",
    "DAY": "(($WEEKDAY COMMA?)? (the)? $MONTHDAY | (this:THIS | last:LAST | next:NEXT)? (coming | past)? wd:WEEKDAY"
    " (last:LAST | next:NEXT)? | td:TODAY)",
    "ZONE": "(COMMA? zn:ZONE | local time | (eastern | central | pacific | mountain) (standard | daylight)? time)?",
    "CLOCK": "(hr:HOURNUM mer:MERIDIEM | ck:CLOCK mer:MERIDIEM? | hr:HOURNUM o MARK clock | pt:POINT) $ZONE",
    "APPROX": "(about | around | approximately | roughly | nearly | almost | some | just? over | just? under"
    " | exactly | only | (no | not)? more than | (no | not)? less than | fewer than | at least | at most | up to"
    " | as (much | many | long | little | few) as | well over | close to | just? short of)?",
    "N": "(a? n:NUM | a? few:FEW (of | thousand | hundred | dozen | million)? | a (good | great) many)",
    "UNIT": "(u:UNIT | us:UNITS)",
}  # fmt: skip


def _expand(pattern: str) -> str:
    while "$" in pattern:
        pattern = re.sub(r"\$([A-Z]+)", lambda found: PIECES[found[1]], pattern)
    return pattern


def _rule(name: str, pattern: str, operation: str, source: str = "TimeML 1.2.1", **options: Any) -> Rule:
    return Rule(name=name, pattern=_expand(pattern), operation=operation, source=source, options=options)


RULES: Final = (
    # days and times of day
    _rule("day", "$EARLY? $DAY", "point"),
    _rule("day-with-part", "$EARLY? HYPHEN? $DAY HYPHEN? (at | in the)? (early | late | mid HYPHEN?)? pd:PART", "point"),
    _rule("part-of-day", "the? (early | late)? mid? HYPHEN? pd:PART (of | on)? $EARLY? $DAY", "point"),
    _rule("clock-on-day", "$APPROX (early | late)? $CLOCK COMMA? (on | in the (morning | evening) of)? $EARLY? $DAY", "point"),
    _rule("clock-part-day", "$APPROX (hr:HOURNUM | ck:CLOCK) $ZONE COMMA? (on)? $DAY pd:PART", "point"),
    _rule("day-at-clock", "$EARLY? $DAY pd:PART? COMMA? at? $APPROX $CLOCK", "point"),
    _rule("this-part-at", "$APPROX $CLOCK (this:THIS | last:LAST) pd:PART", "point"),
    _rule("day-range", "($WEEKDAY COMMA?)? $MONTH dn:DAYNUM $SUFFIX (HYPHEN | to | and | through | or | until) dm:DAYNUM"
          " $SUFFIX (COMMA? y:YEAR4)?", "day_range"),
    _rule("day-range-before-month", "(the | from)? dn:DAYNUM $SUFFIX (HYPHEN | to | and | or) dm:DAYNUM $SUFFIX of? $MONTH"
          " y:YEAR4?", "day_range"),
    _rule("iso-date", "y:YEAR4 HYPHEN mn:NUM HYPHEN dn:DAYNUM", "numeric", "ISO 8601"),
    _rule("slashed-date", "slashed:SLASHED", "numeric", "AP and Chicago: American order"),
    _rule("neighbour-before", "the day before td:TODAY", "neighbour", shift=-1),
    _rule("neighbour-after", "the day after td:TODAY", "neighbour", shift=1),
    _rule("tonight", "$EARLY? tonight", "night", shift=0, clock="NI"),
    _rule("overnight", "overnight", "night", shift=0, clock="NI"),
    _rule("clock-alone", "$APPROX $CLOCK", "time_alone"),
    _rule("clock-in-part", "$APPROX hr:HOURNUM (o MARK clock)? (in the | at) pd:PART", "time_alone"),
    _rule("part-alone", "<!EVERY the? (early | late | mid HYPHEN?)? pd:PART", "time_alone"),
    # months, years and the like
    _rule("month", "(the? $EARLY HYPHEN?)? (this:THIS | last:LAST | next:NEXT)? (past | coming)? mo:MONTH", "month"),
    _rule("short-month", "$EARLY? ms:SHORTMONTH DOT", "month"),
    _rule("month-year", "(the? $EARLY HYPHEN?)? $MONTH $WHATYEAR", "month"),
    _rule("edge-of-month", "the (beginning | end | start | middle) of $MONTH $WHATYEAR?", "month"),
    _rule("year", "<!HYPHEN (the | calendar)? ($EARLY HYPHEN?)? (y:YEAR4 >!HYPHEN)", "year"),
    _rule("short-year", "MARK yy:TWODIGITS >!S", "year"),
    _rule("edge-of-year", "the? (beginning | end | start | middle) of (the year)? y:YEAR4", "year"),
    _rule("fiscal-year", "(the)? fiscal year? y:YEAR4", "year"),
    _rule("year-range", "y:YEAR4 HYPHEN (z:YEAR4 | zz:TWODIGITS)", "year_range"),
    _rule("decade", "(the? (early | late | mid HYPHEN?) HYPHEN?)? the? (y:YEAR4 MARK? S | MARK? yy:TWODIGITS MARK? S"
          " | nd:NUMDECADE)", "decade"),
    _rule("century", "(the? (early | late | mid HYPHEN?) HYPHEN?)? the? (o:ORD | n:NUM (st | nd | rd | th)) HYPHEN? century",
          "century"),
    _rule("quarter", "(the? (this:THIS | last:LAST | ylast:LAST year MARK S | ynext:NEXT year MARK S | ythis:THIS year MARK S)"
          " | its | their)? (the)? fiscal? HYPHEN? o:ORD HYPHEN? (fiscal)? quarter ((of | in)? (fiscal)? (y:YEAR4"
          " | (ythis:THIS | ylast:LAST | ynext:NEXT) year))?", "part_of_year", unit="quarter"),
    _rule("half", "(the)? o:ORD HYPHEN? half (of | in) (y:YEAR4 | (ythis:THIS | ylast:LAST | ynext:NEXT) year)",
          "part_of_year", unit="half"),
    _rule("season", "the? (early | late | mid HYPHEN?)? (this:THIS | last:LAST | next:NEXT) (coming | past)? se:SEASON",
          "season"),
    _rule("season-of", "the (early | late)? se:SEASON of? $YEAR", "season"),
    _rule("season-year", "(early | late)? se:SEASON y:YEAR4", "season"),
    # seen from now
    _rule("near", "(the? $EARLY HYPHEN? (in | on)?)? (this:THIS | last:LAST | next:NEXT) (coming | past)? u:UNIT", "near"),
    _rule("edge-of-near", "the (beginning | end | start | middle) of (this:THIS | last:LAST | next:NEXT) u:UNIT", "near"),
    _rule("ago", "$APPROX ($N | a | an | one) HYPHEN? $UNIT HYPHEN? ago", "ago", sign=-1, amount=1),
    _rule("from-now", "$APPROX ($N | a | an) $UNIT (from now | hence)", "ago", sign=1, amount=1),
    _rule("past-span", "(the | these)? (past | last | previous | next | coming | first) $N $UNIT", "duration"),
    _rule("now", "ref:ADVERB", "reference"),
    _rule("recent", "(the)? recent (us:UNITS)?", "reference", value="PAST_REF"),
    _rule("the-past", "the past >!UNIT", "reference", value="PAST_REF"),
    _rule("the-future", "the (near | foreseeable)? future", "reference", value="FUTURE_REF"),
    _rule("future", "future", "reference", value="FUTURE_REF"),
    _rule("present", "current", "reference", value="PRESENT_REF"),
    # seen from the text
    _rule("same", "(earlier | later | early | late)? (in | on)? (that | the same | the) u:UNIT >!of", "same"),
    _rule("following", "(the | a)? (next:NEXT | last:LAST) u:UNIT <!last", "following"),
    _rule("later", "$APPROX ($N | a | an) $UNIT later", "later", sign=1, amount=1),
    _rule("earlier", "$APPROX ($N | a | an) $UNIT (earlier | previously)", "later", sign=-1, amount=1),
    _rule("after-event", "$APPROX ($N | a | an) $UNIT (after | since | into)", "since_event", sign=1, amount=1),
    _rule("before-event", "$APPROX ($N | a | an) $UNIT before", "since_event", sign=-1, amount=1),
    _rule("ordinal-day", "the o:ORD (full | straight | consecutive)? u:UNIT >of", "ordinal"),
    # lengths and repetitions
    _rule("duration", "$APPROX (the)? $N (more | full | additional | straight | consecutive)? HYPHEN? $UNIT (HYPHEN old)?",
          "duration"),
    _rule("duration-one", "$APPROX (a | an) (full | additional)? u:UNIT", "duration", amount=1),
    _rule("years", "us:UNITS", "duration", amount="X"),
    _rule("every", "every $N? $UNIT", "repetition", amount=1),
    _rule("every-day", "EVERY (wd:WEEKDAY | mo:MONTH | se:SEASON | u:UNIT | pd:PART) pd:PART?", "repetition", amount=1),
    _rule("weekdays", "wds:WEEKDAYS", "repetition"),
    _rule("often", "often:OFTEN", "often"),
    _rule("per-unit", "<NUM a u:UNIT", "repetition", amount=1),
)  # fmt: skip
