"""Months, seasons, quarters, halves, years, decades and centuries."""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.en.pieces import rule

_BUSINESS = "Generally Accepted Accounting Principles: a report compares with the same period of the year before"

RULES: Final = (
    rule("month", "$EARLYIN? $SHIFT? mo:MONTH", "month"),
    rule("short-month", "$EARLYIN? $SHIFT? ms:SHORTMONTH DOT", "month"),
    rule("month-year", "$EARLYIN? $MONTH $WHATYEAR", "month"),
    rule("month-year-in", "$EARLYIN? (the month of) $MONTH $WHATYEAR?", "month"),
    rule("edge-of-month", "$EDGE $MONTH $WHATYEAR?", "month"),
    rule("month-in-view", "$EARLYIN? $MONTH (of | COMMA)? (that | the same | the (next:NEXTVIEW |"
         " last:LASTVIEW)) year", "of_year_in_view"),
    rule("month-beside", "$EARLYIN? the (next:NEXTVIEW | last:LASTVIEW) mo:MONTH >!YEAR4", "month_beside"),
    rule("that-month", "that mo:MONTH >!YEAR4", "that_month"),
    rule("day-in-view", "($MONTH $DAYNUM | dn:DAYNUM $SUFFIX (of)? $MONTH) (of | COMMA)? (that | the same | the"
         " (next:NEXTVIEW | last:LASTVIEW)) year", "of_year_in_view"),
    rule("month-to-month", "$EARLYIN? $MONTH (to | through | until | till | and | or | HYPHEN)"
         " (early | late | mid HYPHEN?)? (me:MONTH | me:SHORTMONTH DOT?) (COMMA | of)? y:YEAR4", "before_end",
         "the year at the end of a range is that of its beginning too"),
    rule("ancient-year", "(in | by | until | since | from | after | before) n:FIGURE", "ancient_year",
         "years of Late Antiquity and the early Middle Ages have three figures"),
    rule("year", "<!HYPHEN <!NOTYEAR $EARLYIN? (the? year)? y:YEAR4 >!HYPHEN >!NOTYEARAFTER", "year"),
    rule("year-circa", "$CIRCA y:YEAR4", "year"),
    rule("year-two-thousand", "the? year t:NUMWORD", "year"),
    rule("post-year", "(post | pre) HYPHEN y:YEAR4", "year"),
    rule("short-year", "MARK yy:TWODIGITS >!S >!HYPHEN >!UNIT >!UNITS", "year"),
    rule("edge-of-year", "$EDGE (the year | fiscal year?)? y:YEAR4", "year"),
    rule("part-of-year", "((the | a) (last | first | latter | early | better | good | final | larger | greater)"
         " (part | months | weeks | days) of | (the | a) (better | good | larger | greater) half of) y:YEAR4",
         "year"),
    rule("half-of-month", "the (first | second | latter | other) half of $MONTH $WHATYEAR?", "month"),
    rule("half-in-view", "the o:ORD half of (that | the same | the (next:NEXTVIEW | last:LASTVIEW)) year",
         "of_year_in_view", unit="half"),
    rule("quarter-in-view", "the o:ORD quarter of (that | the same | the (next:NEXTVIEW | last:LASTVIEW)) year",
         "of_year_in_view", unit="quarter"),
    rule("half-of-year-adjective", "o:ORD HYPHEN half (y:YEAR4)? >!of", "part_of_year", unit="half"),
    rule("part-of-month", "the (last | first | early | final | opening | closing) (part | weeks | days) of $MONTH"
         " $WHATYEAR?", "month"),
    rule("year-and-on", "y:YEAR4 (or later | and beyond | or earlier | and after)", "year"),
    rule("fiscal-year", "the? fiscal (year)? HYPHEN? (ended? | ending)? $YEAR", "year"),
    rule("year-range", "<!HYPHEN y:YEAR4 HYPHEN (z:YEAR4 | zz:TWODIGITS) >!HYPHEN", "year_range"),
    rule("decade", "$EARLYIN? the? (y:YEAR4 MARK? S | MARK yy:TWODIGITS MARK? S)", "decade"),
    rule("edge-of-decade", "$EDGE the (y:YEAR4 MARK? S | MARK yy:TWODIGITS MARK? S | nd:NUMDECADE)", "decade"),
    rule("decade-short", "the ($EARLY HYPHEN?)? (yy:TWODIGITS MARK? S | nd:NUMDECADE)", "decade"),
    rule("decade-early", "<!OWN $EARLY HYPHEN? nd:NUMDECADE", "decade"),
    rule("decade-part", "the? (last | first | latter | second) (half | part | years) of the (y:YEAR4 MARK? S"
         " | MARK? yy:TWODIGITS MARK? S | nd:NUMDECADE)", "decade"),
    rule("century", "$EARLYIN? the? $NTH HYPHEN? century", "century"),
    rule("edge-of-century", "$EDGE the $NTH century", "century"),
    rule("century-part", "the? (early | latter | last | first | second | better | opening | closing) (half | part |"
         " quarter | third | years | decades) of the $NTH HYPHEN? century", "century"),
    rule("two-centuries", "$EARLYIN? the? $NTH (and | to | or) the?"
         " ($EARLY HYPHEN?)? (p:ORD | q:NUM (st | nd | rd | th)) HYPHEN? (centuries | century)", "two_centuries"),
    rule("century-era", "($EARLYIN | $EDGE)? the? $NTH HYPHEN?"
         " century (bc:BC | AD)", "century", "ISO 8601 and TimeML: BC and the figures of a century"),
    rule("millennium", "($EARLYIN | $EDGE)? the? $NTH HYPHEN?"
         " millennium (bc:BC | AD)?", "century", unit="millennium"),
    # quarters and halves
    rule("quarter", "(the? fiscal? HYPHEN? | (this:THIS | ylast:LAST year MARK S | ynext:NEXT year MARK S"
         " | ythis:THIS year MARK S))? o:ORD (fiscal)? quarter ($WHATYEAR)?", "part_of_year", unit="quarter"),
    rule("quarter-adjective", "(fiscal HYPHEN?)? o:ORD HYPHEN quarter (y:YEAR4)?", "part_of_year", unit="quarter"),
    rule("year-quarter", "the? y:YEAR4 (MARK S)? fiscal? o:ORD HYPHEN? quarter", "part_of_year", unit="quarter"),
    rule("q-quarter", "q o:NUM HYPHEN? $WHATYEAR?", "part_of_year", unit="quarter"),
    rule("quarter-q", "o:NUM q $WHATYEAR?", "part_of_year", unit="quarter"),
    rule("h-half", "h o:NUM HYPHEN? $WHATYEAR", "part_of_year", unit="half"),
    rule("week-of-month", "the (o:ORD | last:LAST) week (of | in) $MONTH $WHATYEAR?", "week_of_month"),
    rule("before-christ", "($CIRCA | around | about)? n:NUM BC", "before_christ", "ISO 8601 and TimeML: BC and"
    " four figures"),
    rule("anno-domini", "(ad | a.d.) n:NUM", "anno_domini"),
    rule("common-era", "($CIRCA | around | about)? n:NUM AD", "anno_domini"),
    rule("half", "(the | $YEARSHIFT year MARK S)? (o:ORD | latter | last:LAST) HYPHEN? half (of | in)? ($WHATYEAR"
         " | of (the | this) year)",
         "part_of_year", unit="half"),
    rule("half-of-year", "(the | $YEARSHIFT year MARK S) o:ORD half >!of", "part_of_year", unit="half"),
    # the period of a report, and the one it compares with
    rule("latest", "the (latest | most recent) (fiscal | reporting)? (u:UNIT | period)", "latest", _BUSINESS),
    rule("compared", "(the | its)? (comparable | corresponding | same)? (year HYPHEN (ago | earlier) | prior"
    " HYPHEN year"
         " | previous HYPHEN year) (fiscal? o:ORD HYPHEN?)? (period | quarter | month)", "compared", _BUSINESS),
    rule("compared-months", "(the | its)? (year HYPHEN (ago | earlier)) n:NUM us:UNITS", "duration", _BUSINESS),
    rule("compared-adjective", "year HYPHEN (ago | earlier)", "compared", _BUSINESS),
    rule("compared-of", "the (corresponding | same | comparable | like | equivalent) (period | u:UNIT)"
         " (of | in | for)? (last year | the (previous | prior) year | a year (ago | earlier | before) | the"
         " year before)",
         "compared", _BUSINESS),
    rule("compared-after", "(the | $YEARSHIFT year MARK S) (quarter | period | month) a year (ago |"
    " earlier)", "compared",
         _BUSINESS),
    rule("last-years", "last year MARK S (quarter | period)", "compared", _BUSINESS),
    rule("months-quarter", "(the | its)? fiscal? $MONTH (HYPHEN | to | through) (me:MONTH | me:SHORTMONTH DOT?)"
         " HYPHEN? (quarter | period) $WHATYEAR?", "months_quarter", _BUSINESS),
    rule("month-quarter", "(the | its)? fiscal? mo:MONTH HYPHEN? quarter", "month_quarter", _BUSINESS),
    rule("year-period", "the y:YEAR4 (period | quarter)", "compared_year", _BUSINESS),
    # seasons
    rule("season", "$EARLYIN? $SHIFT se:SEASON", "season"),
    rule("season-in-view", "(that | the same | the (next:NEXTVIEW | last:LASTVIEW)) se:SEASON", "season_in_view"),
    rule("season-of-year-in-view", "the? ($EARLY HYPHEN?)? se:SEASON of (that | the same | the (next:NEXTVIEW |"
         " last:LASTVIEW)) year", "of_year_in_view"),
    rule("season-alone", "the ($EARLY HYPHEN?)? se:SEASON >!of", "season"),
    rule("season-of", "the? ($EARLY HYPHEN?)? se:SEASON of? $YEAR", "season"),
    rule("season-of-years", "the? ($EARLY (HYPHEN | in the?)?)? se:SEASON of? y:YEAR4 HYPHEN (YEAR4 |"
         " TWODIGITS)", "season",
         "winter runs over the turn of the year"),
    rule("season-early", "$EARLY HYPHEN? se:SEASON >!of", "season"),
    rule("season-bare", "(by | in | until | since | during) se:SEASON >!of", "season_bare"),
    rule("season-shift", "the? ($EARLY HYPHEN?)? se:SEASON of $YEARSHIFT year", "season"),
    rule("edge-of-season", "$EDGE (this:THIS | last:LAST | next:NEXT | the) se:SEASON", "season"),
)  # fmt: skip
