"""Whom a pronoun or a role means: "he said at the time", "the spokesman said", "the Russian leader"."""

from __future__ import annotations

from pipeline.article import Entity
from pipeline.enrich.lexicon import Sex, roles
from pipeline.enrich.speakers.cues import cues, groups, sources
from pipeline.enrich.speakers.units import PRONOUNS, Unit, Units
from pipeline.enrich.speakers.unnamed import OBJECTS

_BACK = 12  # sentences that a pronoun looks back over
_PREPOSITIONS = frozenset(
    {"of", "for", "with", "to", "by", "on", "about", "against", "from", "over", "between", "and"}
)
_AHEAD = 2  # sentences: "a spokesman said", who is named next
_ROLE_BACK = 3  # sentences that a role looks back over
# offices that somebody who is not named may hold as well: "the president said"
_OFFICES_WORDS = """
president premier minister chancellor leader official officials judge governor mayor senator secretary ambassador
republican democrat general commissioner representative prosecutor candidate nominee host critic expert analyst
activist aide resident witness survivor neighbor neighbour trustee supervisor
king queen lord monarch pontiff reporter journalist agent deputy chief executive investigator
"""
_OFFICES = frozenset(_OFFICES_WORDS.split())
# what a politician may be called next, without a word of it before: "Trump wrote. “No,” the president-elect said"
_PARTY = frozenset({"republican", "democrat"})
_ELECTED = _PARTY | {"president-elect", "nominee", "candidate", "congressman", "congresswoman", "lawmaker", "senator"}
_NEAR = 400  # tokens between the name and the office
_QUOTED_BEFORE = 2  # quotations since the name, this one with them
_TRANSITIVE = frozenset(
    {"met", "beat", "told", "saw", "gave", "let", "sent", "put", "led", "hit", "knew", "heard", "backs"}
)
_ROLE_REACH = 9  # tokens between a name and the noun of its apposition


class References:
    """Resolves the units of one article to its entities."""

    def __init__(self, units: Units, entities: list[Entity], sexes: dict[str, Sex], quoted: list[bool]) -> None:
        self._units, self._entities, self._quoted = units, entities, quoted
        self._sexes = dict(sexes)
        self._people = [unit for unit in units.all if unit.kind == "person"]
        self._groups = [unit for unit in units.all if unit.kind == "organization"]
        self._roles = self._named_roles()
        self._speaking = [unit for unit in units.all if unit.kind == "role" and self._speaks(unit)]

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
        word = OBJECTS.get(word, word)
        if word in ("he", "she"):
            sex = PRONOUNS[word]
            found = self._latest(self._people, unit.first, sex, not_this=self._spoken_of(unit))
            role = self._latest_role(unit.first, sex, found)
            if role is not None:
                return self._role(role)
            if found is None or found.entity is None:
                return None
            if sex is not None:  # who was "she" once is no "he" later
                self._sexes.setdefault(self._entities[found.entity].id, sex)
            return found.entity
        if word == "it":
            found = self._latest(self._groups, unit.first, None, back=2)
            role = self._latest_role(unit.first, None, found)
            return self._role(role) if role is not None else found.entity if found is not None else None
        return None

    def _spoken_of(self, unit: Unit) -> int | None:
        """Whom "Hampton, he recalled, “paid on Friday”" speaks of: not who says it."""
        tokens, named = self._units.tokens, self._units.at[unit.first - 2] if unit.first > 1 else None
        put_in = (
            named is not None
            and tokens.words[unit.first - 1] == ","
            and tokens.words[unit.last + 1 : unit.last + 2] == [","]
        )
        return named.entity if named is not None and put_in and named.kind == "person" else None

    def _latest(
        self,
        candidates: list[Unit],
        before: int,
        sex: Sex | None,
        back: int = _BACK,
        not_this: int | None = None,
    ) -> Unit | None:
        """The subject of the nearest sentence before that names somebody who fits; else anybody named there."""
        tokens = self._units.tokens
        here = tokens.sentence[before]
        by_sentence: dict[int, list[Unit]] = {}
        for unit in reversed(candidates[: _position(candidates, before)]):
            sentence = tokens.sentence[unit.first]
            if here - sentence > back:
                break
            if self._fits(unit, sex) and (not_this is None or unit.entity != not_this):
                by_sentence.setdefault(sentence, []).append(unit)
        for quoted in (False, True):
            objects: Unit | None = None
            for sentence in sorted(by_sentence, reverse=True):
                named = [unit for unit in reversed(by_sentence[sentence]) if self._quoted[unit.first] == quoted]
                free = [unit for unit in named if not self._hangs(unit)]
                subjects = [unit for unit in free if not self._is_object(unit)]
                if subjects:
                    return subjects[0]
                if free and objects is None:
                    objects = free[0]  # "Tuttle has met Cruz": who did it is named before
                elif named:
                    return objects or named[0]
            if objects is not None:
                return objects
        return None

    def _is_object(self, unit: Unit) -> bool:
        """Whether a verb stands right before the name: "has met Ted Cruz"."""
        tokens = self._units.tokens
        word = tokens.lower[unit.first - 1] if unit.first else ""
        if not word.isalpha() or tokens.first[unit.first]:
            return False
        if word in _TRANSITIVE:
            return True
        return word.endswith("ed") and len(word) > len("need") and word not in cues()

    def _latest_role(self, before: int, sex: Sex | None, named: Unit | None) -> Unit | None:
        """Who has spoken since `named` was: "her manager said there was no deal. “Not tonight,” he said"."""
        tokens = self._units.tokens
        here = tokens.sentence[before]
        since = tokens.sentence[named.first] if named is not None else 0
        for role in reversed(self._speaking[: _position(self._speaking, before)]):
            sentence = tokens.sentence[role.first]
            if here - sentence > _ROLE_BACK or sentence <= since:
                return None
            word = tokens.lower[role.head]
            known = roles().get(word)
            if (word in groups()) == (sex is None) and (sex is None or known is None or known == sex):
                return role
        return None

    def _speaks(self, unit: Unit) -> bool:
        """Whether a noun for one person or institution is the subject of a verb of speech."""
        tokens = self._units.tokens
        word = tokens.lower[unit.head]
        if unit.last >= len(tokens) or self._quoted[unit.first] or (word.endswith("s") and word in sources()):
            return False
        if tokens.first[unit.first] and tokens.lower[unit.first] in ("a", "an", "another", "one"):
            return True  # "A former aide laughed when told of it."
        return tokens.lower[unit.last] in cues() and not self._hangs(unit)

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
            if index > 0 and tokens.lower[index] == "," and tokens.lower[index - 1] in roles():
                index -= 1  # "the minister, Jana Holub"
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
        word = "president-elect" if word == "elect" else word
        named = self._roles.get(word, []) or (self._roles.get("president", []) if word == "leader" else [])
        earlier = [entity for at, entity in named if at < unit.first]
        if earlier:
            return earlier[-1]
        here = tokens.sentence[unit.first]
        later = [entity for at, entity in named if here < tokens.sentence[at] <= here + _AHEAD]
        if later:
            return later[0]
        if tokens.lower[unit.first] != "the" or self._is_of_another(unit):
            return None
        latest: Unit | None = None
        if word in _ELECTED and self._of_who_spoke(unit, word):
            latest = self._latest(self._people, unit.first, roles().get(word), back=_ROLE_BACK)
        elif word in groups():
            latest = self._latest_group(unit, word)
        elif word in roles() and (roles().get(word) is not None or word not in _OFFICES):
            latest = self._latest(self._people, unit.first, roles().get(word), back=_ROLE_BACK)
        elif self._units.of_a_person(unit):
            latest = self._latest(self._people, unit.first, None, back=_ROLE_BACK)
        return latest.entity if latest is not None else None

    def _of_who_spoke(self, unit: Unit, word: str) -> bool:
        """Whether an office can be another word for who was named last: who has no other title in the article."""
        named = self._latest(self._people, unit.first, None, back=_ROLE_BACK)
        if named is None or self._hangs(named) or self._quoted[named.first] or unit.first - named.last > _NEAR:
            return False
        opened = sum(self._quoted[index] and not self._quoted[index - 1] for index in range(named.last, unit.first))
        if word not in _PARTY and opened < _QUOTED_BEFORE:
            return False
        others = {role for role, holders in self._roles.items() for _, entity in holders if entity == named.entity}
        return word in _PARTY or not others or word in others

    def _is_of_another(self, unit: Unit) -> bool:
        """ "the mine's owner", "the owner of the mine": not one of those who were named."""
        lower = self._units.tokens.lower
        owned = any(word in {"'s", "’s"} for word in lower[unit.first : unit.head])
        return owned or lower[unit.last : unit.last + 1] in (["of"], ["for"])

    def _latest_group(self, unit: Unit, word: str) -> Unit | None:
        """The organisation that is called "the agency": one with that word in its name, else the latest."""
        tokens = self._units.tokens
        if unit.head - unit.first > 1:  # "the news agency", "the South Korean foreign ministry": another one
            return None
        here = tokens.sentence[unit.first]
        near = [
            one
            for one in self._groups[: _position(self._groups, unit.first)]
            if here - tokens.sentence[one.first] <= _ROLE_BACK and not self._quoted[one.first]
        ]
        called = [one for one in near if word in tokens.lower[one.first : one.last]]
        return called[-1] if called else self._latest(near, unit.first, None, back=_ROLE_BACK)


def _position(candidates: list[Unit], before: int) -> int:
    low, high = 0, len(candidates)
    while low < high:
        middle = (low + high) // 2
        if candidates[middle].first < before:
            low = middle + 1
        else:
            high = middle
    return low
