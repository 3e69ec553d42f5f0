"""NITF 3.x -> WireArticle (https://iptc.org/standards/nitf/): documents of their own, and bodies inside NewsML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline import identity
from pipeline.article import Concept, Dateline, Link, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import fields, qcodes, xml
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import embargo, moment, optional
from pipeline.wire.xml import Element, attribute, children, descendants, path, text, value

FORMAT: Final = "nitf"

_POSSESSIVE = re.compile(r"['’]s?\Z")
_PLACE_PARTS: Final = ("sublocation", "city", "state", "region", "country")


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
    """The article of a NITF document.

    Raises:
        Poison: as `xml.load`; `wire.format-unknown` for other XML; `wire.field`, `wire.no-date`, `wire.empty`.
    """
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    found = [root] if xml.local(root) == "nitf" else list(descendants(root, "nitf"))
    if not found:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"NITF: the root element is {xml.local(root)}, not nitf")
    return each(found, lambda nitf: article(nitf, context))


def inline(root: Element) -> Inline:
    """The body of a NITF element, what is marked in it, and what its head says."""
    body = path(root, "body") if xml.local(root) == "nitf" else root
    content = path(body, "body.content")  # a note in the head has a `body.content` of its own
    content = content if content is not None else next(descendants(root, "body.content"), body)
    head = path(body, "body.head")
    return Inline(
        headline=_headline(root),
        by=_byline(head),
        located=_place(path(head, "dateline/location")),
        dateline=_dateline(path(head, "dateline")),
        body=xml.body_text(content),
        people=_marked(content, "person"),
        organisations=_marked(content, "org"),
        places=_marked(content, "location"),
        links=fields.unique(_media(content)),
    )


def article(root: Element, context: Context) -> WireArticle:
    """The article of a `nitf` element."""
    head, docdata = path(root, "head"), path(root, "head/docdata")
    body_head = path(root, "body/body.head")
    found = inline(root)
    headline = _headline(root)
    abstract = text(path(body_head, "abstract")) or None
    status, embargoed = _status(docdata)
    if not (found.body or headline or abstract or status == "canceled"):
        raise Poison(Code.WIRE_EMPTY, "body.content: neither text, headline nor abstract")
    meta = _meta(head)
    correction = path(docdata, "correction")
    notes = [attribute(path(docdata, "ed-msg"), "info"), attribute(correction, "info")]
    return WireArticle(
        uri=_uri(docdata, found.body, headline),
        versionCreated=_created(head, context, status),
        body=found.body,
        version=attribute(path(docdata, "du-key"), "generation") or attribute(path(docdata, "du-key"), "version"),
        pubStatus=status,
        embargoed=embargoed,
        firstCreated=None,
        contentCreated=optional(_norm(path(body_head, "dateline/story.date")), field="story.date"),
        type="text",
        urgency=fields.urgency(attribute(path(docdata, "urgency"), "ed-urg"), "ed-urg"),
        language=fields.language(root.get(xml.LANGUAGE) or attribute(path(root, "body"), xml.LANGUAGE)),
        headline=headline,
        slugline=line(" ".join(filter(None, (meta.get("anpa-keyword"), meta.get("anpa-takekey"))))),
        description=abstract,
        by=_byline(body_head),
        located=_place(path(body_head, "dateline/location")),
        dateline=_dateline(path(body_head, "dateline")),
        edNote=line(" ".join(filter(None, notes))),
        source=_source(body_head, docdata),
        copyrightHolder=attribute(path(docdata, "doc.copyright"), "holder")
        or attribute(path(docdata, "doc.rights"), "owner"),
        copyrightNotice=value(path(body_head, "rights")),
        usageTerms=_usage(path(docdata, "doc.rights")),
        signals=("correction",) if correction is not None else (),
        subjects=qcodes.named(map(_subject, descendants(root, "tobject.subject"))),
        genres=_genres(path(head, "tobject")),
        keywords=fields.unique(
            line(each.get("key")) for each in (descendants(docdata, "keyword") if docdata is not None else ())
        ),
        markedPeople=fields.unique(_identified(docdata, "person") + found.people),
        markedOrganisations=fields.unique(_identified(docdata, "org") + found.organisations),
        markedPlaces=fields.unique(_identified(docdata, "location") + found.places),
        altIds=fields.unique((line(attribute(path(docdata, "du-key"), "key")),)),
        links=found.links,
        wireFormat=FORMAT,
    )


def _uri(docdata: Element | None, body: str, headline: str | None) -> str:
    found = attribute(path(docdata, "doc-id"), "id-string") or attribute(path(docdata, "du-key"), "key")
    return fields.article_id(found, "doc-id") if found else identity.text_uri(f"{headline or ''}\n\n{body}".strip())


def _norm(element: Element | None) -> str | None:
    """The date of an element: its `norm`, or its text."""
    return attribute(element, "norm") or value(element)


def _created(head: Element | None, context: Context, status: PubStatus) -> str:
    for name in ("date.issue", "date.release"):
        found = _norm(path(head, f"docdata/{name}"))
        if found:
            return moment(found, field=name)
    published = attribute(path(head, "pubdata"), "date.publication")
    if published:
        return moment(published, field="date.publication")
    if context.default_date:
        return moment(context.default_date, field="date")
    if status == "canceled":  # a kill must never fail for want of a date
        return moment(context.now.isoformat(), field="now")
    raise Poison(Code.WIRE_NO_DATE, "date.issue: missing, date.release too", hint="use --date")


def _status(docdata: Element | None) -> tuple[PubStatus, str | None]:
    """Publication status and embargo: a release later than the issue is one."""
    written = attribute(docdata, "management-status")
    status = fields.pub_status(written, "management-status") if written else "usable"
    issued, released = _norm(path(docdata, "date.issue")), _norm(path(docdata, "date.release"))
    until = embargo(released, field="date.release") if released else None
    if until and issued:
        issue = moment(issued, field="date.issue")
        if identity.instant(until) <= identity.instant(issue):
            until = None
    held = written is not None and written.strip().lower() == "embargoed"
    if held and until is None:
        return "withheld", None  # under embargo until we are told otherwise
    return status, until if held or issued else None


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
    return line(", ".join(filter(None, map(value, found))))


def _dateline(element: Element | None) -> Dateline | None:
    if element is None:
        return None
    written, place = value(element), _place(path(element, "location"))
    day = optional(_norm(path(element, "story.date")), field="story.date")
    found = Dateline(text=written, place=place, date=day[:10] if day else None)
    return found if place or day else None


def _place(element: Element | None) -> str | None:
    """Name of a location: its own text, or the parts that it is made of."""
    if element is None:
        return None
    parts = [value(part) for part in element.iterchildren() if xml.local(part) in _PLACE_PARTS]
    return line(", ".join(filter(None, parts))) or value(element)


def _source(body_head: Element | None, docdata: Element | None) -> str | None:
    distributor = value(path(body_head, "distributor"))
    sender, owner = path(docdata, "del-list/from-src"), path(docdata, "doc.rights")
    return distributor or attribute(sender, "src-name") or attribute(owner, "agent")


def _usage(rights: Element | None) -> str | None:
    parts = (attribute(rights, "type"), attribute(rights, "limitations"))
    return line(" ".join(filter(None, parts))) or value(rights)


def _subject(element: Element) -> Concept | None:
    prefix = "tobject.subject."
    names = (attribute(element, prefix + part) for part in ("detail", "matter", "type"))
    code = attribute(element, prefix + "refnum") or attribute(element, prefix + "code")
    scheme = "subj" if code and code.isdigit() else attribute(element, prefix + "ipr")
    return fields.concept(
        name=next(filter(None, names), None), code=code, scheme=scheme, uri=qcodes.uri(scheme, code)
    )


def _genres(tobject: Element | None) -> tuple[Concept, ...]:
    if tobject is None:
        return ()
    name = "tobject.property.type"
    return fields.unique(fields.concept(name=attribute(each, name)) for each in children(tobject, "tobject.property"))


def _identified(docdata: Element | None, name: str) -> tuple[Concept, ...]:
    content = path(docdata, "identified-content")
    return _marked(content, name)


def _marked(element: Element | None, name: str) -> tuple[Concept, ...]:
    return fields.unique(map(_concept, descendants(element, name))) if element is not None else ()


def _concept(element: Element) -> Concept | None:
    name = _place(element) if xml.local(element) == "location" else value(element)
    if name and xml.local(element) == "person":
        name = _POSSESSIVE.sub("", name)
    return fields.concept(
        name=name or attribute(element, "value"),
        code=attribute(element, "location-code") or attribute(element, "value"),
        scheme=attribute(element, "code-source") or attribute(element, "idsrc"),
    )


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
