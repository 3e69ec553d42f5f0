"""The files inside .gz and .zip, one by one, in bounded memory.

Nothing is written to a disk, so that no path can lead anywhere.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from pipeline.errors import Code, Poison

MEMBERS: Final = 10_000  # files in an archive
# Text shrinks to a fifth, XML to a twentieth; what grows more than this is a bomb.
RATIO: Final = 30
FREE_BYTES: Final = 2_000_000

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a gzip or zip file."""
    return data.startswith(_GZIP) or data.startswith(_ZIP)


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, in the archive's order; folders and hidden files are passed over.

    Raises:
        Poison: `wire.hostile` for a bomb or too many files, `wire.unreadable` for a broken or encrypted one.
    """
    if data.startswith(_GZIP):
        yield "", _gunzip(data)
    else:
        yield from _unzip(data)


def _limit(data: bytes) -> int:
    return FREE_BYTES + RATIO * len(data)


def _bomb(limit: int) -> Poison:
    return Poison(Code.WIRE_HOSTILE, f"archive: unpacks to more than {limit} bytes, {RATIO} times its size")


def _gunzip(data: bytes) -> bytes:
    limit = _limit(data)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Poison(Code.WIRE_UNREADABLE, f"gzip: {error}") from error
    if len(content) > limit:
        raise _bomb(limit)
    return content


def _unzip(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.count(_DIRECTORY_ENTRY) > MEMBERS:
        raise Poison(Code.WIRE_HOSTILE, f"zip: more than {MEMBERS} files")
    limit = _limit(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                name = entry.filename.replace("\\", "/").rpartition("/")[2]
                # a folder has no name after its last slash; a broken entry may have none at all
                if not name or name.startswith(".") or entry.filename.startswith("__MACOSX/"):
                    continue
                if entry.flag_bits & _ENCRYPTED:
                    raise Poison(Code.WIRE_UNREADABLE, f"zip: {name[:80]} is encrypted")
                if entry.compress_type not in _METHODS:  # the others may ask for any amount of memory
                    raise Poison(Code.WIRE_UNREADABLE, f"zip: {name[:80]} is neither stored nor deflated")
                with archive.open(entry) as file:
                    content = file.read(limit + 1)
                limit -= len(content)
                if limit < 0:
                    raise _bomb(_limit(data))
                yield name, content
    except _BROKEN as error:
        raise Poison(Code.WIRE_UNREADABLE, f"zip: {error}") from error
