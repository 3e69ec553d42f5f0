"""The day on which a quotation was said, told from the days around it.

First the attribution: a day near a word of speech in the quotation's own sentence (“...,” she said on Friday). Else
the last day before it that stands in a sentence with a word of speech, up to two paragraphs back: "in a speech late
on Wednesday ... He said: “...”". Only the past can be quoted: a day after the reference is none. Without evidence it
is None.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.article import Quotation
from pipeline.enrich.dates.context import Context, Meaning
from pipeline.enrich.dates.tokens import PARAGRAPH

_NEAR: Final = 9  # tokens between a word of speech and its day
_SENTENCE: Final = 80  # tokens; a longer sentence is cut
_CLOSES: Final = frozenset({",", "”", '"', "'", "’"})  # before a verb of speech: its words came before it
_PARAGRAPHS_BACK: Final = 2


@dataclass(frozen=True, kw_only=True)
class TokenSpan:
    """Tokens `start` to `stop` (exclusive)."""

    start: int
    stop: int


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A day outside all quotations, and the token where it stands."""

    token: int
    day: date


def token_spans(context: Context, quotations: Sequence[Quotation]) -> list[TokenSpan]:
    """The tokens of each quotation, in order."""
    starts = context.tokens.starts
    return [
        TokenSpan(start=bisect_left(starts, quotation.start), stop=bisect_left(starts, quotation.end))
        for quotation in quotations
    ]


def days_outside(found: Sequence[tuple[int, Meaning]]) -> list[Dated]:
    """The days among meanings, each with its token."""
    return [
        Dated(token=token, day=meaning.place.first)
        for token, meaning in found
        if meaning.place is not None and meaning.place.unit == "day" and meaning.place.valid
    ]


def days_said(
    context: Context, quotations: Sequence[Quotation], inside: Sequence[TokenSpan], days: Sequence[Dated]
) -> list[date | None]:
    """The day on which each quotation was said; parts of one quotation share it."""
    past = [item for item in days if item.day <= context.reference.day]
    at = [item.token for item in past]
    spoken = [item for item in past if _speech_in_sentence(context, item.token)]
    spoken_at = [item.token for item in spoken]
    breaks = paragraph_breaks(context)
    if not past:
        return [None] * len(quotations)
    attributed = [_attributed(context, span, past, at) for span in inside]
    found: list[date | None] = []
    for span, day in zip(inside, attributed, strict=True):
        if day is None:
            last = bisect_left(spoken_at, span.start) - 1
            if last >= 0:
                between = bisect_right(breaks, span.start) - bisect_right(breaks, spoken[last].token)
                if between <= _PARAGRAPHS_BACK:
                    day = spoken[last].day
        found.append(day)
    whole: dict[int, date] = {}
    for quotation, day in zip(quotations, attributed, strict=True):
        if quotation.group is not None and day is not None:
            whole[quotation.group] = day
    return [
        whole.get(quotation.group, day) if quotation.group is not None else day
        for quotation, day in zip(quotations, found, strict=True)
    ]


def paragraph_breaks(context: Context) -> list[int]:
    """The tokens that are blank lines."""
    mark = context.language.grammar.code_of(PARAGRAPH)
    return [found.start() for found in re.finditer(mark, context.tokens.codes)]


def _attributed(context: Context, span: TokenSpan, past: Sequence[Dated], at: Sequence[int]) -> date | None:
    """The day nearest to a word of speech in the sentence around a quotation."""
    if bisect_left(at, span.start - _SENTENCE) == bisect_left(at, span.stop + _SENTENCE):
        return None
    first, last = _sentence(context, span)
    words = context.tokens.words
    near = past[bisect_left(at, first) : bisect_left(at, last)]
    if not near:
        return None
    best: tuple[int, date] | None = None
    for index in (*range(first, span.start), *range(span.stop, last)):
        if words[index] in context.language.speech:
            for item in near:
                distance = abs(item.token - index)
                if (
                    distance <= _NEAR
                    and not (span.start <= item.token < span.stop)
                    and (best is None or distance < best[0])
                ):
                    best = distance, item.day
    return best[1] if best else None


def _sentence(context: Context, span: TokenSpan) -> tuple[int, int]:
    ends = context.language.ends_sentence
    tokens = context.tokens
    first = span.start
    while first > max(0, span.start - _SENTENCE) and not ends(tokens, first - 1):
        first -= 1
    last = span.stop
    # a sentence that ends inside the marks has ended, unless its attribution follows in small letters
    inner = last - 2
    if inner > span.start and ends(tokens, inner) and not _goes_on(context, last):
        return first, last
    while last < min(len(tokens), span.stop + _SENTENCE) and not ends(tokens, last):
        last += 1
    return first, last


def _goes_on(context: Context, index: int) -> bool:
    return index < len(context.tokens) and context.tokens.raw(index)[:1].islower()


def _speech_in_sentence(context: Context, token: int) -> bool:
    first, last = _sentence(context, TokenSpan(start=token, stop=token + 1))
    words = context.tokens.words
    for index in range(first, last):
        if words[index] in context.language.speech:
            # "it rose on Wednesday, said the chief": the day is in what was said
            inverted = index > token and words[index - 1] in _CLOSES
            if not inverted:
                return True
    return False
