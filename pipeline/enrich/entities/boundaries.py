"""Where a mention begins and ends: no determiner, title, possessive, score or common noun belongs to it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import (
    DETERMINERS,
    HONOURS,
    PARTICLES,
    given_names,
    honorifics,
    nationalities,
    roles,
    title_words,
    titles,
)
from pipeline.enrich.tokens import Tokens

_POSSESSIVES = frozenset({"'s", "’s", "'", "’", "'S", "’S"})
_MARKS = frozenset("\"“”‘’'`´«»()[]{}<>,;:!?*•|/\\-–—_=+~#@$%^…") | {"``", "''", "--", "---", "..."}
_COMPASS = frozenset({"northern", "southern", "eastern", "western", "central", "north", "south", "east", "west"})
_NUMBERED = frozenset({"channel", "radio", "formula", "group", "bbc", "area", "local", "league", "world", "studio"})
_LONGEST = 20  # tokens of a name; more is a list or a table that was taken for one
_TITLE_WORDS = 4  # the longest title of the list, in words
_PERSON_LIKE = frozenset({"PERSON"})
_NAME_OF_PLACE = frozenset({"GPE", "LOC"})
PARTIES = frozenset({"D", "R", "I"})
# where a player plays, in notes: "Vikings WR Cris Carter"
_POSITIONS_WORDS = "QB WR RB TE LB CB FB OL DL RHP LHP INF OF SS 1B 2B 3B LW RW"
_POSITIONS = frozenset(_POSITIONS_WORDS.split())
_SCORE = 3  # digits of one at most


def parted(tokens: Tokens, span: Span) -> list[Span]:
    """The span, or the two teams of a result that was taken for one name: "Newcastle 1 Nottingham Forest 2"."""
    if span.last - span.first > 2 and _is_score(tokens, span.last):
        for index in range(span.first + 1, span.last - 1):
            if _is_score(tokens, index) and tokens.lower[index - 1] not in _NUMBERED:
                return [replace(span, last=index), replace(span, first=index + 1)]
    for index in range(span.first + 1, min(span.last - 1, span.first + _LONGEST)):
        if tokens.words[index] == ")" and "(" not in tokens.words[span.first : index]:
            return [replace(span, last=index), replace(span, first=index + 1)]  # "Reuter) - Nigeria"
    return [span]


def joined(tokens: Tokens, spans: list[Span]) -> list[Span]:
    """The spans, a given name that the model takes for a people's joined to its surname: "[Dragan] [Petrovic]"."""
    whole: list[Span] = []
    for span in spans:
        before = whole[-1] if whole else None
        if (
            before is not None
            and before.label == "NORP"
            and span.label == "PERSON"
            and before.last == span.first
            and tokens.slice(before.first, before.last) not in nationalities()
        ):
            whole[-1] = replace(span, first=before.first)
        else:
            whole.append(span)
    return whole


def _seat(tokens: Tokens, span: Span) -> Span:
    """The state alone of a party with its state: "D-Minn."."""
    first = span.first
    seated = (
        span.last - first > 2
        and tokens.words[first] in PARTIES
        and tokens.words[first + 1] == "-"
        and tokens.ends[first] == tokens.starts[first + 1]
        and tokens.words[first + 2][0].isupper()
    )
    return replace(span, first=first + 2, label="GPE") if seated else span


def _is_score(tokens: Tokens, index: int) -> bool:
    return index < len(tokens) and tokens.words[index].isdecimal() and len(tokens.words[index]) <= _SCORE


def trim(tokens: Tokens, span: Span) -> Span | None:
    """The span without what does not belong to the name; None where nothing is left."""
    span = _seat(tokens, span)
    first, last = _one_paragraph(tokens, span.first, span.last)
    words, lower = tokens.words, tokens.lower
    while first < last and _leads(tokens, first, last, span.label):
        first += 1
    while first < last and _trails(tokens, first, last, span.label):
        last -= 1
    if span.label in _PERSON_LIKE:
        first = after_title(tokens, first, last)
    elif span.label == "ORG" and first < last and lower[first] in honorifics() and last - first > 1:
        first += 1
    if last - first > _LONGEST:
        return None
    if first >= last or not any(character.isalpha() for character in words[first]):
        return None
    return span if (first, last) == (span.first, span.last) else replace(span, first=first, last=last)


def after_title(tokens: Tokens, first: int, last: int) -> int:
    """The first token after the titles at the head of a person's name; `first` where all of it would be a title."""
    start = first
    while start < last:
        for size in range(min(_TITLE_WORDS, last - start), 0, -1):
            if tokens.slice(start, start + size).lower().replace("\n", " ") in titles():
                start += size
                break
        else:
            break
        while start < last and tokens.lower[start] in {".", ",", "-"}:
            start += 1
    if last - start > 2 and tokens.lower[start] in roles() and tokens.words[start] not in given_names():
        start += 1  # "Neighbor Bonnie Haugen", at the head of a sentence
    if last - start > 2 and tokens.words[start] in nationalities() and tokens.words[start] not in given_names():
        start += 1  # "Welshman Bradley Dredge"
    return start if start < last else first


def _one_paragraph(tokens: Tokens, first: int, last: int) -> tuple[int, int]:
    while first < last and tokens.blank[first]:
        first += 1
    for index in range(first, last):
        if tokens.blank[index] and tokens.paragraph[index] != tokens.paragraph[first]:
            return first, index
    return first, last


def _leads(tokens: Tokens, first: int, last: int, label: str) -> bool:
    word, lower = tokens.words[first], tokens.lower[first]
    if tokens.blank[first] or word in _MARKS or word in _POSSESSIVES:
        return True
    if last - first == 1:
        return False
    if word in _POSITIONS:
        return True
    if lower in DETERMINERS and not (lower in PARTICLES and word[0].isupper() and tokens.words[first + 1] == "-"):
        return not kept_article(tokens, first)
    if word.islower() and lower not in PARTICLES:
        return tokens.words[first + 1] != "-" or tokens.words[first + 2 : first + 3] == []
    if label in _NAME_OF_PLACE and lower in _COMPASS and lower.endswith("ern") and tokens.first[first]:
        return last - first == 2 and tokens.words[first + 1] != "Ireland"
    return word == "." or (lower in {"'s", "and", "or"})


def kept_article(tokens: Tokens, first: int) -> bool:
    """Whether the article at `first` is part of a place's name: The Hague."""
    return tokens.words[first] == "The" and tokens.words[first + 1 : first + 2] == ["Hague"]


def _trails(tokens: Tokens, first: int, last: int, label: str) -> bool:
    word, lower = tokens.words[last - 1], tokens.lower[last - 1]
    if tokens.blank[last - 1] or word in _MARKS or word in _POSSESSIVES:
        return True
    if word == ".":  # a full stop that the tokeniser set apart ends the sentence, not the name
        return True
    if last - first == 1:
        return False
    if (
        word in _POSITIONS
        or (word.islower() and word.isalpha())
        or (label in _PERSON_LIKE and word in HONOURS and last - first > 2)
    ):
        return True
    if word[0].isdigit():
        return tokens.lower[last - 2] not in _NUMBERED and label != "EVENT" and label != "OTHER"
    return lower in title_words() and label == "PERSON" and word.islower()
