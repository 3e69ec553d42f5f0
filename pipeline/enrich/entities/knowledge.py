"""What is known of names beforehand: the alias file first, then organisations and teams, then GeoNames."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.enrich import names
from pipeline.enrich.entities.aliases import Alias
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import Sex, given_names, nationalities, table
from pipeline.enrich.places.resolve import Resolver
from pipeline.enrich.tokens import Tokens


class Known(NamedTuple):
    """An entity's stable id and its usual name."""

    id: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one article's names are looked up in."""

    aliases: dict[str, Alias]
    resolver: Resolver

    def person(self, name: str) -> Known:
        """The person of this name."""
        alias = self.aliases.get(names.plain(name))
        if alias:
            return Known(alias.id, alias.canonical)
        known = people().get(_sounds(name)) if not names.generation(name) else None
        # under the name that the article has: the id is what stays the same over articles
        return Known(known.id, name) if known else Known("name:" + names.key(name), name)

    def sex(self, person: Known) -> Sex | None:
        """The sex that the usual given name of a person of the gazetteer tells: of "Trump", that of Donald Trump."""
        usual = _usual().get(person.id)
        return given_names().get(usual.partition(" ")[0]) if usual else None

    def organization(self, forms: list[str], name: str) -> Known:
        """The organisation that is called by all of `forms`."""
        for form in (name, *forms):
            alias = self.aliases.get(names.plain(form))
            if alias:
                return Known(alias.id, alias.canonical)
        for form in (name, *forms):
            known = organizations().get(form) or organizations().get(_without_country(form))
            if known:
                return known
        return Known("name:" + names.key(name), name)

    def place(self, text: str, tokens: Tokens, span: Span) -> Known:
        """The place that a mention names."""
        alias = self.aliases.get(names.plain(text))
        if alias:
            return Known(alias.id, alias.canonical)
        toponym = self.resolver.resolve(text, tokens, span.first, span.last)
        if toponym is None:
            return Known("name:" + names.key(text), text)
        if toponym.id is None:
            return Known("name:" + names.key(toponym.name), toponym.name)
        return Known(f"geonames:{toponym.id}", toponym.name)


def _without_country(name: str) -> str:
    """A name without the country before it: the U.S. Federal Reserve."""
    head, _, rest = name.partition(" ")
    return rest if head in ("U.S.", "US", "American", "U.N.", "UN") else name


def _sounds(name: str) -> str:
    return " ".join(names.sound(word) for word in names.plain(name).split(" "))


@lru_cache(maxsize=1)
def people() -> dict[str, Known]:
    """The people of the gazetteer, by the sound of each form of their name: Zelensky is Zelenskyy."""
    known: dict[str, Known] = {}
    for name, (wikidata, *forms) in table("people").items():
        known.update({_sounds(form): Known("wikidata:" + wikidata, name) for form in (name, *forms)})
    return known


@lru_cache(maxsize=1)
def _usual() -> dict[str, str]:
    """The usual names of the people of the gazetteer, by their ids."""
    return {known.id: known.canonical for known in people().values()}


@lru_cache(maxsize=1)
def organizations() -> dict[str, Known]:
    """Every written form of the organisations and teams of the gazetteer."""
    known: dict[str, Known] = {}
    for section in table("organizations").values():
        for name, (wikidata, *forms) in section.items():
            entry = Known("wikidata:" + wikidata if wikidata else "name:" + names.key(name), name)
            for form in (name, *forms):
                known[form] = entry
    teams = table("teams")
    for team in (team for league in teams["nicknamed"].values() for team in league):
        known.setdefault(team, Known("name:" + names.key(team), team))
    for team in teams["clubs"]["names"]:
        known.setdefault(team, Known("name:" + names.key(team), team))
    return known


@lru_cache(maxsize=1)
def nicknames() -> frozenset[str]:
    """What teams are called without their place: Yankees, Red Sox. Only plural words that mean nothing else."""
    found = set()
    for team in (team for league in table("teams")["nicknamed"].values() for team in league):
        words = team.split(" ")
        tail = (
            words[-2:]
            if words[-1] in {"Sox", "Jays", "Leafs", "Wings", "Jackets", "Blazers", "Blacks"}
            else words[-1:]
        )
        found.add(" ".join(tail))
    return frozenset(found - {"Wild", "Heat", "Magic", "Jazz", "Lightning", "Avalanche", "Thunder", "Irish"})


def nationality(text: str) -> bool:
    """Whether a name is a nationality, faith or group of the gazetteer."""
    return text in nationalities()
