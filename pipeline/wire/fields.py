"""Values of metadata fields: clean them, and refuse what is not what the field must be, naming field and value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from pipeline.article import Concept, Link, PubStatus
from pipeline.errors import Code, Poison
from pipeline.wire import languages

LINE_LENGTH = 200_000  # characters of a value of one line; notes and descriptions among them
_ROW_BYTES = 150  # what a short line of text takes in memory while it is read

URI_LENGTH = 2048  # longer than any article id seen; a bound, since it becomes a record's key

# Controls other than tab, newline and carriage return have no meaning in text: each becomes a space, one for one.
# Those of the upper half are Windows-1252 that was called Latin-1: they become the marks and dashes that they were.
_CONTROLS = dict.fromkeys((*range(1, 9), 11, 12, *range(14, 32), 127), " ") | {
    code: bytes([code]).decode("cp1252", "replace").replace("\ufffd", " ") for code in range(0x80, 0xA0)
}
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# what agencies write for the three statuses of IPTC's `pubstatus` vocabulary
_STATUSES: dict[str, PubStatus] = {
    "usable": "usable",
    "embargoed": "usable",  # NewsML 1.2; `embargoed` says until when
    "withheld": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
    "withdrawn": "canceled",
    "recalled": "canceled",  # Superdesk
    "unpublished": "withheld",
    "hold": "withheld",
    "replaced": "withheld",  # TT: by another item
    "commissioned": "withheld",  # TT: not written yet
}

T = TypeVar("T")


def bad(field: str, value: object, why: str) -> Poison:
    """The refusal of a field's value."""
    return Poison(Code.WIRE_FIELD, f"{field}: {repr(value)[:120]} {why}")


def checked(text: str, field: str) -> str:
    """Text without control characters (module's comment); line ends are LF.

    Raises:
        Poison: `wire.hostile` for a NUL, which no text has.
    """
    if text.isprintable():
        return text
    if "\0" in text:
        raise Poison(Code.WIRE_HOSTILE, f"{field}: NUL at character {text.index(chr(0))}")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        text = text.translate(_CONTROLS)
    return text


def line(text: str | None, field: str = "text") -> str | None:
    """A value of one line: white space collapsed, None where nothing is left.

    Raises:
        Poison: `wire.too-large` for more than a line of metadata can be, `wire.hostile` for a NUL.
    """
    if not text:
        return None
    if len(text) > LINE_LENGTH:
        raise Poison(Code.WIRE_TOO_LARGE, f"{field}: {len(text)} characters; at most {LINE_LENGTH} are metadata")
    return " ".join((text if text.isprintable() else checked(text, field)).split()) or None


def check_lines(data: bytes, name: str) -> None:
    """Refuse bytes that are lines of almost nothing, whose reading would fill the memory.

    Raises:
        Poison: `wire.hostile`.
    """
    lines = data.count(b"\n")
    if lines * _ROW_BYTES > 4 * len(data) + 6_000_000:
        raise Poison(Code.WIRE_HOSTILE, f"{name}: {lines} lines in {len(data)} bytes")


def article_id(value: str, field: str = "uri") -> str:
    """An article id, stripped.

    Raises:
        Poison: `wire.no-id` where it is empty, `wire.field` where it is too long or holds a control character.
    """
    value = value.strip()
    if not value:
        raise Poison(Code.WIRE_NO_ID, f"{field}: empty; an article needs an id that stays over its versions")
    if len(value) > URI_LENGTH:
        raise bad(field, value, f"is longer than {URI_LENGTH} characters")
    if "\0" in value or "\n" in value or "\r" in value or _CONTROL.search(value):
        raise bad(field, value, "holds a control character")
    return value


def pub_status(value: str, field: str = "pubStatus") -> PubStatus:
    """The publication status that a word or QCode (`stat:usable`) names.

    Raises:
        Poison: `wire.field`: what must not be published is never guessed to be usable.
    """
    status = _STATUSES.get(value.strip().rpartition(":")[2].rpartition("/")[2].lower())
    if status is None:
        raise bad(field, value, "is not one of usable, withheld, canceled")
    return status


def language(value: str | None) -> str | None:
    """A BCP 47 tag, or None for what cannot be one."""
    return languages.tag(value)


def urgency(value: str | int | None, field: str = "urgency") -> int | None:
    """IPTC urgency from 1 to 9; any other number means that it is not said.

    Raises:
        Poison: `wire.field` where it is no number.
    """
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except ValueError as error:
        raise bad(field, value, "is not a number from 1 to 9") from error
    return number if 1 <= number <= 9 else None


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def unique(values: Iterable[T | None]) -> tuple[T, ...]:
    """The values in order, each once, without None."""
    return tuple(dict.fromkeys(value for value in values if value is not None))


def concept(
    *, name: str | None = None, uri: str | None = None, code: str | None = None, scheme: str | None = None
) -> Concept | None:
    """A concept, or None where nothing names it."""
    name, uri, code, scheme = line(name), line(uri), line(code), line(scheme)
    return Concept(name=name, uri=uri, code=code, scheme=scheme) if name or uri or code else None


def link(
    *, rel: str | None = None, href: str | None = None, title: str | None = None, type: str | None = None
) -> Link | None:
    """A link, or None where it leads nowhere."""
    rel, href, title, type = line(rel), line(href), line(title), line(type)
    return Link(rel=rel, href=href, title=title, type=type) if href else None
