"""Atom -> WireArticles, one an entry (RFC 4287). The entry's id is the article id.

A `deleted-entry` (RFC 6721) is a kill.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.article import Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import feed, fields, nitf, xml
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.html import to_text
from pipeline.wire.moments import moment
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

FORMAT: Final = "atom"
ROOTS: Final = ("feed", "entry")

_ENTRIES: Final = ("entry", "deleted-entry")


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of a feed; raises as `rss.read`."""
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    name = xml.local(root)
    if name not in ROOTS:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"Atom: the root element is {name}, not feed")
    channel = _channel(root)
    found = [root] if name == "entry" else [entry for entry in root.iterchildren() if xml.local(entry) in _ENTRIES]
    return each(found, lambda entry: _article(entry, channel, context), named=lambda entry: value(path(entry, "id")))


def _channel(root: Element) -> feed.Channel:
    return feed.Channel(
        root=root,
        link=_alternate(root),
        title=text(path(root, "title")),
        language=fields.language(root.get(xml.LANGUAGE)),
        rights=text(path(root, "rights")),
        date=value(path(root, "updated")),
        by=_authors(root),
    )


def _article(entry: Element, channel: feed.Channel, context: Context) -> WireArticle:
    if xml.local(entry) == "deleted-entry":
        return _deleted(entry, context)
    uri = value(path(entry, "id")) or feed.absolute(_alternate(entry), entry, channel)
    if uri is None:
        uri = feed.digest(text(path(entry, "title")), text(path(entry, "summary")))
    published, updated = value(path(entry, "published")), value(path(entry, "updated"))
    first = moment(published, field="published") if published else None
    content, summary = _content(entry), text(path(entry, "summary"))
    document = next(descendants(content, "nitf"), None) if content is not None else None
    found = nitf.inline(document) if document is not None else nitf.Inline(text(content) or "")
    body = found.body
    headline = line(text(path(entry, "title")))
    if not (body or summary or headline):
        raise Poison(Code.WIRE_EMPTY, f"entry: {uri[:80]} has neither title, content nor summary")
    draft = (value(next(descendants(entry, "draft"), None)) or "").lower() == "yes"
    status: PubStatus = "withheld" if draft else "usable"
    return WireArticle(
        uri=fields.article_id(uri, "id"),
        versionCreated=feed.created(updated, first, channel, context),
        body=body or summary or "",
        pubStatus=status,
        firstCreated=first,
        language=fields.language(entry.get(xml.LANGUAGE)) or channel.language,
        headline=headline,
        description=line(summary) if body else None,
        by=_authors(entry) or found.by or _authors(path(entry, "source")) or channel.by,  # RFC 4287, section 4.2.1
        source=text(path(entry, "source/title")) or channel.title,
        copyrightNotice=text(path(entry, "rights")) or channel.rights,
        subjects=fields.unique(feed.category(e) for e in children(entry, "category")),
        markedPeople=found.people,
        markedOrganisations=found.organisations,
        markedPlaces=found.places,
        links=fields.unique((*_links(entry, channel), *found.links)),
        wireFormat=FORMAT,
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
        edNote=text(path(entry, "comment")),
        wireFormat=FORMAT,
    )


def text(element: Element | None) -> str | None:
    """An Atom text construct: plain, HTML as text, or XHTML."""
    if element is None:
        return None
    kind = element.get("type", "text")
    if len(element):
        return xml.body_text(element) or None
    written = fields.checked(element.text or "", xml.local(element)).strip()
    return (to_text(written) if kind in ("html", "text/html") else written) or None


def _alternate(element: Element) -> str | None:
    for entry in children(element, "link"):
        if entry.get("rel", "alternate") == "alternate":
            return attribute(entry, "href")
    return None


def _authors(element: Element | None) -> str | None:
    authors = children(element, "author") if element is not None else ()
    return line(", ".join(filter(None, (value(path(author, "name")) for author in authors))))


def _content(entry: Element) -> Element | None:
    """The content, if it is a text: others are in base64."""
    content = path(entry, "content")
    kind = (attribute(content, "type") or "text").lower()
    return content if "/" not in kind or kind.startswith("text/") or kind.endswith("xml") else None


def _links(entry: Element, channel: feed.Channel) -> Iterator[Link | None]:
    for found in children(entry, "link"):
        rel, href = found.get("rel", "alternate"), feed.absolute(found.get("href"), entry, channel)
        yield fields.link(rel=rel, href=href, title=found.get("title"), type=found.get("type"))
    content = path(entry, "content")
    source = feed.absolute(attribute(content, "src"), entry, channel)
    yield fields.link(rel="content", href=source, type=attribute(content, "type"))
    yield from feed.media(entry, channel)
