"""Who said what stands between quotation marks: attributions after, before and around each quotation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.article import Quotation
from pipeline.enrich.speakers import subjects
from pipeline.enrich.speakers.cues import cues
from pipeline.enrich.speakers.units import Unit, Units

_REACH = 40  # tokens of an attribution
_NEIGHBOURS = 50  # quotations of a paragraph that one is compared with
_FAR = 200  # tokens of a clause with its quotations
_STOPS = frozenset({".", "!", "?", ";"})
_DASHES = frozenset({"—", "–", "―", "--", "-"})
_SIGNATURE = re.compile(r"\s{0,4}(?:—|―|–|--)\s{0,2}")
_LEADS = frozenset({",", ":", "that", "—", "–", "--"})
_PASSIVE = frozenset({"was", "were", "been", "being", "is", "are"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said it, and the token of the cue."""

    unit: Unit | None
    cue: int | None


class Direct:
    """Attributes the direct quotations of one article."""

    def __init__(self, units: Units, quotations: list[Quotation]) -> None:
        self.units, self.tokens, self.quotations = units, units.tokens, quotations
        self.ranges = [self.tokens.span(one.start, one.end) for one in quotations]
        self.inside: list[int | None] = [None] * len(self.tokens)
        for number, (first, last) in enumerate(self.ranges):
            self.inside[first:last] = [number] * (last - first)
        self._endings = [_ending(one.text) for one in quotations]

    def attribute(self) -> list[Attribution | None]:
        """For each quotation who said it, None where the text does not tell."""
        found: list[Attribution | None] = []
        for number in range(len(self.quotations)):
            found.append(self._near(number, found))
        self._share(found)
        for number, one in enumerate(found):
            if one is None:
                found[number] = self._continued(number, found)
        self._share(found)
        return found

    def _share(self, found: list[Attribution | None]) -> None:
        """The parts of a split quotation have one speaker."""
        of_group: dict[int, Attribution] = {}
        for quotation, one in zip(self.quotations, found, strict=True):
            if quotation.group is not None and one is not None:
                of_group.setdefault(quotation.group, one)
        for number, quotation in enumerate(self.quotations):
            if quotation.group in of_group:
                found[number] = of_group[quotation.group]

    def _near(self, number: int, found: list[Attribution | None]) -> Attribution | None:
        first, _ = self.ranges[number]
        start = self._clause_start(number)
        following = self._after(number)
        if start >= first:
            return following
        preceding, adjacent = self._before(number, start, found)
        if preceding is not None and (adjacent or following is None):
            return preceding
        return following or preceding

    # after the quotation

    def _after(self, number: int) -> Attribution | None:
        """`,” said X` and `,” X said`."""
        signed = self._signature(number)
        if signed is not None:
            return signed
        tokens, size = self.tokens, len(self.tokens)
        start = self.ranges[number][1]
        while start < size and (tokens.words[start] in _DASHES | {",", "(", "["} or _is_gap(tokens.words[start])):
            start += 1
        if (
            start >= size
            or tokens.blank[start]
            or (self._endings[number] == "." and not tokens.words[start].islower())
        ):
            return None
        end = start
        while end < min(size, start + _REACH) and not self._stops(end):
            end += 1
        cue = self._first_cue(start, end)
        if cue is None:
            return self._according(start, end)
        between = tokens.lower[start:cue]
        if all(word.endswith("ly") or word in ("then", "also", "later") for word in between):
            unit = subjects.after(self.units, cue, end) if cues()[tokens.lower[cue]].inverts else None
        else:
            unit = subjects.before(self.units, cue, start)
        return Attribution(unit, cue) if unit else None

    def _stops(self, index: int) -> bool:
        word = self.tokens.words[index]
        return word in _STOPS or self.inside[index] is not None or "\n\n" in word

    def _signature(self, number: int) -> Attribution | None:
        """“...” — Name, at the end of its line, perhaps on the line below."""
        dash = _SIGNATURE.match(self.tokens.text, self.quotations[number].end)
        start = self.tokens.at(dash.end()) if dash else len(self.tokens)
        unit = self.units.at[start] if start < len(self.tokens) else None
        if unit is None or unit.kind != "person" or unit.first != start:
            return None
        after = unit.last
        ended = after >= len(self.tokens) or self.tokens.blank[after] or self.tokens.words[after] in {",", ".", "("}
        return Attribution(unit, None) if ended else None

    # before the quotation

    def _clause_start(self, number: int) -> int:
        """The first token of the clause that leads to a quotation; its own first token where none does."""
        tokens = self.tokens
        first = self.ranges[number][0]
        index = first - 1
        while index >= max(0, first - _FAR):
            other = self.inside[index]
            if other is not None:
                if (
                    self._endings[other] in ".!?"
                    and tokens.words[self.ranges[other][1] : self.ranges[other][1] + 1] != []
                ):
                    after = self.ranges[other][1]
                    if after >= first or not tokens.words[after].islower():
                        return self.ranges[other][1]
                index = self.ranges[other][0] - 1
                continue
            word = tokens.words[index]
            if (tokens.blank[index] and "\n\n" in word) or (word in _STOPS and word != ";"):
                return index + 1
            index -= 1
        return max(0, index + 1)

    def _before(self, number: int, start: int, found: list[Attribution | None]) -> tuple[Attribution | None, bool]:
        """`X said: “` and `X called it “`; with whether it leads straight to the quotation."""
        tokens = self.tokens
        first = self.ranges[number][0]
        lead = tokens.lower[first - 1]
        cue = self._last_cue(start, first)
        if cue is None:
            if lead == ":" or (lead in _DASHES and first - 2 >= start and self.units.at[first - 2] is not None):
                unit = self.units.at[first - 2] if first - 2 >= start else None
                unit = unit or subjects.leading(self.units, start, first)
                if unit is not None:
                    return Attribution(unit, None), True
            told = self._according(start, first)
            return (told, False) if told else (None, False)
        adjacent = cue == first - 1 or lead in (":", "that") or (lead in _LEADS and first - cue <= 12)
        unit = None
        form = cues()[tokens.lower[cue]]
        if (
            tokens.lower[cue - 1] in _PASSIVE
            and cue > start
            and form.base in ("call", "tell", "describe", "ask", "quote", "see")
        ):
            unit = self._by(cue, first)
            if unit is None and form.base != "quote":
                return None, False
        if unit is None and cue == start:
            unit = subjects.after(self.units, cue, first)
        if unit is None:
            unit = subjects.before(self.units, cue, start, climb=not form.gerund)
        if unit is None:
            earlier = next((one.unit for one in reversed(found) if one is not None and one.unit is not None), None)
            unit = earlier if earlier is not None and start - _REACH < earlier.first < first else None
        return (Attribution(unit, cue), adjacent) if unit or adjacent else (None, False)

    def _by(self, cue: int, end: int) -> Unit | None:
        for index in range(cue + 1, min(end, cue + 5)):
            if self.tokens.lower[index] == "by":
                return subjects.after(self.units, index, end)
        return None

    def _according(self, start: int, end: int) -> Attribution | None:
        tokens = self.tokens
        for index in range(start, end - 1):
            if tokens.lower[index] == "according" and tokens.lower[index + 1] == "to":
                unit = subjects.after(self.units, index + 1, min(len(tokens), index + 14))
                return Attribution(unit, index) if unit else None
        return None

    def _first_cue(self, start: int, end: int) -> int | None:
        return next((index for index in range(start, min(end, start + 28)) if self._is_cue(index)), None)

    def _last_cue(self, start: int, end: int) -> int | None:
        for index in range(end - 1, max(start, end - _REACH) - 1, -1):
            if self._is_cue(index) or (end - index <= 3 and self._is_verb_before_quote(index)):
                return index
        return None

    def _is_cue(self, index: int) -> bool:
        return self.inside[index] is None and self.units.is_cue(index)

    def _is_verb_before_quote(self, index: int) -> bool:
        """ "and calls people “losers”": so near to the quotation it is no noun."""
        lower = self.tokens.lower[index]
        return self.inside[index] is None and lower in cues() and self.units.at[index] is None and lower.endswith("s")

    # neither

    def _continued(self, number: int, found: list[Attribution | None]) -> Attribution | None:
        """A quotation without an attribution of its own goes on from its neighbours, or from who was spoken of."""
        tokens = self.tokens
        first = self.ranges[number][0]
        paragraph = tokens.paragraph[first]
        start = self._clause_start(number)
        if start < first and not all(tokens.blank[index] for index in range(start, first)):
            unit = subjects.leading(self.units, start, first)
            return Attribution(unit, None) if unit is not None and unit.kind in ("person", "pronoun") else None
        back, ahead = max(-1, number - 1 - _NEIGHBOURS), min(len(found), number + 1 + _NEIGHBOURS)
        for others in (range(number - 1, back, -1), range(number + 1, ahead)):
            for other in others:
                if tokens.paragraph[self.ranges[other][0]] != paragraph:
                    break
                one = found[other]
                if one is not None:
                    return one
        if self._endings[number] not in ".!?,…":
            return None
        return self._from_paragraph_before(number, found)

    def _from_paragraph_before(self, number: int, found: list[Attribution | None]) -> Attribution | None:
        tokens = self.tokens
        first = self.ranges[number][0]
        end = first - 1
        while end >= 0 and tokens.blank[end]:
            end -= 1
        if end < 0:
            return None
        before = self.inside[end]
        if before is not None:
            return found[before]
        start = end
        while start > 0 and tokens.sentence[start - 1] == tokens.sentence[end] and not tokens.blank[start - 1]:
            start -= 1
        for other in range(number - 1, -1, -1):
            if self.ranges[other][0] < start:
                break
            if found[other] is not None:
                return found[other]
        cue = self._last_cue(start, end + 1)
        unit = subjects.before(self.units, cue, start) if cue is not None else None
        unit = unit or subjects.leading(self.units, start, end + 1)
        return Attribution(unit, None) if unit is not None and unit.kind != "place" else None


def _is_gap(word: str) -> bool:
    return word.isspace() and "\n" not in word


def _ending(text: str) -> str:
    """The last character inside the marks."""
    inner = text.rstrip("\"“”„‟«»'‘’`＂ ")
    return inner[-1:] or " "
