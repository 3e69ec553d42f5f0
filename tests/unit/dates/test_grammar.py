from __future__ import annotations

import re

import pytest

from pipeline.enrich.dates.en import english
from pipeline.enrich.dates.en.numerals import read_number
from pipeline.enrich.dates.grammar import Grammar, Lexicon, Rule
from pipeline.enrich.dates.operations import OPERATIONS
from pipeline.enrich.dates.tokens import NUMERIC, tokenize

# a frame of another language: what a second grammar has to bring
_WORTE = Lexicon({"EINHEIT": {"tag": "day", "tage": "day", "woche": "week"}, "VOR": {"vor": -1}}, {})


def _rule(pattern: str, operation: str = "ago") -> Rule:
    return Rule(name="probe", pattern=pattern, operation=operation, source="a test")


def test_a_pattern_becomes_a_regular_expression_over_codes() -> None:
    grammar = Grammar(_WORTE, [_rule("VOR n:NUM u:EINHEIT (und u:EINHEIT)?")], numeric=NUMERIC)
    tokens = tokenize("Das war vor 3 Tage und Woche so", grammar, lambda words, start: None)
    (rule,) = grammar.rules
    found = rule.regex.search(tokens.codes)
    assert found is not None
    assert (found.start(), found.end()) == (2, 7)
    assert rule.names == ("n_0", "u_0", "u_1")
    assert rule.shortest == 3
    assert rule.first == frozenset(grammar.members("VOR"))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("VOR n:NUMMER", "no class NUMMER"),
        ("VOR %", "cannot read"),
        ("VOR? n:NUM?", "match nothing"),
        ("VOR 12", "figures are read as numbers"),
    ],
)
def test_a_wrong_pattern_is_refused_by_name(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Grammar(_WORTE, [_rule(pattern)], numeric=NUMERIC)


def test_looking_behind_and_ahead() -> None:
    grammar = Grammar(_WORTE, [_rule("<!VOR n:NUM >EINHEIT")], numeric=NUMERIC)
    (rule,) = grammar.rules
    for text, count in (("5 Tage", 1), ("vor 5 Tage", 0), ("5 Uhr", 0)):
        tokens = tokenize(text, grammar, lambda words, start: None)
        assert len(re.findall(rule.regex, tokens.codes)) == count


def test_every_english_rule_has_an_operation_a_source_and_a_name_of_its_own() -> None:
    rules = [compiled.rule for compiled in english().grammar.rules]
    assert len(rules) > 150
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.operation in OPERATIONS
        assert rule.source


NUMBERS = {
    "twenty-five": (25, 3),
    "twenty five": (25, 2),
    "one hundred and ten": (110, 4),
    "two thousand five hundred": (2500, 4),
    "a": None,
    "nineteen ninety-seven": (1997, 4),
    "nineteen oh five": (1905, 3),
    "twenty twelve": (2012, 2),
    "twenty-first": (21, 3),
    "eleven": (11, 1),
    "two million": (2_000_000, 2),
    "seven , eight": (7, 1),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_number_words(text: str) -> None:
    words = text.replace("-", " - ").split()
    found = read_number(words, 0)
    assert (None if found is None else (found.value, found.stop)) == NUMBERS[text]


def test_tokens_keep_their_places_when_number_words_are_merged() -> None:
    text = "In 1998, twenty-five men and 3 dogs ran one hundred and ten miles by 7:30 a.m. on 5/6/1999."
    tokens = tokenize(text, english().grammar, read_number)
    numbers = {tokens.raw(index): value for index, value in tokens.numbers.items()}
    assert numbers == {
        "1998": 1998, "twenty-five": 25, "3": 3, "one hundred and ten": 110, "7:30": "7:30", "5/6/1999": "5/6/1999",
    }  # fmt: skip
    assert len(tokens.words) == len(tokens.starts) == len(tokens.ends) == len(tokens.codes)
    assert "a.m." in tokens.words
