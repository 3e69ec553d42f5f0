"""Indirect speech: "X said that ...", "..., X said", "according to X"; only in sentences without quotation marks."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.enrich.lexicon import title_words
from pipeline.enrich.speakers import subjects
from pipeline.enrich.speakers.clauses import Attribution
from pipeline.enrich.speakers.cues import cues
from pipeline.enrich.speakers.units import Unit, Units

_VERBS_WORDS = """
maintain deny reveal allege believe think observe complain testify write tweet agree conclude say tell add
announce report warn argue insist claim acknowledge admit concede confirm suggest predict promise vow pledge
state declare stress explain note assert contend recall
"""
_VERBS = frozenset(_VERBS_WORDS.split())
_WHEN_WORDS = """
on late early monday tuesday wednesday thursday friday saturday sunday yesterday today , again also last this
week month year in a statement interview earlier later night morning afternoon evening news conference at
"""
_WHEN = frozenset(_WHEN_WORDS.split())
_JOINERS = frozenset({"and", "but", "while", "as", "when", "after", "because", "who", "which"})
_TITLE = 7  # tokens of a title before the name of who speaks
# what may stand behind an inverted subject
_BEHIND_WORDS = """
on in at of for from to after before during who whose which as while when and by with last this late early
monday tuesday wednesday thursday friday saturday sunday yesterday today earlier later
"""
_BEHIND = frozenset(_BEHIND_WORDS.split())
# verbs with an object of their own: "the minister, who visited the mine, promised an inquiry"
_NOT_INVERTED_WORDS = """
denies denied promises promised vowed pledged admits admitted reveals revealed predicted confirms confirmed suggested
acknowledged conceded alleged believes believed recalled
"""
_NOT_INVERTED = frozenset(_NOT_INVERTED_WORDS.split())
_OBJECTS = frozenset({"a", "an", "another", "two", "three", "four", "five", "six", "his", "her", "its", "their"})
_SHORTEST = 2  # words of a statement
_END = frozenset({".", "!", "?", "”", '"'})


def find(units: Units, inside: list[int | None]) -> Iterator[tuple[int, int, Attribution]]:
    """Start, end and attribution of each stretch of indirect speech, in the order of the text."""
    tokens = units.tokens
    size = len(tokens)
    first = 0
    while first < size:
        last = first + 1
        number = tokens.sentence[first]
        while (
            last < size
            and tokens.sentence[last] == number
            and not (tokens.blank[last] and "\n\n" in tokens.words[last])
        ):
            last += 1
        begin = units.head if first <= units.head < last else first
        while begin < last and (tokens.blank[begin] or not tokens.words[begin][0].isalnum()):
            begin += 1
        tag = first > 0 and inside[first - 1] is not None and tokens.words[min(begin, size - 1)].islower()
        if begin < last and not tag and not any(one is not None for one in inside[first:last]):
            found = _in_sentence(units, begin, last)
            if found is not None:
                yield found
        first = last


def _in_sentence(units: Units, first: int, last: int) -> tuple[int, int, Attribution] | None:
    tokens = units.tokens
    end = last
    while end > first and (tokens.blank[end - 1] or tokens.words[end - 1] in _END):
        end -= 1
    for index in range(first, end):
        word = tokens.lower[index]
        if word == "according" and tokens.lower[index + 1 : index + 2] == ["to"]:
            return _according(units, first, end, index)
        cue = cues().get(word)
        if cue is None or cue.base not in _VERBS or cue.gerund or not units.is_cue(index):
            continue
        if index == first or tokens.lower[index - 1] in ("the", "a", "an", "to", "be", "is", "was", "been", "being"):
            continue
        found = _statement(units, first, end, index)
        if found is not None:
            return found
    return None


def _statement(units: Units, first: int, end: int, cue: int) -> tuple[int, int, Attribution] | None:
    tokens = units.tokens
    inverted = tokens.lower[cue - 1] == ","
    unit = subjects.after(units, cue, end) if inverted and cues()[tokens.lower[cue]].inverts else None
    if unit is not None and unit.first <= cue + 8 and _ends_there(units, unit, end):
        return _span(units, first, cue - 1, Attribution(unit, cue))
    unit = subjects.before(units, cue, first)
    if unit is None or unit.first > cue:
        return None
    start = _after_cue(units, cue, end)
    if tokens.lower[cue] == "added" and cue + 1 < end and tokens.lower[cue + 1] in _OBJECTS:
        return None  # "Bergkamp added a second"
    opener = unit.first - 1
    while opener > first and tokens.words[opener] != "," and opener > unit.first - _TITLE:
        opener -= 1
    named_last = tokens.lower[cue - 1] == "," and units.at[cue - 2] is unit  # "the chief, Jens Stoltenberg, said"
    trailing = (
        not named_last and opener > first and tokens.words[opener] == "," and tokens.lower[opener + 1] not in _JOINERS
    )
    if trailing and opener - first >= _SHORTEST and (end - start < _SHORTEST or tokens.words[start - 1] == ","):
        return _span(units, first, opener, Attribution(unit, cue))
    if end - start < _SHORTEST:
        return None
    return _span(units, start, end, Attribution(unit, cue))


def _ends_there(units: Units, unit: Unit, end: int) -> bool:
    """Whether the name behind the verb is its subject, no verb of its own behind it: not "said Clinton would win"."""
    tokens, last = units.tokens, unit.last
    if unit.kind == "role" and unit.entity is None and tokens.lower[unit.first - 1] in _NOT_INVERTED:
        return False
    return last >= end or not tokens.words[last][0].isalpha() or tokens.lower[last] in _BEHIND


def _after_cue(units: Units, cue: int, end: int) -> int:
    tokens = units.tokens
    base = cues()[tokens.lower[cue]].base
    for index in range(cue + 1, min(end, cue + 12)):
        if tokens.lower[index] == "that":
            return index + 1
    index = cue + 1
    if base in ("tell", "warn"):
        while index < end and (
            units.at[index] is not None
            or tokens.lower[index] in title_words()
            or tokens.lower[index] in ("the", "a", "his", "her", "him", "them", "me", "us")
        ):
            index += 1
    while index < end and tokens.lower[index] in _WHEN and tokens.lower[index] not in ("this", "a", "in"):
        index += 1
    return index


def _according(units: Units, first: int, end: int, cue: int) -> tuple[int, int, Attribution] | None:
    tokens = units.tokens
    unit = subjects.after(units, cue + 1, min(end, cue + 16))
    if unit is None:
        return None
    if cue - first >= _SHORTEST:
        last = cue - 1 if tokens.words[cue - 1] == "," else cue
        return _span(units, first, last, Attribution(unit, cue))
    for index in range(unit.last, min(end, unit.last + 16)):
        if tokens.words[index] == ",":
            return _span(units, index + 1, end, Attribution(unit, cue))
    return None


def _span(units: Units, first: int, last: int, attribution: Attribution) -> tuple[int, int, Attribution] | None:
    tokens = units.tokens
    while first < last and (tokens.blank[first] or tokens.words[first] in {",", ":", "-"}):
        first += 1
    while last > first and (tokens.blank[last - 1] or tokens.words[last - 1] in {",", ":", "-"}):
        last -= 1
    if last - first < _SHORTEST:
        return None
    return tokens.starts[first], tokens.ends[last - 1], attribution
