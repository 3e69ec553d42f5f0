"""Who said what stands between quotation marks: attributions after, before and around each quotation."""

from __future__ import annotations

import re

from pipeline.enrich.speakers import subjects
from pipeline.enrich.speakers.clauses import REACH, Attribution, Clauses
from pipeline.enrich.speakers.continued import continued
from pipeline.enrich.speakers.cues import cues
from pipeline.enrich.speakers.units import Unit

_QUOTED_AS = 9  # tokens between "quoted" and "as saying"
_STOPS = frozenset({".", "!", "?", ";"})
_DASHES = frozenset({"—", "–", "―", "--", "-"})
_SIGNATURE = re.compile(r"\s{0,4}(?:—|―|–|--)\s{0,2}")
_LEADS = frozenset({",", ":", "that", "—", "–", "--"})
_CONJUNCTIONS_WORDS = (
    "and but or while when as because although though after before until unless since if that which whose"
)
_CONJUNCTIONS = frozenset(_CONJUNCTIONS_WORDS.split())
_PASSIVE = frozenset({"was", "were", "been", "being", "is", "are"})


class Direct(Clauses):
    """Attributes the direct quotations of one article."""

    def attribute(self) -> list[Attribution | None]:
        """For each quotation who said it, None where the text does not tell."""
        found: list[Attribution | None] = []
        for number in range(len(self.quotations)):
            found.append(self._near(number, found))
        self._share(found)
        for number, one in enumerate(found):
            if one is None:
                found[number] = continued(self, number, found)
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
        start = self.clause_start(number)
        following = self._after(number)
        if start >= first:
            return following
        preceding, adjacent = self._before(number, start, found)
        if preceding is not None and (adjacent or following is None or self._opens_a_clause(number)):
            return preceding
        return following or preceding

    def _opens_a_clause(self, number: int) -> bool:
        """Whether what follows is another clause: "he was “open to talks”, but Masson dismissed the offer"."""
        tokens, after = self.tokens, self.ranges[number][1]
        while after < len(tokens) and tokens.words[after] in {",", ";"}:
            after += 1
        runs_on = after == self.ranges[number][1] and self.endings[number] not in ".?!,—–-"
        return after < len(tokens) and (runs_on or tokens.lower[after] in _CONJUNCTIONS)

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
            or (self.endings[number] == "." and not tokens.words[start].islower())
        ):
            return None
        end = start
        while end < min(size, start + REACH) and not self._stops(end):
            end += 1
        cue = self.first_cue(start, end)
        if cue is None:
            return self._according(start, end)
        between = tokens.lower[start:cue]
        if all(word.endswith("ly") or word in ("then", "also", "later") for word in between):
            unit = subjects.after(self.units, cue, end) if cues()[tokens.lower[cue]].inverts else None
        else:
            unit = self._quoted_as_saying(cue, start) or subjects.before(self.units, cue, start)
        return Attribution(unit, cue) if unit else None

    def _quoted_as_saying(self, cue: int, start: int) -> Unit | None:
        """ "the agency quoted Mr Lavrov as saying": `cue` is the one or the other."""
        lower = self.tokens.lower
        for index in range(cue, max(start, cue - _QUOTED_AS) - 1, -1):
            if lower[index] in ("quoted", "quotes", "cited", "cites"):
                if index and lower[index - 1] in _PASSIVE:
                    return None
                as_saying = any(lower[at] == "as" for at in range(index + 2, min(index + _QUOTED_AS, len(lower))))
                return subjects.after(self.units, index, min(index + _QUOTED_AS, len(lower))) if as_saying else None
        return None

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

    def _before(self, number: int, start: int, found: list[Attribution | None]) -> tuple[Attribution | None, bool]:
        """`X said: “` and `X called it “`; with whether it leads straight to the quotation."""
        tokens = self.tokens
        first = self.ranges[number][0]
        lead = tokens.lower[first - 1]
        cue = self.last_cue(start, first)
        if cue is None:
            if lead == ":" or (lead in _DASHES and first - 2 >= start and self.units.at[first - 2] is not None):
                unit = self.units.at[first - 2] if first - 2 >= start else None
                unit = unit or subjects.leading(self.units, start, first)
                if unit is not None:
                    return Attribution(unit, None), True
            told = self._according(start, first)
            return (told, False) if told else (None, False)
        if lead == ":":
            unit = self._of_last_clause(cue, first - 1)
            if unit is not None:
                return Attribution(unit, None), True
        adjacent = cue == first - 1 or lead in (":", "that") or (lead in _LEADS and first - cue <= 12)
        unit = None
        form = cues()[tokens.lower[cue]]
        if tokens.lower[cue - 1] in _PASSIVE and cue > start and (not form.speech or form.base in ("tell", "ask")):
            unit = self._by(cue, first)
            if unit is None and form.base != "quote":
                return None, False
        if unit is None:
            unit = self._quoted_as_saying(cue, start) or self._put_in(cue, first)
        if unit is None and form.gerund and tokens.words[cue - 1] == ",":
            unit = self._of_main_verb(cue, start)
        if unit is None and cue == start:
            unit = subjects.after(self.units, cue, first)
        if unit is None:
            unit = subjects.before(self.units, cue, start, climb=not form.gerund)
        if unit is None:
            earlier = next((one.unit for one in reversed(found) if one is not None and one.unit is not None), None)
            unit = earlier if earlier is not None and start - REACH < earlier.first < first else None
        return (Attribution(unit, cue), adjacent) if unit or adjacent else (None, False)

    def _put_in(self, cue: int, first: int) -> Unit | None:
        """ "Tickets, says promoter Live Nation, are “limited”": who is named behind the verb, between two commas."""
        tokens = self.tokens
        if tokens.words[cue - 1] != "," or not cues()[tokens.lower[cue]].inverts:
            return None
        unit = subjects.after(self.units, cue, first)
        closed = unit is not None and unit.last < first - 1 and tokens.words[unit.last] == ","
        return unit if closed else None

    def _of_last_clause(self, cue: int, colon: int) -> Unit | None:
        """ "When she said it was late, he cut in: “": who begins the clause that leads to the colon."""
        for index in range(colon - 1, cue, -1):
            if self.inside[index] is not None:
                return None
            if self.tokens.words[index] == ",":
                unit = self.units.at[index + 1]
                named = unit is not None and unit.kind in ("person", "pronoun") and unit.last < colon
                return unit if named and unit is not None and self.tokens.words[unit.last].islower() else None
        return None

    def _of_main_verb(self, gerund: int, start: int) -> Unit | None:
        """ "It will act, the ministry said on Friday, urging Washington to “pull back”": whose the participle is."""
        tokens = self.tokens
        for index in range(gerund - 2, max(start, gerund - REACH) - 1, -1):
            if self.is_cue(index) and cues()[tokens.lower[index]].speech and not cues()[tokens.lower[index]].gerund:
                unit = subjects.before(self.units, index, start) if index > start else None
                tagged = unit is not None and tokens.words[subjects.before_titles(self.units, unit, start)] == ","
                return unit if tagged else None
        return None

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


def _is_gap(word: str) -> bool:
    return word.isspace() and "\n" not in word
