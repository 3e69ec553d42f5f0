"""Datelines: "DOVER, England (Reuters) - ", "NEW DELHI: ", "Geneva (dpa) - " at the head of an article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.enrich.tokens import Tokens

_DASHES = frozenset({"-", "—", "–", "--", "_"})
_PARAGRAPHS = 3  # a headline and a byline may come first
_LONGEST = 22  # tokens of a dateline
_PLACE = 4  # tokens of its place


@dataclass(frozen=True, slots=True)
class Dateline:
    """The tokens of its place, in capitals or not, and the first token after it."""

    first: int
    last: int
    end: int


def find(tokens: Tokens, is_place: Callable[[str], bool]) -> Dateline | None:
    """The dateline of an article, None where it has none.

    Without a region or an agency after it, a name must be one that `is_place` knows: "UPDATE - " is no dateline.
    """
    index, size = 0, len(tokens)
    for _ in range(_PARAGRAPHS):
        while index < size and tokens.blank[index]:
            index += 1
        if index >= size:
            return None
        found = _at(tokens, index, is_place)
        if found is not None:
            return found
        paragraph = tokens.paragraph[index]
        while index < size and tokens.paragraph[index] == paragraph:
            index += 1
    return None


def _at(tokens: Tokens, first: int, is_place: Callable[[str], bool]) -> Dateline | None:
    words, size = tokens.words, len(tokens)
    capitals = words[first].isupper()
    last = first
    while last < min(size, first + _PLACE) and (
        words[last][0].isalpha() or words[last] in {"'S", "’S", ".", "'", "’"}
    ):
        if not words[last][0].isupper() and words[last][0].isalpha():
            return None
        if capitals and not words[last].isupper() and words[last][0].isalpha():
            break
        last += 1
    if last == first or last >= size:
        return None
    end = last
    while end < min(size, first + _LONGEST) and words[end] not in _DASHES:
        if words[end] in {":", ";", "!", "?"} or tokens.blank[end] or words[end][0] in "\"“”‘'`":
            break
        if words[end].islower() and words[end - 1] not in {"(", "/"}:
            return None
        end += 1
    if end + 1 >= size or words[end] not in _DASHES | {":"} or tokens.starts[end + 1] == tokens.ends[end]:
        return None
    after = words[end + 1]
    headline = after.isupper() and len(after) > 1  # "SOCCER - NORWICH HOLD LEEDS"
    if words[end - 1] == ")" or (capitals and not headline and _is_placed(tokens, first, last, is_place)):
        return Dateline(first, last, end + 1)
    return None


def _is_placed(tokens: Tokens, first: int, last: int, is_place: Callable[[str], bool]) -> bool:
    """Whether the name, or the region after it, is known: "ABERGORLECH, Wales"."""
    if is_place(tokens.slice(first, last)):
        return True
    ends = range(last + 2, min(last + 2 + _PLACE, len(tokens) + 1))
    return tokens.words[last] == "," and any(is_place(tokens.slice(last + 1, end)) for end in ends)
