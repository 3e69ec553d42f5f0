"""ninjs 1.x, 2.x and 3.x -> WireArticle (https://iptc.org/std/ninjs/), with what agencies and Superdesk add to it.

The three generations differ in how they spell keys (`versioncreated`, `versionCreated`) and in whether headlines and
bodies are keys (`body_html`) or lists with roles. Keys are compared without case and underscores; what we do not
know is passed over, what has the wrong type is refused with its field and value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipeline import identity
from pipeline.article import Concept, Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import fields, json_values, qcodes
from pipeline.wire import ninjs_texts as texts
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import bad, line
from pipeline.wire.json_values import Item, folded
from pipeline.wire.moments import embargo, full, moment, optional

FORMAT: Final = "ninjs"

_SUBJECTS: Final = ("subjects", "subject", "events", "event", "objects", "object")
# renditions of a picture, the one to link first
_RENDITIONS: Final = ("original", "main", "hires", "baseimage", "viewimage", "preview")


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of a ninjs document: an item, a list of items, or an object that lists them as `items`.

    Raises:
        Poison: `wire.unreadable`, `wire.hostile`; the items are refused one by one with `wire.field`, `wire.no-id`,
            `wire.no-date`, `wire.empty`.
    """
    return articles(json_values.load(data), context)


def articles(value: Any, context: Context) -> Iterator[Result]:
    """The articles of a JSON value that was read already; raises as `read`."""
    return each(json_values.items(value), lambda item: article(item, context), named=_name)


def _name(item: Item) -> str | None:
    uri = item.get("uri") or item.get("guid")
    return line(uri[:200].replace("\0", "")) if isinstance(uri, str) else None


def article(item: Item, context: Context) -> WireArticle:
    """The article of one ninjs object whose keys are folded."""
    uri = item.text("uri") or item.text("guid") or item.text("urn")  # dpa calls it so
    if uri is None:
        raise Poison(Code.WIRE_NO_ID, "uri: missing (`guid` would do); an article needs an id that stays")
    status, embargoed = _status(item)
    language = fields.language(item.text("language"))
    body = texts.content(item, "body", "bodies") or texts.content(item, "article", "articles")
    headline = texts.headline(item)
    description = texts.content(item, "description", "descriptions", whole=False)
    if not (body or headline or description or status != "usable"):
        raise Poison(Code.WIRE_EMPTY, f"body: {uri[:80]} has neither body, headline nor description")
    return WireArticle(
        uri=fields.article_id(uri),
        versionCreated=_created(item, context, hidden=status != "usable"),
        body=body or "",
        version=item.label("version"),
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=optional(item.text("firstcreated"), field="firstCreated"),
        contentCreated=optional(item.text("contentcreated"), field="contentCreated"),
        type=line(item.text("type")) or "text",
        urgency=item.number("urgency"),
        language=language,
        headline=headline,
        slugline=line(item.text("slugline")),
        description=description,
        by=line(item.text("by") or item.text("byline")) or _authors(item),
        located=_located(item),
        edNote=line(item.texts("ednote")),
        source=_source(item),
        copyrightHolder=line(item.texts("copyrightholder")),
        copyrightNotice=line(item.texts("copyrightnotice")),
        usageTerms=line(item.texts("usageterms")),
        signals=_signals(item),
        subjects=qcodes.named(_concepts(item, *_SUBJECTS)),
        genres=_concepts(item, "genres", "genre"),
        keywords=fields.unique(_words(item, "keywords", "keyword")),
        markedPeople=_concepts(item, "people", "person"),
        markedOrganisations=_concepts(item, "organisations", "organisation", "organizations"),
        markedPlaces=_concepts(item, "places", "place"),
        altIds=_alternative_ids(item, uri),
        links=fields.unique(_links(item)),
        wireFormat=FORMAT,
    )


def _status(item: Item) -> tuple[PubStatus, str | None]:
    """Publication status and embargo: `embargoed` in 1.x and 2.x, `embargoedUntil` in 3.x, or whatever begins so."""
    written = item.text("pubstatus")
    status = fields.pub_status(written) if written else "usable"
    until: str | None = None
    for key in item.starting("embargo"):
        if item.get(key) is True:  # no time: until a later version says otherwise
            status = "withheld" if status == "usable" else status
        elif item.get(key) is not False and (found := item.text(key)):
            ends = embargo(found)
            until = ends if until is None else max(until, ends, key=identity.instant)
    return status, until


def _created(item: Item, context: Context, *, hidden: bool) -> str:
    for key in ("versioncreated", "contentcreated", "firstcreated"):
        value = full(item.text(key))
        if value:
            return moment(value, field=key)
    if context.default_date:
        return moment(context.default_date, field="date")
    if hidden:  # an order to hide must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "versionCreated: missing, contentCreated and firstCreated too", hint="use --date")


def _located(item: Item) -> str | None:
    """Where it was written; AP says it as parts."""
    parts = item.get("datelinelocation")
    city = folded(parts, "datelinelocation").label("city") if isinstance(parts, Mapping) else None
    return line(item.text("located")) or city


def _source(item: Item) -> str | None:
    for key in ("infosources", "infosource"):
        for value in item.list(key):
            name = line(folded(value, key).text("name")) if isinstance(value, Mapping) else None
            if name or isinstance(value, str):
                return name or line(value)
    return line(item.text("source"))


def _authors(item: Item) -> str | None:
    """Who wrote it, where no byline says so."""
    signed = [folded(entry, "bylines") for entry in item.list("bylines") if isinstance(entry, Mapping)]
    bylines = [entry.text("by") or entry.text("byline") for entry in signed]
    authors = [folded(entry, "authors").text("name") for entry in item.list("authors") if isinstance(entry, Mapping)]
    return line(", ".join(filter(None, bylines))) or line(", ".join(filter(None, authors)))


def _words(item: Item, *keys: str) -> Iterator[str | None]:
    for key in keys:
        for value in item.list(key):
            if isinstance(value, Mapping):
                entry = folded(value, key)
                yield line(entry.text("name") or entry.text("literal") or entry.text("uri"))
            elif isinstance(value, str):
                yield line(value)
            elif value is not None:
                raise bad(key, value, "is not a text")


def _signals(item: Item) -> tuple[str, ...]:
    said = list(_words(item, "signals", "signal"))
    for entry in item.list("signals"):
        kind = folded(entry, "signals").text("updatetype") if isinstance(entry, Mapping) else None
        if kind:  # TT
            said.append("correction" if kind.upper().startswith("KORR") else "update")
    if item.text("evolvedfrom"):  # Superdesk: a story rewritten as a new item
        said.append("update")
    return fields.unique(said)


def _concepts(item: Item, *keys: str) -> tuple[Concept, ...]:
    found: list[Concept | None] = []
    for key in keys:
        for value in item.list(key):
            if isinstance(value, str):
                found.append(fields.concept(name=value))
            elif isinstance(value, Mapping):
                entry = folded(value, key)
                code = entry.label("code") or entry.label("qcode") or entry.label("literal")
                found.append(
                    fields.concept(
                        name=entry.text("name"), uri=entry.text("uri"), code=code, scheme=entry.text("scheme")
                    )
                )
            elif value is not None:
                raise bad(key, value, "is not an object with a name")
    return fields.unique(found)


def _alternative_ids(item: Item, uri: str) -> tuple[str, ...]:
    found = [item.text("guid")]
    value = item.get("altids")
    if isinstance(value, Mapping):
        found += [entry if isinstance(entry, str) else None for entry in value.values()]
    else:
        found += [entry.text("value") for entry in texts.roles(item, "altids")]
    return tuple(each for each in fields.unique(map(line, found)) if each != uri)


def _links(item: Item) -> Iterator[Link | None]:
    for name, entry in _named(item, "associations"):
        rendition = _rendition(entry)
        title = entry.text("headline") or entry.text("title") or texts.headline(entry)
        yield fields.link(
            rel=entry.text("rel") or entry.text("role") or name or "association",
            href=rendition or entry.text("href") or entry.text("uri") or entry.text("guid"),
            title=title,
            type=entry.text("mimetype") or entry.text("contenttype") or entry.text("type"),
        )
    for name, entry in _named(item, "renditions"):
        kind = entry.text("contenttype") or entry.text("mimetype")
        yield fields.link(rel=name or "rendition", href=entry.text("href"), title=entry.text("title"), type=kind)
    yield fields.link(rel="evolvedfrom", href=item.text("evolvedfrom"))


def _rendition(item: Item) -> str | None:
    found = {(name or "").lower(): entry.text("href") for name, entry in _named(item, "renditions")}
    for name in (*_RENDITIONS, *found):
        if found.get(name):
            return found[name]
    return None


def _named(item: Item, key: str) -> Iterator[tuple[str | None, Item]]:
    """The objects of a 1.x object of objects or of a 2.x list, with their names."""
    value: Any = item.get(key)
    if isinstance(value, Mapping):
        for name, entry in value.items():
            if isinstance(entry, Mapping):
                yield str(name), folded(entry, f"{key}.{name}")
        return
    for entry in item.list(key):
        if isinstance(entry, Mapping):
            inner = folded(entry, key)
            yield inner.text("name"), inner
        elif entry is not None:
            raise bad(key, entry, "is not an object")
