"""The texts of a ninjs object: headlines, bodies and descriptions, as keys of their own or as lists with roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.wire.fields import bad, line
from pipeline.wire.html import to_text
from pipeline.wire.json_values import Item, folded

# roles of bodies and descriptions in 2.x and 3.x that are not the whole text
_PARTIAL_ROLES: Final = ("summary", "teaser", "caption", "headline", "abstract", "short", "title", "script")
_MARKUP: Final = ("html", "xhtml", "nitf", "xml")
_REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,5});")


def roles(item: Item, *keys: str) -> Iterator[Item]:
    """The objects of a list with roles; a string stands for an object with that value."""
    for key in keys:
        for entry in item.list(key):
            if isinstance(entry, str):
                yield folded({"value": entry}, key)
            elif isinstance(entry, Mapping):
                yield folded(entry, key)
            elif entry is not None:
                raise bad(key, entry, "is not an object with role and value")


def headline(item: Item) -> str | None:
    """The main headline, or the first."""
    found = sorted(
        ((entry.text("role") != "main", entry) for entry in roles(item, "headlines")), key=lambda pair: pair[0]
    )
    for _, entry in found:
        value = entry.text("value")
        if value:
            return line(_plain(value, markup="html" in (entry.text("contenttype") or "") or _escaped(value)))
    for key in ("headline", *_texts(item, "headline"), "title"):
        value = item.text(key) if key != "headlines" else None
        if value:
            return line(_plain(value, markup=_escaped(value)))
    return None


def _texts(item: Item, prefix: str) -> list[str]:
    """The keys that begin so and are texts (`body_html`): what an agency has under others is its own."""
    return [key for key in item.starting(prefix) if key != prefix and isinstance(item.get(key), str)]


def _escaped(value: str) -> bool:
    """Whether a text that does not say what it is in is HTML."""
    return "</" in value or _REFERENCE.search(value) is not None


def content(item: Item, key: str, many: str, *, whole: bool = True) -> str | None:
    """A body or description as text. Markup is preferred to plain text, whose paragraphs are often lost."""
    found: list[tuple[int, int, str, bool]] = []
    for order, entry in enumerate(roles(item, many)):
        value = entry.text("value")
        role = (entry.text("role") or "").lower()
        if value and not (whole and any(part in role for part in _PARTIAL_ROLES)):
            kind = (entry.text("contenttype") or role).lower()
            markup = any(name in kind for name in _MARKUP) or (not kind and "</" in value)
            found.append((0 if markup else 1, order, value, markup))
    for order, name in enumerate((key, *_texts(item, key))):
        if name in (many, key + "s"):
            continue
        value = item.text(name)
        if value:
            suffix = name[len(key) :]
            markup = any(kind in suffix for kind in _MARKUP) or (not suffix and "</" in value)
            found.append((0 if markup else 1, order, value, markup))
    for _, _, value, markup in sorted(found):
        text = _plain(value, markup=markup)
        if text:
            return text
    return None


def _plain(value: str, *, markup: bool) -> str:
    return to_text(value) if markup else value.strip()
