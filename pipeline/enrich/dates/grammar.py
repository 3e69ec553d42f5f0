"""The frame of a time grammar, independent of the language: words have classes, rules are patterns over classes.

A *lexicon* gives every word the classes it can stand in, each with a value (`october`: MONTH=10). Words with the same
set of classes share a *code*, one character, so a text becomes a string of codes, one a token, and a rule becomes a
regular expression over codes: matching runs at the speed of `re`, over a few symbols instead of the text's letters.

A pattern is a line of items separated by blanks:

    DET? n:NUM HYPHEN? u:UNIT of (YEAR | the MONTH)

CAPITALS name a class, small letters stand for that word, `name:` captures the token, `?` `*` `+` `( | )` are those of
regular expressions, `<X` and `>X` look behind and ahead, `<!X` and `>!X` forbid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

OTHER = "."  # the code of every word that no rule knows
KNOWN_WORDS = 5  # how far ahead it is worth knowing where the known words end
_FIRST_CODE = 0x4E00  # one block of characters that mean nothing to `re`

Value = Any
Classes = Mapping[str, Value]

_ITEM = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\)[?*+]?)|(?P<bar>\|)"
    r"|(?P<look><!|>!|<|>)?(?:(?P<name>[a-z_]+):)?(?P<atom>\w[\w.]*)(?P<quantifier>[?*+]?)"
)


class Lexicon:
    """Words and their classes. `exact` words count only as written there (March, May); all others in any case."""

    def __init__(self, classes: Mapping[str, Mapping[str, Value]], exact: Mapping[str, Mapping[str, Value]]) -> None:
        self._words: dict[str, dict[str, Value]] = {}
        self._exact: dict[str, dict[str, Value]] = {}
        for target, table in ((self._words, classes), (self._exact, exact)):
            for name, words in table.items():
                for word, value in words.items():
                    target.setdefault(word, {})[name] = value
        for word, found in self._exact.items():
            self._exact[word] = {**self._words.get(word.lower(), {}), **found}

    def add_literal(self, word: str) -> str:
        """Give the word a class of its own, and name it."""
        name = "=" + word
        self._words.setdefault(word, {})[name] = word
        for exact, classes in self._exact.items():
            if exact.lower() == word:
                classes[name] = word
        return name

    @property
    def words(self) -> Mapping[str, Classes]:
        """Words in small letters."""
        return self._words

    @property
    def exact(self) -> Mapping[str, Classes]:
        """Words as they must be written."""
        return self._exact


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A pattern, the operation that gives its matches a meaning, and where the rule is from."""

    name: str
    pattern: str
    operation: str
    source: str
    options: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """A rule as a regular expression over codes."""

    rule: Rule
    regex: re.Pattern[str]
    names: tuple[str, ...]
    first: frozenset[str]  # codes that a match can begin with
    shortest: int  # tokens of its shortest match


class Grammar:
    """A lexicon and its rules, compiled once."""

    def __init__(self, lexicon: Lexicon, rules: Sequence[Rule], *, numeric: Iterable[frozenset[str]]) -> None:
        """Compile.

        Args:
            lexicon: the words; literals of the patterns are added to it.
            rules: earlier ones win among matches of the same length.
            numeric: the sets of classes that a number in figures or words can have.
        """
        self.lexicon = lexicon
        parsed = [(rule, list(_items(rule))) for rule in rules]
        known = {name for classes in (*lexicon.words.values(), *lexicon.exact.values()) for name in classes}
        known.update(*numeric)
        for rule, items in parsed:
            for item in items:
                if item.atom and item.atom[0].isdigit():
                    raise ValueError(f"rule {rule.name}: figures are read as numbers: {item.atom}")
                if item.atom and not item.atom[0].isupper() and not item.atom.startswith("="):
                    item.atom = lexicon.add_literal(item.atom)
                elif item.atom and item.atom not in known:
                    raise ValueError(f"rule {rule.name}: no class {item.atom}")
        self._codes: dict[frozenset[str], str] = {}
        for classes in (*lexicon.words.values(), *lexicon.exact.values()):
            self._code(frozenset(classes))
        for numbers in numeric:
            self._code(numbers)
        self.word_codes = {word: self._code(frozenset(found)) for word, found in lexicon.words.items()}
        self.exact_codes = {word: self._code(frozenset(found)) for word, found in lexicon.exact.items()}
        self._members: dict[str, str] = {}
        for group, code in self._codes.items():
            for name in group:
                self._members[name] = self._members.get(name, "") + code
        self.rules = tuple(self._compile(rule, items) for rule, items in parsed)

    def _code(self, classes: frozenset[str]) -> str:
        return self._codes.setdefault(classes, chr(_FIRST_CODE + len(self._codes)))

    def code_of(self, classes: frozenset[str]) -> str:
        """The code of a set of classes that `numeric` declared."""
        return self._codes[classes]

    def members(self, name: str) -> str:
        """The codes of the words in a class."""
        return self._members.get(name, "")

    @cached_property
    def starters(self) -> re.Pattern[str]:
        """The codes that some rule can begin with."""
        return re.compile("[" + "".join(sorted(self.by_first)) + "]")

    @cached_property
    def by_first(self) -> dict[str, tuple[tuple[CompiledRule, ...], ...]]:
        """By the code they begin with, the rules that fit into 1, 2, 3, ... known words (the last: any number)."""
        found: dict[str, list[CompiledRule]] = {}
        for rule in self.rules:
            for code in rule.first:
                found.setdefault(code, []).append(rule)
        return {
            code: tuple(tuple(rule for rule in rules if rule.shortest <= size) for size in range(1, KNOWN_WORDS + 1))
            for code, rules in found.items()
        }

    def _compile(self, rule: Rule, items: list[_Item]) -> CompiledRule:
        parts: list[str] = []
        names: list[str] = []
        for item in items:
            if item.syntax:
                parts.append(item.syntax)
                continue
            codes = "[" + self._members[item.atom] + "]"
            if item.look:
                parts.append({"<": "(?<=", "<!": "(?<!", ">": "(?=", ">!": "(?!"}[item.look] + codes + ")")
            elif item.name:
                number = sum(name.rpartition("_")[0] == item.name for name in names)
                names.append(f"{item.name}_{number}")
                parts.append(f"(?P<{names[-1]}>{codes}){item.quantifier}")
            else:
                parts.append(codes + item.quantifier)
        regex = re.compile("".join(parts))
        return CompiledRule(
            rule=rule,
            regex=regex,
            names=tuple(names),
            first=self._first(regex, items),
            shortest=min(_shortest(items), KNOWN_WORDS),
        )

    def _first(self, regex: re.Pattern[str], items: list[_Item]) -> frozenset[str]:
        # the codes of all items up to the first one that must be there, at the outermost level
        codes: set[str] = set()
        depth = 0
        for item in items:
            if item.syntax.startswith("("):
                depth += 1
            elif item.syntax.startswith(")"):
                depth -= 1
                if depth == 0 and item.syntax[-1] not in "?*":
                    break
            elif item.atom and not item.look:
                codes.update(self._members[item.atom])
                if depth == 0 and item.quantifier not in ("?", "*"):
                    break
        if regex.match(""):
            raise ValueError(f"a rule must not match nothing: {regex.pattern}")
        return frozenset(codes)


@dataclass
class _Item:
    syntax: str = ""
    look: str = ""
    name: str = ""
    atom: str = ""
    quantifier: str = ""


def _shortest(items: list[_Item]) -> int:
    """The number of tokens in the shortest match."""
    stack: list[list[int]] = [[0]]  # of the open groups, the lengths of their alternatives so far
    for item in items:
        if item.syntax.startswith("("):
            stack.append([0])
        elif item.syntax == "|":
            stack[-1].append(0)
        elif item.syntax.startswith(")"):
            shortest = min(stack.pop())
            stack[-1][-1] += 0 if item.syntax[-1] in "?*" else shortest
        elif not item.look and item.quantifier not in ("?", "*"):
            stack[-1][-1] += 1
    return min(stack[0])


def _items(rule: Rule) -> Iterable[_Item]:
    position = 0
    text = rule.pattern
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found = _ITEM.match(text, position)
        if found is None:
            raise ValueError(f"rule {rule.name}: cannot read the pattern at {text[position:]!r}")
        position = found.end()
        if found["open"]:
            yield _Item(syntax="(?:")
        elif found["close"] or found["bar"]:
            yield _Item(syntax=found.group())
        else:
            yield _Item(
                look=found["look"] or "",
                name=found["name"] or "",
                atom=found["atom"],
                quantifier=found["quantifier"],
            )


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set: how the languages write their lists."""
    return frozenset(text.split())
