"""NewsML-G2 -> WireArticle (https://iptc.org/std/NewsML-G2/): news items, packages, and messages that hold several.

An item's `guid` is the article id and its `version` the version. A package is an article without text that links
the items that it groups. Texts that are given in several languages are taken in the item's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline import identity
from pipeline.article import Concept, Dateline, Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import dateline, fields, nitf, qcodes, xml
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.html import to_text
from pipeline.wire.moments import embargo, moment, optional
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

FORMAT: Final = "newsml-g2"
ITEMS: Final = ("newsItem", "packageItem")
ROOTS: Final = (*ITEMS, "newsMessage")

# what kind of concept a subject's `type` says it is (IPTC concept nature, and agencies' own)
_PEOPLE: Final = ("person",)
_ORGANISATIONS: Final = ("organisation", "organization", "company")
_PLACES: Final = ("geoarea", "poi", "city", "country", "statprov", "region")
# notes that only repeat others, or hold no note
_REPEATING_NOTES: Final = ("notepad", "closingline")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item with what its parts need to be read."""

    root: Element
    language: str | None
    asserted: Mapping[str, Element]  # what the item asserts of concepts, by QCode or literal


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of an item or a message.

    Raises:
        Poison: as `xml.load`; `wire.format-unknown` for other XML, `wire.empty` for a message without items. The
            items are refused one by one with `wire.field`, `wire.no-id`, `wire.no-date`, `wire.empty`.
    """
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    if xml.local(root) not in ROOTS:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"NewsML-G2: {xml.local(root)} is neither of {', '.join(ROOTS)}")
    found = [root] if xml.local(root) in ITEMS else list(descendants(root, *ITEMS))
    if not found:
        raise Poison(Code.WIRE_EMPTY, "newsMessage: holds no newsItem or packageItem")
    return each(found, lambda item: article(item, context), named=lambda item: attribute(item, "guid"))


def article(root: Element, context: Context) -> WireArticle:
    """The article of a `newsItem` or `packageItem`."""
    guid = attribute(root, "guid")
    if guid is None:
        raise Poison(Code.WIRE_NO_ID, f"guid: missing on {xml.local(root)}")
    content, meta, rights = path(root, "contentMeta"), path(root, "itemMeta"), path(root, "rightsInfo")
    tagged = attribute(path(content, "language"), "tag")
    item = _Item(
        root,
        fields.language(tagged) or fields.language(root.get(xml.LANGUAGE)),
        {key: entry for entry in children(root, "assert") if (key := entry.get("qcode") or entry.get("literal"))},
    )
    status, embargoed = _status(meta)
    found = _body(root)
    headline = _chosen(item, content, "headline") or _chosen(item, meta, "title")
    description = _chosen(item, content, "description")
    links = fields.unique((*_links(root, meta, guid), *found.links, *_remote(root), *_grouped(root)))
    if not (found.body or headline or description or links or status == "canceled"):
        raise Poison(Code.WIRE_EMPTY, f"contentSet: {guid[:80]} has neither text, headline nor description")
    people, organisations, places, subjects = _subjects(item, content)
    created = _created(meta, content, context, status)
    return WireArticle(
        uri=fields.article_id(guid, "guid"),
        versionCreated=created,
        body=found.body,
        version=line(root.get("version")),
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=optional(value(path(meta, "firstCreated")), field="firstCreated"),
        contentCreated=optional(_full(value(path(content, "contentCreated"))), field="contentCreated"),
        type=(qcodes.split(attribute(path(meta, "itemClass"), "qcode"))[1] or "text").lower(),
        urgency=fields.urgency(value(path(content, "urgency")), "urgency"),
        language=item.language,
        headline=headline,
        slugline=_first(content, "slugline"),
        description=description,
        by=_first(content, "by") or _creator(item, content),
        located=_located(item, content),
        dateline=_dateline(content, created),
        edNote=_notes(meta),
        source=_source(item, content, meta),
        copyrightHolder=_party(item, path(rights, "copyrightHolder")),
        copyrightNotice=_chosen(item, rights, "copyrightNotice"),
        usageTerms=_chosen(item, rights, "usageTerms"),
        signals=_signals(meta),
        subjects=qcodes.named(subjects),
        genres=fields.unique(_concept(item, entry) for entry in _all(content, "genre")),
        keywords=fields.unique(value(entry) for entry in _all(content, "keyword")),
        markedPeople=fields.unique((*people, *found.people)),
        markedOrganisations=fields.unique((*organisations, *found.organisations)),
        markedPlaces=fields.unique((*places, *found.places)),
        altIds=fields.unique(value(entry) for parent in (meta, content) for entry in _all(parent, "altId")),
        links=links,
        wireFormat=FORMAT,
    )


def _all(parent: Element | None, name: str) -> Iterator[Element]:
    return children(parent, name) if parent is not None else iter(())


def _first(parent: Element | None, name: str) -> str | None:
    return next(filter(None, map(value, _all(parent, name))), None)


def _chosen(item: _Item, parent: Element | None, name: str) -> str | None:
    """The text of the element of that name that fits best: in the item's language, the main one, the first."""
    best: tuple[int, str] | None = None
    for entry in _all(parent, name):
        written = value(entry)
        if written is None:
            continue
        tag = entry.get(xml.LANGUAGE)
        same = tag is None or item.language is None or tag.split("-")[0] == item.language.split("-")[0]
        role = qcodes.split(entry.get("role"))[1] or "main"
        rank = (0 if same else 2) + (0 if role in ("main", "display", "full", "summary", "headline") else 1)
        if best is None or rank < best[0]:
            best = rank, written
    return best[1] if best else None


def _status(meta: Element | None) -> tuple[PubStatus, str | None]:
    element = path(meta, "pubStatus")
    written = attribute(element, "qcode") or attribute(element, "uri") or attribute(element, "literal")
    status = fields.pub_status(written) if written else "usable"
    held = path(meta, "embargoed")
    if held is None:
        return status, None
    until = value(held)
    if until:
        return status, embargo(until)
    # an embargo without a time holds until a later version says otherwise
    return ("withheld" if status == "usable" else status), None


def _created(meta: Element | None, content: Element | None, context: Context, status: PubStatus) -> str:
    for parent, name in ((meta, "versionCreated"), (content, "contentModified"), (content, "contentCreated"),
                         (meta, "firstCreated")):  # fmt: skip
        written = _full(value(path(parent, name)))
        if written:
            return moment(written, field=name)
    if context.default_date:
        return moment(context.default_date, field="date")
    if status == "canceled":  # a kill must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "versionCreated: missing, contentCreated and firstCreated too", hint="use --date")


def _full(written: str | None) -> str | None:
    """None for the truncated dates that contentCreated allows (a year, a year and month)."""
    return written if written and len(written) >= 8 else None


def _body(root: Element) -> nitf.Inline:
    """The text of the content set, of the first rendition that has one; markup before plain text."""
    for content in descendants(root, "inlineXML"):
        inner = next(descendants(content, "nitf"), None)
        found = nitf.inline(inner) if inner is not None else nitf.Inline(xml.body_text(_html_body(content)))
        if found.body:
            return found
    plain = list(descendants(root, "inlineData"))
    for content in sorted(plain, key=lambda entry: "html" not in entry.get("contenttype", "")):
        kind = content.get("contenttype", "")
        if content.get("encoding") or (kind and not kind.startswith(("text/", "application/xhtml"))):
            continue  # pictures and the like in base64
        if len(content):
            found = nitf.Inline(xml.body_text(content))
        else:
            written = fields.checked(xml.all_text(content), "inlineData")
            found = nitf.Inline(to_text(written) if "html" in kind else written.strip())
        if found.body:
            return found
    return nitf.Inline("")


def _html_body(content: Element) -> Element:
    return next(descendants(content, "body"), content)


def _links(root: Element, meta: Element | None, guid: str) -> Iterator[Link | None]:
    for entry in _all(meta, "link"):
        href = attribute(entry, "href") or attribute(entry, "residref") or attribute(entry, "guidref")
        if href == guid:
            continue  # an earlier version of the item
        rel = qcodes.split(entry.get("rel"))[1]
        yield fields.link(rel=rel, href=href, title=_first(entry, "title"), type=entry.get("contenttype"))


def _remote(root: Element) -> Iterator[Link | None]:
    for entry in descendants(root, "remoteContent"):
        href = attribute(entry, "href") or attribute(entry, "residref")
        rel = qcodes.split(entry.get("rendition"))[1] or "rendition"
        yield fields.link(rel=rel, href=href, title=_first(entry, "title"), type=entry.get("contenttype"))


def _grouped(root: Element) -> Iterator[Link | None]:
    for group in descendants(root, "group"):
        role = qcodes.split(group.get("role"))[1]
        for entry in children(group, "itemRef"):
            href = attribute(entry, "residref") or attribute(entry, "href") or attribute(entry, "guidref")
            title = _first(entry, "headline") or _first(entry, "title")
            yield fields.link(rel=role or "item", href=href, title=title, type=entry.get("contenttype"))


def _name(item: _Item, element: Element) -> str | None:
    best: tuple[int, str] | None = None
    for entry in children(element, "name"):
        written = value(entry)
        if written is None:
            continue
        tag = entry.get(xml.LANGUAGE)
        same = tag is None or item.language is None or tag.split("-")[0] == item.language.split("-")[0]
        role = qcodes.split(entry.get("role"))[1] or "display"
        rank = (0 if same else 2) + (0 if role in ("display", "full", "common") else 1)
        if best is None or rank < best[0]:
            best = rank, written
    return best[1] if best else None


def _concept(item: _Item, element: Element) -> Concept | None:
    qcode = attribute(element, "qcode")
    literal = attribute(element, "literal")
    scheme, code = qcodes.split(qcode)
    asserted = item.asserted.get(qcode or literal or "")
    name = _name(item, element) or (_name(item, asserted) if asserted is not None else None)
    address = attribute(element, "uri") or qcodes.uri(scheme, code)
    if address is None:
        same = (qcodes.split(attribute(entry, "qcode")) for entry in children(element, "sameAs"))
        address = next(filter(None, (qcodes.uri(alias, each) for alias, each in same)), None)
    return fields.concept(name=name, uri=address, code=code or literal, scheme=scheme)


def _subjects(item: _Item, content: Element | None) -> tuple[tuple[Concept, ...], ...]:
    """People, organisations, places and all other subjects."""
    found: tuple[list[Concept | None], ...] = ([], [], [], [])
    for entry in _all(content, "subject"):
        kind = (qcodes.split(entry.get("type") or _asserted_type(item, entry))[1] or "").lower()
        geographic = any((facet.get("qcode") or "").lower().startswith("geo") for facet in children(entry, "facet"))
        which = 0 if kind in _PEOPLE else 1 if kind in _ORGANISATIONS else 2 if kind in _PLACES or geographic else 3
        found[which].append(_concept(item, entry))
    return tuple(fields.unique(concepts) for concepts in found)


def _asserted_type(item: _Item, element: Element) -> str | None:
    asserted = item.asserted.get(attribute(element, "qcode") or attribute(element, "literal") or "")
    return attribute(path(asserted, "type"), "qcode") if asserted is not None else None


def _party(item: _Item, element: Element | None) -> str | None:
    if element is None:
        return None
    code = qcodes.split(attribute(element, "qcode"))[1]
    return line(_name(item, element) or attribute(element, "literal") or value(element) or code)


def _source(item: _Item, content: Element | None, meta: Element | None) -> str | None:
    sources = list(_all(content, "infoSource"))
    sources.sort(key=lambda entry: not (entry.get("role") or "source").endswith("source"))
    parties = (_party(item, entry) for entry in (*sources, *_all(meta, "provider")))
    return next(filter(None, parties), None)


def _creator(item: _Item, content: Element | None) -> str | None:
    """Who wrote it, where no byline says so: creators whose name looks like that of a person."""
    names = [_name(item, entry) for entry in _all(content, "creator") if not entry.get("role", "").endswith("source")]
    return line(", ".join(name for name in names if name and " " in name))


def _located(item: _Item, content: Element | None) -> str | None:
    names = (_name(item, entry) or attribute(entry, "literal") for entry in _all(content, "located"))
    return line("/".join(fields.unique(names)))


def _dateline(content: Element | None, created: str) -> Dateline | None:
    written = _first(content, "dateline")
    return dateline.parse(written, reference=identity.instant(created).date()) if written else None


def _notes(meta: Element | None) -> str | None:
    notes = [(qcodes.split(entry.get("role"))[1] or "", line(xml.body_text(entry))) for entry in _all(meta, "edNote")]
    said = [note for role, note in notes if note and role not in _REPEATING_NOTES]
    return "\n".join(fields.unique(said or [note for _, note in notes if note])) or None


def _signals(meta: Element | None) -> tuple[str, ...]:
    """The IPTC's signals by their code, others as they are."""
    found = []
    for entry in _all(meta, "signal"):
        scheme, code = qcodes.split(attribute(entry, "qcode") or attribute(entry, "literal"))
        found.append(code if scheme in (None, "sig") else f"{scheme}:{code}")
    return fields.unique(found)
