"""Days and times of day."""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.en.pieces import rule

RULES: Final = (
    rule("day", "($EARLY (in | on)?)? $DAY", "point"),
    rule("the-day", "the dn:DAYNUM $SUFFIX (day? of)? $MONTH (COMMA? $YEAR)?", "point"),
    rule("the-dayth", "the do:DAYORD (day? of)? $MONTH (COMMA? $YEAR)?", "point"),
    rule("day-with-part", "($EARLY (HYPHEN | in | on)?)? $DAY HYPHEN? (at | in the | MARK S)? $PARTIAL? pd:PART",
         "point"),
    rule("part-of-day", "the? (early | late | very)? mid? HYPHEN? <!ORD pd:PART (of | on)? $EARLY? $DAY", "point"),
    rule("clock-spoken", "$APPROX $SPOKEN (COMMA? (in the | at) pd:PART)?", "time_alone"),
    rule("clock-spoken-day", "$APPROX $SPOKEN (COMMA? (in the | at) pd:PART)? (of | on | COMMA)? $DAY pd:PART?",
         "point"),
    rule("clock-range", "$APPROX (hf:HOURNUM | cf:CLOCK) (to | and | HYPHEN | until | till | through) (hr:HOURNUM"
         " mer:MERIDIEM"
         " | ck:CLOCK mer:MERIDIEM | dc:DECIMAL mer:MERIDIEM) $ZONE (COMMA? on? $DAY)?", "clock_range",
         "the later hour says which half of the day"),
    rule("clock-run-together-day", "$APPROX hm:FIGURE (hours | h)? $ZONE COMMA? on? $DAY", "point"),
    rule("clock-run-together", "hm:FIGURE (hours | h)?", "hundred_hours", "NATO: hours and minutes run together"),
    rule("clock-on-day", "$APPROX (early | late)? $CLOCK COMMA? (on | (in | on) the pd:PART of)?"
         " $EARLY? $DAY pd:PART?", "point"),
    rule("clock-part-day", "$APPROX (hr:HOURNUM | ck:CLOCK) $ZONE COMMA? on? $DAY pd:PART", "point"),
    rule("clock-in-part-of", "$APPROX (hr:HOURNUM | ck:CLOCK) (o MARK clock)? in the pd:PART (of | on)?"
    " $DAY", "point"),
    rule("day-at-clock", "$EARLY? $DAY pd:PART? (COMMA? at $APPROX | COMMA)? $CLOCK", "point"),
    rule("day-at-hour", "$EARLY? $DAY pd:PART at $APPROX hr:HOURNUM (o MARK clock)?", "point"),
    rule("this-part-at", "$APPROX ($CLOCK | hr:HOURNUM | ck:CLOCK) (this:THIS | last:LAST) pd:PART", "point"),
    rule("clock-tonight", "$APPROX ($CLOCK | hr:HOURNUM | ck:CLOCK) $EARLY? tonight", "tonight_at", clock="NI"),
    rule("day-range", "($WEEKDAY COMMA?)? $MONTH dn:DAYNUM $SUFFIX (HYPHEN | to | and | through | or | until | till)"
         " dm:DAYNUM $SUFFIX (COMMA? y:YEAR4)?", "day_range"),
    rule("day-range-before-month", "dn:DAYNUM $SUFFIX (HYPHEN | to | and | or | until | till) the? dm:DAYNUM"
         " $SUFFIX of? $MONTH (COMMA? y:YEAR4)?", "day_range"),
    rule("iso-date", "y:YEAR4 HYPHEN mn:NUM HYPHEN dn:DAYNUM", "numeric", "ISO 8601"),
    rule("iso-date-time", "y:YEAR4 HYPHEN mn:NUM HYPHEN dn:DAYNUM t ck:CLOCK z?", "numeric", "ISO 8601"),
    rule("dotted-date", "dotted:DOTTED", "numeric", "DIN 5008, the order of day, month and year"),
    rule("weekday-range", "wd:WEEKDAY (to | through | until | till | HYPHEN | thru) we:WEEKDAY", "weekday_range"),
    rule("between-weekdays", "between wd:WEEKDAY and we:WEEKDAY", "weekday_range"),
    rule("weekday-number", "$WEEKDAY COMMA? the? dn:DAYNUM (st | nd | rd | th)", "day_of_month"),
    rule("day-of-month", "(on | by | until | before | since) the dn:DAYNUM (st | nd | rd |"
    " th)", "day_of_month", bare=True),
    rule("clock-of-day-of-month", "$APPROX $CLOCK on the dn:DAYNUM (st | nd | rd | th)", "day_of_month"),
    rule("part-of-day-of-month", "the? $PARTIAL? pd:PART (of | on) the dn:DAYNUM (st | nd | rd | th)",
         "day_of_month"),
    rule("clock-on-view-day", "$APPROX ($CLOCK | pd:TWILIGHT) COMMA? on? (the (next:NEXTVIEW | last:LASTVIEW) | that"
         " | the same) (u:UNIT | wd:WEEKDAY)", "clock_in_view", "noon the next day: a time of that day"),
    rule("clock-the-day-before", "$APPROX $CLOCK COMMA? the u:UNIT before", "clock_in_view", shift=-1),
    rule("clock-the-day-after", "$APPROX $CLOCK COMMA? the u:UNIT after", "clock_in_view", shift=1),
    rule("twilight-on-view-day", "(at | before | after | by | until | till | from | around | since) pd:TWILIGHT"
         " COMMA? on? (the (next:NEXTVIEW | last:LASTVIEW) | that | the same) (u:UNIT | wd:WEEKDAY)", "clock_in_view",
         after=1),
    rule("clock-to-clock", "$APPROX (hf:HOURNUM | cf:CLOCK) mf:MERIDIEM (to | and | HYPHEN | until | till | til |"
         " through) (hr:HOURNUM mer:MERIDIEM | ck:CLOCK mer:MERIDIEM) $ZONE (COMMA? on? $DAY)?", "clock_range",
         "the second hour follows the first, past midnight too"),
    rule("some-weekday", "(a | an) wd:WEEKDAY pd:PART?", "some_weekday", "TimeML 1.2.1: a day that is not told"),
    rule("recent-weekday", "(a | one | another)? RECENT wd:WEEKDAY pd:PART?", "reference", "no certain day"),
    rule("day-of-this-month", "the dn:DAYNUM (st | nd | rd | th) of (this:THIS | last:LAST | next:NEXT) month",
         "day_of_this_month"),
    rule("day-of-that-month", "the dn:DAYNUM (st | nd | rd | th) of (that | the same | the (next:NEXTVIEW |"
         " last:LASTVIEW)) month", "day_of_this_month", view=True),
    rule("half-four", "<at sp:HALF hr:NUMWORD >!of >!a >!an", "time_alone", "British English: thirty minutes past"),
    rule("half-four-day", "<at sp:HALF hr:NUMWORD (on | COMMA)? $DAY pd:PART?", "point", "British English: thirty"
         " minutes past"),
    rule("nth-weekday", "the (o:ORD | last:LAST) wd:WEEKDAY (of | in) $MONTH $WHATYEAR?", "weekday_of_month"),
    rule("military-clock", "$APPROX hm:FIGURE (hours)? zn:ZONE", "hundred_hours", "NATO: hours and minutes run"
    " together"),
    rule("two-days", "fr:FRACTION $MONTH $YEAR?", "two_days", "the night between them"),
    rule("night-of-two-days", "the pd:PART of fr:FRACTION $MONTH $YEAR?", "two_days", "the night between them"),
    rule("day-to-day", "($MONTH $DAYNUM | dn:DAYNUM $SUFFIX of? $MONTH) (to | through | until | till | and | or |"
         " HYPHEN)"
         " (the? DAYNUM $SUFFIX of? (me:MONTH | me:SHORTMONTH DOT?) | (me:MONTH | me:SHORTMONTH DOT?) DAYNUM $SUFFIX)"
         " COMMA? y:YEAR4", "before_end", "the year at the end of a range is that of its beginning too"),
    rule("night-of-days", "the? $EARLY? pd:PART (of | between) (the? dn:DAYNUM $SUFFIX (HYPHEN | to | and) the?"
         " dm:DAYNUM"
         " $SUFFIX of? $MONTH (COMMA? y:YEAR4)? | $MONTH dn:DAYNUM $SUFFIX (HYPHEN | to | and) dm:DAYNUM $SUFFIX"
         " (COMMA? y:YEAR4)? | the? dn:DAYNUM $SUFFIX $MONTH (HYPHEN | to | and) dm:DAYNUM $SUFFIX (MONTH |"
         " SHORTMONTH) (COMMA? y:YEAR4)? | $MONTH dn:DAYNUM $SUFFIX (HYPHEN | to | and) (MONTH | SHORTMONTH)"
         " dm:DAYNUM $SUFFIX (COMMA? y:YEAR4)?)", "night_between", "the night between them"),
    rule("early-hours", "the? (early | small) (morning)? hours (of | on) (the)? (morning of)? $DAY pd:PART?",
         "point", clock="MO"),
    rule("early-hours-alone", "the (early | small) (morning)? hours (of the morning)? >!of >!on", "time_alone",
         clock="MO"),
    rule("nine-eleven", "fr:FRACTION", "nine_eleven", "the common name of 11 September 2001"),
    rule("hyphened-date", "dn:DAYNUM HYPHEN $MONTH HYPHEN y:YEAR4", "point"),
    rule("usa-today", "usa td:TODAY", "skip", "a name"),
    rule("newspaper", "wd:WEEKDAY NEWSPAPER", "skip", "a name"),
    rule("programme", "(wd:WEEKDAY NIGHTNAME PROGRAMME | bloody wd:WEEKDAY)", "skip", "a name"),
    rule("slashed-date", "slashed:SLASHED", "numeric", "American order, as the AP Stylebook has it"),
    rule("neighbour-before", "the? day before td:TODAY", "neighbour", shift=-1),
    rule("neighbour-after", "the? day after td:TODAY", "neighbour", shift=1),
    rule("day-before-last", "the? day before (last:LAST)? wd:WEEKDAY", "beside", shift=-1),
    rule("day-after-next", "the? day after (next:NEXT)? wd:WEEKDAY", "beside", shift=1),
    rule("tonight", "$EARLY? tonight", "night", shift=0, clock="NI"),
    rule("overnight", "overnight", "overnight"),
    rule("clock-alone", "$APPROX $CLOCK", "time_alone"),
    rule("clock-in-part", "$APPROX (hr:HOURNUM | ck:CLOCK) (o MARK clock)? (in the | at) pd:PART", "time_alone"),
    rule("part-alone", "the $PARTIAL? pd:PART >!of >!before >!after", "part_alone"),
    rule("twilight", "(at | before | after | by | until | till | from | around | since) pd:TWILIGHT >!on >!of"
         " >!WEEKDAY >!SHORTDAY >!TODAY", "time_after_word"),
    rule("part-by", "(by | until | till | since | toward | towards) >!night >!overnight pd:PART >!on >!of >!in"
         " >!WEEKDAY >!SHORTDAY >!TODAY >!HYPHEN", "time_after_word"),
    rule("after-midnight", "(just | shortly | soon | minutes | moments)? after (pt:POINT) $ZONE (on | COMMA)? $DAY",
         "after_midnight", "a day begins at its midnight"),
    rule("partial-part", "$PARTIAL pd:PART", "time_alone"),
    rule("week-of", "the? (u:WEEKLIKE) (of | starting | beginning | ending | ended | from) $DAY", "holding"),
)  # fmt: skip
