"""An item's story: everything that was said of it, from Kafka and the register, and what readers see of it now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import Elasticsearch, NotFoundError

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.errors import Code, Poison, UserError
from pipeline.index.advisories import Listed, listed
from pipeline.index.client import explain
from pipeline.settings import Settings
from pipeline.stream.history import Version, versions

What = Literal["version", "correction", "update", "withheld", "embargo", "kill", "kill by advisory", "reinstatement"]
State = Literal["shown", "under embargo", "withheld", "killed", "reinstated", "not indexed"]

_UPDATES = frozenset({"update", "lead", "refile", "repeat"})


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said of the item."""

    at: str  # when the pipeline had it, RFC 3339 in UTC
    what: What
    versionCreated: str | None = None
    version: str | None = None
    headline: str | None = None
    embargoed: str | None = None
    signals: tuple[str, ...] = ()
    by: str | None = None  # of a kill by advisory: the advisory's article id
    lifts: bool = False  # newswire reinstate pushed it again, and with it a kill was lifted
    repeated: bool = False  # the same was said before
    current: bool = False  # this is what the index holds


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """What readers see. `reinstated`: a kill was lifted, and no version has come since."""

    state: State
    versionCreated: str | None = None
    version: str | None = None
    embargoed: str | None = None
    killedBy: str | None = None


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """The events in the order in which they came, and what is shown now."""

    uri: str
    now: Now
    events: tuple[Event, ...]


def story(settings: Settings, client: Elasticsearch, uri: str, *, now: datetime) -> Story:
    """The story of the article `uri` at the moment `now`. Reads the whole enriched topic: that takes its time.

    Kafka keeps what was said for `topics.retention_days`; older versions are not told of.

    Raises:
        UserError: `not-found`, where neither Kafka nor the index has anything of it.
        Transient, Fatal: as `versions` and `client.explain`.
    """
    document = _document(client, uri)
    found = list(versions(settings, uri))
    advisories = listed(client, uri=uri)
    if document is None and not found and not advisories:
        raise UserError(Code.NOT_FOUND, f"{uri}: nothing was ever said of it", hint="newswire search")
    return Story(
        uri=uri,
        now=state(document, now=now),
        events=events(found, advisories, uri=uri, source=document["_source"] if document else {}),
    )


def _document(client: Elasticsearch, uri: str) -> dict[str, Any] | None:
    # by _id, past the alias' filter: this is for operators
    fields = ["pubStatus", "version", "versionCreated", "embargoed", "killedBy", "signals"]
    try:
        found = client.get(index=identity.WRITE_ALIAS, id=identity.document_id(uri), source_includes=fields)
    except NotFoundError as error:
        if "found" in error.body:
            return None
        raise explain(error, doing="look the article up") from error
    except (ApiError, TransportError) as error:
        raise explain(error, doing="look the article up") from error
    return dict(found)


def state(document: dict[str, Any] | None, *, now: datetime) -> Now:
    """What readers see of a document of the index, as `GET` returns it, at a moment."""
    if document is None:
        return Now(state="not indexed")
    source = document["_source"]
    told = {name: source.get(name) for name in ("versionCreated", "version", "embargoed", "killedBy")}
    if identity.is_kill(document["_version"]):
        return Now(state="killed", **told)
    if identity.REINSTATED in source.get("signals", ()):
        return Now(state="reinstated")
    if source["pubStatus"] != "usable":
        return Now(state="withheld", **told)
    hidden = source.get("embargoed") and identity.instant(source["embargoed"], field="embargoed") > now
    return Now(state="under embargo" if hidden else "shown", **told)


def events(
    found: Iterable[Version], advisories: Sequence[Listed], *, uri: str, source: dict[str, Any]
) -> tuple[Event, ...]:
    """What versions and advisories tell, in the order in which they came; `source` is what the index holds."""
    told = [_version(version.article, version.arrived_ms) for version in found]
    told += [
        Event(at=each.killedAt or "", what="kill by advisory", versionCreated=each.versionCreated, by=each.uri)
        for each in advisories
        if each.uri != uri
    ]
    told.sort(key=lambda event: event.at)
    said: set[Event] = set()
    last = None
    for position, event in enumerate(told):
        same = msgspec.structs.replace(event, at="")
        if same in said:
            event = told[position] = msgspec.structs.replace(event, repeated=True)
        said.add(same)
        if _is(event, source) and not event.repeated:
            last = position
    if last is not None:
        told[last] = msgspec.structs.replace(told[last], current=True)
    return tuple(told)


def _is(event: Event, source: dict[str, Any]) -> bool:
    killed_by = source.get("killedBy")
    if event.what == "kill by advisory" or killed_by is not None:
        return event.by is not None and event.by == killed_by
    if (event.what == "kill") != (source.get("pubStatus") == "canceled"):
        return False
    return (event.versionCreated, event.version) == (source.get("versionCreated"), source.get("version"))


def _version(article: EnrichedArticle, arrived_ms: int) -> Event:
    arrived = datetime.fromtimestamp(arrived_ms / 1000, UTC)
    return Event(
        at=arrived.isoformat(timespec="milliseconds"),
        what=_what(article, arrived),
        versionCreated=article.versionCreated,
        version=article.version,
        headline=article.headline,
        embargoed=article.embargoed,
        signals=article.signals,
        lifts=article.lifts is not None,
    )


def _what(article: EnrichedArticle, arrived: datetime) -> What:
    if article.pubStatus == "canceled":
        return "kill"
    if identity.REINSTATED in article.signals:
        return "reinstatement"
    if article.pubStatus == "withheld":
        return "withheld"
    if article.embargoed is not None and _later(article.embargoed, arrived):
        return "embargo"
    if "correction" in article.signals:
        return "correction"
    return "update" if _UPDATES.intersection(article.signals) else "version"


def _later(embargoed: str, arrived: datetime) -> bool:
    try:
        return identity.instant(embargoed, field="embargoed") > arrived
    except Poison:  # the index agent has refused it
        return False
