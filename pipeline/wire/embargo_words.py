"""An embargo said in words -> the moment it ends.

    EMBARGOED UNTIL 6 p.m. GMT, Feb 27        STRICTLY EMBARGOED TO 0001 THURSDAY OCTOBER 15
    HOLD FOR RELEASE AT NOON ET FRIDAY        Under embargo until 14:00 London time on 3 March 2022
    SPERRFRIST: 27. Februar, 18.00 Uhr        NOT FOR PUBLICATION BEFORE 2022-02-27T06:00Z

What is not said is taken so that nothing comes out early: a day without a year is the nearest to the article's, a
weekday or a time alone is the next one, a day without a time begins at midnight, a time without a zone is in the zone
of the article's own time where that is a local one, and else where on earth it comes last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.wire import embargo_when
from pipeline.wire.fields import words
from pipeline.wire.months import WEEKDAYS

LOOKED_AT: Final = 1000  # characters of a note or line
LONGEST: Final = 160  # characters after the word of embargo that are looked at

_UNTIL = (
    r"(?:until|till?|bis|jusqu['’ ]?(?:aux?|à|a)|hasta|fino\s+al(?:le|l['’])?|até|tot|indtil|inntil"
    r"|expires?|lifts?|ends?)"
)
_UNTIL_OR_AT = rf"(?:{_UNTIL}|to|before|for|at|on)"
_USE = r"(?:release|publication|use|broadcast|transmission)"
_USES = rf"{_USE}(?:\s*(?:,|/|and|or)\s*(?:for\s+)?(?:online\s+)?{_USE})*"
_WHEN = rf"(?=\W{{0,3}}(?:\d|noon|midnight|mittag|midi|minuit|{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))}))"
_UNDER = r"(?:under|unter|sous|bajo|sotto|sob|onder)"
_PERIOD = r"sperre?frist"  # German, Norwegian
# the words of embargo; what follows says when
_STRONG = re.compile(
    rf"\b(?:strictly\s+)?embargoed\b(?:\s*[:,.–—-]+\s*|\s+)(?:(?:for|against)\s+{_USES}\b\s*)?{_UNTIL_OR_AT}\b"
    rf"|\b(?P<noun>(?:{_UNDER}\s+)?embargo\b)(?:\s*[:,]\s*|\s+)(?:(?:is|in place)\s+)?{_UNTIL}\b"
    rf"|\b(?:hold\s+for|embargoed\s+for|not\s+for)\s+(?:public\s+)?{_USES}\s*(?:\b{_UNTIL_OR_AT}\b|:|{_WHEN})"
    rf"|\b(?P<adjective>embargad[ao])\s+{_UNTIL}"
    rf"|\b{_PERIOD}\b|\bembargo\s*:|\bembargoed\b{_WHEN}",
    re.I,
)
# what counts as an embargo where a time follows: the noun alone at the head, and "free for publication"
_WITH_TIME = re.compile(
    rf"(?:\A|(?<=[:–—(/|*-])|(?<=[:–—(/|*-]\s))\W{{0,10}}(?-i:(?:{_UNDER.upper()}\s+)?EMBARGO)\b{_WHEN}"
    r"|\bjulkaisuvapaa\b(?=.{0,30}\d)",
    re.I,
)
# said in capitals, without a time that we can read
_BARE = re.compile(
    rf"\b(?:STRICTLY EMBARGOED|EMBARGOED|EMBARGAD[AO]|{_UNDER.upper()} EMBARGO|HOLD FOR RELEASE|{_PERIOD.upper()})"
    r"(?: STORY| COPY| MATERIAL| NEWS| RELEASE)?(?=\W*\Z|\s*[:;,.!*/|()–—-])|\A\W*EMBARGO\W*\Z"
)
_HINTS: Final = ("embarg", "sperr", "hold", "not for", "julkaisuvapaa")  # without one of them there is none
_OVER = re.compile(
    rf"\b(?:embargo|{_PERIOD})\b.{{0,20}}\b(?:lifted|expired|over|aufgehoben|abgelaufen|levée?|levantado|revocato"
    r"|opgeheven|hävt|hævet|opphevet|poistettu)\b",
    re.I,
)

_WORD = re.compile(r"[^\W\d_]+")
_LEADING: Final = words(
    "attention note editors eds strictly achtung hinweis bitte beachten an die alle redaktionen aux rédactions "
    "atención attenzione atenção let op obs huom huomio"
)
_SEPARATED = re.compile(r"[:–—(/|*-]\s*\Z")


@dataclass(frozen=True, slots=True)
class Said:
    """What the words say: until when; None where there is an embargo whose end we can't read."""

    until: str | None


def find(text: str, *, created: str, anywhere: bool = False) -> Said | None:
    """The embargo that one line or note declares, or None.

    Args:
        text: a line at the head of the text, a headline or an editor's note.
        created: the article's versionCreated, the moment that times without a date follow.
        anywhere: whether the words may stand in the middle, as in a note; else only other words in capitals or of
            the same kind may stand before them.
    """
    text = text[:LOOKED_AT]
    lowered = text.lower()
    if not any(word in lowered for word in _HINTS) or _OVER.search(text):
        return None
    found = _STRONG.search(text)
    if found and (anywhere or (_leads(text[: found.start()], found.group()) and not _prose(found))):
        until = embargo_when.read(text[found.end() : found.end() + LONGEST], created)
        return Said(until)
    noun = _WITH_TIME.search(text)
    if noun and (anywhere or _leads(text[: noun.start()], noun.group())):
        until = embargo_when.read(text[noun.end() : noun.end() + LONGEST], created)
        return Said(until) if until else None
    bare = _BARE.search(text)
    if bare and (anywhere or _leads(text[: bare.start()], bare.group())):
        return Said(embargo_when.read(text[bare.end() : bare.end() + LONGEST], created))
    return None


def _prose(found: re.Match[str]) -> bool:
    """ "Embargo until 2030 agreed": the noun in a sentence or headline, not in capitals, declares nothing."""
    noun = found["noun"] or found["adjective"]
    return noun is not None and not noun.isupper()


def _leads(before: str, said: str = "") -> bool:
    """Whether the words stand at the head, or in capitals behind a mark: "Ferries: EMBARGOED UNTIL"."""
    found = _WORD.findall(before)
    if len(found) <= 6 and said.isupper() and _SEPARATED.search(before):
        return True
    return len(found) <= 6 and all(word.isupper() or word.lower() in _LEADING for word in found)
