"""The component `newswire_places`: places on the map, the dateline's place, governments, and the main country."""

from __future__ import annotations

from collections import Counter

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Entity, GeoPoint, Place, WireArticle
from pipeline.enrich import state, tokens
from pipeline.enrich.lexicon import nationalities
from pipeline.enrich.names import plain
from pipeline.enrich.places import geonames
from pipeline.enrich.places.geonames import Geonames, Toponym
from pipeline.enrich.places.governments import speaks_as_government
from pipeline.enrich.tokens import Tokens

state.register()

_HEAD = 120  # characters of the body in which a dateline stands
_NATIONALITY = 0.5  # of a mention of the country that a mention of its nationality counts
_SHARE = 0.3  # of all mentions that the main country must have


class Places:
    """Reads `Doc._.entities`; sets `Doc._.places`, `Doc._.main_country` and the mentions' `government`."""

    def __init__(self) -> None:
        self._geonames: Geonames = geonames.load()

    def __call__(self, doc: Doc) -> Doc:
        """A place for each LOCATION entity that GeoNames knows, in the order of the entities."""
        read = tokens.read(doc)
        dateline = _dateline(doc._.article, doc.text)
        entities: list[Entity] = []
        places: list[Place] = []
        for entity in doc._.entities:
            toponym = self._toponym(entity) if entity.type == "LOCATION" else None
            if toponym is not None:
                entity = _governments(read, entity, toponym)
                places.append(_place(entity, toponym, filed=_is_filed(entity, toponym, dateline)))
            entities.append(entity)
        doc._.entities = entities
        doc._.places = places
        doc._.main_country = self._main_country(entities, places)
        return doc

    def _toponym(self, entity: Entity) -> Toponym | None:
        source, _, key = entity.id.partition(":")
        if source == "geonames":
            return self._geonames.by_id.get(int(key)) if key.isdecimal() else None
        if source == "name":
            found = self._geonames.by_name.get(plain(entity.canonical), [])
            # by name alone only what has no id of its own: regions, counties and divisions outside the United States
            return next((place for place in found if place.id is None), None)
        return None

    def _main_country(self, entities: list[Entity], places: list[Place]) -> str | None:
        """The country that most mentions of places and nationalities speak of, None where none stands out."""
        counts: Counter[str] = Counter()
        by_entity = {place.entity: place.country for place in places}
        for entity in entities:
            country = by_entity.get(entity.id)
            weight = 2 * len(entity.mentions)
            if entity.type == "NORP":
                known = nationalities().get(entity.canonical)
                country, weight = (known.country if known else None), int(2 * _NATIONALITY * len(entity.mentions))
            if country:
                counts[country] += weight
        if not counts:
            return None
        country, most = counts.most_common(1)[0]
        return country if most >= _SHARE * counts.total() else None


def _place(entity: Entity, toponym: Toponym, *, filed: bool) -> Place:
    located = toponym.lat is not None and toponym.lon is not None
    return Place(
        entity=entity.id,
        canonical=toponym.name,
        country=toponym.country,
        geonames_id=toponym.id,
        location=GeoPoint(lat=toponym.lat or 0.0, lon=toponym.lon or 0.0) if located else None,
        dateline=filed,
    )


def _dateline(article: WireArticle | None, text: str) -> tuple[str, int]:
    """The place that the article was filed from, in `plain` form, and the end of the dateline in the text."""
    if article is None:
        return "", 0
    place = (article.dateline.place if article.dateline else None) or article.located or ""
    name = plain(place.split(",")[0])
    at = plain(text[:_HEAD]).find(name) if name else -1
    return name, at + len(name) + 3 if at >= 0 else 0


def _is_filed(entity: Entity, toponym: Toponym, dateline: tuple[str, int]) -> bool:
    name, end = dateline
    if not name or toponym.kind == "country":
        return False
    return plain(toponym.name) == name or (
        entity.mentions[0].end <= end and any(plain(mention.text) == name for mention in entity.mentions)
    )


def _governments(read: Tokens, entity: Entity, toponym: Toponym) -> Entity:
    """Mark the mentions in which a country or its capital acts: "Moscow's invasion", "Kyiv has floated the idea"."""
    if toponym.kind != "country" and not toponym.capital:
        return entity
    mentions = []
    changed = False
    for mention in entity.mentions:
        first, last = read.span(mention.start, mention.end)
        if speaks_as_government(read, first, last, capital=toponym.capital):
            mention, changed = msgspec.structs.replace(mention, government=True), True
        mentions.append(mention)
    return msgspec.structs.replace(entity, mentions=tuple(mentions)) if changed else entity


@Language.factory(
    "newswire_places", requires=["doc._.entities"], assigns=["doc._.places", "doc._.entities", "doc._.main_country"]
)
def make_places(nlp: Language, name: str) -> Places:
    """The factory that `config/enrichment.cfg` names."""
    return Places()
