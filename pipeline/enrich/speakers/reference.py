"""Whom a pronoun or a role means: "he said at the time", "the spokesman said", "the Russian leader"."""

from __future__ import annotations

from pipeline.article import Entity
from pipeline.enrich.lexicon import Sex, roles
from pipeline.enrich.speakers.units import PRONOUNS, Unit, Units

_BACK = 12  # sentences that a pronoun looks back over
_PREPOSITIONS = frozenset(
    {"of", "for", "with", "to", "by", "on", "about", "against", "from", "over", "between", "and"}
)
_AHEAD = 2  # sentences: "a spokesman said", who is named next
_ROLE_REACH = 9  # tokens between a name and the noun of its apposition


class References:
    """Resolves the units of one article to its entities."""

    def __init__(self, units: Units, entities: list[Entity], sexes: dict[str, Sex], quoted: list[bool]) -> None:
        self._units, self._entities, self._quoted = units, entities, quoted
        self._sexes = sexes
        self._people = [unit for unit in units.all if unit.kind == "person"]
        self._groups = [unit for unit in units.all if unit.kind == "organization"]
        self._roles = self._named_roles()

    def entity(self, unit: Unit) -> int | None:
        """The index of the entity that a unit means, None where the text does not say."""
        if unit.entity is not None:
            return unit.entity
        if unit.kind == "pronoun":
            return self._pronoun(unit)
        if unit.kind == "role":
            return self._role(unit)
        return None

    def _pronoun(self, unit: Unit) -> int | None:
        word = self._units.tokens.lower[unit.first]
        if word in ("he", "she"):
            return self._latest(self._people, unit.first, PRONOUNS[word])
        if word == "it":
            return self._latest(self._groups, unit.first, None, back=2)
        return None

    def _latest(self, candidates: list[Unit], before: int, sex: Sex | None, back: int = _BACK) -> int | None:
        """The subject of the nearest sentence before that names somebody who fits; else anybody named there."""
        tokens = self._units.tokens
        here = tokens.sentence[before]
        by_sentence: dict[int, list[Unit]] = {}
        for unit in reversed(candidates[: _position(candidates, before)]):
            sentence = tokens.sentence[unit.first]
            if here - sentence > back:
                break
            if self._fits(unit, sex):
                by_sentence.setdefault(sentence, []).append(unit)
        for quoted in (False, True):
            for sentence in sorted(by_sentence, reverse=True):
                named = [unit for unit in reversed(by_sentence[sentence]) if self._quoted[unit.first] == quoted]
                free = [unit for unit in named if not self._hangs(unit)]
                if free or named:
                    return (free or named)[0].entity
        return None

    def _fits(self, unit: Unit, sex: Sex | None) -> bool:
        if sex is None or unit.entity is None:
            return True
        known = self._sexes.get(self._entities[unit.entity].id)
        return known is None or known == sex

    def _hangs(self, unit: Unit) -> bool:
        """Whether a mention depends on a preposition or owns something: it is no subject."""
        tokens = self._units.tokens
        if unit.first and tokens.lower[unit.first - 1] in _PREPOSITIONS:
            return True
        return unit.last < len(tokens) and tokens.lower[unit.last] in {"'s", "’s", "'", "’"}

    def _named_roles(self) -> dict[str, list[tuple[int, int]]]:
        """Role -> (token, entity) of those whom the text calls so, by title or apposition."""
        tokens = self._units.tokens
        known: dict[str, list[tuple[int, int]]] = {}
        for unit in self._people:
            if unit.entity is None:
                continue
            index = unit.first - 1
            while index >= 0 and index > unit.first - 4 and tokens.words[index][0].isalpha():
                if tokens.lower[index] in roles():
                    known.setdefault(tokens.lower[index], []).append((unit.first, unit.entity))
                    break
                index -= 1
            if unit.last < len(tokens) and tokens.lower[unit.last] in {",", "("}:
                for ahead in range(unit.last + 1, min(unit.last + _ROLE_REACH, len(tokens))):
                    if tokens.lower[ahead] in {",", ".", ")", "who", "said"} or tokens.blank[ahead]:
                        break
                    if tokens.lower[ahead] in roles():
                        known.setdefault(tokens.lower[ahead], []).append((unit.first, unit.entity))
                        break
        return known

    def _role(self, unit: Unit) -> int | None:
        tokens = self._units.tokens
        if unit.last - unit.first > 1 and tokens.lower[unit.first] in ("a", "an", "another", "one", "some"):
            return None
        word = tokens.lower[unit.head]
        named = self._roles.get(word, []) or (self._roles.get("president", []) if word == "leader" else [])
        earlier = [entity for at, entity in named if at < unit.first]
        if earlier:
            return earlier[-1]
        here = tokens.sentence[unit.first]
        later = [entity for at, entity in named if here < tokens.sentence[at] <= here + _AHEAD]
        if later:
            return later[0]
        sex = roles().get(word)
        if word in roles() and tokens.lower[unit.first] == "the" and sex is not None:
            return self._latest(self._people, unit.first, sex, back=3)
        return None


def _position(candidates: list[Unit], before: int) -> int:
    low, high = 0, len(candidates)
    while low < high:
        middle = (low + high) // 2
        if candidates[middle].first < before:
            low = middle + 1
        else:
            high = middle
    return low
