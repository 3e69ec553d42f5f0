"""English number words: "twenty-five", "one hundred and ten", "nineteen ninety-seven", "twenty-first".

Source: Huddleston and Pullum, The Cambridge Grammar of the English Language (2002), chapter 20 (numerals); a year is
read as two numbers under a hundred, the first of them 11 to 20 (Chicago Manual of Style, 9.29).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.enrich.dates.tokens import WORD, WORD_DAY, WORD_ORDINAL, WORD_YEAR, Number

ONES: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
}  # fmt: skip
TEENS: Final = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
ORDINALS: Final = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
}  # fmt: skip
WORDS: Final = {**ONES, **TEENS, **TENS, **SCALES}
_SMALL: Final = {**ONES, **TEENS}


def read_number(words: Sequence[str], start: int) -> Number | None:
    """The number that begins at a place in a list of words in small letters, or None."""
    found = _year(words, start)
    if found is not None:
        return found
    total, current, index = 0, 0, start
    scaled = words[start] in SCALES and start > 0 and words[start - 1][:1].isdigit()
    seen = False
    while index < len(words) and index - start < 16:
        word = words[index]
        if word in ("hundred",):
            current = max(current, 1) * 100
            index, seen = index + 1, True
        elif index == start + 1 and scaled and word not in SCALES:
            break  # "a 100 million three-year loan": the scale goes with the figures before it
        elif word in ("thousand", "million"):
            total += max(current, 1) * SCALES[word]
            current, seen, index = 0, True, index + 1
        elif word == "and" and seen and (current % 100 == 0) and _below_hundred(words, index + 1):
            value, index, ordinal = _below_hundred(words, index + 1) or (0, index + 1, False)
            current += value
            if ordinal:
                return Number(value=total + current, classes=WORD_ORDINAL, stop=index)
        else:
            small = _below_hundred(words, index)
            if small is None or current % 100:
                break
            value, index, ordinal = small
            current, seen = current + value, True
            if ordinal:
                return Number(value=total + current, classes=WORD_ORDINAL, stop=index)
    if not seen:
        return None
    value = total + current
    if index > start and words[index - 1] == "thousand" and start + 2 == index and 2000 <= value <= 2199:
        return Number(value=value, classes=WORD_YEAR, stop=index)
    return Number(value=value, classes=WORD_DAY if 1 <= value <= 24 else WORD, stop=index)


def _below_hundred(words: Sequence[str], start: int) -> tuple[int, int, bool] | None:
    if start >= len(words):
        return None
    word = words[start]
    if word in TENS:
        after = start + 1
        if after + 1 < len(words) and words[after] == "-":
            after += 1
        if after < len(words):
            if words[after] in ONES and words[after] != "zero":
                return TENS[word] + ONES[words[after]], after + 1, False
            if ORDINALS.get(words[after], 10) < 10 and words[after - 1] == "-":
                return TENS[word] + ORDINALS[words[after]], after + 1, True
        return TENS[word], start + 1, False
    if word in _SMALL:
        return _SMALL[word], start + 1, False
    return None


def _year(words: Sequence[str], start: int) -> Number | None:
    """Nineteen ninety-seven, twenty twelve, nineteen oh five, nineteen hundred."""
    first = {**TEENS, "twenty": 20}.get(words[start], 0)
    if not 11 <= first <= 20 or start + 1 >= len(words):
        return None
    index = start + 2 if words[start + 1] == "-" else start + 1
    if index < len(words) and words[index] in ("oh", "o") and index + 1 < len(words) and words[index + 1] in ONES:
        return Number(value=first * 100 + ONES[words[index + 1]], classes=WORD_YEAR, stop=index + 2)
    if index >= len(words) or (words[index] not in TENS and words[index] not in TEENS):
        return None
    second = _below_hundred(words, index)
    if second is None or second[2]:
        return None
    return Number(value=first * 100 + second[0], classes=WORD_YEAR, stop=second[1])
