"""Cues of speech: the words that say that somebody said something, in all their forms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.enrich.lexicon import roles, table

# verbs of speech that take their hearer after them: "told reporters" is not "said reporters"
_WITH_HEARER = frozenset({"tell", "urge", "advise"})
_VOWELS = frozenset("aeiou")
# forms that are nouns, adjectives or other verbs as often
_NOT_CUES = frozenset(
    {"notes", "claims", "posts", "offers", "charges", "comments", "demands", "reports", "questions", "promises"}
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a verb of speech."""

    base: str
    speech: bool  # it introduces speech by itself; a mixed one only a quoted word or two
    inverts: bool  # it may stand before its subject
    gerund: bool
    noun: bool = False  # a plural noun as well ("attacks"): a verb only right after its subject


@lru_cache(maxsize=1)
def cues() -> dict[str, Cue]:
    """Every form, in lower case."""
    verbs = table("speech")["verbs"]
    irregular: dict[str, list[str]] = verbs["irregular"]
    known: dict[str, Cue] = {}
    for base in (*verbs["mixed"], *verbs["speech"]):
        speech = base in verbs["speech"]
        for form in irregular.get(base) or _forms(base):
            if form not in _NOT_CUES or base in irregular:
                noun = not speech and form.endswith("s") and base != form
                known[form] = Cue(base, speech, speech and base not in _WITH_HEARER, form.endswith("ing"), noun)
        known.setdefault(base, Cue(base, speech, base == "say", False, base not in ("say", "tell")))  # "they say"
    return known


@lru_cache(maxsize=1)
def sources() -> frozenset[str]:
    """Nouns that speak without a name: officials, the newspaper, the spokesman."""
    lists = table("speech")["sources"]
    return frozenset([*lists["people"], *lists["groups"]]) | frozenset(role for role in roles() if " " not in role)


@lru_cache(maxsize=1)
def groups() -> frozenset[str]:
    """Those of `sources` that are many or an institution: "the agency", to which "it" refers."""
    return frozenset(table("speech")["sources"]["groups"])


@lru_cache(maxsize=1)
def writings() -> frozenset[str]:
    """Those of `sources` that are texts."""
    return frozenset(table("speech")["sources"]["writings"])


@lru_cache(maxsize=1)
def signs() -> frozenset[str]:
    """What words stand on: "read" is a verb of speech beside them alone."""
    return frozenset(table("speech")["sources"]["signs"])


@lru_cache(maxsize=1)
def works() -> frozenset[str]:
    """Nouns after which a title stands in quotation marks: "the song “Yesterday”"."""
    return frozenset(table("speech")["sources"]["titles"])


def _forms(base: str) -> list[str]:
    if base.endswith("e"):
        return [base + "s", base + "d", base[:-1] + "ing"]
    if base.endswith("y") and base[-2] not in _VOWELS:
        return [base[:-1] + "ies", base[:-1] + "ied", base + "ing"]
    if base.endswith(("ss", "sh", "ch", "x")):
        return [base + "es", base + "ed", base + "ing"]
    if base in ("quip", "rip", "dub", "slam", "chat", "admit"):
        return [base + "s", base + base[-1] + "ed", base + base[-1] + "ing"]
    return [base + "s", base + "ed", base + "ing"]
