"""From an enriched article to its document in Elasticsearch: a pure function.

A document is the wire article, field for field, and what the enrichment found in the form that a search needs
(`config/elasticsearch/fields.json`). Nothing that we found ourselves may make Elasticsearch refuse an article: what
it would refuse (dates off its calendar, positions off the globe, more nested objects than it allows) is left out
here, and `truncated` names the lists that were cut.

Times are local wall-clock times: "late on Wednesday" in a story from Kyiv is a Wednesday there, whoever searches. So
an interval with an offset loses the offset here; the article keeps it on its topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec

from pipeline import identity, signature
from pipeline.article import (
    EnrichedArticle,
    Entity,
    GeoPoint,
    Interval,
    Place,
    PubStatus,
    Quotation,
    Timex,
    WireArticle,
)
from pipeline.errors import Code, Poison
from pipeline.index.facets import Names, facets, unique
from pipeline.index.flat import days_spoken_of, quoted
from pipeline.index.local_time import local
from pipeline.index.stemmed import stemmed

NESTED_MOST: Final = 10_000  # index.mapping.nested_objects.limit, dates and quotations together
LONGEST_FACET: Final = timedelta(days=366)  # a century would be 36,525 buckets of a histogram by day

_encoder = msgspec.json.Encoder()


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One document to write: where, the external version that orders it, and its JSON."""

    document_id: str
    version: int
    source: bytes


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Entities and places as the enriched topic carries them: stored for display, not indexed."""

    entities: tuple[Entity, ...]
    places: tuple[Place, ...]


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The times of ECS: when the record came to be, and when it was sent to the index."""

    created: str | None = None
    ingested: str | None = None


class Document(WireArticle, frozen=True, kw_only=True, omit_defaults=True):
    """What is written to the index of articles. Field by field described in `fields.json`."""

    # written even where they have their usual value: the alias' filter and the facets need them
    pubStatus: PubStatus
    type: str
    timestamp: str = msgspec.field(name="@timestamp")
    event: Event
    enrichment: int
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    mainCountry: str | None = None
    locations: tuple[GeoPoint, ...] = ()
    mentioned_dates: tuple[Interval, ...] = ()
    mentioned_days: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()
    stemmed: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)  # `pipeline.index.stemmed`
    names: Names = Names()
    dates: tuple[Timex, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    enriched: Found | None = None
    languageDetected: bool = False
    stepsLeftOut: tuple[str, ...] = ()
    minhash: str | None = None
    bands: tuple[str, ...] = ()  # of the minhash: what near-duplicates are found by
    truncated: tuple[str, ...] = ()


class Stub(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is left of an item that was killed: that it was, and nothing of what it said."""

    timestamp: str = msgspec.field(name="@timestamp")
    uri: str
    versionCreated: str
    pubStatus: str
    event: Event
    enrichment: int
    version: str | None = None
    source: str | None = None
    signals: tuple[str, ...] = ()
    wireFormat: str | None = None
    lifts: str | None = None
    killedBy: str | None = None  # the advisory that named it, where it was killed by one with an id of its own


def action(
    article: EnrichedArticle,
    *,
    ingested: str | None = None,
    created: str | None = None,
    lifts: int | None = None,
    killed_by: str | None = None,
) -> Action:
    """The document of an article.

    Args:
        article: as decoded from the enriched topic.
        ingested: ISO 8601 date-time at which it is sent to the index (`event.ingested`).
        created: ISO 8601 date-time at which it was pushed (`event.created`).
        lifts: external version of the kill after whose lifting this was said; by default what the article tells.
        killed_by: article id of the advisory that kills it.

    Raises:
        Poison: `wire.no-id`, or `wire.field` or `wire.date-range` for a date that decides what is shown: it must
            never be guessed.
    """
    if not article.uri:
        raise Poison(Code.WIRE_NO_ID, "uri: is empty")
    lifts = identity.lifted_kill(article) if lifts is None else lifts
    if lifts is not None:
        article = msgspec.structs.replace(article, lifts=str(lifts))
    life = 0 if lifts is None else identity.life_of(lifts) + 1
    version = identity.external_version(article, enrichment=article.enrichment, life=life)
    event = Event(created=created, ingested=ingested)
    document: Document | Stub
    if article.pubStatus == "canceled":
        document = _stub(article, event, killed_by=killed_by)
    else:
        document = _document(article, event)
    return Action(document_id=identity.document_id(article.uri), version=version, source=_encoder.encode(document))


def _utc(value: str, *, field: str) -> str:
    return identity.instant(value, field=field).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stub(article: EnrichedArticle, event: Event, *, killed_by: str | None) -> Stub:
    return Stub(
        timestamp=_utc(article.versionCreated, field="versionCreated"),
        uri=article.uri,
        versionCreated=article.versionCreated,
        pubStatus=article.pubStatus,
        event=event,
        enrichment=article.enrichment,
        version=article.version,
        source=article.source,
        signals=article.signals,
        wireFormat=article.wireFormat,
        lifts=article.lifts,
        killedBy=killed_by,
    )


def _document(article: EnrichedArticle, event: Event) -> Document:
    fields: dict[str, Any] = {name: getattr(article, name) for name in WireArticle.__struct_fields__}
    if article.embargoed is not None:
        fields["embargoed"] = _utc(article.embargoed, field="embargoed")
    dated = [local(timex) for timex in article.dates]
    dates, quotations, truncated = _capped([timex for timex, _ in dated], article.quotations)
    short = [timex.interval for timex, length in dated[: len(dates)] if timedelta() < length <= LONGEST_FACET]
    return Document(
        **fields,
        timestamp=_utc(article.versionCreated, field="versionCreated"),
        event=event,
        enrichment=article.enrichment,
        **facets(article),
        stemmed=stemmed(article),
        mainCountry=article.mainCountry,
        locations=unique(place.location for place in article.places if _on_the_globe(place.location)),
        mentioned_dates=unique(short),
        mentioned_days=days_spoken_of(interval for interval in short if interval),
        quoted=quoted(quotations),
        dates=dates,
        quotations=quotations,
        enriched=Found(entities=article.entities, places=article.places),
        languageDetected=article.languageDetected,
        stepsLeftOut=article.stepsLeftOut,
        minhash=article.minhash,
        bands=signature.bands(article.minhash),
        truncated=truncated,
    )


def _capped(
    dates: Sequence[Timex], quotations: Sequence[Quotation]
) -> tuple[tuple[Timex, ...], tuple[Quotation, ...], tuple[str, ...]]:
    """As many of both as Elasticsearch takes, the first in the text; and the names of what was cut."""
    if len(dates) + len(quotations) <= NESTED_MOST:
        return tuple(dates), tuple(quotations), ()
    for_quotations = min(len(quotations), max(NESTED_MOST // 2, NESTED_MOST - len(dates)))
    for_dates = NESTED_MOST - for_quotations
    cut = [
        name
        for name, found, kept in (("dates", dates, for_dates), ("quotations", quotations, for_quotations))
        if len(found) > kept
    ]
    return tuple(dates[:for_dates]), tuple(quotations[:for_quotations]), tuple(cut)


def _on_the_globe(location: GeoPoint | None) -> bool:
    return location is not None and -90 <= location.lat <= 90 and -180 <= location.lon <= 180
