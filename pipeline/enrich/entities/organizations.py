"""Which mentions of organisations are one: acronyms, short forms, and the country left out of a name."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from pipeline.enrich import names
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import nationalities
from pipeline.enrich.tokens import Tokens

# Legal forms: they belong to the name and say nothing that tells two companies apart.
_LEGAL = frozenset(
    {
        "inc",
        "corp",
        "co",
        "ltd",
        "plc",
        "llc",
        "llp",
        "ag",
        "sa",
        "nv",
        "spa",
        "gmbh",
        "ab",
        "asa",
        "oyj",
        "se",
        "as",
        "kk",
        "bhd",
    }
    | {
        "corporation",
        "incorporated",
        "company",
        "limited",
        "group",
        "holdings",
        "holding",
        "& co",
        "cos",
        "bros",
        "brothers",
    }
)
_SPLIT = re.compile(r"[\s,]+")


@dataclass(slots=True)
class Organization:
    """One organisation of the article."""

    words: list[str]
    forms: Counter[str] = field(default_factory=Counter)
    mentions: list[Span] = field(default_factory=list)


def group(tokens: Tokens, spans: list[Span]) -> list[Organization]:
    """The organisations that `spans` refer to: the longest names first, then what can be short for them."""
    texts = {span: " ".join(tokens.slice(span.first, span.last).split()) for span in spans}
    words = {text: core(text) for text in set(texts.values())}
    known: dict[str, Organization] = {}  # by every short form that a name allows
    of: dict[str, Organization] = {}
    for text in sorted(words, key=lambda text: (-len(words[text]), text.isupper(), text)):
        joined = " ".join(words[text])
        organization = known.get(joined) or known.get(text.replace(".", "").upper())
        if organization is None:
            organization = Organization(words[text])
            for form in _short_forms(text, words[text]):
                known.setdefault(form, organization)
        of[text] = organization
    groups: dict[int, Organization] = {}
    for span in spans:
        organization = of[texts[span]]
        organization.mentions.append(span)
        organization.forms[texts[span]] += 1
        groups[id(organization)] = organization
    return list(groups.values())


def canonical(organization: Organization) -> str:
    """The longest form, other than in capitals where it can be had."""
    return max(
        organization.forms, key=lambda form: (" " in form and not form.isupper(), len(form), organization.forms[form])
    )


def core(text: str) -> list[str]:
    """The words that tell an organisation: normal form, without legal forms and a leading nationality or U.S."""
    found = [word.strip(".") for word in _SPLIT.split(names.plain(text)) if word.strip(".")]
    while len(found) > 1 and found[-1] in _LEGAL | {"&", "and"}:
        found.pop()
    original = text.split(" ")[0]
    if len(found) > 2 and (original in nationalities() or original in {"U.S.", "US", "U.K.", "UK", "U.N.", "UN"}):
        found = found[1:]
    return found


def _short_forms(text: str, words: list[str]) -> list[str]:
    """What the organisation can be called later on: its core, its acronyms, its first distinctive word."""
    forms = [" ".join(words), *names.acronyms(text), *names.acronyms(" ".join(words))]
    if len(words) > 1 and len(words[0]) > 3 and not _common(text):
        forms.append(words[0])
    if len(words) > 2:
        forms.append(" ".join(words[:2]))
    return forms


def _common(text: str) -> bool:
    """Whether the first word is too common to stand for the name: National, American, New, or a place."""
    head = text.split(" ")[0]
    return head in nationalities() or head.lower() in _COMMON_HEADS


_COMMON_HEADS = frozenset(
    {
        "national",
        "international",
        "united",
        "new",
        "first",
        "general",
        "royal",
        "federal",
        "state",
        "central",
        "world",
        "north",
    }
    | {
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "bank",
        "university",
        "ministry",
        "department",
    }
    | {
        "court",
        "supreme",
        "high",
        "house",
        "association",
        "institute",
        "committee",
        "council",
        "party",
        "union",
        "american",
    }
    | {
        "center",
        "centre",
        "office",
        "school",
        "college",
        "hospital",
        "church",
        "global",
        "people",
        "social",
        "democratic",
    }
    | {
        "republican",
        "liberal",
        "conservative",
        "green",
        "labour",
        "labor",
        "free",
        "public",
        "human",
        "economic",
        "foreign",
    }
    | {
        "defense",
        "defence",
        "justice",
        "education",
        "health",
        "trade",
        "news",
        "press",
        "air",
        "army",
        "navy",
        "great",
        "british",
    }
)
