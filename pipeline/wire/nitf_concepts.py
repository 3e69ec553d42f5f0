"""What a NITF document says of concepts: subjects, genres, and people, organisations and places that it marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipeline.article import Concept
from pipeline.wire import fields, qcodes, xml
from pipeline.wire.fields import line
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

_POSSESSIVE = re.compile(r"['’]s?\Z")
_PLACE_PARTS: Final = ("sublocation", "city", "state", "region", "country")


def place(element: Element | None) -> str | None:
    """Name of a location: its own text, or the parts that it is made of."""
    if element is None:
        return None
    parts = [value(part) for part in element.iterchildren() if xml.local(part) in _PLACE_PARTS]
    return line(", ".join(filter(None, parts))) or value(element)


def subject(element: Element) -> Concept | None:
    """The subject of a `tobject.subject`, by the most precise of its names."""
    prefix = "tobject.subject."
    names = (attribute(element, prefix + part) for part in ("detail", "matter", "type"))
    code = attribute(element, prefix + "refnum") or attribute(element, prefix + "code")
    scheme = "subj" if code and code.isdigit() else attribute(element, prefix + "ipr")
    return fields.concept(
        name=next(filter(None, names), None), code=code, scheme=scheme, uri=qcodes.uri(scheme, code)
    )


def genres(tobject: Element | None) -> tuple[Concept, ...]:
    """The properties of a `tobject`: Analysis, Current, Feature."""
    if tobject is None:
        return ()
    name = "tobject.property.type"
    return fields.unique(fields.concept(name=attribute(each, name)) for each in children(tobject, "tobject.property"))


def identified(docdata: Element | None, name: str) -> tuple[Concept, ...]:
    """What the head says that the document is about, of that element's name."""
    return marked(path(docdata, "identified-content"), name)


def classified(docdata: Element | None) -> Iterator[Concept | None]:
    """Events, and terms of classifications, that the document is about."""
    content = path(docdata, "identified-content")
    for element in descendants(content, "event", "classifier") if content is not None else ():
        name, code = value(element), attribute(element, "value")
        scheme = attribute(element, "idsrc") or attribute(element, "type")
        yield fields.concept(name=name or code, code=code if name else None, scheme=scheme)


def marked(element: Element | None, name: str) -> tuple[Concept, ...]:
    """What is marked in a text, of that element's name."""
    return fields.unique(map(_concept, descendants(element, name))) if element is not None else ()


def _concept(element: Element) -> Concept | None:
    name = place(element) if xml.local(element) == "location" else value(element)
    if name and xml.local(element) == "person":
        name = _POSSESSIVE.sub("", name)
    return fields.concept(
        name=name or attribute(element, "value"),
        code=attribute(element, "location-code") or attribute(element, "value"),
        scheme=attribute(element, "code-source") or attribute(element, "idsrc"),
    )
