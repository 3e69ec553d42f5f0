"""A text as tokens with codes: one pass over the characters, one look-up a word, numbers read as they stand.

Numbers in words ("twenty-five", "nineteen ninety-seven") are merged into one token, so that a grammar sees a number
where there is one. Nothing here knows a language: words come from the grammar's lexicon and the numerals given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.enrich.dates.grammar import OTHER, Grammar

# figures with inner separators (1,500 7:15 10/26/89 2.5), initials (a.m. U.S.), words, a blank line, any other sign
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+){0,5}|(?:[^\W\d_]\.){2,6}|[^\W\d_]+|\n[ \t\r]*\n|[^\w\s]|_")
_LONGEST_NUMBER = 12  # digits; a longer one is no date, and reading it would cost more than its length

YEAR = frozenset({"NUM", "FIGURE", "YEAR4"})
DAY = frozenset({"NUM", "FIGURE", "TWODIGITS", "DAYNUM", "HOURNUM"})
LATE_DAY = frozenset({"NUM", "FIGURE", "TWODIGITS", "DAYNUM"})
HOUR = frozenset({"NUM", "FIGURE", "TWODIGITS", "HOURNUM"})
TWO_DIGITS = frozenset({"NUM", "FIGURE", "TWODIGITS"})
BIG = frozenset({"NUM", "FIGURE"})
DECIMAL = frozenset({"NUM", "FIGURE", "DECIMAL"})
WORD_DAY = frozenset({"NUM", "NUMWORD", "DAYNUM", "HOURNUM"})
WORD = frozenset({"NUM", "NUMWORD"})
WORD_YEAR = frozenset({"NUM", "NUMWORD", "YEAR4"})
WORD_ORDINAL = frozenset({"ORD", "DAYORD"})
CLOCK = frozenset({"CLOCK"})
SLASHED = frozenset({"SLASHED"})
DOTTED = frozenset({"DOTTED"})
FRACTION = frozenset({"FRACTION"})
COMPACT = frozenset({"COMPACT", "NUM"})
PARAGRAPH = frozenset({"PARAGRAPH"})
NUMERIC = (
    YEAR, DAY, LATE_DAY, HOUR, TWO_DIGITS, BIG, DECIMAL, WORD_DAY, WORD, WORD_YEAR, WORD_ORDINAL, CLOCK, SLASHED,
    DOTTED, FRACTION, COMPACT, PARAGRAPH,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Number:
    """What a run of number words says, and the token after it."""

    value: int
    classes: frozenset[str]
    stop: int


ReadNumber = Callable[[Sequence[str], int], Number | None]


@dataclass(kw_only=True)
class Tokens:
    """Parallel lists, one place a token; `codes` is the text of the grammar."""

    text: str
    starts: list[int]
    ends: list[int]
    words: list[str]  # in small letters; merged numbers are ""
    codes: str
    numbers: dict[int, int | float | str]

    def __len__(self) -> int:
        return len(self.words)

    def raw(self, index: int) -> str:
        """The token as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def between(self, index: int) -> str:
        """The white space before a token."""
        return self.text[self.ends[index - 1] : self.starts[index]] if index else ""


def _read_figures(word: str) -> tuple[frozenset[str] | None, int | float | str]:
    if word.isascii() and word.isdigit():
        number = int(word)
        if len(word) <= 2:
            if number <= 31 and number:
                return (DAY if number <= 24 else LATE_DAY), number
            return (HOUR if number == 0 else TWO_DIGITS), number
        if len(word) == 4 and 1000 <= number <= 2199:
            return YEAR, number
        if len(word) == 8 and 1000 <= number // 10000 <= 2199:
            return COMPACT, word
        return BIG, number
    if not word.isascii():
        return None, 0
    if ":" in word:
        return CLOCK, word
    if "/" in word:
        return (SLASHED if word.count("/") == 2 else FRACTION), word
    if "," in word:
        plain = word.replace(",", "")
        return (BIG, int(plain)) if plain.isdigit() else (None, 0)
    if word.count(".") == 1:
        return DECIMAL, float(word)
    return DOTTED, word


def tokenize(text: str, grammar: Grammar, read_number: ReadNumber) -> Tokens:
    """The tokens of a text with their codes. Linear in its length.

    Args:
        text: any text.
        grammar: gives words their codes.
        read_number: reads number words of the language from a place in the list of words.
    """
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    codes: list[str] = []
    numbers: dict[int, int | float | str] = {}
    exact, known = grammar.exact_codes, grammar.word_codes
    number_words = grammar.members("NUMERAL")
    paragraph = grammar.code_of(PARAGRAPH)
    merge = False
    for found in _TOKEN.finditer(text):
        word = found.group()
        code = exact.get(word)
        lower = word.lower()
        if code is None:
            code = known.get(lower, OTHER)
            if code is OTHER:
                first = word[0]
                if first.isdigit():
                    if len(word) <= _LONGEST_NUMBER:
                        classes, value = _read_figures(word)
                        if classes is not None:
                            code = grammar.code_of(classes)
                            numbers[len(words)] = value
                elif first == "\n":
                    code = paragraph
        if code in number_words:
            merge = True
        starts.append(found.start())
        ends.append(found.end())
        words.append(lower)
        codes.append(code)
    tokens = Tokens(text=text, starts=starts, ends=ends, words=words, codes="".join(codes), numbers=numbers)
    return _merge(tokens, grammar, read_number, number_words) if merge else tokens


def _merge(tokens: Tokens, grammar: Grammar, read_number: ReadNumber, number_words: str) -> Tokens:
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    codes: list[str] = []
    numbers: dict[int, int | float | str] = {}
    moved: list[tuple[int, int]] = []  # from this old place on, tokens stand so many places further left
    done = 0
    for found in re.finditer(f"[{number_words}]", tokens.codes):
        index = found.start()
        number = read_number(tokens.words, index) if index >= done else None
        # "second" alone stays a word: it is a unit too
        if number is None or (number.stop == index + 1 and number.classes is WORD_ORDINAL):
            continue
        starts += tokens.starts[done : index + 1]
        ends += tokens.ends[done:index]
        ends.append(tokens.ends[number.stop - 1])
        words += tokens.words[done:index]
        words.append("" if number.stop > index + 1 else tokens.words[index])
        codes += (tokens.codes[done:index], grammar.code_of(number.classes))
        numbers[len(words) - 1] = number.value
        done = number.stop
        moved.append((done, done - len(words)))
    starts += tokens.starts[done:]
    ends += tokens.ends[done:]
    words += tokens.words[done:]
    codes.append(tokens.codes[done:])
    shift, following = 0, iter([*moved, (len(tokens) + 1, 0)])
    place, after = next(following)
    for index, value in tokens.numbers.items():
        while index >= place:
            shift = after
            place, after = next(following)
        numbers[index - shift] = value
    return Tokens(text=tokens.text, starts=starts, ends=ends, words=words, codes="".join(codes), numbers=numbers)
