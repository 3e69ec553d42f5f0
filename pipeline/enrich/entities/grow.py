"""A person's span that the model cut short grows to the whole name: given names, initials, surname and particles."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import (
    DETERMINERS,
    MONTHS_AND_DAYS,
    PARTICLES,
    cues,
    given_names,
    nationalities,
    roles,
    title_words,
)
from pipeline.enrich.names import plain
from pipeline.enrich.places import geonames
from pipeline.enrich.tokens import Tokens

_SYLLABLE = 5  # letters: of Korean and Chinese given names, not of "Mo.-based"
_NO_SYLLABLES = frozenset({"born", "based", "led", "run", "style", "era", "like", "held", "made", "owned", "dollar"})
_NOT_NAMES = frozenset(
    {
        "I",
        "I.",
        "Another",
        "Others",
        "Day",
        "Eve",
        "TV",
        "OK",
        "OT",
        "KO",
        "TKO",
        "Internet",
        "God",
        "Dad",
        "Mom",
        "Mum",
        "Daddy",
        "Mommy",
    }
)
PRONOUNS = frozenset({"I", "I.", "Another", "Others", "Everyone", "Nobody", "Somebody"})
_RUN = 6  # tokens of the longest run of capitals that is looked at


def is_name_word(tokens: Tokens, index: int) -> bool:
    """Whether a token looks like part of a name: a capital and letters, no title, month or day."""
    word = tokens.words[index]
    return (
        word[0].isupper()
        and word not in MONTHS_AND_DAYS
        and word not in _NOT_NAMES
        and word not in PRONOUNS
        and tokens.lower[index] not in title_words()
    )


def grown(tokens: Tokens, span: Span, owner: Sequence[object], inside: list[Span | None]) -> Span:
    """A person's span with the rest of the name: given name or initials before, surname and particles after."""
    if span.label != "PERSON":
        return span
    first, last = span.first, span.last
    size = len(tokens)
    while first > 0 and owner[first - 1] is None and _before_name(tokens, first - 1):
        first -= 1
    if first == span.first and last - first == 1 and _unknown_given_name(tokens, first - 1, owner, inside):
        first -= 1
    given = tokens.words[span.last - 1] in given_names()
    while last < size and owner[last] is None and last - first < _RUN:
        other = inside[last]
        if other is not None and not (given and other.label == "PERSON" and last == span.last):
            if other.label == "GPE" and last == span.last and _is_rest(tokens, other):
                last = other.last
            break
        if is_name_word(tokens, last) and not tokens.blank[last] and _surname(tokens.words[last]):
            last += 1
        elif _hyphenated(tokens, last):  # Li Song-ho
            last += 2
        elif tokens.lower[last] in PARTICLES and last + 1 < size and tokens.words[last].islower():
            ahead = last + 1
            while ahead + 1 < size and tokens.lower[ahead] in PARTICLES and ahead - last < 2:
                ahead += 1
            if (
                is_name_word(tokens, ahead)
                and owner[ahead] is None
                and tokens.lower[last] not in DETERMINERS | {"as", "e", "y"}
            ):
                last = ahead + 1
            else:
                break
        else:
            break
    return span if (first, last) == (span.first, span.last) else Span(first, last, span.label, span.source)


def _is_rest(tokens: Tokens, other: Span) -> bool:
    """Whether what the model takes for a place is the surname to the name before it: "Udav Prashad [Timalsina]"."""
    word = tokens.words[other.first]
    return other.last - other.first == 1 and _surname(word) and plain(word) not in geonames.load().by_name


def _unknown_given_name(tokens: Tokens, index: int, owner: Sequence[object], inside: list[Span | None]) -> bool:
    """Whether a surname that the model found alone has its given name before it: "Mahbubul [Alam]"."""
    return (
        index >= 0
        and owner[index] is None
        and inside[index] is None
        and not tokens.first[index]
        and tokens.ends[index] < tokens.starts[index + 1]
        and _surname(tokens.words[index])
        and is_name_word(tokens, index)
        and tokens.lower[index] not in cues().team_nouns
        and tokens.lower[index] not in roles()
    )


def _hyphenated(tokens: Tokens, index: int) -> bool:
    """Whether a hyphen at `index` joins the word before it to letters after it, without spaces."""
    return (
        tokens.words[index] == "-"
        and 0 < index < len(tokens) - 1
        and tokens.starts[index] == tokens.ends[index - 1]
        and tokens.ends[index] == tokens.starts[index + 1]
        and tokens.words[index + 1].isalpha()
        and (tokens.words[index + 1].islower() and len(tokens.words[index + 1]) <= _SYLLABLE)
        and tokens.words[index + 1] not in _NO_SYLLABLES
    )


def _surname(word: str) -> bool:
    return len(word) > 1 and word.isalpha() and not word.isupper() and word not in nationalities()


def _before_name(tokens: Tokens, index: int) -> bool:
    word = tokens.words[index]
    if word in given_names():
        return True
    return len(word) == 2 and word[1] == "." and word[0].isupper() and not tokens.first[index]
