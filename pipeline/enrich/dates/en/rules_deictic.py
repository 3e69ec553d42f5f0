"""Stretches seen from now, and from what the text has named before."""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.en.pieces import rule

RULES: Final = (
    # seen from now
    rule("near", "((the? $EARLY | sometime | some time | (at | about | around)? this time) HYPHEN? (in | on)?)?"
         " $SHIFT fiscal? (calendar)? u:UNIT"
         " (or so)?", "near"),
    rule("near-the", "($EARLY in?)? the (this:THIS | next:NEXT | last:LAST) fiscal? u:UNIT (or so)?", "near_or_view"),
    rule("next-view", "($EARLY in?)? (the | a) next:NEXTVIEW u:UNIT", "following"),
    rule("before-last", "the u:UNIT before last", "before_last", shift=-2),
    rule("after-next", "the u:UNIT after next", "before_last", shift=2),
    rule("the-day-before", "the u:UNIT before", "beside_unit", shift=-1),
    rule("the-day-after", "the u:UNIT after", "beside_unit", shift=1),
    rule("last-view", "($EARLY in?)? the last:LASTVIEW u:UNIT", "following"),
    rule("view-weekday", "the (next:NEXTVIEW | last:LASTVIEW | next:NEXT) wd:WEEKDAY", "beside_view"),
    rule("edge-of-near", "$EDGE $SHIFT u:UNIT", "near"),
    rule("edge-of-view", "$EDGE (that | the same) u:UNIT", "same"),
    rule("edge-of-next-view", "$EDGE the (next:NEXTVIEW | last:LASTVIEW) u:UNIT", "following"),
    rule("unit-that-followed", "the u:UNIT that followed", "following", shift=1),
    rule("in-units-time", "($N | a | an) $UNIT MARK S? time", "ago", sign=1, amount=1),
    rule("edge-of-the", "$EDGE the (fiscal | calendar)? u:UNIT", "now_unit"),
    rule("year-end", "(the | around)? (year HYPHEN? end | year MARK S end | yearend) $WHATYEAR?", "now_unit",
         unit="year"),
    rule("month-end", "(the | around)? (month HYPHEN end | month MARK S end)", "now_unit", unit="month"),
    rule("ago", "$APPROX ($N | a | an) HYPHEN? $UNIT (or so)? HYPHEN? ago", "ago", sign=-1, amount=1),
    rule("ago-half", "$APPROX (a | an) u:UNIT and a half:HALF ago", "ago", sign=-1, amount=1),
    rule("ago-from-day", "$APPROX ($N | a | an) $UNIT ago (on | COMMA)? (td:TODAY | tonight | wd:WEEKDAY |"
         " (this:THIS | last:LAST | next:NEXT) v:LONGUNIT)", "anniversary",
         "counted from the day that follows, not from now", amount=1),
    rule("weekday-week", "(td:TODAY | wd:WEEKDAY) week >!MARK", "week_on", "British English: a week after that day"),
    rule("weekday-after-next", "the wd:WEEKDAY after next", "week_on"),
    rule("deep-time", "$APPROX (n:NUM | a) (million | billion) years ago", "reference", value="PAST_REF"),
    rule("the-new-year", "the new u:UNIT >!of >!HYPHEN", "new_year"),
    rule("generation-ago", "(a generation | generations) ago", "reference", value="PAST_REF"),
    rule("units-ago", "us:UNITS (and us:UNITS)? ago", "reference", value="PAST_REF"),
    rule("from-now", "$APPROX ($N | a | an) $UNIT (from now | hence)", "ago", sign=1, amount=1),
    rule("from-day", "$APPROX ($N | a) $UNIT from (td:TODAY | wd:WEEKDAY)", "from_day", ahead=True, amount=1),
    rule("years-past", "($LEAST the? | each of the) $SPAN $N $UNIT (or so)?", "span", "TimeML 1.2.1"),
    rule("past-units", "(the)? $SPAN us:UNITS", "span", amount="X"),
    rule("units-ahead", "the us:UNITS (ahead | that followed | that follow | to come | thereafter | afterwards)",
         "duration", amount="X"),
    rule("view-units", "(the | $LEAST)? (next:NEXTVIEW | last:LASTVIEW) $N? us:UNITS", "duration", amount="X"),
    rule("other-day", "the other (day | night | week | evening | morning)", "reference", value="PAST_REF"),
    rule("some-day", "(some day | someday)", "some_day"),
    rule("now", "(right | even | until | just)? ref:ADVERB", "reference"),
    rule("as-recently-as", "as recently as", "skip", "it weighs the time that follows"),
    rule("recent", "rec:RECENT", "reference"),
    rule("more-recent", "(more | most) ref:ADVERB", "reference"),
    rule("recent-units", "(the | more)? RECENT us:UNITS (and UNITS)?", "duration", amount="X"),
    rule("the-past", "the (recent | distant)? past >!UNIT >!UNITS >!NUM >!FEW", "reference", value="PAST_REF"),
    rule("the-future", "the (near | foreseeable | not HYPHEN too HYPHEN distant | immediate)? future", "reference",
         value="FUTURE_REF"),
    rule("near-future", "near future", "reference", value="FUTURE_REF"),
    rule("term", "the (short | near) term", "reference", value="FUTURE_REF"),
    rule("present", "current", "reference", value="PRESENT_REF"),
    rule("current-account", "current (account | accounts)", "skip", "a term of trade and of banks"),
    rule("these-days", "these days", "reference", value="PRESENT_REF"),
    rule("to-this-day", "to this day", "until_now"),
    rule("this-moment", "(this very? | the present) moment", "reference", value="PRESENT_REF"),
    rule("one-day", "n:NUMWORD u:UNIT", "some_day"),
    rule("one-evening", "n:NUMWORD pd:PART", "some_evening"),
    # seen from the text
    rule("same", "($EARLY (in | on)?)? (that | the same | that same | the very same) u:UNIT", "same"),
    rule("the-unit", "the u:UNIT >!of >!before >!after >!HYPHEN", "the_unit"),
    rule("the-fiscal-unit", "(the | this:THIS)? current? fiscal u:UNIT", "now_unit"),
    rule("unit-ended", "the fiscal? u:UNIT (ended | ending)", "ended"),
    rule("unit-ended-month", "(the | a)? fiscal? (o:ORD HYPHEN?)? u:UNIT (that)? (ended | ending | through | to)"
         " (dn:DAYNUM)? $MONTH", "ended"),
    rule("early-unit", "$EARLY (in | on) the u:UNIT", "the_unit"),
    rule("later", "$APPROX ($N | a | an) $UNIT later >!than", "later", sign=1, amount=1),
    rule("units-on", "$APPROX ($N | a | an) $UNIT on >COMMA", "later", sign=1, amount=1),
    rule("earlier", "$APPROX ($N | a | an) $UNIT (earlier | previously)", "later", sign=-1, amount=1),
    rule("after-event", "$APPROX ($N | a | an) $UNIT (after | since)", "since_event", sign=1, amount=1),
    rule("before-event", "$APPROX ($N | a | an) $UNIT before", "since_event", sign=-1, amount=1),
    rule("ordinal-day", "the $NTH (full | straight | consecutive)? u:UNIT >of", "ordinal"),
    rule("full-unit", "the (full | entire | whole) u:UNIT", "the_unit"),
)  # fmt: skip
