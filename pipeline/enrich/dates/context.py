"""What an operation reads to give a match its meaning: the captured tokens, the anchor, the time of the narrative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pipeline.article import TimexType
from pipeline.enrich.dates.calendar import Granule, granule
from pipeline.enrich.dates.events import Events
from pipeline.enrich.dates.grammar import OTHER, Rule
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tokens import Tokens

if TYPE_CHECKING:
    from pipeline.enrich.dates.language import Language


_GAME_WORDS: Final = 3  # different ones; one alone may be a figure of speech


class Direction(Enum):
    """Where the verb of an expression's clause points, seen from the anchor."""

    PAST = "past"
    FUTURE = "future"
    INTENDED = "intended"  # ahead of a day that may be over: "was due on Friday"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """Type and value of an expression; `place` where it lies on the calendar, `clock` where within the day."""

    type: TimexType
    value: str
    place: Granule | None = None
    clock: str | None = None  # TIMEX3's part of the value after T: "10:30", "MO"
    offset: int | None = None  # minutes east of UTC, where the words name a time zone
    alternatives: tuple[str, ...] = ()
    start: int | None = None  # first token and the one after the last, where they are not those of the match
    stop: int | None = None
    focus: bool = True  # whether the narrative moves on to it


def dated(place: Granule | None, *, alternatives: tuple[Granule, ...] = ()) -> Meaning | None:
    """A DATE on the calendar; None off it."""
    if place is None or not place.valid:
        return None
    return Meaning(
        type="DATE",
        value=place.value,
        place=place,
        alternatives=tuple(other.value for other in alternatives if other.valid and other != place),
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An expression that was resolved earlier in the text."""

    place: Granule
    token: int
    bound: bool = False  # it only bounds a stretch: "since Monday", "until June 20"
    clock: str | None = None  # its time of day
    ending: bool = False  # its end is meant: "by the end of the month"

    @property
    def day(self) -> date:
        """The day from which "two days later" is counted. Raises ValueError off the calendar."""
        return date.fromordinal(self.place.next_first.toordinal() - 1) if self.ending else self.place.first


@dataclass(kw_only=True)
class Narrative:
    """The calendar places that the text has named so far, in its order."""

    seen: list[Seen] = field(default_factory=list)
    events: dict[str, date] = field(default_factory=dict)  # nouns of events that the text itself dates

    def last(self, *units: str, after: int = -1) -> Granule | None:
        """The place of one of these units that was named last, at or after a token."""
        found = self.last_seen(*units, after=after)
        return None if found is None else found.place

    def last_seen(self, *units: str, after: int = -1) -> Seen | None:
        """As `last`, with where it stood."""
        for item in reversed(self.seen[-40:]):
            if item.token < after:
                return None
            if not units or item.place.unit in units:
                return item
        return None


@dataclass(kw_only=True)
class Context:
    """The state of one reading of a text."""

    tokens: Tokens
    language: Language
    reference: Reference
    now: date  # the anchor: the reference's day, or the day a quotation was said
    narrative: Narrative
    events: Events
    _heads: dict[str, date | None] = field(default_factory=dict)
    narrating: bool = False  # whether the text tells of other years: its months and weekdays are seen from there

    @cached_property
    def _lower(self) -> str:
        return self.tokens.text.lower()

    @cached_property
    def families(self) -> frozenset[str]:
        """The months that the text uses as a family name: Theresa May."""
        tokens, found = self.tokens, set()
        for index in range(1, len(tokens)):
            if tokens.words[index] in self.language.surnames and is_family_name(self, index):
                found.add(tokens.words[index])
        return frozenset(found)

    @cached_property
    def on_games(self) -> bool:
        """Whether the text reports on a game."""
        return len(self.language.games.intersection(self.tokens.words)) >= _GAME_WORDS

    def event_in_text(self, head: str) -> date | None:
        """The first day of the event that a noun means in this article; the text is searched once a noun."""
        if head not in self._heads:
            self._heads[head] = self.events.start_in_text(head, self._lower, now=self.reference.day)
        return self._heads[head]

    @property
    def view(self) -> Granule | None:
        """In a text that tells of other years: the place from which an incomplete date is read; else None."""
        return self.narrative.last("day", "month", "season", "year") if self.narrating else None

    def this(self, unit: str) -> Granule:
        """The unit that holds the anchor."""
        return granule(unit, self.now)

    def here(self, unit: str) -> Granule:
        """The unit that holds the anchor; in a text that tells of other years, the place in view."""
        view = self.view
        return view.to(unit) if view is not None and view.valid else self.this(unit)


def _has_title(context: Context, index: int) -> bool:
    """Whether a title stands before the token, which has a capital: Mrs May, Mr. March."""
    tokens = context.tokens
    back = index - 2 if index > 1 and tokens.words[index - 1] == "." else index - 1
    return back >= 0 and tokens.words[back] in context.language.titles and tokens.raw(index)[0].isupper()


def is_family_name(context: Context, index: int) -> bool:
    """Whether a capital and an unknown word with a capital before it, within the sentence, make the token a name."""
    tokens = context.tokens
    if _has_title(context, index):
        return True
    if index < 2:
        return False
    before = tokens.raw(index - 1)
    named = tokens.codes[index - 1] == OTHER and before[0].isupper() and before[1:].islower()
    return named and tokens.raw(index)[0].isupper() and not context.language.ends_sentence(tokens, index - 2)


@dataclass(frozen=True, kw_only=True)
class Match:
    """A rule's match over tokens `start` to `stop` (exclusive)."""

    rule: Rule
    start: int
    stop: int
    captured: Mapping[str, int]
    context: Context

    def __contains__(self, name: str) -> bool:
        return name in self.captured

    def get(self, name: str, kind: str) -> Any:
        """The captured token's value in a class, or None where the pattern captured none."""
        index = self.captured.get(name)
        if index is None:
            return None
        tokens = self.context.tokens
        if index in tokens.numbers:
            return tokens.numbers[index]
        lexicon = self.context.language.grammar.lexicon
        found = lexicon.exact.get(tokens.raw(index)) or lexicon.words.get(tokens.words[index], {})
        return found.get(kind)

    def option(self, name: str) -> Any:
        """What the rule says besides its pattern."""
        return self.rule.options.get(name)

    def word(self, offset: int) -> str:
        """The word (small letters) `offset` places after the match's end, or before its start where negative."""
        index = self.stop + offset if offset >= 0 else self.start + offset
        tokens = self.context.tokens
        return tokens.words[index] if 0 <= index < len(tokens) else ""

    def word_of(self, name: str) -> str:
        """The captured token in small letters; empty where there is none."""
        index = self.captured.get(name)
        return "" if index is None else self.context.tokens.words[index]
