"""Who can speak, wherever named in the text: mentions, pronouns and nouns such as "the spokesman"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.article import Entity
from pipeline.enrich import dateline
from pipeline.enrich.lexicon import DETERMINERS, Sex
from pipeline.enrich.names import plain
from pipeline.enrich.speakers.cues import cues, signs, sources
from pipeline.enrich.tokens import Tokens

Kind = Literal["person", "organization", "place", "group", "pronoun", "role", "name"]

_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORGANIZATION": "organization",
    "LOCATION": "place",
    "NORP": "group",
}
PRONOUNS: dict[str, Sex | None] = {"he": "male", "she": "female", "they": None, "i": None, "we": None, "it": None}
_BEFORE_NOUNS = frozenset(
    {"a", "an", "the", "his", "her", "their", "its", "this", "'s", "’s", "of", "no", "any", "for"}
)
_NATIVES = ("an", "ton", "ard", "ane")  # "the Dane", not "the French"
_PARTISANS = frozenset({"republican", "democrat", "conservative", "socialist", "liberal", "independent"})
NUMBERS = frozenset({"one", "two", "three", "four", "five", "six", "some", "both"})
_NAME_WORDS = 4
_NOUN_PHRASE = 7  # words that may stand between the determiner and its noun


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens that name somebody. `entity` is the index of the entity in the article's list."""

    first: int
    last: int
    kind: Kind
    entity: int | None = None
    head: int = 0  # the noun of a role, the first token of all else


class Units:
    """The units of an article, by the token that they start and end at."""

    def __init__(self, tokens: Tokens, entities: list[Entity]) -> None:
        self.tokens = tokens
        places = {plain(one.text) for entity in entities if entity.type == "LOCATION" for one in entity.mentions}
        found = dateline.find(tokens, lambda name: plain(name) in places)
        self.head = found.end if found is not None else 0  # where the text begins after its dateline
        self.at: list[Unit | None] = [None] * len(tokens)
        self.all: list[Unit] = []
        self.quoted: list[bool] = [False] * len(tokens)  # who is named inside a quotation does not say it
        for index, entity in enumerate(entities):
            kind = _KINDS.get(entity.type)
            if kind is None:
                continue
            for mention in entity.mentions:
                first, last = tokens.span(mention.start, mention.end)
                if kind == "group" and self._is_one_of_a_nation(first, last):
                    self._add(Unit(self._noun_phrase(first), last, "role", None, first))
                else:
                    self._add(Unit(first, last, kind, index, first))
        for index, word in enumerate(tokens.lower):
            if self.at[index] is not None:
                continue
            if word in PRONOUNS and (word != "i" or tokens.words[index] == "I"):
                self._add(Unit(index, index + 1, "pronoun", None, index))
            elif (word in sources() or self._is_age(index)) and not self._qualifies(index):
                self._add(Unit(self._noun_phrase(index), index + 1, "role", None, index))
        self.all.sort(key=lambda unit: unit.first)

    def is_cue(self, index: int) -> bool:
        """Whether the token is a verb of speech: forms that are nouns as well only right after who speaks."""
        cue = cues().get(self.tokens.lower[index])
        if cue is None or self.at[index] is not None:
            return False
        if not index:
            return not cue.noun
        if self.tokens.lower[index - 1] in _BEFORE_NOUNS:
            return False
        if cue.base == "read":
            return any(word in signs() for word in self.tokens.lower[index - 1 : index + 4])
        return not cue.noun or self.at[index - 1] is not None

    def name(self, last: int) -> Unit | None:
        """A name that is no mention: the run of capitalised words that ends with token `last`."""
        words = self.tokens.words
        first = last
        while first >= 0 and words[first][0].isupper() and self.at[first] is None and last - first < _NAME_WORDS:
            first -= 1
        first += 1
        if first > last or words[first] in ("The", "A", "An", "In", "On", "At", "But", "And", "As", "When", "If"):
            first += 1
        return Unit(first, last + 1, "name", None, first) if first <= last else None

    def of_a_person(self, unit: Unit) -> bool:
        """Whether a role without a noun for it is one person: "the 52-year-old", "the Dane"."""
        return self._is_age(unit.head) or self._is_one_of_a_nation(unit.head, unit.last)

    def _add(self, unit: Unit) -> None:
        if unit.kind == "role":
            self.at[unit.head] = unit
        else:
            self.at[unit.first : unit.last] = [unit] * (unit.last - unit.first)
        self.all.append(unit)

    def _qualifies(self, index: int) -> bool:
        """Whether a noun tells what the next one is: "spokesman Dmitry Peskov", "police union"."""
        if index + 1 >= len(self.at):
            return False
        following, word = self.at[index + 1], self.tokens.words[index + 1]
        if following is not None:
            return following.kind == "person" and following.first == index + 1
        return word in sources() and word not in cues()

    def _is_age(self, index: int) -> bool:
        """ "the 52-year-old said"."""
        return self.tokens.lower[index] == "old" and self.tokens.lower[max(0, index - 3) : index] == [
            "-",
            "year",
            "-",
        ]

    def _is_one_of_a_nation(self, first: int, last: int) -> bool:
        """ "The 24-year-old Croatian wrote": one person, and no nation."""
        tokens = self.tokens
        if last - first > 1 or first < 2 or last >= len(tokens) or tokens.lower[last] not in cues():
            return False
        if tokens.lower[first] in _PARTISANS and tokens.lower[self._noun_phrase(first)] == "the":
            return True
        return tokens.lower[first - 1] == "old" or (
            tokens.lower[first - 1] == "the" and tokens.lower[first].endswith(_NATIVES)
        )

    def _noun_phrase(self, head: int) -> int:
        """The first token of the noun phrase that ends with the noun at `head`."""
        lower, blank = self.tokens.lower, self.tokens.blank
        for index in range(head - 1, max(-1, head - 1 - _NOUN_PHRASE), -1):
            word = lower[index]
            if word in DETERMINERS or word in ("another", "one", "some", "several", "two", "many", "no", "each"):
                return index
            if blank[index] or not (word[0].isalpha() or word in {"'s", "’s", "-"} or word[0].isdigit()):
                break
            if self.at[index] is None and word in _BREAKS:
                break
        index = head
        while index > 0 and (
            (at := self.at[index - 1]) is not None and at.kind in ("organization", "place", "group")
        ):
            index = at.first
        owner = self.at[index - 2] if index > 1 and lower[index - 1] in {"'s", "’s"} else None
        return owner.first if owner is not None else index


_BREAKS = frozenset(
    {
        "of",
        "for",
        "in",
        "at",
        "on",
        "by",
        "to",
        "from",
        "with",
        "and",
        "or",
        "but",
        "that",
        "who",
        "which",
        "as",
        "than",
        "is",
        "was",
    }
    | {
        "said",
        "told",
        "says",
        "has",
        "had",
        "have",
        "are",
        "were",
        "when",
        "while",
        "after",
        "before",
        "because",
        "if",
        "be",
        "been",
    }
)
