"""What `newswire enrich` reads: JSON lines, or files in any wire format, as records for the pool or as failures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

import msgspec

from pipeline import codec
from pipeline.article import FailedArticle, Failure, WireArticle
from pipeline.enrich.messages import WireRecord
from pipeline.errors import Code, NewswireError, Poison, UserError
from pipeline.feeds.files import STANDARD_INPUT, Refused, Source, deliveries, find

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_STDIN: Final = 0


class _Line(WireArticle, frozen=True, kw_only=True, forbid_unknown_fields=False, omit_defaults=True):
    """A wire article with keys of others beside its own."""


class _Uri(msgspec.Struct):
    uri: Any = None


_line = msgspec.json.Decoder(_Line)
_uri = msgspec.json.Decoder(_Uri)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of output to come: a record for the pool, or the failure that stands in its place."""

    uri: str | None
    size: int  # bytes of the input, for the progress bar
    content: WireRecord | FailedArticle


def failed(uri: str | None, error: NewswireError) -> FailedArticle:
    """The line for an article that failed."""
    return FailedArticle(uri=uri, error=Failure(code=str(error.code), message=error.message))


def read_lines(arguments: Iterable[str], *, limit: int) -> Iterator[Item]:
    """One item for each line of the files (`-` is standard input). Blocks while a pipe is silent.

    Args:
        arguments: files and folders.
        limit: bytes of a line; a longer one fails without being held in memory.
    """
    for source in find(arguments):
        if isinstance(source, Refused):
            yield _refused(source)
            continue
        try:
            stream = _stdin() if source.path is None else source.path.open("rb")
        except OSError as error:
            yield _refused(Refused(source.name, UserError(Code.FILE_UNREADABLE, error.strerror or str(error))))
            continue
        with stream:
            yield from _lines(source, stream, limit)


def _stdin() -> BinaryIO:
    # not sys.stdin: the thread that reads may still be waiting in it when the interpreter ends, which then aborts
    return open(_STDIN, "rb", closefd=False)


def _lines(source: Source, stream: BinaryIO, limit: int) -> Iterator[Item]:
    number = 0
    while line := stream.readline(limit + 2):
        number += 1
        size = len(line)
        if len(line.rstrip(b"\r\n")) > limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
                size += len(line)
            too_long = Poison(Code.WIRE_TOO_LARGE, f"{source.name}:{number}: a line of more than {limit:,} bytes")
            yield Item(None, size, failed(None, too_long))
        else:
            yield _item(line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line, f"{source.name}:{number}")


def _item(line: bytes, name: str) -> Item:
    uri: str | None = None
    try:
        if not line.strip():
            raise Poison(Code.RECORD_UNREADABLE, "an empty line")
        try:
            article = _line.decode(line)
        except msgspec.ValidationError as error:
            uri = _uri_of(line)
            raise Poison(Code.RECORD_SCHEMA, str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Poison(Code.RECORD_UNREADABLE, str(error)) from error
        if not article.uri:
            raise Poison(Code.WIRE_NO_ID, "uri: it is empty")
    except Poison as poison:
        named = Poison(poison.code, f"{name}: {poison.message}")
        return Item(uri, len(line), failed(uri, named))
    return Item(article.uri, len(line), WireRecord(codec.encode(article)))


def _uri_of(line: bytes) -> str | None:
    try:
        found = _uri.decode(line).uri
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def read_files(
    arguments: Iterable[str], *, format: str, default_date: str | None, limit: int, now: datetime
) -> Iterator[Item]:
    """The articles of files and folders in any wire format, in the order given. Blocks while a pipe is silent.

    Args:
        arguments: files, folders and `-` for standard input.
        format: of `pipeline.wire`.
        default_date: ISO 8601, for articles that carry none.
        limit: bytes of a file.
        now: with offset.
    """
    from pipeline import wire

    for source in find(arguments):
        if isinstance(source, Refused):
            yield _refused(source)
            continue
        stdin = _stdin() if source.path is None else None
        for delivery in deliveries(source, format=format, limit=limit, stdin=stdin):
            if isinstance(delivery, Refused):
                yield _refused(delivery)
                continue
            size = len(delivery.data)
            for result in wire.parse_each(
                delivery.data, format=delivery.format, name=delivery.name, default_date=default_date, now=now
            ):
                if isinstance(result, Poison):
                    yield Item(None, size, failed(None, result))
                else:
                    yield Item(result.uri, size, WireRecord(codec.encode(result)))
                size = 0


def _refused(refused: Refused) -> Item:
    error = refused.error
    return Item(None, 0, failed(None, Poison(error.code, f"{refused.name}: {error.message}")))


def total_size(arguments: Iterable[str]) -> int | None:
    """Bytes of all files, or None where one is no plain file."""
    total = 0
    for source in find(arguments):
        if isinstance(source, Refused):
            continue
        if source.path is None or not source.path.is_file():
            return None
        total += source.path.stat().st_size
    return total


__all__ = ["STANDARD_INPUT", "Item", "failed", "read_files", "read_lines", "total_size"]
