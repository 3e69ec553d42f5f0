"""When a capital or a country stands for its government: it says, decides, fears, or owns a policy."""

from __future__ import annotations

from functools import lru_cache

from pipeline.enrich.lexicon import table
from pipeline.enrich.tokens import Tokens

_LOCAL = frozenset(
    {
        "in",
        "at",
        "near",
        "from",
        "to",
        "outside",
        "around",
        "across",
        "inside",
        "toward",
        "towards",
        "on",
        "into",
        "of",
        "over",
    }
)
_AUXILIARIES = frozenset(
    {
        "has",
        "had",
        "have",
        "is",
        "was",
        "will",
        "would",
        "could",
        "should",
        "may",
        "might",
        "can",
        "also",
        "did",
        "does",
    }
)
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_REACH = 3  # words between a possessive and the noun that it owns: "Moscow's full-scale invasion"


def speaks_as_government(tokens: Tokens, first: int, last: int, *, capital: bool) -> bool:
    """Whether the mention of tokens `first` to `last` acts as a government does.

    A capital must do or own what only governments do; a country that says or does something is one already. A place
    "in", "near" or "from" which something happens is none.
    """
    verbs, policies = _words()
    lower, size = tokens.lower, len(tokens)
    before = lower[first - 1] if first else ""
    index = last
    if index < size and lower[index] in _POSSESSIVE:
        end = min(size, index + 2 + _REACH)
        for ahead in range(index + 1, end):
            if lower[ahead] in policies:
                return True
            if not lower[ahead].replace("-", "a").isalpha():
                return False
        return False
    if before in _LOCAL and not tokens.first[first]:
        return False
    while index < min(size, last + 3) and (lower[index] in _AUXILIARIES or lower[index].endswith("ly")):
        index += 1
    if index < size and lower[index] in verbs:
        return capital or lower[index] not in _OF_PEOPLE
    if before in ("with", "between", "against", "by", "pressed", "urged", "accused") and capital:
        return True
    return before == "and" and first > 1 and lower[first - 2][:1].isalpha() and capital and _pair(tokens, first)


_OF_PEOPLE = frozenset({"won", "lost", "beat"})


def _pair(tokens: Tokens, first: int) -> bool:
    """ "talks between Moscow and Kyiv"."""
    return any(word in ("between", "both") for word in tokens.lower[max(0, first - 4) : first])


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    lists = table("governments")
    return frozenset(lists["verbs"]), frozenset(lists["policies"])
