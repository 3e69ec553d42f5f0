"""NITF 3.x -> WireArticle (https://iptc.org/standards/nitf/): documents of their own, and bodies inside NewsML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from pipeline import identity
from pipeline.article import Concept, Dateline, Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import dateline, fields, nitf_docdata, qcodes, xml
from pipeline.wire import nitf_concepts as concepts
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import optional
from pipeline.wire.xml import Element, attribute, children, descendants, path, text, value

FORMAT: Final = "nitf"


@dataclass(frozen=True, slots=True)
class Inline:
    """A body inside another format, what is marked in it, and what stands over it."""

    body: str
    people: tuple[Concept, ...] = ()
    organisations: tuple[Concept, ...] = ()
    places: tuple[Concept, ...] = ()
    links: tuple[Link, ...] = ()
    headline: str | None = None
    by: str | None = None
    located: str | None = None
    dateline: Dateline | None = None


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The article of a NITF document, and the kill of another one that it orders.

    Raises:
        Poison: as `xml.load`; `wire.format-unknown` for other XML; `wire.field`, `wire.no-date`, `wire.empty`.
    """
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    found = [root] if xml.local(root) == "nitf" else list(descendants(root, "nitf"))
    if not found:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"NITF: the root element is {xml.local(root)}, not nitf")
    makers = (make for nitf in found for make in _makers(nitf))
    return each(makers, lambda make: make(context))


def _makers(root: Element) -> Iterator[Callable[[Context], WireArticle]]:
    docdata = path(root, "head/docdata")
    yield partial(article, root)
    if attribute(docdata, "management-doc-idref") is not None:
        other = nitf_docdata.managed(docdata, attribute(path(docdata, "doc-id"), "id-string") or "")
        if other is not None:
            yield partial(_managed, root, *other)


def _managed(root: Element, uri: str, status: PubStatus, context: Context) -> WireArticle:
    """What a document says of another one: that it is killed or withheld."""
    return WireArticle(
        uri=fields.article_id(uri, "management-doc-idref"),
        versionCreated=nitf_docdata.created(path(root, "head"), context, status),
        body="",
        pubStatus=status,
        edNote=_notes(root),
        wireFormat=FORMAT,
    )


def inline(root: Element) -> Inline:
    """The body of a NITF element, what is marked in it, and what its head says."""
    body = path(root, "body") if xml.local(root) == "nitf" else root
    content = path(body, "body.content")  # a note in the head has a `body.content` of its own
    content = content if content is not None else next(descendants(root, "body.content"), body)
    head = path(body, "body.head")
    return Inline(
        headline=_headline(root),
        by=_byline(head),
        located=concepts.place(path(head, "dateline/location")),
        dateline=_dateline(path(head, "dateline")),
        body=xml.body_text(content),
        people=concepts.marked(content, "person"),
        organisations=concepts.marked(content, "org"),
        places=concepts.marked(content, "location"),
        links=fields.unique(_media(content)),
    )


def article(root: Element, context: Context) -> WireArticle:
    """The article of a `nitf` element."""
    head, docdata = path(root, "head"), path(root, "head/docdata")
    body_head = path(root, "body/body.head")
    found = inline(root)
    headline = _headline(root)
    abstract = text(path(body_head, "abstract")) or value(path(body_head, "hedline/hl2"))
    status, embargoed = nitf_docdata.status(docdata, context)
    if not (found.body or headline or abstract or status != "usable"):
        raise Poison(Code.WIRE_EMPTY, "body.content: neither text, headline nor abstract")
    meta = _meta(head)
    correction = path(docdata, "correction")
    corrects = fields.link(rel="corrects", href=attribute(correction, "id-string"))
    created = nitf_docdata.created(head, context, status)
    line_of_date = _dateline(path(body_head, "dateline"), identity.instant(created).date())
    located = concepts.place(path(body_head, "dateline/location"))
    subjects = (*map(concepts.subject, descendants(root, "tobject.subject")), *concepts.classified(docdata))
    return WireArticle(
        uri=_uri(root, found.body, headline),
        versionCreated=created,
        body=found.body,
        version=attribute(path(docdata, "du-key"), "generation") or attribute(path(docdata, "du-key"), "version"),
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=None,
        contentCreated=optional(nitf_docdata.norm(path(body_head, "dateline/story.date")), field="story.date"),
        type="text",
        urgency=fields.urgency(attribute(path(docdata, "urgency"), "ed-urg"), "ed-urg"),
        language=fields.language(root.get(xml.LANGUAGE) or attribute(path(root, "body"), xml.LANGUAGE)),
        headline=headline,
        slugline=line(" ".join(filter(None, (meta.get("anpa-keyword"), meta.get("anpa-takekey")))))
        or line(meta.get("slug") or meta.get("slugline")),
        description=abstract,
        by=_byline(body_head),
        located=located or (line_of_date.place if line_of_date else None),
        dateline=line_of_date,
        edNote=_notes(root),
        source=_source(body_head, docdata),
        copyrightHolder=attribute(path(docdata, "doc.copyright"), "holder")
        or attribute(path(docdata, "doc.rights"), "owner"),
        copyrightNotice=value(path(body_head, "rights")),
        usageTerms=_usage(path(docdata, "doc.rights")),
        signals=("correction",) if correction is not None else (),
        subjects=qcodes.named(subjects),
        genres=concepts.genres(path(head, "tobject")),
        keywords=fields.unique(
            line(each.get("key")) for each in (descendants(docdata, "keyword") if docdata is not None else ())
        ),
        markedPeople=fields.unique(concepts.identified(docdata, "person") + found.people),
        markedOrganisations=fields.unique(concepts.identified(docdata, "org") + found.organisations),
        markedPlaces=fields.unique(concepts.identified(docdata, "location") + found.places),
        altIds=fields.unique((line(attribute(path(docdata, "du-key"), "key")),)),
        links=fields.unique((*found.links, corrects)),
        wireFormat=FORMAT,
    )


def _uri(root: Element, body: str, headline: str | None) -> str:
    docdata = path(root, "head/docdata")
    found = attribute(path(docdata, "doc-id"), "id-string") or attribute(path(docdata, "du-key"), "key")
    found = found or attribute(root, "uno")
    return fields.article_id(found, "doc-id") if found else identity.text_uri(f"{headline or ''}\n\n{body}".strip())


def _notes(root: Element) -> str | None:
    """Messages to editors, notes before the text, and what a correction says of itself."""
    docdata, body_head = path(root, "head/docdata"), path(root, "body/body.head")
    messages = children(docdata, "ed-msg") if docdata is not None else ()
    notes = children(body_head, "note") if body_head is not None else ()
    found = [attribute(each, "info") for each in messages] + [value(each) for each in notes]
    found.append(attribute(path(docdata, "correction"), "info"))
    return line(" ".join(fields.unique(found)))


def _headline(root: Element) -> str | None:
    for name in ("body/body.head/hedline/hl1", "body/body.head/hedline", "body/body.head/headline/hl1", "head/title"):
        found = value(path(root, name))
        if found:
            return found
    return None


def _meta(head: Element | None) -> dict[str, str]:
    found = children(head, "meta") if head is not None else ()
    return {each.get("name", "").lower(): each.get("content", "").strip() for each in found}


def _byline(body_head: Element | None) -> str | None:
    found = children(body_head, "byline") if body_head is not None else ()
    return line(", ".join(filter(None, map(_with_title, found))))


def _with_title(byline: Element) -> str | None:
    """The words of a by-line; a comma before the writer's title (`byttl`), where nothing else is."""
    out = value(byline) if len(byline) == 0 else byline.text or ""
    for part in byline.iterchildren():
        comma = xml.local(part) == "byttl" and out and not out.rstrip().endswith((",", "-", "/"))
        out = (
            f"{out.rstrip() + ', ' if comma else out}{value(part) or ''}{part.tail or ''}" if out is not None else ""
        )
    return line(out)


def _dateline(element: Element | None, reference: date | None = None) -> Dateline | None:
    if element is None:
        return None
    pieces = (str(piece).strip() for piece in element.itertext())
    written = line(" ".join(filter(None, pieces)).replace(" ,", ","))
    place = concepts.place(path(element, "location"))
    day = optional(nitf_docdata.norm(path(element, "story.date")), field="story.date")
    if place or day:
        return Dateline(text=written, place=place, date=day[:10] if day else None)
    return dateline.parse(written, reference=reference) if written else None


def _source(body_head: Element | None, docdata: Element | None) -> str | None:
    distributor = value(path(body_head, "distributor"))
    sender, owner = path(docdata, "del-list/from-src"), path(docdata, "doc.rights")
    return distributor or attribute(sender, "src-name") or attribute(owner, "agent")


def _usage(rights: Element | None) -> str | None:
    parts = (attribute(rights, "type"), attribute(rights, "limitations"))
    return line(" ".join(filter(None, parts))) or value(rights)


def _media(element: Element | None) -> Iterator[Link | None]:
    for media in descendants(element, "media") if element is not None else ():
        title = value(next(children(media, "media-caption"), None))
        for reference in children(media, "media-reference"):
            yield fields.link(
                rel=attribute(media, "media-type") or "media",
                href=attribute(reference, "source"),
                title=title or attribute(reference, "alternate-text"),
                type=attribute(reference, "mime-type"),
            )
