"""Which place a name means in an article: what follows it, the countries named, how many people live there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from pipeline.enrich.names import distance, plain, sound
from pipeline.enrich.places.geonames import Geonames, Toponym
from pipeline.enrich.tokens import Tokens

_QUALIFIER_WORDS = 4  # the longest name of a state or country looked for after the comma
_COUNTRY_NAMED = 1.2  # what it counts, in powers of ten of population, that the article names the country


class Resolver:
    """Resolves the names of one article; a name without qualifier means the same throughout."""

    def __init__(self, geonames: Geonames, place_names: Iterable[str] = ()) -> None:
        self._geonames = geonames
        self._named: Counter[str] = Counter()
        self._qualified: dict[str, Toponym | None] = {}
        self._memory: dict[str, Toponym | None] = {}
        for name in place_names:
            found = self.candidates(name)
            if found and found[0].kind in ("country", "division") and found[0].country:
                self._named[found[0].country] += 1

    def candidates(self, name: str) -> list[Toponym]:
        """Everything of that name, the most populous first."""
        return self._geonames.by_name.get(plain(name)) or self._geonames.by_name.get(plain("the " + name), [])

    def resolve(self, name: str, tokens: Tokens, first: int, last: int) -> Toponym | None:
        """The place that the mention of tokens `first` to `last` means, None where GeoNames has no such name."""
        key = plain(name)
        found = self.candidates(name)
        if not found:
            return None
        if len(found) > 1:
            found = _called_so(found, key)
        if len(found) > 1 or found[0].kind == "city":
            qualifier = self.qualifier(tokens, last)
            if qualifier is not None:
                inside = [place for place in found if _inside(place, qualifier)]
                if inside:
                    self._qualified.setdefault(key, inside[0])
                    return inside[0]
                if qualifier.kind == "division" and _closed(tokens, last + 1):
                    self._qualified.setdefault(key, None)  # Paris, Ontario: too small for the gazetteer
                    return None
        if key in self._qualified:
            return self._qualified[key]
        if key not in self._memory:
            self._memory[key] = max(found, key=self._score)
        return self._memory[key]

    def qualifier(self, tokens: Tokens, last: int) -> Toponym | None:
        """The state or country that stands after a comma, as in "Paris, Texas" and "Minsk, Belarus"."""
        if last + 1 >= len(tokens) or tokens.words[last] != ",":
            return None
        for size in range(min(_QUALIFIER_WORDS, len(tokens) - last - 1), 0, -1):
            name = tokens.slice(last + 1, last + 1 + size)
            if not name[0].isupper():
                return None
            for place in self._geonames.by_name.get(plain(name), []):
                if place.kind in ("country", "division"):
                    return place
        return None

    def _score(self, place: Toponym) -> float:
        named = _COUNTRY_NAMED if place.country in self._named else 0.0
        if place.kind == "country":
            return 20.0
        if place.kind == "city" and place.rank > A_GREAT_CITY:
            return 11.5
        if place.kind == "division" and self._named[place.country or ""] > 1 and place.name == "Georgia":
            return 21.0  # among other places of the United States it is the state
        if place.capital and place.rank > SIZE_OF_A_CAPITAL:
            return 12.0
        if place.kind in ("division", "region"):
            return 11.0
        return math.log10(max(place.rank, 1)) + named


A_GREAT_CITY = 3_000_000  # it comes before a state or province of its name: New York
SIZE_OF_A_CAPITAL = 400_000  # smaller capitals compete with their namesakes by size


def _closed(tokens: Tokens, first: int) -> bool:
    """Whether a comma or stop ends the qualifier at `first`, and no list goes on: "Boston, New York, and Miami"."""
    index, size = first, len(tokens)
    while index < size and tokens.words[index][0].isupper():
        index += 1
    if index + 1 >= size or tokens.words[index] not in {",", ".", ")"}:
        return False
    after = tokens.words[index + 1]
    return tokens.words[index] != "," or (after.islower() and after not in {"and", "or"})


def _called_so(found: list[Toponym], key: str) -> list[Toponym]:
    """Without those that have it from history or another language where it is another's own: the White House."""
    own = [place for place in found if plain(place.name) == key]
    if not own or len(own) == len(found):
        return found
    heard = sound(key)
    return [place for place in found if place in own or place.kind != "city" or _alike(heard, sound(place.name))]


def _alike(left: str, right: str) -> bool:
    """Whether two names are one in two spellings: Odessa and Odesa, Calcutta and Kolkata."""
    return left == right or (left[:1] == right[:1] and distance(left, right, 2) <= 2)


def _inside(place: Toponym, qualifier: Toponym) -> bool:
    if place is qualifier or place.country != qualifier.country:
        return False
    return qualifier.kind == "country" or place.division == qualifier.division
