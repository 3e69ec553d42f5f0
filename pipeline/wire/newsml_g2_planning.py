"""EventsML-G2 (part of NewsML-G2): what a planning item or the concept item of an event says in words.

A planning item says which coverage is planned and what of it was delivered, a concept item of the type `event` what
will happen. Both are articles without text, of the types that ninjs calls `planning` and `event`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.article import Link
from pipeline.wire import fields, xml
from pipeline.wire import newsml_g2_concepts as concepts
from pipeline.wire.xml import Element, attribute, descendants, path

ITEMS: Final = ("planningItem", "conceptItem")


@dataclass(frozen=True, slots=True)
class Planned:
    """What only such items say; nothing for others."""

    type: str | None = None
    headline: str | None = None
    description: str | None = None
    located: str | None = None
    links: tuple[Link, ...] = ()


def is_event(root: Element) -> bool:
    """Whether a concept item is one of an event, no entry of a vocabulary."""
    concept = path(root, "concept")
    return concepts.said(path(concept, "type")) == "event" or path(concept, "eventDetails") is not None


def read(item: concepts.Item) -> Planned:
    """Words and links of a planning item or an event."""
    name = xml.local(item.root)
    if name == "planningItem":
        return Planned(type="planning", links=fields.unique(_delivered(item.root)))
    if name != "conceptItem":
        return Planned()
    event = path(item.root, "concept")
    return Planned(
        type="event",
        headline=concepts.chosen(item, event, "name"),
        description=concepts.chosen(item, event, "definition"),
        located=concepts.chosen(item, path(event, "eventDetails/location"), "name"),
    )


def _delivered(root: Element) -> Iterator[Link | None]:
    for entry in descendants(root, "deliveredItemRef"):
        href = attribute(entry, "residref") or attribute(entry, "href") or attribute(entry, "guidref")
        title = concepts.first(entry, "headline") or concepts.first(entry, "title")
        yield fields.link(rel="delivered", href=href, title=title, type=entry.get("contenttype"))
