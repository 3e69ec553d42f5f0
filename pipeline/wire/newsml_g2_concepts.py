"""What a NewsML-G2 item says of concepts: subjects, people, places, parties; and of texts in several languages."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Final, cast

from pipeline.article import Concept
from pipeline.wire import fields, qcodes, xml
from pipeline.wire.fields import line
from pipeline.wire.xml import Element, attribute, children, path, value

# what kind of concept a subject's `type` says it is (IPTC concept nature, and agencies' own)
_PEOPLE: Final = ("person",)
_ORGANISATIONS: Final = ("organisation", "organization", "company")
_PROVIDERS: Final = "http://cv.iptc.org/newscodes/newsprovider/"
# children that are looked up by name, and more of which than that nobody needs: a bound on the memory
_FEW: Final = fields.words(
    "by contentCreated contentModified creator dateline description embargoed firstCreated headline infoSource "
    "itemClass language located provider pubStatus slugline title urgency versionCreated"
)
_AT_MOST: Final = 200
_IDENTIFIERS: Final = ("qcode", "uri", "literal")
_PLACES: Final = ("geoarea", "poi", "city", "country", "statprov", "region")


@dataclass(frozen=True, slots=True)
class Item:
    """An item with what its parts need to be read."""

    root: Element
    language: str | None
    asserted: Mapping[str, Element]  # what the item asserts of concepts, by QCode, address or literal
    schemes: Mapping[str, str]  # addresses of the schemes that its own catalogs name, by alias


def make(root: Element, language: str | None, *, schemes: Mapping[str, str]) -> Item:
    """The item, with what it asserts and the catalogs inside it, besides the schemes that its message names."""
    asserted: dict[str, Element] = {}
    for entry in children(root, "assert"):
        asserted |= {key: entry for name in _IDENTIFIERS if (key := attribute(entry, name))}
    return Item(root, language, asserted, catalogued(root, schemes))


def catalogued(parent: Element | None, others: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """Addresses of schemes by alias, of the catalogs in an item or header; those elsewhere are not fetched."""
    own = {
        key: base
        for catalog in every(parent, "catalog")
        for scheme in children(catalog, "scheme")
        if (key := attribute(scheme, "alias")) and (base := attribute(scheme, "uri"))
    }
    if not others:
        return own
    return ChainMap(own, cast(MutableMapping[str, str], others)) if own else others


class Parts:
    """An element whose children are looked up by many names: those of which there are few are found at once."""

    __slots__ = ("element", "few")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.few: dict[str, list[Element]] = {}
        for child in element.iterchildren():
            name = xml.local(child)
            if name in _FEW:
                same = self.few.setdefault(name, [])
                if len(same) < _AT_MOST:
                    same.append(child)


def parts(element: Element | None) -> Parts | None:
    """An element's parts, if there is one."""
    return Parts(element) if element is not None else None


def every(parent: Element | Parts | None, name: str) -> Iterator[Element]:
    """The children of that name, of a parent that may be missing."""
    if parent is None:
        return iter(())
    if isinstance(parent, Parts):
        return iter(parent.few.get(name, ())) if name in _FEW else children(parent.element, name)
    return children(parent, name)


def one(parent: Parts | None, name: str) -> Element | None:
    """The first child of that name."""
    return next(every(parent, name), None)


def first(parent: Element | Parts | None, name: str) -> str | None:
    """The text of the first such child that has one."""
    return next(filter(None, map(value, every(parent, name))), None)


def coded(element: Element | None, name: str) -> str | None:
    """The code of an attribute that is a QCode, or an address under the same name with `uri` behind it."""
    if element is None:
        return None
    return qcodes.split(attribute(element, name))[1] or qcodes.last(attribute(element, f"{name}uri"))


def said(element: Element | None) -> str | None:
    """The code, of whichever attribute says what the element means: `qcode`, `uri` or `literal`."""
    if element is None:
        return None
    return (
        qcodes.split(attribute(element, "qcode"))[1]
        or qcodes.last(attribute(element, "uri"))
        or attribute(element, "literal")
    )


def qcode(item: Item, element: Element) -> tuple[str | None, str | None, str | None]:
    """Scheme, code and address of a QCode; the IPTC's schemes under their usual aliases, whatever a catalog says."""
    scheme, code = qcodes.split(attribute(element, "qcode"))
    base = item.schemes.get(scheme) if scheme else None
    if base is None or code is None:
        return scheme, code, qcodes.uri(scheme, code)
    return qcodes.alias(base) or scheme, code, base + code


def chosen(item: Item, parent: Element | Parts | None, name: str) -> str | None:
    """The text of the element of that name that fits best: in the item's language, the main one, the first."""
    return _best(item, every(parent, name), ("main", "display", "full", "summary", "headline"), "main")


def same_language(item: Item, element: Element) -> bool:
    """Whether an element is in the item's language, as far as either says one."""
    tag = fields.language(element.get(xml.LANGUAGE))
    return tag is None or item.language is None or tag.split("-")[0] == item.language.split("-")[0]


def _best(item: Item, elements: Iterator[Element], roles: tuple[str, ...], usual: str) -> str | None:
    best: tuple[int, str] | None = None
    for entry in elements:
        written = value(entry)
        if written is None:
            continue
        role = coded(entry, "role") or usual
        rank = (0 if same_language(item, entry) else 2) + (0 if role in roles else 1)
        if best is None or rank < best[0]:
            best = rank, written
    return best[1] if best else None


def _asserted(item: Item, element: Element) -> Element | None:
    keys = (attribute(element, name) or "" for name in _IDENTIFIERS)
    return next((item.asserted[key] for key in keys if key in item.asserted), None)


def _name(item: Item, element: Element) -> str | None:
    """The name of a concept: its own, or what the item asserts of it."""
    for found in (element, _asserted(item, element)):
        name = found is not None and _best(item, children(found, "name"), ("display", "full", "common"), "display")
        if name:
            return name
    return None


def concept(item: Item, element: Element) -> Concept | None:
    """A subject, genre, person, organisation or place."""
    literal = attribute(element, "literal")
    scheme, code, known = qcode(item, element)
    address = attribute(element, "uri") or known
    if address is None:
        address = next(filter(None, (qcode(item, entry)[2] for entry in children(element, "sameAs"))), None)
    name = _name(item, element) or (literal if code is None else None)
    if name is None and scheme == "genre" and code:
        name = code.replace("_", " ")  # whose codes are words
    return fields.concept(name=name, uri=address, code=code or literal, scheme=scheme)


def subjects(item: Item, content: Parts | None) -> tuple[tuple[Concept, ...], ...]:
    """People, organisations, places and all other subjects."""
    found: tuple[list[Concept | None], ...] = ([], [], [], [])
    for entry in every(content, "subject"):
        kind = _kind(item, entry)
        geographic = any((facet.get("qcode") or "").lower().startswith("geo") for facet in children(entry, "facet"))
        which = 0 if kind in _PEOPLE else 1 if kind in _ORGANISATIONS else 2 if kind in _PLACES or geographic else 3
        found[which].append(concept(item, entry))
    return tuple(fields.unique(concepts) for concepts in found)


def _kind(item: Item, element: Element) -> str:
    """What kind of concept an element is, as it or the item's assertion says."""
    asserted = path(_asserted(item, element), "type")
    return (coded(element, "type") or said(asserted) or "").lower()


def party(item: Item, element: Element | None) -> str | None:
    """The name of a party: a provider, a source, a holder of rights."""
    if element is None:
        return None
    code = qcodes.split(attribute(element, "qcode"))[1]
    address = attribute(element, "uri") or ""
    if code is None and address.startswith(_PROVIDERS):  # other addresses say no name
        code = qcodes.last(address)
    return line(_name(item, element) or attribute(element, "literal") or value(element) or code)


def source(item: Item, content: Parts | None, meta: Parts | None) -> str | None:
    """Where the information comes from: a source, else the provider."""
    sources = list(every(content, "infoSource"))
    sources.sort(key=lambda entry: not (coded(entry, "role") or "source").endswith("source"))
    parties = (party(item, entry) for entry in (*sources, *every(meta, "provider")))
    return next(filter(None, parties), None)


def creator(item: Item, content: Parts | None) -> str | None:
    """Who wrote it, where no byline says so: creators whose name looks like that of a person."""
    names = [
        _name(item, entry) or attribute(entry, "literal")
        for entry in every(content, "creator")
        if not (coded(entry, "role") or "").endswith("source") and _kind(item, entry) not in _ORGANISATIONS
    ]
    return line(", ".join(name for name in names if name and " " in name))


def located(item: Item, content: Parts | None) -> str | None:
    """Where it was written; several places are joined by a slash."""
    names = (_name(item, entry) or attribute(entry, "literal") for entry in every(content, "located"))
    return line("/".join(fields.unique(names)))
