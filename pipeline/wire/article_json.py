"""JSON of any kind: our own articles (`schemas/wire-article.v1.json`), ninjs, and one object a line of either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipeline import codec, identity
from pipeline.article import WireArticle
from pipeline.errors import Poison
from pipeline.wire import fields, json_values, ninjs
from pipeline.wire.context import Context, Result

FORMAT: Final = "article"
ANY_FORMAT: Final = "json"
LINES_FORMAT: Final = "jsonl"

_KEYS: Final = frozenset(WireArticle.__struct_fields__)
_UTF8_MARK: Final = b"\xef\xbb\xbf"


def read(data: bytes, context: Context) -> list[Result]:
    """One article of ours, its body taken exactly as it is.

    Raises:
        Poison: `record.unreadable`, `record.schema`, `wire.no-id`, `wire.field`.
    """
    article = codec.decode_wire(data.removeprefix(_UTF8_MARK))
    fields.article_id(article.uri)
    for name in ("embargoed", "firstCreated", "contentCreated"):
        value = getattr(article, name)
        if value is not None:
            identity.instant(value, field=name)
    return [article]


def read_any(data: bytes, context: Context) -> Iterator[Result]:
    """One article of ours, or ninjs; raises as their readers."""
    value = json_values.load(data)
    if _is_ours(value):
        yield from read(data, context)
    else:
        yield from ninjs.articles(value, context)


def read_lines(data: bytes, context: Context) -> Iterator[Result]:
    """The articles of JSON lines, ours or ninjs; a line that is refused does not stop the others."""
    start = number = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        line = data[start:end].removeprefix(_UTF8_MARK).strip()
        start, number = end + 1, number + 1
        if line:
            yield from _line(line, number, context)


def is_lines(data: bytes) -> bool:
    """Whether the first line is an object of its own and another one follows."""
    end = data.find(b"\n")
    first = data[: max(end, 0)].removeprefix(_UTF8_MARK).strip()
    return first[:1] == b"{" and first[-1:] == b"}" and data[end : end + 4096].lstrip()[:1] == b"{"


def _is_ours(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("body"), str)
        and "versionCreated" in value
        and _KEYS.issuperset(value)
    )


def _line(line: bytes, number: int, context: Context) -> Iterator[Result]:
    try:
        for result in read_any(line, context):
            yield _numbered(result, number) if isinstance(result, Poison) else result
    except Poison as refusal:
        yield _numbered(refusal, number)


def _numbered(refusal: Poison, number: int) -> Poison:
    return Poison(refusal.code, f"line {number}: {refusal.message}", hint=refusal.hint)
