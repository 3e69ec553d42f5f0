"""Words that stand side by side in a query and need not do so in an article: which of them are clauses. Pure.

Elasticsearch makes one clause of words side by side, and each field leaves out its own stop words. A clause of stop
words alone ("the" before a known name, a phrase or another clause of its own) is left out by the fields of text and
not by those of names: then an article would need a person, organization or keyword of that word, and nearly nothing
is found. So such a clause is left out here, unless nothing else was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from pipeline.index.querystring import Part

# what the filter `stop` leaves out of English by default (_english_), as the template's fields do
STOP_WORDS: Final = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of"}
    | {"on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will"}
    | {"with"}
)


def side_by_side(parts: Sequence[Part], *, apart: bool) -> Iterator[Part]:
    """The parts of a query without operators, without clauses of stop words alone.

    Args:
        parts: as `querystring.read` gives them, or of the kind `clause`: a clause that is complete.
        apart: make each word a clause of its own.
    """
    leave_out = _asks_for_more(parts)
    for is_run, group in groupby(parts, key=lambda part: part.kind in ("word", "space")):
        run = list(group)
        if is_run and leave_out and (apart or not any(map(_telling, run))):
            run = [part for part in run if part.kind == "space" or _telling(part)]
        yield from _clauses(run) if is_run and apart else run


def each_is_looked_for(parts: Sequence[Part]) -> bool:
    """Whether no field of English text or names leaves out any of the words: letters and digits are always a token,
    and stop words are ASCII (a word with accents may be one without: thé).
    """
    words = [part.typed for part in parts if part.kind == "word"]
    return all(word.isascii() and word.isalnum() and word.lower() not in STOP_WORDS for word in words)


def _clauses(run: Sequence[Part]) -> Iterator[Part]:
    """Words of a run, all but the first between parentheses: the first is a clause already where others follow."""
    first = True
    for part in run:
        yield part if first or part.kind == "space" else Part("clause", f"({part.text})")
        first = first and part.kind == "space"


def _telling(part: Part) -> bool:
    return part.kind == "word" and part.typed.lower() not in STOP_WORDS


def _asks_for_more(parts: Sequence[Part]) -> bool:
    """Whether there is anything to look for but stop words. Parentheses are left as they are: they need a content."""
    if any(part.kind == "other" and part.text in ("(", ")") for part in parts):
        return False
    return any(_telling(part) or part.kind in ("clause", "phrase") or _wildcard(part) for part in parts)


def _wildcard(part: Part) -> bool:
    return part.kind == "other" and any(map(str.isalnum, part.text))
