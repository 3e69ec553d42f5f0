"""The metadata of NewsML 1 components, from their sections in the order in which they count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.article import Concept
from pipeline.wire import fields, qcodes
from pipeline.wire.fields import line
from pipeline.wire.xml import Element, attribute, children, descendants, local, path, value

_TOPIC_TYPES: Final = (
    ("person",),
    ("company", "organisation", "organization", "party"),
    ("location", "place", "country", "city", "region", "geoarea"),
)
_LINES: Final = ("HeadLine", "SubHeadLine", "SlugLine", "ByLine", "DateLine", "CopyrightLine", "RightsLine")
_SUBJECTS: Final = ("SubjectDetail", "SubjectMatter", "Subject")


def sections(components: list[Element], name: str) -> list[Element]:
    """The parts of that name (`NewsLines`, `DescriptiveMetadata`) of the components that have one, in their order."""
    return [found for part in components if (found := path(part, name)) is not None]


def said(sections: list[Element], names: str) -> str | None:
    """The text at `a/b` of the first section that has one."""
    return next(filter(None, (value(path(part, names)) for part in sections)), None)


def news_lines(lines: list[Element]) -> dict[str, str]:
    """The texts of the news lines by name, each of the first that has one."""
    found: dict[str, str] = {}
    for part in lines:
        for entry in part.iterchildren():
            name = local(entry)
            if name in _LINES and name not in found and (written := value(entry)):
                found[name] = written
    return found


def formal(sections: list[Element], names: str) -> str | None:
    """The FormalName at `a/b` of the first section that has one."""
    return next(filter(None, (attribute(path(part, names), "FormalName") for part in sections)), None)


def _subject(element: Element) -> Concept | None:
    code = attribute(element, "FormalName")
    scheme = "subj" if code and code.isdigit() and len(code) == 8 else attribute(element, "Scheme")
    name = attribute(element, "Value") or value(path(element, "Description"))
    return fields.concept(name=name, code=code, scheme=scheme, uri=qcodes.uri(scheme, code))


def subjects(described: list[Element]) -> tuple[Concept, ...]:
    """IPTC subject codes and others."""
    return qcodes.named(_subject(entry) for part in described for entry in descendants(part, *_SUBJECTS))


def keywords(described: list[Element], lines: list[Element]) -> tuple[str, ...]:
    """The keywords of properties and of keyword lines."""
    return fields.unique((*_properties(described, "Keyword"), *_keyword_lines(lines)))


def concepts(described: list[Element], name: str) -> tuple[Concept, ...]:
    """The concepts of that element's name."""
    return fields.unique(
        fields.concept(name=attribute(entry, "FormalName"), scheme=attribute(entry, "Scheme"))
        for part in described
        for entry in descendants(part, name)
    )


def _properties(described: list[Element], name: str) -> Iterator[str | None]:
    for part in described:
        for entry in descendants(part, "Property"):
            if attribute(entry, "FormalName") == name:
                yield line(attribute(entry, "Value"))


def _keyword_lines(lines: list[Element]) -> Iterator[str | None]:
    for part in lines:
        for entry in children(part, "KeywordLine"):
            yield from (line(word) for word in (value(entry) or "").replace(";", ",").split(","))


def places(described: list[Element]) -> list[Concept]:
    """Where it comes from first, then what it is about; each with its country's code."""
    found: list[tuple[bool, Concept | None]] = []
    for part in described:
        for entry in descendants(part, "Location"):
            parts = {attribute(each, "FormalName"): attribute(each, "Value") for each in children(entry, "Property")}
            city, country = parts.get("City"), parts.get("Country")
            name = city or parts.get("CountryArea") or parts.get("CountryName") or country
            place = fields.concept(name=name, code=country, scheme="iso3166-1a3" if country else None)
            found.append((attribute(entry, "HowPresent") != "Origin", place))
    found.sort(key=lambda pair: pair[0])
    return [place for _, place in found if place is not None]


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says of all its items."""

    topics: Mapping[str, Element]  # by their `Duid`
    sent: str | None = None
    priority: str | None = None


def document(root: Element) -> Document:
    """The envelope and the topic sets of a document."""
    envelope = path(root, "NewsEnvelope")
    return Document(
        topics={key: topic for topic in descendants(root, "Topic") if (key := attribute(topic, "Duid"))},
        sent=value(path(envelope, "DateAndTime")),
        priority=attribute(path(envelope, "Priority"), "FormalName"),
    )


def party(document: Document, administrative: list[Element], role: str) -> str | None:
    """The party in that role: its name, or that of the topic that stands for it."""
    for part in administrative:
        found = path(part, f"{role}/Party")
        name = attribute(found, "FormalName")
        reference = attribute(found, "Topic")
        if name is None and reference:
            topic = document.topics.get(reference.removeprefix("#"))
            named = _topic(topic) if topic is not None else None
            name = named.name or named.code if named else reference
        if name:
            return line(name)
    return None


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics that an item is about, by what kind of thing they are."""

    people: tuple[Concept, ...]
    organisations: tuple[Concept, ...]
    places: tuple[Concept, ...]
    others: tuple[Concept, ...]


def topics(document: Document, described: list[Element]) -> Topics:
    """The topics that occur in an item, from the topic sets of the document."""
    found: tuple[list[Concept | None], ...] = ([], [], [], [])
    if not document.topics:
        return Topics((), (), (), ())
    for entry in (each for part in described for each in descendants(part, "TopicOccurrence")):
        topic = document.topics.get((attribute(entry, "Topic") or "").removeprefix("#"))
        if topic is not None:
            kind = (attribute(path(topic, "TopicType"), "FormalName") or "").lower()
            which = next((number for number, kinds in enumerate(_TOPIC_TYPES) if kind in kinds), 3)
            found[which].append(_topic(topic))
    return Topics(*(fields.unique(concepts) for concepts in found))


def _topic(topic: Element) -> Concept | None:
    names = list(children(topic, "Description"))
    formal = path(topic, "FormalName")
    name = next(filter(None, map(value, names)), None)
    return fields.concept(name=name, code=value(formal), scheme=attribute(formal, "Scheme"))


def usage(rights: list[Element]) -> str | None:
    """The terms of use."""
    found = []
    for part in rights:
        for entry in children(part, "UsageRights"):
            found += [value(each) for each in entry]
    return line("; ".join(fields.unique(found)))


def notes(lines: list[Element]) -> str | None:
    """News lines that are for editors."""
    found = []
    for part in lines:
        for entry in children(part, "NewsLine"):
            kind = (attribute(path(entry, "NewsLineType"), "FormalName") or "").lower()
            if "note" in kind or "advisory" in kind or "instruction" in kind:
                found += [value(each) for each in children(entry, "NewsLineText")]
    return line(" ".join(fields.unique(found)))
