"""Which wire format some bytes are in, by their content alone."""

from __future__ import annotations

import re
from typing import Final

from pipeline.errors import Code, Poison
from pipeline.wire import anpa, article_json, iptc7901, mail, text, xml_any

HEAD: Final = 4096  # bytes that are looked at
_MARKUP = re.compile(r"<[?!A-Za-z_]")
_SYNCHRONISATION: Final = b"\x16\r\n \t\x7f"  # before a transmission's start of header
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def sniff(data: bytes) -> str:
    """The name of the format, one of `registry.FORMATS`.

    Raises:
        Poison: `wire.empty` for nothing but white space.
    """
    transmission = data[:HEAD].lstrip(_SYNCHRONISATION)
    if transmission.startswith(b"\x01"):
        header = transmission[1:].decode("latin-1").replace("\x13", " ")
        return anpa.FORMAT if anpa.HEADER.match(header) else iptc7901.FORMAT
    start = len(data) - len(data.lstrip()) if data[:1].isspace() else 0
    head = data[start : start + HEAD].decode("utf-16" if data.startswith(_UTF16_MARKS) else "utf-8", "replace")
    head = head.removeprefix("\ufeff").lstrip()
    if not head:
        raise Poison(Code.WIRE_EMPTY, "empty")
    if head[0] in "{[":
        return article_json.LINES_FORMAT if article_json.is_lines(data) else article_json.ANY_FORMAT
    if _MARKUP.match(head):
        return xml_any.FORMAT
    if mail.looks_like(head):
        return mail.FORMAT
    return text.FORMAT
