"""Which wire format some bytes are in, by their content alone."""

from __future__ import annotations

from typing import Final

from pipeline.errors import Code, Poison
from pipeline.wire import article_json, text

HEAD: Final = 4096  # bytes that are looked at
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def sniff(data: bytes) -> str:
    """The name of the format, one of `registry.FORMATS`.

    Raises:
        Poison: `wire.empty` for nothing but white space.
    """
    start = len(data) - len(data.lstrip()) if data[:1].isspace() else 0
    head = data[start : start + HEAD].decode("utf-16" if data.startswith(_UTF16_MARKS) else "utf-8", "replace")
    head = head.removeprefix("\ufeff").lstrip()
    if not head:
        raise Poison(Code.WIRE_EMPTY, "empty")
    if head[0] in "{[":
        return article_json.LINES_FORMAT if article_json.is_lines(data) else article_json.ANY_FORMAT
    return text.FORMAT
