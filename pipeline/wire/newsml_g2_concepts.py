"""What a NewsML-G2 item says of concepts: subjects, people, places, parties; and of texts in several languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.article import Concept
from pipeline.wire import fields, qcodes, xml
from pipeline.wire.fields import line
from pipeline.wire.xml import Element, attribute, children, path, value

# what kind of concept a subject's `type` says it is (IPTC concept nature, and agencies' own)
_PEOPLE: Final = ("person",)
_ORGANISATIONS: Final = ("organisation", "organization", "company")
_PLACES: Final = ("geoarea", "poi", "city", "country", "statprov", "region")


@dataclass(frozen=True, slots=True)
class Item:
    """An item with what its parts need to be read."""

    root: Element
    language: str | None
    asserted: Mapping[str, Element]  # what the item asserts of concepts, by QCode or literal


def every(parent: Element | None, name: str) -> Iterator[Element]:
    """The children of that name, of a parent that may be missing."""
    return children(parent, name) if parent is not None else iter(())


def first(parent: Element | None, name: str) -> str | None:
    """The text of the first such child that has one."""
    return next(filter(None, map(value, every(parent, name))), None)


def chosen(item: Item, parent: Element | None, name: str) -> str | None:
    """The text of the element of that name that fits best: in the item's language, the main one, the first."""
    best: tuple[int, str] | None = None
    for entry in every(parent, name):
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


def _name(item: Item, element: Element) -> str | None:
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


def concept(item: Item, element: Element) -> Concept | None:
    """A subject, genre, person, organisation or place."""
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


def subjects(item: Item, content: Element | None) -> tuple[tuple[Concept, ...], ...]:
    """People, organisations, places and all other subjects."""
    found: tuple[list[Concept | None], ...] = ([], [], [], [])
    for entry in every(content, "subject"):
        kind = (qcodes.split(entry.get("type") or _asserted_type(item, entry))[1] or "").lower()
        geographic = any((facet.get("qcode") or "").lower().startswith("geo") for facet in children(entry, "facet"))
        which = 0 if kind in _PEOPLE else 1 if kind in _ORGANISATIONS else 2 if kind in _PLACES or geographic else 3
        found[which].append(concept(item, entry))
    return tuple(fields.unique(concepts) for concepts in found)


def _asserted_type(item: Item, element: Element) -> str | None:
    asserted = item.asserted.get(attribute(element, "qcode") or attribute(element, "literal") or "")
    return attribute(path(asserted, "type"), "qcode") if asserted is not None else None


def party(item: Item, element: Element | None) -> str | None:
    """The name of a party: a provider, a source, a holder of rights."""
    if element is None:
        return None
    code = qcodes.split(attribute(element, "qcode"))[1]
    return line(_name(item, element) or attribute(element, "literal") or value(element) or code)


def source(item: Item, content: Element | None, meta: Element | None) -> str | None:
    """Where the information comes from: a source, else the provider."""
    sources = list(every(content, "infoSource"))
    sources.sort(key=lambda entry: not (entry.get("role") or "source").endswith("source"))
    parties = (party(item, entry) for entry in (*sources, *every(meta, "provider")))
    return next(filter(None, parties), None)


def creator(item: Item, content: Element | None) -> str | None:
    """Who wrote it, where no byline says so: creators whose name looks like that of a person."""
    names = [
        _name(item, entry) for entry in every(content, "creator") if not entry.get("role", "").endswith("source")
    ]
    return line(", ".join(name for name in names if name and " " in name))


def located(item: Item, content: Element | None) -> str | None:
    """Where it was written; several places are joined by a slash."""
    names = (_name(item, entry) or attribute(entry, "literal") for entry in every(content, "located"))
    return line("/".join(fields.unique(names)))
