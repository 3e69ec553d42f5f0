"""The articles of the two topics: the wire article as delivered, and the enriched article.

Field names follow IPTC ninjs 3 (https://iptc.org/std/ninjs/), flattened where ninjs has a list of one. All offsets
are Unicode code points into `body`, which is kept exactly as delivered. The JSON forms are described by
`schemas/wire-article.v1.json` and `schemas/enriched-article.v1.json`; a field is only ever added, with a default,
so that a reader of the new version reads the old one.
"""

from __future__ import annotations

from typing import Literal

import msgspec

PubStatus = Literal["usable", "withheld", "canceled"]
EntityType = Literal["PERSON", "ORGANIZATION", "LOCATION", "NORP", "EVENT", "OTHER"]
MentionLabel = Literal["PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "OTHER"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]


class Concept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A subject, genre, person, organisation or place as the provider marked it (ninjs `subjects`, `places`, ...)."""

    name: str | None = None
    uri: str | None = None  # of the concept: an IPTC Media Topic, a QCode, a Wikidata address
    code: str | None = None
    scheme: str | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture, video or related item that the provider linked; its content is never fetched."""

    rel: str | None = None
    href: str | None = None
    title: str | None = None
    type: str | None = None


class Dateline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Place, date and agency at the head of the text, as delivered (`text`) and as read."""

    text: str | None = None
    place: str | None = None
    date: str | None = None  # YYYY-MM-DD, where the dateline names a day
    source: str | None = None


class WireArticle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One version of one item as delivered."""

    uri: str  # article id: ninjs `uri`, NewsML `guid`; stable over the versions of the item
    versionCreated: str  # ISO 8601 date-time with offset, or a date alone
    body: str  # plain text, paragraphs separated by a blank line
    version: str | None = None  # the provider's own version number or label
    pubStatus: PubStatus = "usable"
    embargoed: str | None = None  # ISO 8601 date-time with offset: not to be found before it
    firstCreated: str | None = None
    contentCreated: str | None = None
    type: str = "text"
    urgency: int | None = None  # 1 (flash) to 9, IPTC
    language: str | None = None  # BCP 47
    headline: str | None = None
    slugline: str | None = None
    description: str | None = None
    by: str | None = None
    located: str | None = None
    dateline: Dateline | None = None
    edNote: str | None = None
    source: str | None = None  # the agency, ninjs `infoSources`
    copyrightHolder: str | None = None
    copyrightNotice: str | None = None
    usageTerms: str | None = None
    signals: tuple[str, ...] = ()  # correction, update, kill, withhold, refile, lead: what the provider says of it
    subjects: tuple[Concept, ...] = ()
    genres: tuple[Concept, ...] = ()
    keywords: tuple[str, ...] = ()
    # what the provider itself marked; our own findings are in the enriched article
    markedPeople: tuple[Concept, ...] = ()
    markedOrganisations: tuple[Concept, ...] = ()
    markedPlaces: tuple[Concept, ...] = ()
    altIds: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    wireFormat: str | None = None  # the parser that read it: text, ninjs, newsml-g2, ...
    lifts: str | None = None  # the external version of the kill that it lifts; of `newswire reinstate` alone


class Mention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A span of the body that names an entity; no leading determiner or title."""

    text: str
    start: int
    end: int
    label: MentionLabel
    misspelling: bool = False
    government: bool = False  # a capital or country that stands for its government: "Moscow's invasion"


class Entity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What mentions refer to. `id` is `wikidata:Q..`, `geonames:N`, an alias file's id, or `name:<normalised>`."""

    id: str
    type: EntityType
    canonical: str
    mentions: tuple[Mention, ...]


class Interval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A half-open stretch of the calendar: local dates, or date-times with offset for a TIME."""

    gte: str
    lt: str


class Timex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time expression with its TIMEX3 type and value (TimeML 1.2.1); `interval` is null off the calendar."""

    text: str
    start: int
    end: int
    type: TimexType
    value: str
    interval: Interval | None = None
    # other values that the words allow in their context, best first (ambiguity is recorded, not hidden)
    alternatives: tuple[str, ...] = ()


class GeoPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Degrees, WGS 84."""

    lat: float
    lon: float


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A LOCATION entity linked to GeoNames. `country` is ISO 3166-1 alpha-2."""

    entity: str
    canonical: str
    country: str | None
    geonames_id: int | None
    location: GeoPoint | None
    dateline: bool = False  # the place that the article was filed from


class Cue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The word of speech: said, told, according to."""

    text: str
    start: int
    end: int


class Speaker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who said it: the words that name the speaker, and the entity that they refer to."""

    entity: str | None
    canonical: str | None
    text: str
    start: int
    end: int


class Quotation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Direct (marks included) or indirect speech; the parts of a split quotation share `group`."""

    text: str
    start: int
    end: int
    direct: bool
    group: int | None = None
    said: str | None = None  # the day it was said, YYYY-MM-DD
    speaker: Speaker | None = None
    cue: Cue | None = None


class EnrichedArticle(WireArticle, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=False):
    """A wire article with what the enrichment found. Every key is always there; unknown is null."""

    entities: tuple[Entity, ...] = ()
    dates: tuple[Timex, ...] = ()
    places: tuple[Place, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    mainCountry: str | None = None  # ISO 3166-1 alpha-2 of the country that the article is mostly about
    languageDetected: bool = False  # `language` was not given by the wire: it was detected from the text
    stepsLeftOut: tuple[str, ...] = ()  # steps of the enrichment that don't know the article's language
    minhash: str | None = None  # of the text, for near-duplicates (pipeline/enrich/near_duplicates.py)
    enrichment: int = 1  # revision of the enrichment that made it; part of the external version


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """What `newswire enrich` prints in the place of an article that failed."""

    code: str
    message: str


class FailedArticle(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `newswire enrich` for an article that failed."""

    uri: str | None
    error: Failure
