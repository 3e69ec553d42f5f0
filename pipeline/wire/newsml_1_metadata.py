"""The metadata of NewsML 1 components: of several that say a thing, the first in document order wins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.article import Concept
from pipeline.wire import fields, qcodes
from pipeline.wire.fields import line
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

_SUBJECTS: Final = ("SubjectDetail", "SubjectMatter", "Subject")


def said(components: list[Element], names: str) -> str | None:
    """The text at `a/b` of the first component that has one."""
    return next(filter(None, (value(path(part, names)) for part in components)), None)


def formal(components: list[Element], names: str) -> str | None:
    """The FormalName at `a/b` of the first component that has one."""
    return next(filter(None, (attribute(path(part, names), "FormalName") for part in components)), None)


def _metadata(component: Element, *names: str) -> Iterator[Element]:
    found = path(component, "DescriptiveMetadata")
    return descendants(found, *names) if found is not None else iter(())


def _subject(element: Element) -> Concept | None:
    code = attribute(element, "FormalName")
    scheme = "subj" if code and code.isdigit() and len(code) == 8 else attribute(element, "Scheme")
    name = attribute(element, "Value") or value(path(element, "Description"))
    return fields.concept(name=name, code=code, scheme=scheme, uri=qcodes.uri(scheme, code))


def subjects(components: list[Element]) -> tuple[Concept, ...]:
    """IPTC subject codes and others."""
    return qcodes.named(_subject(entry) for part in components for entry in _metadata(part, *_SUBJECTS))


def keywords(components: list[Element]) -> tuple[str, ...]:
    """The keywords of properties and of keyword lines."""
    return fields.unique((*_properties(components, "Keyword"), *_keyword_lines(components)))


def concepts(components: list[Element], name: str) -> tuple[Concept, ...]:
    """The concepts of that element's name."""
    return fields.unique(
        fields.concept(name=attribute(entry, "FormalName"), scheme=attribute(entry, "Scheme"))
        for part in components
        for entry in _metadata(part, name)
    )


def _properties(components: list[Element], name: str) -> Iterator[str | None]:
    for part in components:
        for entry in _metadata(part, "Property"):
            if attribute(entry, "FormalName") == name:
                yield line(attribute(entry, "Value"))


def _keyword_lines(components: list[Element]) -> Iterator[str | None]:
    for part in components:
        lines = path(part, "NewsLines")
        for entry in children(lines, "KeywordLine") if lines is not None else ():
            yield from (line(word) for word in (value(entry) or "").replace(";", ",").split(","))


def places(components: list[Element]) -> list[Concept]:
    """Where it comes from first, then what it is about; each with its country's code."""
    found: list[tuple[bool, Concept | None]] = []
    for part in components:
        for entry in _metadata(part, "Location"):
            parts = {attribute(each, "FormalName"): attribute(each, "Value") for each in children(entry, "Property")}
            city, country = parts.get("City"), parts.get("Country")
            name = city or parts.get("CountryArea") or parts.get("CountryName") or country
            place = fields.concept(name=name, code=country, scheme="iso3166-1a3" if country else None)
            found.append((attribute(entry, "HowPresent") != "Origin", place))
    found.sort(key=lambda pair: pair[0])
    return [place for _, place in found if place is not None]


def party(components: list[Element], role: str) -> str | None:
    """The party in that role."""
    for part in components:
        party = path(part, f"AdministrativeMetadata/{role}/Party")
        name = attribute(party, "FormalName") or attribute(party, "Topic")
        if name:
            return line(name)
    return None


def usage(components: list[Element]) -> str | None:
    """The terms of use."""
    found = []
    for part in components:
        rights = path(part, "RightsMetadata")
        for entry in children(rights, "UsageRights") if rights is not None else ():
            found += [value(each) for each in entry]
    return line("; ".join(fields.unique(found))) or said(components, "NewsLines/RightsLine")


def notes(components: list[Element]) -> str | None:
    """News lines that are for editors."""
    found = []
    for part in components:
        lines = path(part, "NewsLines")
        for entry in children(lines, "NewsLine") if lines is not None else ():
            kind = (attribute(path(entry, "NewsLineType"), "FormalName") or "").lower()
            if "note" in kind or "advisory" in kind or "instruction" in kind:
                found += [value(each) for each in children(entry, "NewsLineText")]
    return line(" ".join(fields.unique(found)))
