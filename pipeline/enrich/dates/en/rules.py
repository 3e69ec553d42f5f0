"""The English grammar: all rules, in the order in which they win among matches of the same length.

`$NAME` in a pattern stands for a piece (`pieces.py`). Extents follow the TimeML annotation guidelines 1.2.1, section
2.2: an expression has its determiner and modifiers ("the early 1990s", "more than two years"), but no preposition
before it, and no article that belongs to a noun after it ("a [10-year] bond", "the [Aug. 7] bombing").
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.enrich.dates.en import rules_amounts, rules_days, rules_deictic, rules_periods
from pipeline.enrich.dates.en.holidays import NAMES
from pipeline.enrich.dates.en.pieces import expand
from pipeline.enrich.dates.grammar import Rule


def _holidays() -> tuple[tuple[str, str, str, str, dict[str, Any]], ...]:
    source = "5 U.S.C. 6103 and custom"
    shift = "(this:THIS | last:LAST | next:NEXT)?"
    return tuple(
        entry
        for number, (name, key) in enumerate(NAMES)
        for entry in (
            (f"holiday-{key}-{number}", f"{shift} {name} ($WHATYEAR | in $YEAR)?", "holiday", source, {"key": key}),
            (
                f"holiday-{key}-{number}-week",
                f"{shift} {name} (u:WEEKLIKE) $WHATYEAR?",
                "holiday",
                source,
                {"key": key},
            ),
        )
    )


RULES: Final = tuple(
    Rule(name=name, pattern=expand(pattern), operation=operation, source=source, options=options)
    for name, pattern, operation, source, options in (
        *rules_days.RULES,
        *rules_periods.RULES,
        *rules_deictic.RULES,
        *rules_amounts.RULES,
        *_holidays(),
    )
)
