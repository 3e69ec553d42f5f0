"""Whose a quotation without an attribution of its own is: it goes on from its neighbours or the paragraph before."""

from __future__ import annotations

from pipeline.enrich.speakers import subjects
from pipeline.enrich.speakers.clauses import Attribution, Clauses

_NEIGHBOURS = 50  # quotations of a paragraph that one is compared with


def continued(clauses: Clauses, number: int, found: list[Attribution | None]) -> Attribution | None:
    """A quotation without an attribution of its own goes on from its neighbours, or from who was spoken of."""
    tokens = clauses.tokens
    first = clauses.ranges[number][0]
    paragraph = tokens.paragraph[first]
    start = clauses.clause_start(number)
    if start < first and not all(tokens.blank[index] for index in range(start, first)):
        unit = subjects.leading(clauses.units, start, first)
        return Attribution(unit, None) if unit is not None and unit.kind in ("person", "pronoun") else None
    back, ahead = max(-1, number - 1 - _NEIGHBOURS), min(len(found), number + 1 + _NEIGHBOURS)
    for others in (range(number - 1, back, -1), range(number + 1, ahead)):
        for other in others:
            if tokens.paragraph[clauses.ranges[other][0]] != paragraph:
                break
            one = found[other]
            if one is not None:
                return one
    if clauses.endings[number] not in ".!?,…":
        return None
    one = _from_paragraph_before(clauses, number, found)
    return None if one is None else Attribution(one.unit, one.cue, carried=True)


def _from_paragraph_before(clauses: Clauses, number: int, found: list[Attribution | None]) -> Attribution | None:
    tokens = clauses.tokens
    first = clauses.ranges[number][0]
    end = first - 1
    while end >= 0 and tokens.blank[end]:
        end -= 1
    if end < 0:
        return None
    before = clauses.inside[end]
    if before is not None:
        return found[before]
    start = end
    while start > 0 and tokens.sentence[start - 1] == tokens.sentence[end] and not tokens.blank[start - 1]:
        start -= 1
    for other in range(number - 1, -1, -1):
        if clauses.ranges[other][0] < start:
            break
        if found[other] is not None:
            return found[other]
    cue = clauses.last_cue(start, end + 1)
    unit = subjects.before(clauses.units, cue, start) if cue is not None else None
    unit = unit or subjects.leading(clauses.units, start, end + 1)
    return Attribution(unit, None) if unit is not None and unit.kind != "place" else None
