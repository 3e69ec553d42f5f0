"""What RSS and Atom share: the channel, dates, categories, media, and ids of items that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from pipeline import identity
from pipeline.article import Concept, Link
from pipeline.errors import Code, Poison
from pipeline.wire import fields, xml
from pipeline.wire.context import Context
from pipeline.wire.fields import line
from pipeline.wire.moments import moment
from pipeline.wire.xml import Element, attribute, value

MEDIA: Final = "{http://search.yahoo.com/mrss/}"

_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHOR = re.compile(r"[^\s()<>]+@[^\s()<>]+\s*\((?P<name>[^()]{1,200})\)\Z")  # RSS: an address, the name behind it


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of all its items."""

    root: Element
    link: str | None
    title: str | None
    language: str | None
    rights: str | None
    date: str | None
    by: str | None = None  # of items that name no author themselves


def is_absolute(address: str) -> bool:
    """Whether an address or id begins with a scheme (RFC 3986), so that it means the same everywhere."""
    return _ABSOLUTE.match(address) is not None


def absolute(address: str | None, item: Element, channel: Channel) -> str | None:
    """An address as it is meant: relative to `xml:base` of the item and the feed, or else to the channel's link."""
    address = line(address, "link")
    if not address or is_absolute(address):
        return address
    try:
        for base in (item.get(_BASE), channel.root.get(_BASE), channel.link):
            address = urljoin(base, address) if base else address
    except ValueError:  # a base that is no address
        return address
    return address


def author(written: str | None) -> str | None:
    """A name, without the e-mail address that RSS puts before it."""
    written = line(written, "author")
    found = _AUTHOR.match(written) if written else None
    return line(found["name"]) if found else written


def created(updated: str | None, first: str | None, channel: Channel, context: Context) -> str:
    """versionCreated of an item: the later of its two dates, else the channel's, else the default.

    Raises:
        Poison: `wire.no-date`, `wire.field`.
    """
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


def category(element: Element) -> Concept | None:
    """A category as a subject."""
    name = attribute(element, "label") or value(element) or attribute(element, "term")
    code = attribute(element, "term")
    scheme = attribute(element, "scheme") or attribute(element, "domain")
    return fields.concept(name=name, code=code if code != name else None, scheme=scheme)


def media(parent: Element, channel: Channel) -> Iterator[Link | None]:
    """The pictures and videos of Media RSS."""
    for found in parent.iterdescendants(MEDIA + "content", MEDIA + "thumbnail"):
        title = next((value(e) for e in found.iterchildren(MEDIA + "title", MEDIA + "description")), None)
        kind = found.get("type") or found.get("medium")
        yield fields.link(
            rel=xml.local(found), href=absolute(found.get("url"), parent, channel), title=title, type=kind
        )


def keywords(parent: Element) -> str | None:
    """The keywords of Media RSS, separated by commas."""
    return value(next(parent.iterdescendants(MEDIA + "keywords"), None))


def digest(title: str | None, description: str | None) -> str:
    """An article id for an item that has neither id nor link.

    Raises:
        Poison: `wire.no-id` where it has no words either.
    """
    written = f"{title or ''}\n\n{description or ''}".strip()
    if not written:
        raise Poison(Code.WIRE_NO_ID, "item: neither guid, link, title nor description")
    return identity.text_uri(written)
