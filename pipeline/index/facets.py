"""The names that a search filters and counts by: canonical ones as facets, every variant for finding them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast

import msgspec

from pipeline.article import EnrichedArticle
from pipeline.index.heard import heard

_FACETS: Final = {"PERSON": "people", "ORGANIZATION": "organizations", "LOCATION": "places"}

T = TypeVar("T")


class Names(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every name and variant of the article's entities, as the text has them: what `--person` and the like search.

    heard: those of people by their sound (`pipeline.index.heard`).
    """

    people: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def facets(article: EnrichedArticle) -> dict[str, Any]:
    """The fields of a `Document` with names in them, each name once, in the order of the text."""
    canonical: dict[str, list[str]] = {"people": [], "organizations": [], "places": []}
    names: dict[str, list[str]] = {"people": [], "organizations": [], "places": [], "others": []}
    for entity in article.entities:
        facet = _FACETS.get(entity.type)
        if facet:
            canonical[facet].append(entity.canonical)
        variants = names[facet or "others"]
        variants.append(entity.canonical)
        variants.extend(mention.text for mention in entity.mentions)
    if article.stepsLeftOut:  # nobody looked for names in this language: what the agency marked stands for them
        for facet, marked in (
            ("people", article.markedPeople),
            ("organizations", article.markedOrganisations),
            ("places", article.markedPlaces),
        ):
            found = [concept.name for concept in marked if concept.name]
            canonical[facet] += found
            names[facet] += found
    speakers = [quotation.speaker for quotation in article.quotations if quotation.speaker]
    return {
        **{facet: unique(found) for facet, found in canonical.items()},
        "speakers": unique(speaker.canonical for speaker in speakers if speaker.canonical),
        "countries": unique(place.country for place in article.places if place.country),
        "entity_ids": unique(entity.id for entity in article.entities),
        "names": Names(
            **{facet: unique(found) for facet, found in names.items()},
            heard=unique(map(heard, names["people"])),
            speakers=unique(name for speaker in speakers for name in (speaker.canonical, speaker.text) if name),
        ),
    }


def unique(values: Iterable[T | None]) -> tuple[T, ...]:
    """Each value once, in the order of its first occurrence, without None."""
    found = dict.fromkeys(values)
    found.pop(None, None)
    return cast("tuple[T, ...]", tuple(found))
