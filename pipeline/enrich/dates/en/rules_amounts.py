"""Lengths of time and repetitions, and what only looks like them."""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.en.pieces import rule

RULES: Final = (
    # no times: ages and fractions
    rule("age", "(a | the | an)? n:NUM HYPHEN? (year | years) HYPHEN? (old | olds)", "skip", "an age is a property"),
    rule("ages", "n:NUM (to | or | HYPHEN) NUM (years | months | weeks) old", "skip", "an age is a property"),
    rule("age-month", "(a | the)? n:NUM HYPHEN (month | week | day) HYPHEN (old | olds)", "skip", "an age is a"
    " property"),
    rule("fraction", "(n:NUM HYPHEN quarters | n:NUM quarters of (a | the))", "skip", "fractions"),
    rule("christmas-tree", "christmas FESTIVE", "skip", "a thing, not a day"),
    rule("round-the-clock", "n:NUM hours a day", "skip", "an idiom for always"),
    rule("split-second", "a (split | HYPHEN)* second", "skip", "fractions"),
    # lengths
    rule("duration", "$APPROX (the | these | those)? $N (HYPHEN? odd | more | full | additional | other | whole |"
         " entire | solid | trading | business | working | calendar | short | long | straight | consecutive)?"
         " $UNIT (or (so | NUM | more | less))?", "duration"),
    rule("duration-compound", "$APPROX (n:NUM | one:DET) $UNIT (COMMA? and? NUM (UNIT | UNITS))+", "compound",
         "ISO 8601"),
    rule("duration-adjective", "(a | the | an)? n:NUM hy:HYPHEN u:UNIT (HYPHEN long)?", "duration"),
    rule("duration-period", "(a | an | the)? n:NUM HYPHEN? u:UNIT (period | term | span)", "duration", whole=True),
    rule("duration-range", "$APPROX n:NUM (to | or | HYPHEN) NUM HYPHEN? $UNIT", "duration"),
    rule("span-range", "(the)? $SPAN n:NUM (to | or) NUM $UNIT", "duration"),
    rule("units-per-unit", "<UNITS (a | per | each | an) u:UNIT >!ago >!earlier >!before >!later >!after >!HYPHEN",
         "per_unit", whole=True),
    rule("duration-one", "$APPROX (a | an | another | one) (full | additional | whole | entire | extra |"
    " single)? u:LONGUNIT"
         " (or (so | NUM | more | less))? >!HYPHEN", "duration", amount=1),
    rule("duration-half", "$APPROX (a | an | one) u:UNIT and a half:HALF", "duration", amount=1),
    rule("past-year-and-half", "$LEAST the? $SPAN u:UNIT and a half:HALF", "duration", amount=1),
    rule("half-a", "$APPROX half:HALF (a | an) u:UNIT", "duration", amount=0),
    rule("quarter-century", "$APPROX a? quarter HYPHEN? (of a)? u:UNIT >!of", "quarter_of"),
    rule("half-adjective", "half:HALF HYPHEN (u:UNIT | an hour)", "duration", amount=0),
    rule("every-other", "every other u:UNIT", "repetition", amount=2),
    rule("vague-adjective", "few:FEW HYPHEN u:UNIT", "duration"),
    rule("units-long", "us:UNITS HYPHEN long", "duration", amount="X"),
    rule("unit-long", "u:UNIT HYPHEN long", "duration", amount=1),
    rule("units-later", "us:UNITS later", "duration", amount="X"),
    rule("early-units", "the (early | first | last | final) us:UNITS >!of", "duration", amount="X"),
    rule("in-units", "FORLIKE us:UNITS (or us:UNITS)? >!MARK", "after_word", amount="X"),
    rule("while", "a while", "vague"),
    # repetitions
    rule("every", "(every | each) $N? $UNIT", "repetition", amount=1),
    rule("most-units", "most (us:UNITS)", "repetition", amount=1),
    rule("weekends", "<ONLIKE weekends", "weekends"),
    rule("every-single", "EVERY single (wd:WEEKDAY | mo:MONTH | se:SEASON | pd:PART | u:UNIT)", "repetition",
         amount=1),
    rule("every-day", "EVERY (wd:WEEKDAY | mo:MONTH | se:SEASON | pd:PART) pd:PART?", "repetition", amount=1),
    rule("weekdays", "wds:WEEKDAYS", "repetition"),
    rule("weekday-nights", "wd:WEEKDAY NIGHTS", "repetition"),
    rule("often", "often:OFTEN", "often"),
    rule("per-unit", "(PERLIKE | NUM) (a | per | each | an) u:UNIT >!ago >!earlier >!before >!later >!after"
    " >!HYPHEN", "per_unit"),
)  # fmt: skip
