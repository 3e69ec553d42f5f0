"""The word lists of `config/gazetteer/`: titles, roles, nationalities. Read once a process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pipeline.resources import resource

Sex = Literal["male", "female"]

DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your"}
)
# what stands behind a person's name and is no part of it: "Joanna Cherry QC"
HONOURS = frozenset({"QC", "KC", "MP", "MEP", "MSP", "TD", "MBE", "OBE", "CBE", "PhD", "Ph.D.", "M.D.", "MD", "FRS"})
PARTICLES = frozenset(
    {
        "al",
        "el",
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "bin",
        "bint",
        "ibn",
        "abu",
    }
    | {"la", "le", "las", "los", "ben", "ad", "as", "an", "ash", "zu", "af", "av", "y", "e", "und", "et"}
)


@dataclass(frozen=True, slots=True)
class Nationality:
    """An adjective or noun of a nation or group: "Russians" has canonical "Russian" and country "RU"."""

    canonical: str
    country: str | None  # ISO 3166-1 alpha-2, None for a group


def table(name: str) -> dict[str, Any]:
    """The contents of `config/gazetteer/NAME.toml`."""
    return tomllib.loads(resource(f"config/gazetteer/{name}.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def honorifics() -> dict[str, Sex | None]:
    """Honorific in lower case -> the sex that it tells."""
    lists = table("titles")["honorifics"]
    known: dict[str, Sex | None] = dict.fromkeys(lists["either"])
    known.update(dict.fromkeys(lists["male"], "male"))
    known.update(dict.fromkeys(lists["female"], "female"))
    return known


@lru_cache(maxsize=1)
def titles() -> frozenset[str]:
    """Every honorific and office that stands before a name, lower case; some are of two or three words."""
    return frozenset(honorifics()) | frozenset(table("titles")["offices"]["words"])


@lru_cache(maxsize=1)
def title_words() -> frozenset[str]:
    """The single words that titles are made of."""
    return frozenset(word for title in titles() for word in title.split())


@lru_cache(maxsize=1)
def roles() -> dict[str, Sex | None]:
    """Nouns that refer back to a person ("the spokesman"), lower case -> the sex that they tell."""
    lists = table("titles")["roles"]
    known: dict[str, Sex | None] = dict.fromkeys(lists["words"])
    known.update(dict.fromkeys((word for word in table("titles")["offices"]["words"] if "." not in word), None))
    known.update(dict.fromkeys(lists["male"], "male"))
    known.update(dict.fromkeys(lists["female"], "female"))
    return known


@lru_cache(maxsize=1)
def given_names() -> dict[str, Sex | None]:
    """Given name with its capital -> the sex that it tells."""
    lists = table("given_names")
    known: dict[str, Sex | None] = dict.fromkeys(lists["either"].split())
    known.update(dict.fromkeys(lists["male"].split(), "male"))
    known.update(dict.fromkeys(lists["female"].split(), "female"))
    return known


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    """Common surnames, with their capital."""
    return frozenset(table("surnames")["names"].split())


@lru_cache(maxsize=1)
def short_names() -> dict[str, str]:
    """Short form of a given name in lower case -> the name that it stands for."""
    return dict(table("given_names")["short"])


@lru_cache(maxsize=1)
def nationalities() -> dict[str, Nationality]:
    """Adjective or noun as written -> the nationality or group."""
    lists = table("nationalities")
    known: dict[str, Nationality] = {}
    for name, forms in lists["groups"].items():
        for form in (name, *forms):
            known[form] = Nationality(name, None)
    for country, forms in lists["countries"].items():
        for form in forms:
            known[form] = Nationality(forms[0], country)
    return known


@dataclass(frozen=True, slots=True)
class Cues:
    """The words of `config/gazetteer/cues.toml`, as sets."""

    org_heads: frozenset[str]
    org_after: frozenset[str]
    org_before: frozenset[str]
    team_after: frozenset[str]
    team_before: frozenset[str]
    sports: frozenset[str]
    place_heads: frozenset[str]
    place_kinds: frozenset[str]
    place_after: frozenset[str]
    place_before: frozenset[str]
    person_after: frozenset[str]
    person_owns: frozenset[str]
    speech: frozenset[str]
    acts: frozenset[str]
    event_heads: frozenset[str]
    event_names: frozenset[str]
    team_nouns: frozenset[str]
    vessels: frozenset[str]
    craft: frozenset[str]


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The cue words of this process."""
    words = table("cues")
    organizations, teams, places, people = words["organizations"], words["teams"], words["places"], words["people"]
    return Cues(
        org_heads=frozenset(organizations["heads"]),
        org_after=frozenset(organizations["after"]),
        org_before=frozenset(organizations["before"]),
        team_after=frozenset(teams["after"]),
        team_before=frozenset(teams["before"]),
        sports=frozenset(teams["sports"]),
        place_heads=frozenset(places["heads"]),
        place_kinds=frozenset(places["kinds"]),
        place_after=frozenset(places["after"]),
        place_before=frozenset(places["before"]),
        person_after=frozenset(people["after"]),
        person_owns=frozenset(people["owns"]),
        speech=frozenset(people["speech"]),
        acts=frozenset(people["acts"]),
        event_heads=frozenset(words["events"]["heads"]),
        event_names=frozenset(words["events"]["names"]),
        team_nouns=frozenset(teams["nouns"]),
        vessels=frozenset(words["vessels"]["before"]),
        craft=frozenset(words["vessels"]["after"]),
    )


_CALENDAR = """
January February March April May June July August September October November December Jan. Feb. Mar. Apr. Aug. Sept.
Sep. Oct. Nov. Dec. Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun
"""
MONTHS_AND_DAYS = frozenset(_CALENDAR.split())
