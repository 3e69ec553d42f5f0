"""XML of unknown makers: a tree in bounded memory, with nothing opened, fetched or expanded; and ways to read it.

Names are compared without their namespace, since agencies declare the right one, an old one or none.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from lxml import etree

from pipeline.errors import Code, Poison
from pipeline.wire.fields import checked, line
from pipeline.wire.html import ONLY_SCRIPTS, SKIPPED, TextBuilder, to_text
from pipeline.wire.text import BYTE_ORDER_MARKS, decode

Element = etree._Element  # the type has no public name

LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"

# what libxml2's tree takes [measured on libxml2 2.14, 64 bit]
_NODE_BYTES: Final = 125  # an element, or a piece of text
_ATTRIBUTE_BYTES: Final = 235
_FACTOR: Final = 5
_SLACK_BYTES: Final = 16_000_000

_FIRST_TAG = re.compile(rb"<(?:[A-Za-z_:]|!ENTITY)")
_LATIN = re.compile(rb"""\A\s*<\?xml[^>]{0,80}encoding=["'](?:iso-8859-1|latin-?1|us-ascii|ascii)["']""", re.I)
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES: Final = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_DOUBLE_ESCAPED = re.compile(r"&(?:#(\d{2,5})|(quot|apos|nbsp));")
_ENCODING_ERRORS: Final = (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING)
_BYTES_ERROR: Final = 81  # invalid bytes in the declared encoding; lxml has no name for it yet
_LIMIT_ERROR: Final = 114  # libxml2: resource limit exceeded


def load(data: bytes) -> Element:
    """The root element of a document.

    Raises:
        Poison: `wire.hostile` for declared entities, NUL, nesting deeper than 256 or a document made to fill the
            memory; `wire.encoding`, `wire.too-large` (10 MB of text in one element); `wire.unreadable` with the
            line and column.
    """
    encoding = None
    if data.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)):
        data, encoding = decode(data).encode("utf-8"), "utf-8"
    data = data.strip(b" \t\r\n\0\x1a")
    _check(data)
    if b"<!DOCTYPE" in data[:4096]:
        data = _with_characters(data)  # names of the DTD that we don't load are HTML's, as a rule
    latin = encoding is None and _LATIN.match(data) is not None
    try:
        # what calls itself Latin-1 is Windows-1252, as in HTML: it differs where Latin-1 has only control characters
        return _parse(data, "windows-1252" if latin else encoding)
    except etree.XMLSyntaxError as error:
        if _code(error) == etree.ErrorTypes.ERR_UNDECLARED_ENTITY:
            data = _with_characters(data)
        elif not latin:
            raise _refusal(error) from error
    try:
        return _parse(data, encoding)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from error


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _html_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def children(element: Element, name: str) -> Iterator[Element]:
    """The children of that name, whatever their namespace."""
    return element.iterchildren("{*}" + name)


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """The descendants of those names, in document order."""
    return element.iterdescendants(*("{*}" + name for name in names))


def path(element: Element | None, names: str) -> Element | None:
    """The first element at `a/b/c` below an element."""
    for name in _parts(names):
        if element is None:
            return None
        element = next(element.iterchildren(name), None)
    return element


@lru_cache(maxsize=1024)
def _parts(names: str) -> tuple[str, ...]:
    return tuple("{*}" + name for name in names.split("/"))


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute's value, stripped, or None where it is missing or empty."""
    value = element.get(name) if element is not None else None
    return value.strip() or None if value else None


def value(element: Element | None) -> str | None:
    """The text of an element as one line, or None."""
    if element is None:
        return None
    if len(element) == 0:
        return line(element.text, local(element))
    return line(text(element).replace("\n", " "), local(element))


def text(element: Element | None, skipped: frozenset[str] = SKIPPED) -> str:
    """The text of an element with its paragraphs: of XHTML or NITF in it, or of HTML that is written as text."""
    if element is None:
        return ""
    if len(element) == 0:
        return characters(element)
    builder = TextBuilder(skipped)
    _walk(element, builder)
    return _unescaped(builder.close())


def body_text(element: Element | None) -> str:
    """As `text`; where all of it is in parts that are usually no text (a header, a figure), these count."""
    return text(element) or text(element, ONLY_SCRIPTS)


def characters(element: Element) -> str:
    """The characters of an element without children: plain text with its line ends, or HTML as its text."""
    plain = checked(all_text(element), local(element)).strip()
    return to_text(plain) if "</" in plain or "/>" in plain or "<p>" in plain.lower() else plain


def all_text(element: Element) -> str:
    """All characters in an element, as they are."""
    return "".join(str(part) for part in element.itertext())


def _walk(element: Element, builder: TextBuilder) -> None:
    # an attribute of an lxml element is a call: each is read once
    tag = _html_name(str(element.tag))
    builder.start(tag, {})
    text = element.text
    if text:
        builder.data(text)
    for child in element:
        if isinstance(child.tag, str):
            _walk(child, builder)  # at most 256 deep
        else:
            builder.data(child.text or "")  # an entity that nobody declared
        tail = child.tail
        if tail:
            builder.data(tail)
    builder.end(tag)


def _parse(data: bytes, encoding: str | None) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding=encoding,
    )
    return etree.fromstring(data, parser)


def _check(data: bytes) -> None:
    if b"\0" in data:
        raise Poison(Code.WIRE_HOSTILE, f"XML: NUL at byte {data.index(0)}")
    first = _FIRST_TAG.search(data)
    if first is not None and first.group() == b"<!ENTITY":
        raise Poison(Code.WIRE_HOSTILE, "XML: declares entities; none are expanded")
    tags = data.count(b"<") - data.count(b"</")
    texts = data.count(b">") - data.count(b"><")
    attributes = min(data.count(b"="), (data.count(b'"') + data.count(b"'")) // 2)
    if (tags + texts) * _NODE_BYTES + attributes * _ATTRIBUTE_BYTES > _FACTOR * len(data) + _SLACK_BYTES:
        raise Poison(
            Code.WIRE_HOSTILE,
            f"XML: {tags} elements and {attributes} attributes in {len(data)} bytes",
            hint="split the delivery into smaller files",
        )


def _with_characters(data: bytes) -> bytes:
    return _NAMED_ENTITY.sub(_character, data)


def _character(found: re.Match[bytes]) -> bytes:
    name = found[1]
    code = None if name in _XML_ENTITIES else html.entities.name2codepoint.get(name.decode("ascii"))
    return found.group() if code is None else b"&#%d;" % code


def _code(error: etree.XMLSyntaxError) -> int:
    return int(getattr(error, "code", 0))  # the stubs lack it


def _refusal(error: etree.XMLSyntaxError) -> Poison:
    row, column = error.position
    message = f"XML: {str(error.msg).strip()}"
    if f"line {row}" not in message:
        message += f", line {row}, column {column}"
    code = Code.WIRE_UNREADABLE
    if _code(error) in _ENCODING_ERRORS or _code(error) == _BYTES_ERROR:
        code = Code.WIRE_ENCODING
    elif _code(error) == _LIMIT_ERROR:
        code = Code.WIRE_HOSTILE if "depth" in message else Code.WIRE_TOO_LARGE
    return Poison(code, message)


def _unescaped(found: str) -> str:
    # some agencies escape twice
    return _DOUBLE_ESCAPED.sub(lambda match: html.unescape(match.group()), found) if "&" in found else found
