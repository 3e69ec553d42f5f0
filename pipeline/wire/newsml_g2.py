"""NewsML-G2 -> WireArticle (https://iptc.org/std/NewsML-G2/): news items, packages, and messages that hold several.

An item's `guid` is the article id and its `version` the version. A package is an article without text that links
the items that it groups; so are the plans and events of EventsML-G2 (`newsml_g2_planning.py`). Other concept items
and knowledge items are vocabularies, no news. Texts that are given in several languages are taken in the item's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pipeline import identity
from pipeline.article import Dateline, Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import dateline, fields, nitf, qcodes, xml
from pipeline.wire import newsml_g2_concepts as concepts
from pipeline.wire import newsml_g2_planning as planning
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.html import to_text
from pipeline.wire.moments import embargo, full, moment, optional
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

FORMAT: Final = "newsml-g2"
ITEMS: Final = ("newsItem", "packageItem", *planning.ITEMS)
ROOTS: Final = (*ITEMS, "newsMessage")

# notes that only repeat others, or hold no note
_SIGNALS: Final = "http://cv.iptc.org/newscodes/signal/"
_REPEATING_NOTES: Final = ("notepad", "closingline")


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
    found = [item for item in found if xml.local(item) != "conceptItem" or planning.is_event(item)]
    if not found:
        raise Poison(Code.WIRE_EMPTY, f"{xml.local(root)}: holds no item with news, a plan or an event")
    schemes = concepts.catalogued(path(root, "header"))
    return each(
        found, lambda item: article(item, context, schemes=schemes), named=lambda item: attribute(item, "guid")
    )


def _name(item: Element) -> str | None:
    return attribute(item, "guid")


def article(root: Element, context: Context, *, schemes: Mapping[str, str]) -> WireArticle:
    """The article of an item; `schemes` are the addresses of those that its message names, by alias."""
    guid = attribute(root, "guid")
    if guid is None:
        raise Poison(Code.WIRE_NO_ID, f"guid: missing on {xml.local(root)}")
    content, meta = concepts.parts(path(root, "contentMeta")), concepts.parts(path(root, "itemMeta"))
    rights = list(children(root, "rightsInfo"))
    tagged = attribute(concepts.one(content, "language"), "tag")
    item = concepts.make(root, fields.language(tagged) or fields.language(root.get(xml.LANGUAGE)), schemes=schemes)
    status, embargoed = _status(meta)
    found = _body(item)
    planned = planning.read(item)
    headline = (
        concepts.chosen(item, content, "headline")
        or concepts.chosen(item, meta, "title")
        or planned.headline
        or found.headline
    )
    description = concepts.chosen(item, content, "description") or planned.description
    links = fields.unique((*_links(item, meta, guid), *_remote(root), *_grouped(root), *planned.links, *found.links))
    if not (found.body or headline or description or links or status != "usable"):
        raise Poison(Code.WIRE_EMPTY, f"contentSet: {guid[:80]} has neither text, headline nor description")
    people, organisations, places, subjects = concepts.subjects(item, content)
    created = _created(meta, content, context, status)
    line_of_date = _dateline(item, content, created) or found.dateline
    return WireArticle(
        uri=fields.article_id(guid, "guid"),
        versionCreated=created,
        body=found.body,
        version=line(root.get("version")),
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=optional(value(concepts.one(meta, "firstCreated")), field="firstCreated"),
        contentCreated=optional(value(concepts.one(content, "contentCreated")), field="contentCreated"),
        type=planned.type or (concepts.said(concepts.one(meta, "itemClass")) or "text").lower(),
        urgency=fields.urgency(value(concepts.one(content, "urgency")), "urgency"),
        language=item.language,
        headline=headline,
        slugline=concepts.chosen(item, content, "slugline"),
        description=description,
        by=concepts.chosen(item, content, "by") or concepts.creator(item, content) or found.by,
        located=concepts.located(item, content) or planned.located or found.located,
        dateline=line_of_date,
        edNote=_notes(meta),
        source=concepts.source(item, content, meta),
        copyrightHolder=next((each for entry in rights if (each := _holder(item, entry))), None),
        copyrightNotice=next(
            (each for entry in rights if (each := concepts.chosen(item, entry, "copyrightNotice"))), None
        ),
        usageTerms=line(" ".join(fields.unique(concepts.chosen(item, entry, "usageTerms") for entry in rights))),
        signals=_signals(item, meta),
        subjects=qcodes.named(subjects),
        genres=fields.unique(concepts.concept(item, entry) for entry in concepts.every(content, "genre")),
        keywords=fields.unique(value(entry) for entry in concepts.every(content, "keyword")),
        markedPeople=fields.unique((*people, *found.people)),
        markedOrganisations=fields.unique((*organisations, *found.organisations)),
        markedPlaces=fields.unique((*places, *found.places)),
        altIds=fields.unique(value(entry) for parent in (meta, content) for entry in concepts.every(parent, "altId")),
        links=links,
        wireFormat=FORMAT,
    )


def _holder(item: concepts.Item, rights: Element) -> str | None:
    return concepts.party(item, path(rights, "copyrightHolder"))


def _status(meta: concepts.Parts | None) -> tuple[PubStatus, str | None]:
    element = concepts.one(meta, "pubStatus")
    written = attribute(element, "qcode") or attribute(element, "uri") or attribute(element, "literal")
    status = fields.pub_status(written) if written else "usable"
    held = concepts.one(meta, "embargoed")
    if held is None:
        return status, None
    until = value(held)
    if until:
        return status, embargo(until)
    # an embargo without a time holds until a later version says otherwise
    return ("withheld" if status == "usable" else status), None


def _created(meta: concepts.Parts | None, content: concepts.Parts | None, context: Context, status: PubStatus) -> str:
    for parent, name in ((meta, "versionCreated"), (content, "contentModified"), (content, "contentCreated"),
                         (meta, "firstCreated")):  # fmt: skip
        written = full(value(concepts.one(parent, name)))
        if written:
            return moment(written, field=name)
    if context.default_date:
        return moment(context.default_date, field="date")
    if status != "usable":  # an order to hide must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "versionCreated: missing, contentCreated and firstCreated too", hint="use --date")


def _body(item: concepts.Item) -> nitf.Inline:
    """The text of the first rendition that has one; the item's language goes first, and markup before plain text."""
    marked = sorted(descendants(item.root, "inlineXML"), key=lambda entry: not concepts.same_language(item, entry))
    for content in marked:
        inner = next(descendants(content, "nitf"), None)
        found = nitf.inline(inner) if inner is not None else nitf.Inline(xml.body_text(_html_body(content)))
        if found.body:
            return found
    plain = sorted(
        descendants(item.root, "inlineData"),
        key=lambda entry: (not concepts.same_language(item, entry), "html" not in entry.get("contenttype", "")),
    )
    for content in plain:
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


def _links(item: concepts.Item, meta: concepts.Parts | None, guid: str) -> Iterator[Link | None]:
    for entry in concepts.every(meta, "link"):
        href = attribute(entry, "href") or attribute(entry, "residref") or attribute(entry, "guidref")
        if href == guid:
            continue  # an earlier version of the item
        title = concepts.chosen(item, entry, "title") or concepts.chosen(item, entry, "headline")
        yield fields.link(rel=concepts.coded(entry, "rel"), href=href, title=title, type=entry.get("contenttype"))


def _remote(root: Element) -> Iterator[Link | None]:
    for entry in descendants(root, "remoteContent"):
        href = attribute(entry, "href") or attribute(entry, "residref")
        rel = concepts.coded(entry, "rendition") or "rendition"
        yield fields.link(rel=rel, href=href, title=concepts.first(entry, "title"), type=entry.get("contenttype"))


def _grouped(root: Element) -> Iterator[Link | None]:
    for group in descendants(root, "group"):
        role = concepts.coded(group, "role")
        for entry in children(group, "itemRef"):
            href = attribute(entry, "residref") or attribute(entry, "href") or attribute(entry, "guidref")
            title = concepts.first(entry, "headline") or concepts.first(entry, "title")
            yield fields.link(rel=role or "item", href=href, title=title, type=entry.get("contenttype"))


def _dateline(item: concepts.Item, content: concepts.Parts | None, created: str) -> Dateline | None:
    written = concepts.chosen(item, content, "dateline")
    return dateline.parse(written, reference=identity.instant(created).date()) if written else None


def _notes(meta: concepts.Parts | None) -> str | None:
    notes = [
        (concepts.coded(entry, "role") or "", line(xml.body_text(entry))) for entry in concepts.every(meta, "edNote")
    ]
    said = [note for role, note in notes if note and role not in _REPEATING_NOTES]
    return "\n".join(fields.unique(said or [note for _, note in notes if note])) or None


def _signals(item: concepts.Item, meta: concepts.Parts | None) -> tuple[str, ...]:
    """The IPTC's signals by their code, others as they are."""
    found = []
    for entry in concepts.every(meta, "signal"):
        scheme, code, _ = concepts.qcode(item, entry)
        address = attribute(entry, "uri") or ""
        if code is None and address.startswith(_SIGNALS):
            code = qcodes.last(address)
        code = code or address or attribute(entry, "literal")
        found.append(code if scheme in (None, "sig") else f"{scheme}:{code}")
    return fields.unique(found)
