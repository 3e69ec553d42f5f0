"""The mentions that only the rest of the article shows: a surname alone, a name in a headline of capitals."""

from __future__ import annotations

from collections import Counter

from pipeline.enrich.entities.matcher import Entry, Matcher
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.tokens import Tokens

_SHORTEST = 3  # letters of a name that is looked for again
_PLACES = frozenset({"GPE", "LOC", "FAC"})


def fill(tokens: Tokens, spans: list[Span], caps: list[bool]) -> list[Span]:
    """`spans` and what else of their names is in the text, sorted and without overlaps."""
    labels: dict[str, Counter[str]] = {}
    for span in spans:
        if caps[span.first]:
            continue
        text = " ".join(tokens.slice(span.first, span.last).split())
        labels.setdefault(text, Counter())[span.label] += 1
        if span.label == "PERSON" and " " in text:
            labels.setdefault(text.rsplit(" ", 1)[1], Counter())[span.label] += 1
    common = {word for word in tokens.words if word.islower()}
    known = {
        text: Entry(counts.most_common(1)[0][0], True)
        for text, counts in labels.items()
        if len(text) >= _SHORTEST and text[0].isupper()
    }
    taken = [False] * len(tokens)
    for span in spans:
        taken[span.first : span.last] = [True] * (span.last - span.first)
    added = []
    for span, _ in Matcher(known).find(tokens, 0, len(tokens)):
        alone = span.last - span.first == 1
        if any(taken[span.first : span.last]) or (
            alone and tokens.first[span.first] and tokens.lower[span.first] in common
        ):
            continue
        if span.label in _PLACES and _inside_a_name(tokens, span, taken):
            continue
        added.append(Span(span.first, span.last, span.label, "article"))
        taken[span.first : span.last] = [True] * (span.last - span.first)
    shouted = {text.upper(): entry for text, entry in known.items() if len(text) > _SHORTEST}
    for span, _ in Matcher(shouted).find(tokens, 0, len(tokens)):
        if caps[span.first] and not any(taken[span.first : span.last]):
            added.append(Span(span.first, span.last, span.label, "article"))
    return sorted([*spans, *added], key=lambda span: span.first)


def _inside_a_name(tokens: Tokens, span: Span, taken: list[bool]) -> bool:
    """Whether an untagged word of the same name stands beside it: "Paris" in "Paris Match"."""
    after = span.last
    if (
        after < len(tokens)
        and not taken[after]
        and tokens.words[after][0].isupper()
        and tokens.words[after].isalpha()
    ):
        return True
    before = span.first - 1
    return before >= 0 and not taken[before] and tokens.words[before][0].isupper() and not tokens.first[before]
