"""Two who speak in turns: a paragraph of nothing but speech may be the answer of the one before the last."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from pipeline.enrich.lexicon import title_words
from pipeline.enrich.speakers.clauses import Attribution, Clauses

Who = Callable[[Attribution], Hashable]


def take_turns(clauses: Clauses, attributions: list[Attribution | None], who: Who) -> list[Attribution | None]:
    """The attributions, those carried over from the paragraph before given to the other of two speakers.

    It is the turn of who was spoken to by name, of the other after a question and at a second question of who asked
    the first, and once the two have begun to take turns. Otherwise who spoke last goes on. `who` tells whether two
    attributions name the same speaker.
    """
    result = list(attributions)
    paragraphs: dict[int, list[int]] = {}
    for number, (first, _) in enumerate(clauses.ranges):
        paragraphs.setdefault(clauses.tokens.paragraph[first], []).append(number)
    turned: set[int] = set()
    for number, mine in enumerate(attributions):
        if mine is None or not mine.carried:
            continue
        here = clauses.tokens.paragraph[clauses.ranges[number][0]]
        before, earlier = paragraphs.get(here - 1), paragraphs.get(here - 2)
        if before is None:
            continue
        spoken_to = _addressed(clauses, before[-1])
        speaker = result[before[-1]]
        if spoken_to is not None and speaker is not None and who(speaker) != who(spoken_to):
            turned.add(here)
            result[number] = spoken_to
            continue
        if earlier is None:
            continue
        last, other = before[-1], earlier[-1]
        one, two = result[last], result[other]
        if one is None or two is None or who(one) == who(two):
            continue
        asks = clauses.ends_in(number, "?")
        answers = clauses.ends_in(last, "?") and not asks
        if answers or (asks and clauses.ends_in(other, "?")) or here - 1 in turned:
            turned.add(here)
            result[number] = Attribution(two.unit, None, carried=True)
    return result


def _addressed(clauses: Clauses, number: int) -> Attribution | None:
    """Whom a quotation speaks to by name at its end: “You left it there, Mrs Hallam.”"""
    tokens, units = clauses.tokens, clauses.units
    first, last = clauses.ranges[number]
    index = last - 1
    while index > first and not tokens.words[index][0].isalnum():
        index -= 1
    unit = units.at[index]
    if unit is None or unit.kind != "person" or unit.first <= first + 1:
        return None
    before = unit.first - 1
    if tokens.lower[before] in title_words():
        before -= 1
    return Attribution(unit, None, carried=True) if tokens.words[before] == "," and before > first else None
