"""The content of NewsML 1 news items: components and what they hold, texts and media."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from pipeline.article import Link
from pipeline.errors import Code, Poison
from pipeline.wire import fields, nitf, teletype, xml
from pipeline.wire.html import to_text
from pipeline.wire.xml import Element, attribute, children, descendants, path, value

SUMMARY_ROLES: Final = ("summary", "teaser", "abstract")
TITLE_ROLES: Final = ("title", "headline")
CAPTION_ROLES: Final = ("caption",)

_TEXT_TYPES: Final = ("text", "complextext")
_SIDE_ROLES: Final = (*SUMMARY_ROLES, *TITLE_ROLES, *CAPTION_ROLES, "thumbnail", "preview", "quicklook")
_TYPES: Final = {"photo": "picture", "image": "picture", "animation": "graphic"}  # as NewsML-G2 and ninjs call them


def components(root: Element) -> list[Element]:
    """The components of an item in document order, without those of items inside it."""
    found: list[Element] = []
    todo = list(children(root, "NewsComponent"))[::-1]
    while todo:
        component = todo.pop()
        found.append(component)
        todo.extend(list(children(component, "NewsComponent"))[::-1])
    return found


def nearest_first(found: list[Element]) -> list[Element]:
    """The components as they count for what only one of them can say: the one with the text, those around it, others.

    Those of pictures and the like say nothing of a text.
    """
    main = next((part for part in found if not _is_side(part) and _has_text(part)), None)
    if main is None:
        return found
    near = [main]
    while (parent := near[-1].getparent()) is not None and xml.local(parent) == "NewsComponent":
        near.append(parent)
    taken = set(near)
    others = (part for part in found if part not in taken)
    return [*near, *(part for part in others if _has_text(part) or path(part, "ContentItem") is None)]


def body(found: list[Element]) -> nitf.Inline:
    """The texts of the components in their order, each once; of equivalents, only the first."""
    texts: list[nitf.Inline] = []
    done: set[Element] = set()
    for component in found:
        parent = component.getparent()
        if _is_side(component) or parent in done:
            continue
        for item in children(component, "ContentItem"):
            text = _content(item)
            if text.body and text.body not in (each.body for each in texts):
                texts.append(text)
                if parent is not None and parent.get("EquivalentsList") == "yes":
                    done.add(parent)
                if component.get("EquivalentsList") == "yes":
                    done.add(component)
                    break
    if len(texts) <= 1:
        return texts[0] if texts else nitf.Inline("")
    return nitf.Inline(
        body="\n\n".join(each.body for each in texts),
        people=fields.unique(concept for each in texts for concept in each.people),
        organisations=fields.unique(concept for each in texts for concept in each.organisations),
        places=fields.unique(concept for each in texts for concept in each.places),
        links=fields.unique(link for each in texts for link in each.links),
    )


def _content(item: Element) -> nitf.Inline:
    data = path(item, "DataContent")
    if not _is_text(item):
        return nitf.Inline("")
    if data is None:
        return nitf.Inline(_encoded(path(item, "Encoding")))
    inner = next(descendants(data, "nitf", "body.content"), None)
    if inner is not None:
        return nitf.inline(inner)
    return nitf.Inline(xml.body_text(next(descendants(data, "body"), data)))


def side_text(found: list[Element], roles: tuple[str, ...]) -> str | None:
    """The text of the first component in one of the roles."""
    for part in found:
        role = (attribute(path(part, "Role"), "FormalName") or "").lower()
        if any(name in role for name in roles):
            text = next(filter(None, (_content(item).body for item in children(part, "ContentItem"))), None)
            if text:
                return text
    return None


def kind(found: list[Element], body: str) -> str:
    """What the item is: a text, or what its first content without text is."""
    if body:
        return "text"
    items = [item for part in found for item in children(part, "ContentItem")]
    kinds = [(attribute(path(item, "MediaType"), "FormalName") or "text").lower() for item in items]
    chosen = next((each for each in kinds if each not in _TEXT_TYPES), "text")
    return _TYPES.get(chosen, chosen)


def _is_side(component: Element) -> bool:
    role = (attribute(path(component, "Role"), "FormalName") or "").lower()
    return any(name in role for name in _SIDE_ROLES)


def _is_text(item: Element) -> bool:
    return (attribute(path(item, "MediaType"), "FormalName") or "text").lower() in _TEXT_TYPES


def _has_text(component: Element) -> bool:
    return any(_is_text(item) and not attribute(item, "Href") for item in children(component, "ContentItem"))


def _encoded(element: Element | None) -> str:
    """The text inside an `Encoding` that is base64; nothing where it is another one."""
    data = path(element, "DataContent")
    if element is None or data is None or "base64" not in element.get("Notation", "").lower():
        return ""
    try:
        raw = base64.b64decode("".join(xml.all_text(data).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Poison(Code.WIRE_ENCODING, f"DataContent: {error}") from error
    text = teletype.decode(raw) if b"\0" not in raw else ""
    return to_text(text) if "</" in text else text.strip()


def media(found: list[Element]) -> Iterator[Link | None]:
    """Links to content that is elsewhere, and to other items."""
    for part in found:
        for item in children(part, "ContentItem"):
            kind = attribute(path(item, "MimeType"), "FormalName") or attribute(path(item, "MediaType"), "FormalName")
            rel = (attribute(path(part, "Role"), "FormalName") or "content").lower()
            title = value(path(part, "NewsLines/HeadLine"))
            yield fields.link(rel=rel, href=attribute(item, "Href"), title=title, type=kind)
        for reference in children(part, "NewsItemRef"):
            rel = (attribute(path(part, "Role"), "FormalName") or "related").lower()
            title = value(path(reference, "Comment"))
            yield fields.link(rel=rel, href=attribute(reference, "NewsItem"), title=title)
