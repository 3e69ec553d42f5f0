"""RSS 2.0, 0.9x and 1.0 -> WireArticles, one an item (https://www.rssboard.org/rss-specification).

The modules content, Dublin Core and Media RSS are read as well. The article id is the item's guid, else its link; a
guid that is no address of its own is put behind the channel's link. Without a date in the item, its channel's counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.article import Link, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import atom, feed, fields, xml
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.html import to_text
from pipeline.wire.moments import moment
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

FORMAT: Final = "rss"
ROOTS: Final = ("rss", "RDF", "item")

_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"


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
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"RSS: the root element is {name}, neither rss nor RDF")
    channel = _channel(root)
    items = [root] if name == "item" else list(descendants(root, "item"))
    return each(items, lambda item: _article(item, channel, context), named=_name)


def _name(item: Element) -> str | None:
    return value(path(item, "guid")) or value(path(item, "link"))


def _channel(root: Element) -> feed.Channel:
    found = path(root, "channel")
    channel = root if found is None else found
    dates = (_plain(channel, name) for name in ("pubDate", "lastBuildDate", "date"))
    return feed.Channel(
        root=channel,
        link=next((value(e) for e in children(channel, "link") if value(e)), None),
        title=_plain(channel, "title"),
        language=fields.language(_plain(channel, "language")),
        rights=_plain(channel, "copyright") or _plain(channel, "rights"),
        date=next(filter(None, dates), None),
    )


def _article(item: Element, channel: feed.Channel, context: Context) -> WireArticle:
    guid = _plain(item, "guid")
    link = feed.absolute(_plain(item, "link") or attribute(item, "about"), item, channel)
    if link is None and guid and guid.startswith(("http://", "https://")) and _is_permalink(item):
        link = guid
    uri = guid or link
    if guid and not feed.is_absolute(guid):
        uri = f"{channel.link or channel.title or 'urn:rss'}#{guid}"
    if uri is None:
        uri = feed.digest(_plain(item, "title"), _plain(item, "description"))
    published = next(filter(None, (_plain(item, name) for name in ("pubDate", "date", "published", "created"))), None)
    updated = _plain(item, "updated") or _plain(item, "modified")
    first = moment(published, field="pubDate") if published else None
    full = to_text(_encoded(item)) or xml.text(next(children(item, "body"), None))
    description = to_text(_raw(item, "description")) or atom.text(path(item, "summary")) or ""
    headline = _headline(_raw(item, "title"))
    if not (full or description or headline):
        raise Poison(Code.WIRE_EMPTY, f"item: {uri[:80]} has neither title nor description")
    categories = [e for e in item.iterchildren() if xml.local(e) in ("category", "subject")]
    source = path(item, "source")
    return WireArticle(
        uri=fields.article_id(uri, "guid"),
        versionCreated=feed.created(updated, first, channel, context),
        body=full or description,
        firstCreated=first,
        language=fields.language(_plain(item, "language")) or channel.language,
        headline=headline,
        description=line(description) if full else None,
        by=_authors(item),
        source=value(source) or channel.title,
        copyrightNotice=_plain(item, "rights") or channel.rights,
        subjects=fields.unique(feed.category(e) for e in categories),
        keywords=fields.unique(map(line, (_plain(item, "keywords") or feed.keywords(item) or "").split(","))),
        altIds=tuple(each for each in fields.unique((guid, link)) if each != uri),
        links=fields.unique(_links(item, link, channel)),
        wireFormat=FORMAT,
    )


def _raw(parent: Element, name: str) -> str:
    """The characters of a child that is no part of Media RSS, markup in it included as text."""
    found = (e for e in children(parent, name) if not e.tag.startswith(feed.MEDIA))
    return next(filter(None, (fields.checked(xml.all_text(e), name).strip() for e in found)), "")


def _plain(parent: Element, name: str) -> str | None:
    return line(_raw(parent, name))


def _is_permalink(item: Element) -> bool:
    return (attribute(path(item, "guid"), "isPermaLink") or "true").lower() == "true"


def _authors(item: Element) -> str | None:
    for name in ("creator", "author"):
        found = fields.unique(feed.author(xml.all_text(element)) for element in children(item, name))
        if found:
            return line(", ".join(found))
    return None


def _headline(written: str) -> str | None:
    return line(to_text(written) if "&" in written or "</" in written else written)


def _encoded(item: Element) -> str:
    element = next(item.iterchildren(_CONTENT), None)
    return fields.checked(xml.all_text(element), "content:encoded") if element is not None else ""


def _links(item: Element, link: str | None, channel: feed.Channel) -> Iterator[Link | None]:
    yield fields.link(rel="alternate", href=link)
    for found in children(item, "enclosure"):
        yield fields.link(
            rel="enclosure", href=feed.absolute(found.get("url"), item, channel), type=found.get("type")
        )
    yield from feed.media(item, channel)
