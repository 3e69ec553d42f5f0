"""Files, folders and standard input as feeds: found in a stable order, read within the size limit.

A folder is walked in the order of its names (as bytes), whole; hidden entries (a leading dot) are passed over. What
cannot be read comes as a `Refused` with its reason: nothing that was named is silently left out. Memory is bounded by
the names of one folder and the size limit.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.errors import Code, NewswireError, Poison, UserError
from pipeline.escape import printable

STANDARD_INPUT: Final = "-"
LINES_FORMAT: Final = "jsonl"  # of pipeline.wire
LINE_FORMAT: Final = "json"  # one line of it
LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or standard input where `path` is None; `name` is for people and can always be printed as UTF-8."""

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be read, or not be an article, and why."""

    name: str
    error: NewswireError


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes to be parsed: a whole file, or one line of JSON lines (`name` is then `file:line`)."""

    name: str
    data: bytes
    format: str


def find(arguments: Iterable[str]) -> Iterator[Source | Refused]:
    """The files that the arguments name (`-` is standard input), folders walked. Nothing is opened."""
    for argument in arguments:
        if argument == STANDARD_INPUT:
            yield Source("standard input", None)
            continue
        path = Path(argument)
        try:
            status = path.stat()
        except OSError as error:
            yield _refused(path, error)
            continue
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(path)
        else:
            yield Source(shown(path), path)  # a pipe or device is fine where it was named itself


def deliveries(
    source: Source, *, format: str, limit: int, stdin: BinaryIO | None = None
) -> Iterator[Delivery | Refused]:
    """What a source delivers: its bytes in one piece, or line by line for JSON lines. Blocks while a pipe is silent.

    Args:
        format: of `pipeline.wire`; with `auto`, the suffixes .jsonl and .ndjson mean JSON lines.
        limit: bytes of an article; a file (or a line of JSON lines) that is larger is refused without reading it all.
        stdin: what to read as standard input, in place of `sys.stdin`.
    """
    suffix = source.path.suffix.lower() if source.path else ""
    lines = format == LINES_FORMAT or (format == "auto" and suffix in LINES_SUFFIXES)
    if source.path is None:
        yield from _read(source, stdin or sys.stdin.buffer, format, lines=lines, limit=limit)
        return
    try:
        stream = source.path.open("rb")
    except OSError as error:
        yield _refused(source.path, error)
        return
    with stream:
        yield from _read(source, stream, format, lines=lines, limit=limit)


def shown(path: Path | str) -> str:
    """A path as text that can be printed: bytes that are not UTF-8, and control characters, as escapes."""
    return printable(os.fsencode(path).decode("utf-8", "backslashreplace"))


def _walk(top: Path) -> Iterator[Source | Refused]:
    # an explicit stack: folders may be nested deeper than Python's recursion
    stack: list[_Folder] = []
    path: Path | None = top
    while path is not None:
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                identity = (status.st_dev, status.st_ino)
                if any(folder.identity == identity for folder in stack):
                    yield Refused(shown(path), UserError(Code.FILE_UNREADABLE, "symbolic links that form a loop"))
                else:
                    stack.append(_Folder(path, identity))
            elif stat.S_ISREG(status.st_mode):
                yield Source(shown(path), path)
            else:
                yield Refused(shown(path), UserError(Code.FILE_UNREADABLE, "not a file: a pipe, socket or device"))
        except OSError as error:
            yield _refused(path, error)
        path = None
        while stack and path is None:
            path = stack[-1].next()
            if path is None:
                stack.pop()


class _Folder:
    """A folder that is being walked: the names that are left, last first."""

    def __init__(self, path: Path, identity: tuple[int, int]) -> None:
        self.identity = identity
        self._path = path
        with os.scandir(path) as entries:
            names = (entry.name for entry in entries if not entry.name.startswith("."))
            self._names = sorted(names, key=os.fsencode, reverse=True)

    def next(self) -> Path | None:
        return self._path / self._names.pop() if self._names else None


def _read(source: Source, stream: BinaryIO, format: str, *, lines: bool, limit: int) -> Iterator[Delivery | Refused]:
    try:
        if lines:
            yield from _read_lines(source, stream, limit)
            return
        size = _size(stream)
        # one byte more than allowed tells a file that grew, or a pipe, from one that fits
        data = b"" if size > limit else stream.read(limit + 1)
    except OSError as error:
        yield Refused(source.name, UserError(Code.FILE_UNREADABLE, error.strerror or str(error)))
        return
    if size > limit or len(data) > limit:
        bytes_found = f"{size:,} bytes" if size > limit else f"more than {limit:,} bytes"
        yield Refused(source.name, _too_large(bytes_found, limit))
    else:
        yield Delivery(source.name, data, format)


def _read_lines(source: Source, stream: BinaryIO, limit: int) -> Iterator[Delivery | Refused]:
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        name = f"{source.name}:{number}"
        if len(line.rstrip(b"\r\n")) > limit:
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit + 1)
            yield Refused(name, _too_large(f"a line of more than {limit:,} bytes", limit))
        else:
            line = (line.removeprefix(_BYTE_ORDER_MARK) if number == 1 else line).strip()
            if line:
                yield Delivery(name, line, LINE_FORMAT)


def _size(stream: BinaryIO) -> int:
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # standard input that is no file descriptor
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _too_large(found: str, limit: int) -> Poison:
    return Poison(Code.WIRE_TOO_LARGE, f"{found}; the limit is {limit:,}")


def _refused(path: Path, error: OSError) -> Refused:
    reason = error.strerror or str(error)
    code = Code.NOT_FOUND if isinstance(error, FileNotFoundError) else Code.FILE_UNREADABLE
    if code is Code.NOT_FOUND and path.is_symlink():
        reason = "symbolic link to nothing"
    return Refused(shown(path), UserError(code, reason))
