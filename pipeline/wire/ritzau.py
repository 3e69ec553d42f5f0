"""The XML of Ritzau, the Danish agency (`RBNews`) -> WireArticle. Its times are local ones, of Copenhagen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.article import Concept, PubStatus, WireArticle
from pipeline.errors import Code, Poison
from pipeline.wire import fields, qcodes, xml
from pipeline.wire.context import Context, Result, each
from pipeline.wire.fields import line
from pipeline.wire.moments import moment
from pipeline.wire.xml import Element, descendants, path, value

FORMAT: Final = "ritzau"
ROOT: Final = "RBNews"

_ZONE: Final = "Europe/Copenhagen"


def read(data: bytes, context: Context) -> Iterator[Result]:
    """The article of an `RBNews` document; raises as `xml.load`, and `wire.format-unknown`."""
    return read_tree(xml.load(data), context)


def read_tree(root: Element, context: Context) -> Iterator[Result]:
    """As `read`, of a tree."""
    found = [root] if xml.local(root) == ROOT else list(descendants(root, ROOT))
    if not found:
        raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"Ritzau: the root element is {xml.local(root)}, not {ROOT}")
    return each(found, lambda item: article(item, context))


def article(root: Element, context: Context) -> WireArticle:
    """The article of an `RBNews` element."""
    uri = value(path(root, "NewsID")) or value(path(root, "HistID"))
    if uri is None:
        raise Poison(Code.WIRE_NO_ID, "NewsID: missing")
    body = xml.text(path(root, "content"))
    short = value(path(root, "ContentShort"))
    headline = value(path(root, "headline"))
    slug = value(path(root, "strapline"))
    status: PubStatus = "canceled" if _flag(root, "Annuleret") else "usable"
    if not (body or headline or short or status != "usable"):
        raise Poison(Code.WIRE_EMPTY, f"content: {uri[:80]} has neither text nor headline")
    written = value(path(root, "PublishDate")) or context.default_date
    if written is None and status != "usable":  # an order to hide must never fail for want of a date
        written = context.now.isoformat()
    if written is None:
        raise Poison(Code.WIRE_NO_DATE, "PublishDate: missing", hint="use --date")
    signals = (
        "correction" if _flag(root, "Korrektion") else None,
        "update" if _flag(root, "NyVersion") else None,
        "flash" if _flag(root, "InfoFlash") or (value(path(root, "format")) or "").lower() == "flash" else None,
    )
    section = value(path(root, "section"))
    return WireArticle(
        uri=fields.article_id(uri, "NewsID"),
        versionCreated=moment(written, field="PublishDate", zone=ZoneInfo(_ZONE)),
        body=body,
        version=value(path(root, "version")),
        pubStatus=status,
        urgency=fields.urgency(value(path(root, "Priority")), "Priority"),
        language="da",
        headline=headline,
        slugline=slug,
        description=value(path(root, "subtitle")) or short,
        by=value(path(root, "byLine")),
        located=value(path(root, "town")),
        edNote=value(path(root, "TilRedaktionen")),
        source=line((value(path(root, "origin")) or "Ritzau").strip("/ ")),
        signals=fields.unique(signals),
        subjects=qcodes.named(
            (fields.concept(name=section, code=value(path(root, "sectionShort"))), *_codes(path(root, "IPTCList")))
        ),
        genres=fields.unique((fields.concept(name=value(path(root, "format"))),)),
        keywords=fields.unique(_texts(path(root, "SubjectKeyword"))),
        markedOrganisations=fields.unique(fields.concept(name=name) for name in _texts(path(root, "Companies"))),
        altIds=fields.unique((value(path(root, "HistID")),)),
        links=fields.unique((fields.link(rel="replaces", href=value(path(root, "replacedID"))),)),
        wireFormat=FORMAT,
    )


def _flag(root: Element, name: str) -> bool:
    return (value(path(root, name)) or "").lower() in ("true", "1")


def _texts(element: Element | None) -> Iterator[str | None]:
    return map(value, element) if element is not None else iter(())


def _codes(element: Element | None) -> Iterator[Concept | None]:
    for code in _texts(element):
        scheme = "subj" if code and code.isdigit() else None
        yield fields.concept(code=code, scheme=scheme, uri=qcodes.uri(scheme, code))
