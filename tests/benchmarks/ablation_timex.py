"""What each kind of knowledge brings to the time tagger: its scores with one kind taken away at a time.

    python -m tests.benchmarks.ablation_timex FOLDER [FOLDER ...]

Each folder holds TimeML files. Printed: F1 of relaxed spans and of values, and the loss against the whole tagger.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pipeline.article import Timex
from pipeline.enrich.dates import tagger
from pipeline.enrich.dates.calendar import Granule
from pipeline.enrich.dates.context import Direction, Narrative
from pipeline.enrich.dates.en import english
from pipeline.enrich.dates.en.lexicon import EXACT_WORDS_OF, WORDS_OF
from pipeline.enrich.dates.en.rules import RULES
from pipeline.enrich.dates.events import Events
from pipeline.enrich.dates.grammar import Grammar, Lexicon
from pipeline.enrich.dates.language import Language
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tokens import NUMERIC, Tokens
from pipeline.enrich.quotations import find_quotations
from pipeline.evaluation.timex import Tagger, documents, evaluate


def _tagger(language: Language, *, quotations: bool = True, events: Events | None = None) -> Tagger:
    def tag(text: str, reference: Reference) -> list[Timex]:
        found = find_quotations(text) if quotations else []
        return tagger.tag(text, reference=reference, quotations=found, language=language, events=events)

    return tag


def _without_rules(keep: Callable[[str], bool]) -> Language:
    rules = [rule for rule in RULES if keep(rule.operation)]
    return replace(english(), grammar=Grammar(Lexicon(WORDS_OF, EXACT_WORDS_OF), rules, numeric=NUMERIC))


def _no_direction(tokens: Tokens, start: int, stop: int) -> Direction:
    return Direction.UNKNOWN


def _nothing_seen(self: Narrative, *units: str, after: int = -1) -> Granule | None:
    return None


def main(folders: list[Path]) -> None:
    """Print the table of every folder."""
    business = {"compared", "compared_year", "latest", "ended"}
    kinds: dict[str, tuple[Tagger, tuple[tuple[object, str, object], ...]]] = {
        "the whole tagger": (_tagger(english()), ()),
        "without tense (nearest place)": (_tagger(replace(english(), read_direction=_no_direction)), ()),
        "without the narrative's time": (_tagger(english()), ((Narrative, "last", _nothing_seen),)),
        "without periods of business reports": (_tagger(_without_rules(lambda name: name not in business)), ()),
        "without holidays": (_tagger(_without_rules(lambda name: name != "holiday")), ()),
        "without number words": (_tagger(replace(english(), read_number=lambda words, start: None)), ()),
        "without quotations": (_tagger(english(), quotations=False), ()),
        "without events": (_tagger(english(), events=Events()), ()),
        "without history's own years": (
            _tagger(english()),
            ((tagger, "tells_of_other_years", lambda tokens, grammar, now: False),),
        ),
        "without ages and names left out": (_tagger(_without_rules(lambda name: name != "skip")), ()),
    }
    for folder in folders:
        texts = documents(folder)
        print(f"{folder.name}: {len(texts)} documents")
        whole: tuple[float, float] | None = None
        for kind, (one, patches) in kinds.items():
            with ExitStack() as stack:
                for target, name, value in patches:
                    stack.enter_context(patch.object(target, name, value))
                report = evaluate(texts, tagger=one)
            scores = 100 * report.scores("relaxed")[2], 100 * report.scores("value")[2]
            whole = whole or scores
            losses = "".join(f"{score:7.1f} ({score - full:+.1f})" for score, full in zip(scores, whole, strict=True))
            print(f"  {kind:38}{losses}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
