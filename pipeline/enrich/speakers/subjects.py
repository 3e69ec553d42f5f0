"""The subject of a verb of speech, without a parser: the noun phrase before it, past appositions, or after it."""

from __future__ import annotations

from pipeline.enrich.lexicon import DETERMINERS, HONOURS, title_words
from pipeline.enrich.speakers import unnamed
from pipeline.enrich.speakers.cues import groups
from pipeline.enrich.speakers.units import Unit, Units

_AUXILIARIES_WORDS = """
monday tuesday wednesday thursday friday saturday sunday went on to both all further does do been be being are
were not n't n’t - himself herself itself yesterday today has had have was is would will could did may might can
also then later again once often still now first just even never always sometimes simply reportedly soon
"""
_AUXILIARIES = frozenset(_AUXILIARIES_WORDS.split())
_PREPOSITIONS = frozenset(
    {
        "of",
        "for",
        "at",
        "with",
        "in",
        "from",
        "to",
        "by",
        "on",
        "about",
        "against",
        "under",
        "between",
        "among",
        "over",
    }
)
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_REACH = 45  # tokens that a subject may stand away from its verb


def before(units: Units, cue: int, start: int, *, climb: bool = True) -> Unit | None:
    """The subject of the verb at token `cue`, in the clause that starts at token `start`.

    Without `climb` it is the name next to the verb: "footage of Hillary Clinton asking".
    """
    tokens = units.tokens
    lower = tokens.lower
    start = max(start, cue - _REACH)
    index = cue - 1
    while (
        index >= start and (lower[index] in _AUXILIARIES or lower[index].endswith("ly")) and units.at[index] is None
    ):
        index -= 1
    if index < start:
        return None
    if lower[index] in ("who", "which", "that"):
        index -= 1
        if index >= start and lower[index] == ",":
            index -= 1
        unit = units.at[index] if index >= start else None
        return _climb(units, unit, start) if unit else leading(units, start, cue)
    if lower[index] in (",", "—", "–", "--", ")", "-"):
        return _past_apposition(units, index, start) or leading(units, start, cue)
    if tokens.words[index] in HONOURS and index > start and units.at[index - 1] is not None:
        index -= 1
    unit = units.at[index]
    if unit is not None:
        if not climb:
            return leading(units, start, cue) or unit if unit.kind == "place" else unit
        return _climb(units, _named_group(units, unit, start), start)
    if index == cue - 1 and tokens.words[index][0].isupper():
        named = units.name(index)
        if named is not None and named.first >= start:
            return named
    return unnamed.before(units, index + 1, start) or leading(units, start, cue)


def after(units: Units, cue: int, end: int) -> Unit | None:
    """The subject that stands after its verb, "said Kremlin spokesman Dmitry Peskov"; None for "said on Friday"."""
    tokens = units.tokens
    found: Unit | None = None
    index = cue + 1
    while index < min(end, cue + 16):
        unit = units.at[index]
        if unit is not None and unit.last < end and tokens.lower[unit.last] in _POSSESSIVE:
            index = unit.last + 1  # "says Marlowe's chief of staff, Dana Orr"
            continue
        if unit is not None and unit.kind != "group":
            if unit.kind in ("person", "pronoun"):
                return unit
            if found is None or (unit.kind == "role" and found.kind in ("organization", "place")):
                found = unit
            index = max(unit.last, index + 1)
            continue
        word = tokens.lower[index]
        if found is not None and found.kind == "role" and word in _APPOSED_AFTER:
            return _apposed_name(units, index, end) or found
        if word in _STOPS_AT or (found is not None and (tokens.blank[index] or word in _STOPS_AFTER)):
            break
        index += 1
    if found is None:
        found = unnamed.after(units, cue, end)
        if found is not None and found.kind == "role":
            return _apposed_name(units, found.last, end) or found
    return found


_APPOSED_AFTER = frozenset({",", "of", "for", "at", "in", "-"})
_CLIMB = 7  # tokens between a preposition and the noun that it hangs on
_APPOSITION = 9  # tokens between a role and the name that explains it
_STOPS_AT = _PREPOSITIONS | {"that", ",", ".", ";", ":"}  # what the subject cannot stand beyond
_STOPS_AFTER = frozenset({"(", "—", "–", "who"})


def _apposed_name(units: Units, index: int, end: int) -> Unit | None:
    """ "said its chairman, Werner Lutz", "said the head of the bank, X": the name that explains a role."""
    tokens, limit = units.tokens, min(end, index + _APPOSITION)
    while index < limit and tokens.words[index] != ",":
        unit = units.at[index]
        plain = tokens.words[index][0].isalpha() or tokens.words[index] == "-"
        if not plain or (unit is not None and unit.kind in ("person", "pronoun")):
            return None
        index += 1
    if index >= limit:
        return None
    index += 1
    while index < end and units.at[index] is None and units.tokens.lower[index] in title_words():
        index += 1
    unit = units.at[index] if index < end else None
    return unit if unit is not None and unit.kind == "person" else None


def _climb(units: Units, unit: Unit, start: int) -> Unit:
    """From the name nearest to the verb to the head of its noun phrase: "the director of the Institute said"."""
    tokens = units.tokens
    for _ in range(3):
        index = before_titles(units, unit, start)
        if index > start and tokens.lower[index] == "and" and units.at[index - 1] is not None:
            index = before_titles(units, units.at[index - 1] or unit, start)  # "between X and Y"
        if index <= start or tokens.lower[index] not in _PREPOSITIONS:
            return unit
        index -= 1
        limit = max(start, index - _CLIMB)
        while index >= limit and units.at[index] is None and tokens.words[index][0].isalpha():
            index -= 1
        above = units.at[index] if index >= start else None
        if above is None or above.kind == "place":
            return unit
        if above.kind == "group":  # "Republicans on the committee said"
            return above if tokens.lower[index].endswith("s") else unit
        unit = above
    return unit


def before_titles(units: Units, unit: Unit, start: int) -> int:
    """The token before a name with its titles and determiners, `start` - 1 where there is none."""
    tokens, index = units.tokens, unit.first - 1
    while index >= start and (
        tokens.lower[index] in DETERMINERS
        or (unit.kind == "person" and units.at[index] is None and tokens.lower[index] in title_words())
    ):
        index -= 1
    return index


def _named_group(units: Units, unit: Unit, start: int) -> Unit:
    """ "the Interfax news agency said": the name before the noun for what it is."""
    if unit.kind != "role" or units.tokens.lower[unit.head] not in groups():
        return unit
    for index in range(unit.head - 1, max(start, unit.head - 3) - 1, -1):
        named = units.at[index]
        if named is not None:
            return named if named.kind == "organization" else unit
        if units.tokens.lower[index] != "news":
            break
    return unit


def _past_apposition(units: Units, comma: int, start: int) -> Unit | None:
    """ "X, a spokesman for Y, said": the name before the comma that opens the apposition."""
    tokens = units.tokens
    second: Unit | None = None
    named = units.at[comma - 1] if comma - 1 >= start else None
    if named is not None and named.kind in ("person", "organization") and _is_apposed(units, named, start):
        return named
    opener = {",": ",", ")": "(", "—": "—", "–": "–", "--": "--", "-": "-"}[tokens.lower[comma]]
    for index in range(comma - 1, start, -1):
        if tokens.lower[index] != opener and tokens.lower[index] != ",":
            continue
        unit = units.at[index - 1]
        if unit is None and tokens.lower[index - 1] == ")":
            unit = _before_parenthesis(units, index - 1, start)
        if unit is None or unit.first < start:
            continue
        led = tokens.lower[unit.first - 1] if unit.first > start else ""
        if led in _PREPOSITIONS or led == "and":
            head = _climb(units, unit, start)
            if head is unit:
                continue
            unit = head
        if unit.kind in ("person", "pronoun"):
            return unit
        if second is None and unit.kind in ("role", "organization"):
            second = unit
    first = leading(units, start, comma)
    if first is not None and first.kind == "person":
        return first
    return second or _opening(units, start, comma) or first


def _opening(units: Units, start: int, end: int) -> Unit | None:
    """ "Another, who would not be named, said": the noun phrase of nobody known before the first comma."""
    for index in range(start + 1, end):
        if units.tokens.words[index] == ",":
            unit = unnamed.before(units, index, start)
            return unit if unit is not None and unit.first <= start + 1 else None
    return None


def _is_apposed(units: Units, unit: Unit, start: int) -> bool:
    """Whether the name is an apposition of its own: "Mr Putin's ally, Belarusian President Alexander Lukashenko,"."""
    tokens = units.tokens
    index = unit.first - 1
    while index > start and (tokens.words[index][0].isupper() or tokens.lower[index] in title_words()):
        index -= 1
    above = units.at[index - 1] if index > start else None
    return index > start and tokens.words[index] == "," and (above is None or above.kind == "role")


def _before_parenthesis(units: Units, closing: int, start: int) -> Unit | None:
    for index in range(closing - 1, max(start, closing - 12), -1):
        if units.tokens.lower[index] == "(":
            return units.at[index - 1] if index - 1 >= start else None
    return None


def leading(units: Units, start: int, end: int) -> Unit | None:
    """The likely subject of a clause: its first person or pronoun on no preposition, else its first unit."""
    tokens = units.tokens
    fallback: Unit | None = None
    index = start
    while index < end:
        unit = units.at[index]
        if unit is None or units.quoted[index]:
            index += 1
            continue
        before_it = before_titles(units, unit, start)
        led = tokens.lower[before_it] if before_it >= start else ""
        owned = tokens.lower[unit.last] in _POSSESSIVE if unit.last < len(tokens) else False
        free = led not in _PREPOSITIONS and not owned
        if free and unit.kind in ("person", "pronoun"):
            return unit
        if free and fallback is None and unit.kind in ("role", "organization", "place"):
            fallback = unit
        index = max(unit.last, index + 1)
    return fallback
