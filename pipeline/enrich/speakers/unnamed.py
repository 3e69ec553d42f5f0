"""Who speaks without a name or a noun of the word lists: "one patient", "a bystander", "residents", "one of them"."""

from __future__ import annotations

from pipeline.enrich.lexicon import DETERMINERS
from pipeline.enrich.speakers.units import NUMBERS, Unit, Units
from pipeline.enrich.tokens import Tokens

OBJECTS = {"him": "he", "her": "she", "them": "they", "me": "i", "us": "we"}
_INDEFINITE = NUMBERS | {
    "another",
    "others",
    "many",
    "most",
    "several",
    "few",
    "all",
    "everyone",
    "everybody",
    "nobody",
}
_OPENERS = DETERMINERS | NUMBERS | {"another", "several", "many", "some", "no", "each", "every", "’s", "'s"}
_PREPOSITIONS_WORDS = """
of for at with in from to by on about against under between among over near after before during outside behind
across inside into through within without beside amid around
"""
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
_BREAKS_WORDS = ", : ; and but or while when as because although though that who which if so yet then"
_VERBS_WORDS = "was were is are has had have been be will would can could may might should must did does do not"
_BREAKS = frozenset((_BREAKS_WORDS + " " + _VERBS_WORDS).split())
# nouns that tell when, where or what, never who
_NOT_WHO_WORDS = """
day days week weeks month months year years night morning afternoon evening hour hours minute minutes moment time
times way weekend summer winter spring autumn thing things something anything nothing everything what this it all
end start beginning rest same past future fact course place case part question answer point
"""
_NOT_WHO = frozenset(_NOT_WHO_WORDS.split())
_LONGEST = 7  # words of such a noun phrase
_CHAIN = 3  # "a member of the choir in the next village"


def before(units: Units, cue: int, start: int) -> Unit | None:
    """The noun phrase that ends before the verb at `cue`: "a man in the crowd shouted"; None where it is no such."""
    tokens = units.tokens
    last = cue
    for _ in range(_CHAIN):
        known = units.at[last - 1] if last > start else None
        if known is not None:
            return known if known.kind in ("person", "organization", "role") and last < cue else None
        first = _phrase(units, last, start)
        if first is None:
            return None
        ahead = tokens.lower[first - 1] if first > start else ""
        if ahead in _PREPOSITIONS:
            last = first - 1
            if last > start and tokens.lower[last - 1] in _INDEFINITE and ahead == "of":
                return Unit(last - 1, last, "role", None, last - 1)
            continue
        if first > start and tokens.words[first - 1][0].isalpha() and ahead not in _BREAKS:
            return None
        return None if tokens.lower[last - 1] in _NOT_WHO else Unit(first, last, "role", None, last - 1)
    return None


def after(units: Units, cue: int, end: int) -> Unit | None:
    """The noun phrase that begins after the verb: "said one of them", "muttered an editor in the second row"."""
    tokens = units.tokens
    index = cue + 1
    if index >= end:
        return None
    word = tokens.lower[index]
    if word in OBJECTS and (
        index + 1 >= end or tokens.lower[index + 1] == "as" or not tokens.words[index + 1][0].isalpha()
    ):
        return Unit(index, index + 1, "pronoun", None, index)
    if word in _INDEFINITE and (index + 1 >= end or not _is_noun(tokens, index + 1)):
        last = index + 1
        while tokens.lower[index + 1 : index + 2] == ["of"] and last < min(end, index + _LONGEST):
            if tokens.lower[last] != "of" and tokens.lower[last] not in DETERMINERS and not _is_noun(tokens, last):
                break
            last += 1
        return Unit(index, last, "role", None, last - 1)
    plural = word.endswith("s") and not word.endswith(("ss", "us", "'s")) and _is_noun(tokens, index)
    if word == "that" or (word not in _OPENERS and not plural):
        return None
    last = index if plural else index + 1
    while last < end and last - index < _LONGEST and units.at[last] is None and _is_noun(tokens, last):
        last += 1
    if last == index or (not plural and last == index + 1) or tokens.lower[last - 1] in _NOT_WHO:
        return None
    return Unit(index, last, "role", None, last - 1)


def _phrase(units: Units, last: int, start: int) -> int | None:
    """The first token of the noun phrase that ends before token `last`: from its determiner, or a bare plural."""
    tokens = units.tokens
    head = last - 1
    if head < start:
        return None
    if tokens.lower[head] in _INDEFINITE and units.at[head] is None:
        return head
    if not _is_noun(tokens, head) or units.at[head] is not None:
        return None
    for index in range(head - 1, max(start - 1, head - _LONGEST), -1):
        word = tokens.lower[index]
        if word in _OPENERS:
            return index
        if units.at[index] is None and not _is_noun(tokens, index) and word != "-" and not word[0].isdigit():
            break
    opens = head == start or tokens.lower[head - 1] in _BREAKS
    return head if opens and tokens.lower[head].endswith("s") and not tokens.lower[head].endswith("ss") else None


def _is_noun(tokens: Tokens, index: int) -> bool:
    """Whether a word may belong to a noun phrase: in small letters, and none that parts phrases."""
    word = tokens.lower[index]
    return (
        len(word) > 2
        and word.replace("-", "").isalpha()
        and (tokens.words[index].islower() or tokens.first[index])
        and word not in _PREPOSITIONS
        and word not in _BREAKS
        and word not in OBJECTS
        and not word.endswith("ly")
    )
