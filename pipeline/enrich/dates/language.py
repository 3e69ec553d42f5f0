"""What a language brings: a compiled grammar, its number words, and the cues of tense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pipeline.enrich.dates.context import Direction
from pipeline.enrich.dates.grammar import Grammar
from pipeline.enrich.dates.tokens import ReadNumber, Tokens


class ReadDirection(Protocol):
    """Reads where the verb that governs tokens `start` to `stop` points."""

    def __call__(self, tokens: Tokens, start: int, stop: int) -> Direction: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class Language:
    """One language's time expressions."""

    code: str  # BCP 47
    grammar: Grammar
    read_number: ReadNumber
    read_direction: ReadDirection
    ends_sentence: Callable[[Tokens, int], bool]  # whether a sentence ends with the token
    speech: frozenset[str]  # verbs and nouns of speech, which date a quotation
    at: frozenset[str]  # prepositions before a time of day
    before_year: frozenset[str]  # words before a year of two figures: in '98
    bounds: frozenset[str]  # prepositions before the end of a stretch: since, until
    since: frozenset[str]  # prepositions that allow the past alone: since March
    titles: frozenset[str]  # words before a family name: Mrs May
    surnames: frozenset[str]  # months that are family names too: May
    during: frozenset[str]  # prepositions that make a unit an adjunct: in the morning
    phrase: frozenset[str]  # words that begin another phrase: no noun of "the 23rd" follows
    compared: frozenset[str]  # words before what is compared with: from, than, percent
    auxiliaries: frozenset[str]  # words before a bare verb: to last, would last
    clause: frozenset[str]  # words that begin a clause after its noun: the day he left
    games: frozenset[str]  # words of reports on games, where a half and a quarter are none of the year
    deictic: frozenset[str]  # words that speak from the day of writing, besides those of class TODAY: ago
    attributive: frozenset[str]  # articles and the like, after which an expression belongs to a noun
    event_nouns: frozenset[str]  # nouns of events that a text may date: war, election
    starts: frozenset[str]  # verbs that say an event began
    begins: frozenset[str]  # words that may stand between an event and its first day: began on
    holidays: Mapping[str, str]  # names in small letters: key of `holidays.KNOWN`
