"""Where the verb of a clause points, told from the words near by: no tagger, no parser.

English adjuncts of time mostly follow their verb ("said Friday", "will be released Friday"), so the nearest verb to
the left governs; a fronted adjunct ("On Friday, police found") takes the first one to its right. A participle points
where its auxiliary does ("will be released", "was released"); one of plan or duty ("scheduled", "due") points ahead.
Source: Huddleston and Pullum, The Cambridge Grammar of the English Language (2002), chapters 3 and 8.
"""

from __future__ import annotations

from typing import Final

from pipeline.enrich.dates.context import Direction
from pipeline.enrich.dates.en.cues import (
    ABBREVIATIONS,
    AHEAD,
    ARRANGED,
    AT_THE_LATEST,
    AWAITED,
    BEFORE_DAY,
    BEFORE_NOUN,
    BETWEEN,
    CONDITIONS,
    DETERMINERS,
    DUE,
    DURATIVE,
    FIXTURE,
    FOR,
    FORECAST,
    FORECAST_AHEAD,
    FUTURE,
    HEADLINE,
    INTENDED,
    MODAL,
    NEGATIONS,
    NO_PLURAL,
    NOT_BASE_ENDINGS,
    NOT_BEFORE,
    PAST_AUXILIARY,
    PLAN,
    PLANNED,
    PRESENT_BE,
    RACE,
    TIMETABLE,
    TIMETABLE_OF,
    TIMETABLE_PLURAL,
    UNTIL,
)
from pipeline.enrich.dates.en.verbs import (
    BASE,
    COMMISSIVE,
    IRREGULAR_PARTICIPLE,
    IRREGULAR_PAST,
    NOT_BASE,
    NOT_PAST,
)
from pipeline.enrich.dates.tokens import Tokens

_REACH_LEFT: Final = 30  # tokens
_REACH_RIGHT: Final = 20
_REACH_AUXILIARY: Final = 5
_REACH_BE: Final = 4
_REACH_PARTICIPLE: Final = 3
_REACH_PLAN: Final = 4
_REACH_CONDITION: Final = 6
_REACH_UNTIL: Final = 8


def read_direction(tokens: Tokens, start: int, stop: int) -> Direction:
    """Where the verb that governs tokens `start` to `stop` points."""
    if start > 1 and tokens.words[start - 1] in UNTIL and not ends_sentence(tokens, start - 2):
        before = tokens.words[max(0, start - _REACH_UNTIL) : start]
        if ";" in before:
            before = before[before.index(";") :]
        if not DURATIVE.isdisjoint(before):
            return Direction.PAST
        denied = not NEGATIONS.isdisjoint(before)  # "it was not until Tuesday that"
        return (_governing(tokens, start) if denied else None) or Direction.FUTURE
    if start > 1 and tokens.words[start - 1] in FOR and not ends_sentence(tokens, start - 2):
        before = tokens.words[max(0, start - _REACH_UNTIL) : start]
        if not ARRANGED.isdisjoint(before):
            return Direction.FUTURE
    if start > 1 and tokens.words[start - 2] == "deadline" and tokens.words[start - 1] in ("of", "for"):
        return Direction.FUTURE
    if start and tokens.words[start - 1] == "since":
        return Direction.PAST
    if start > 1 and tokens.words[start - 2 : start] == ["ahead", "of"]:
        return Direction.FUTURE
    if tuple(tokens.words[max(0, start - 3) : start]) in NOT_BEFORE:
        return Direction.FUTURE
    if tuple(tokens.words[stop : stop + 3]) in AT_THE_LATEST:
        return Direction.FUTURE
    found = _governing(tokens, start)
    if found is not None:
        return found
    if _is_to_come(tokens, start):
        return Direction.FUTURE
    possessive = stop + 1 < len(tokens) and tokens.words[stop + 1] == "s" and tokens.words[stop] in ("'", "’")
    for right in range(stop, min(len(tokens), stop + _REACH_RIGHT)):
        if ends_sentence(tokens, right):
            break
        if possessive and tokens.words[right] in MODAL:
            continue  # "Monday's debate might matter": the debate may be over
        found = _cue(tokens, right)
        if found is not None:
            return found
    return Direction.UNKNOWN


def _governing(tokens: Tokens, start: int) -> Direction | None:
    """Where the nearest verb before the expression points, within its sentence."""
    left = start
    while left > max(0, start - _REACH_LEFT):
        if ends_sentence(tokens, left - 1):
            return None
        left -= 1
        found = _cue(tokens, left)
        if found is not None:
            intended = found is Direction.FUTURE and _was_intended(tokens, left)
            return Direction.INTENDED if intended else found
    return None


def _was_intended(tokens: Tokens, index: int) -> bool:
    """Whether "was" or "were" stands right before a plan: "was due", "were to", "was scheduled to"."""
    first = max(0, index - _REACH_PLAN)
    for back in range(index, first - 1, -1):
        if tokens.words[back] in ("was", "were", "been"):
            return all(word in INTENDED for word in tokens.words[back + 1 : index + 1])
    return False


def ends_sentence(tokens: Tokens, index: int) -> bool:
    """Whether the token is the full stop (or blank line) at which a sentence ends."""
    word = tokens.words[index]
    if word in ("?", "!") or word[:1] == "\n":
        return True
    if word == "." and index:
        before = tokens.words[index - 1]
        if before in ABBREVIATIONS or (len(before) == 1 and before.isalpha()):
            return False
        after = tokens.raw(index + 1) if index + 1 < len(tokens) else ""
        return not after[:1].islower()
    return False


def _is_compared(tokens: Tokens, index: int) -> bool:
    """Whether what was expected is only compared with: "as expected", "a higher-than-expected profit"."""
    before = tokens.words[index - 2 : index] if index > 1 else tokens.words[:index]
    return before[-1:] == ["as"] or before[-1:] == ["than"] or before == ["than", "-"]


def _is_to_come(tokens: Tokens, start: int) -> bool:
    """Whether "is" or "are" ties the expression to its noun, with no participle between: "the vote is Friday"."""
    for back in range(start - 1, max(-1, start - 1 - _REACH_BE), -1):
        if tokens.words[back] in PRESENT_BE:
            return True
        if tokens.words[back] not in BEFORE_DAY and back not in tokens.numbers:
            return False
    return False


def _cue(tokens: Tokens, index: int) -> Direction | None:
    word = tokens.words[index]
    if not word or not word[0].isalpha():
        return None
    after = tokens.words[index + 1] if index + 1 < len(tokens) else ""
    if word in FUTURE:
        return Direction.FUTURE
    if word in TIMETABLE and not (tokens.numbers.get(index - 1) or tokens.words[index - 1] in DETERMINERS):
        return Direction.FUTURE  # not the noun of "by two runs"
    if after in TIMETABLE_OF.get(word, ()):
        return Direction.FUTURE
    if word in FIXTURE and _is_fixture(tokens, index):
        return Direction.FUTURE
    if word in TIMETABLE_PLURAL and (word not in HEADLINE or after in AHEAD) and _follows_plural(tokens, index):
        return Direction.FUTURE
    if word in AWAITED or (word == "ahead" and _is_before_event(tokens, index)):
        return Direction.FUTURE
    if word == "won" and index + 2 < len(tokens) and tokens.words[index + 2] == "t":
        return Direction.FUTURE
    if word in DUE and after != "to" and not _is_compared(tokens, index):
        return Direction.FUTURE
    if word == "set" and after not in ("for", "to"):
        return Direction.PAST
    if word in PLAN and (after in AHEAD or (word in PLANNED and after in DETERMINERS)):
        return Direction.FUTURE
    if word in FORECAST and after in FORECAST_AHEAD:
        return Direction.FUTURE
    if word in MODAL:
        perfect = any(
            index + ahead < len(tokens)
            and tokens.words[index + ahead] == "have"
            and _is_perfect(tokens, index + ahead)
            for ahead in (1, 2)
        )
        if word == "may" and tokens.raw(index)[0] == "M" and not after.isalpha():
            return None  # the month
        return Direction.PAST if perfect or (word == "could" and _failed(tokens, index)) else Direction.FUTURE
    if word in PAST_AUXILIARY:
        if word in ("has", "have") and not _is_perfect(tokens, index):
            return None  # "has a hearing", "would have access"
        before = _auxiliary(tokens, index) if word in ("been", "have") else None
        return before or Direction.PAST
    if word in IRREGULAR_PAST or word in IRREGULAR_PARTICIPLE or _regular_past(word):
        if index and tokens.words[index - 1] in BEFORE_NOUN:
            return None  # "access to insured money": no verb of the clause
        return _auxiliary(tokens, index) or Direction.PAST
    if word == "to" and _is_infinitive(tokens, index + 1):
        governor = tokens.words[index - 1] if index else ""
        if governor not in COMMISSIVE and (governor in IRREGULAR_PAST or _regular_past(governor)):
            return Direction.PAST  # "declined to comment Friday"
        return Direction.FUTURE
    if word == "going" and index + 1 < len(tokens) and tokens.words[index + 1] == "to":
        return Direction.FUTURE
    return None


def _follows_plural(tokens: Tokens, index: int) -> bool:
    """Whether a noun in the plural stands right before: "schools reopen", not "the company's start"."""
    if not index:
        return False
    word = tokens.words[index - 1]
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in NO_PLURAL


def _is_fixture(tokens: Tokens, index: int) -> bool:
    """Whether a name follows and no auxiliary goes before: "they play Spain", not "did not play Spain"."""
    if index + 1 >= len(tokens) or not tokens.raw(index + 1)[:1].isupper():
        return False
    return PAST_AUXILIARY.isdisjoint(tokens.words[max(0, index - _REACH_BE) : index])


def _is_before_event(tokens: Tokens, index: int) -> bool:
    """Whether "ahead" is that of "fell ahead of the report", not that of a race: "two seconds ahead of the field"."""
    after = tokens.words[index + 1 : index + 3]
    return len(after) == 2 and after[0] == "of" and after[1] in DETERMINERS and tokens.words[index - 1] not in RACE


def _is_infinitive(tokens: Tokens, index: int) -> bool:
    if index >= len(tokens):
        return False
    word = tokens.words[index]
    if word in BASE:
        return True
    if word in NOT_BASE or len(word) < 2 or not word.isalpha() or not tokens.raw(index)[0].islower():
        return False
    return not word.endswith(NOT_BASE_ENDINGS) and (not word.endswith("s") or word.endswith("ss"))


def _is_perfect(tokens: Tokens, index: int) -> bool:
    """Whether a participle follows "have": "would have met", where "would have access" looks ahead."""
    for word in tokens.words[index + 1 : index + 1 + _REACH_PARTICIPLE]:
        if word == "been" or word in IRREGULAR_PAST or word in IRREGULAR_PARTICIPLE or _regular_past(word):
            return True
        if not word.endswith("ly") and word not in BETWEEN:
            return False
    return False


def _failed(tokens: Tokens, index: int) -> bool:
    """Whether a "could" is denied: "could not be reached Friday" tells what happened."""
    return not NEGATIONS.isdisjoint(tokens.words[max(0, index - 8) : index + 2])


def _regular_past(word: str) -> bool:
    return len(word) > 3 and word.endswith("ed") and word not in NOT_PAST


def _auxiliary(tokens: Tokens, index: int) -> Direction | None:
    """Where the auxiliary of a participle points, None where it has none."""
    for before in range(index - 1, max(-1, index - 1 - _REACH_AUXILIARY), -1):
        word = tokens.words[before]
        if word in FUTURE:
            return Direction.FUTURE
        if word in MODAL:
            between = tokens.words[before + 1 : index]
            if word == "could" and _failed(tokens, before):
                return Direction.PAST
            return Direction.PAST if "have" in between else (Direction.FUTURE if "be" in between else None)
        if word == "to" and before + 1 < index and tokens.words[before + 1] == "be":
            return Direction.FUTURE
        if word in PLAN or word in DUE:
            return Direction.FUTURE
        if word in PRESENT_BE and not CONDITIONS.isdisjoint(tokens.words[max(0, before - _REACH_CONDITION) : before]):
            return Direction.FUTURE  # "if no deal is passed by Saturday"
        if word in PAST_AUXILIARY:
            return Direction.PAST
        if not word.isalpha():
            return None
    return None
