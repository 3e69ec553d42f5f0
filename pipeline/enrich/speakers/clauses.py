"""Where the quotations of an article stand: the clauses around them and the words of speech in these."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.article import Quotation
from pipeline.enrich.speakers.cues import cues
from pipeline.enrich.speakers.units import Unit, Units

REACH = 40  # tokens of an attribution
_FAR = 200  # tokens of a clause with its quotations
_STOPS = frozenset({".", "!", "?"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said it, and the token of the cue; `carried` over from the paragraph before, for want of one of its own."""

    unit: Unit | None
    cue: int | None
    carried: bool = False


class Clauses:
    """The quotations of one article among its tokens."""

    def __init__(self, units: Units, quotations: list[Quotation]) -> None:
        self.units, self.tokens, self.quotations = units, units.tokens, quotations
        self.ranges = [self.tokens.span(one.start, one.end) for one in quotations]
        self.inside: list[int | None] = [None] * len(self.tokens)
        for number, (first, last) in enumerate(self.ranges):
            self.inside[first:last] = [number] * (last - first)
            units.quoted[first:last] = [True] * (last - first)
        self.endings = [_ending(one.text) for one in quotations]

    def ends_in(self, number: int, mark: str) -> bool:
        """Whether a quotation ends in this mark."""
        return self.endings[number] == mark

    def clause_start(self, number: int) -> int:
        """The first token of the clause that leads to a quotation; its own first token where none does."""
        tokens = self.tokens
        first = self.ranges[number][0]
        if first == self.units.head:  # nothing but the dateline before it
            return first
        index = first - 1
        while index >= max(0, first - _FAR):
            other = self.inside[index]
            if other is not None:
                if (
                    self.endings[other] in ".!?"
                    and tokens.words[self.ranges[other][1] : self.ranges[other][1] + 1] != []
                ):
                    after = self.ranges[other][1]
                    if after >= first or not tokens.words[after].islower():
                        return self.ranges[other][1]
                index = self.ranges[other][0] - 1
                continue
            word = tokens.words[index]
            if (tokens.blank[index] and "\n\n" in word) or word in _STOPS:
                return index + 1
            if index == self.units.head:
                return index
            index -= 1
        return max(0, index + 1)

    def first_cue(self, start: int, end: int) -> int | None:
        """The first verb of speech outside quotations among these tokens."""
        return next((index for index in range(start, min(end, start + 28)) if self.is_cue(index)), None)

    def last_cue(self, start: int, end: int) -> int | None:
        """The last one; just before `end` also a form that is a noun as often."""
        for index in range(end - 1, max(start, end - REACH) - 1, -1):
            if self.is_cue(index) or (end - index <= 3 and self._is_verb_before_quote(index)):
                return index
        return None

    def is_cue(self, index: int) -> bool:
        """Whether a token outside quotations is a verb of speech."""
        return self.inside[index] is None and self.units.is_cue(index)

    def _is_verb_before_quote(self, index: int) -> bool:
        """ "and calls people “losers”": so near to the quotation it is no noun."""
        lower = self.tokens.lower[index]
        return self.inside[index] is None and lower in cues() and self.units.at[index] is None and lower.endswith("s")


def _ending(text: str) -> str:
    """The last character inside the marks."""
    inner = text.rstrip("\"“”„‟«»'‘’`＂ ")
    return inner[-1:] or " "
