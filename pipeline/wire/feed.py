"""RSS 2.0 (and 0.9x, 1.0) and Atom -> WireArticles, one an item.

RSS: https://www.rssboard.org/rss-specification, with the modules content, Dublin Core and Media RSS. Atom: RFC 4287,
and RFC 6721, whose `deleted-entry` is a kill. The article id is the item's `guid` or `id`; a guid that is no address
of its own is put behind the channel's link. Without a date in the item, its channel's date counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline import identity
from pipeline.article import Concept, Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import fields, xml
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.html import to_text
from pipeline.wire.moments import moment
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

RSS_FORMAT: Final = "rss"
ATOM_FORMAT: Final = "atom"
ROOTS: Final = ("rss", "RDF", "feed", "entry", "item")

_ATOM_ENTRIES: Final = ("entry", "deleted-entry")
_MEDIA: Final = "{http://search.yahoo.com/mrss/}"
_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class _Channel:
    """What a feed says of all its items."""

    root: Element
    link: str | None
    title: str | None
    language: str | None
    rights: str | None
    date: str | None


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of a feed.

    Raises:
        Poison: as `xml.load`; `wire.format-unknown` for other XML. A feed without items gives none. The items are
            refused one by one with `wire.field`, `wire.no-id`, `wire.no-date`, `wire.empty`.
    """
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    name = xml.local(root)
    if name not in ROOTS:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"feed: the root element is {name}, neither rss, RDF nor feed")
    if name in ("feed", "entry"):
        channel = _atom_channel(root)
        found = [root] if name == "entry" else [e for e in root.iterchildren() if xml.local(e) in _ATOM_ENTRIES]
        return each(found, lambda entry: _atom(entry, channel, context), named=lambda entry: value(path(entry, "id")))
    channel = _rss_channel(root)
    items = [root] if name == "item" else list(descendants(root, "item"))
    return each(items, lambda item: _rss(item, channel, context), named=_name)


def _name(item: Element) -> str | None:
    return value(path(item, "guid")) or value(path(item, "link"))


def _rss_channel(root: Element) -> _Channel:
    found = path(root, "channel")
    channel = root if found is None else found
    dates = (_plain(channel, name) for name in ("pubDate", "lastBuildDate", "date"))
    return _Channel(
        root=channel,
        link=next((value(e) for e in children(channel, "link") if value(e)), None),
        title=_plain(channel, "title"),
        language=fields.language(_plain(channel, "language")),
        rights=_plain(channel, "copyright") or _plain(channel, "rights"),
        date=next(filter(None, dates), None),
    )


def _atom_channel(root: Element) -> _Channel:
    return _Channel(
        root=root,
        link=_alternate(root),
        title=_text(path(root, "title")),
        language=fields.language(root.get(xml.LANGUAGE)),
        rights=_text(path(root, "rights")),
        date=value(path(root, "updated")),
    )


def _rss(item: Element, channel: _Channel, context: Context) -> WireArticle:
    link, guid = _plain(item, "link") or attribute(item, "about"), _plain(item, "guid")
    uri = guid or link
    if guid and ":" not in guid and "/" not in guid:
        uri = f"{channel.link or channel.title or 'urn:rss'}#{guid}"
    if uri is None:
        uri = _digest(_plain(item, "title"), _plain(item, "description"))
    published = _plain(item, "pubDate") or _plain(item, "date") or _plain(item, "published")
    updated = _plain(item, "updated") or _plain(item, "modified")
    first = moment(published, field="pubDate") if published else None
    full = to_text(_encoded(item)) or xml.text(next(children(item, "body"), None))
    description = to_text(_raw(item, "description")) or _text(path(item, "summary")) or ""
    headline = _headline(_raw(item, "title"))
    if not (full or description or headline):
        raise Poison(Code.WIRE_EMPTY, f"item: {uri[:80]} has neither title nor description")
    categories = [e for e in item.iterchildren() if xml.local(e) in ("category", "subject")]
    source = path(item, "source")
    return WireArticle(
        uri=fields.article_id(uri, "guid"),
        versionCreated=_created(updated, first, channel, context),
        body=full or description,
        firstCreated=first,
        language=fields.language(_plain(item, "language")) or channel.language,
        headline=headline,
        description=line(description) if full else None,
        by=_plain(item, "creator") or _plain(item, "author"),
        source=value(source) or channel.title,
        copyrightNotice=_plain(item, "rights") or channel.rights,
        subjects=fields.unique(_category(e) for e in categories),
        keywords=fields.unique(map(line, (_plain(item, "keywords") or "").split(","))),
        altIds=tuple(each for each in fields.unique((guid, link)) if each != uri),
        links=fields.unique(_rss_links(item, link)),
        wireFormat=RSS_FORMAT,
    )


def _atom(entry: Element, channel: _Channel, context: Context) -> WireArticle:
    if xml.local(entry) == "deleted-entry":
        return _deleted(entry, context)
    uri = value(path(entry, "id")) or _alternate(entry)
    if uri is None:
        uri = _digest(_text(path(entry, "title")), _text(path(entry, "summary")))
    published, updated = value(path(entry, "published")), value(path(entry, "updated"))
    first = moment(published, field="published") if published else None
    body, summary = _text(path(entry, "content")), _text(path(entry, "summary"))
    headline = line(_text(path(entry, "title")))
    if not (body or summary or headline):
        raise Poison(Code.WIRE_EMPTY, f"entry: {uri[:80]} has neither title, content nor summary")
    draft = (value(next(descendants(entry, "draft"), None)) or "").lower() == "yes"
    status: PubStatus = "withheld" if draft else "usable"
    names = (value(path(author, "name")) for author in children(entry, "author"))
    return WireArticle(
        uri=fields.article_id(uri, "id"),
        versionCreated=_created(updated, first, channel, context),
        body=body or summary or "",
        pubStatus=status,
        firstCreated=first,
        language=fields.language(entry.get(xml.LANGUAGE)) or channel.language,
        headline=headline,
        description=line(summary) if body else None,
        by=line(", ".join(filter(None, names))),
        source=_text(path(entry, "source/title")) or channel.title,
        copyrightNotice=_text(path(entry, "rights")) or channel.rights,
        subjects=fields.unique(_category(e) for e in children(entry, "category")),
        links=fields.unique(_atom_links(entry)),
        wireFormat=ATOM_FORMAT,
    )


def _deleted(entry: Element, context: Context) -> WireArticle:
    reference = attribute(entry, "ref")
    if reference is None:
        raise Poison(Code.WIRE_NO_ID, "deleted-entry: ref is missing")
    return WireArticle(
        uri=fields.article_id(reference, "ref"),
        versionCreated=moment(attribute(entry, "when") or context.now.isoformat(), field="when"),
        body="",
        pubStatus="canceled",
        edNote=_text(path(entry, "comment")),
        wireFormat=ATOM_FORMAT,
    )


def _created(updated: str | None, first: str | None, channel: _Channel, context: Context) -> str:
    if updated:
        written = moment(updated, field="updated")
        if first is None or identity.instant(written) >= identity.instant(first):
            return written
    if first:
        return first
    known = channel.date or context.default_date
    if not known:
        raise Poison(Code.WIRE_NO_DATE, "pubDate: missing in the item, and the feed has no date", hint="use --date")
    return moment(known, field="date")


def _raw(parent: Element, name: str) -> str:
    """The characters of a child that is no part of Media RSS, markup in it included as text."""
    for element in children(parent, name):
        if not element.tag.startswith(_MEDIA):
            return fields.checked(xml.all_text(element), name).strip()
    return ""


def _plain(parent: Element, name: str) -> str | None:
    return line(_raw(parent, name))


def _headline(written: str) -> str | None:
    return line(to_text(written) if "&" in written or "</" in written else written)


def _encoded(item: Element) -> str:
    element = next(item.iterchildren(_CONTENT), None)
    return fields.checked(xml.all_text(element), "content:encoded") if element is not None else ""


def _text(element: Element | None) -> str | None:
    """An Atom text construct: plain, HTML as text, or XHTML."""
    if element is None:
        return None
    kind = element.get("type", "text")
    if len(element):
        return xml.body_text(element) or None
    written = fields.checked(element.text or "", xml.local(element)).strip()
    return (to_text(written) if kind in ("html", "text/html") else written) or None


def _category(element: Element) -> Concept | None:
    name = attribute(element, "label") or value(element) or attribute(element, "term")
    code = attribute(element, "term")
    scheme = attribute(element, "scheme") or attribute(element, "domain")
    return fields.concept(name=name, code=code if code != name else None, scheme=scheme)


def _alternate(element: Element) -> str | None:
    for entry in children(element, "link"):
        if entry.get("rel", "alternate") == "alternate":
            return attribute(entry, "href")
    return None


def _atom_links(entry: Element) -> Iterator[Link | None]:
    for found in children(entry, "link"):
        rel = found.get("rel", "alternate")
        yield fields.link(rel=rel, href=found.get("href"), title=found.get("title"), type=found.get("type"))
    content = path(entry, "content")
    yield fields.link(rel="content", href=attribute(content, "src"), type=attribute(content, "type"))
    yield from _media(entry)


def _rss_links(item: Element, link: str | None) -> Iterator[Link | None]:
    yield fields.link(rel="alternate", href=link)
    for found in children(item, "enclosure"):
        yield fields.link(rel="enclosure", href=found.get("url"), type=found.get("type"))
    yield from _media(item)


def _media(parent: Element) -> Iterator[Link | None]:
    for found in parent.iterdescendants(_MEDIA + "content", _MEDIA + "thumbnail"):
        title = next((value(e) for e in found.iterchildren(_MEDIA + "title", _MEDIA + "description")), None)
        kind = found.get("type") or found.get("medium")
        yield fields.link(rel=xml.local(found), href=found.get("url"), title=title, type=kind)


def _digest(title: str | None, description: str | None) -> str:
    written = f"{title or ''}\n\n{description or ''}".strip()
    if not written:
        raise Poison(Code.WIRE_NO_ID, "item: neither guid, link, title nor description")
    return identity.text_uri(written)
