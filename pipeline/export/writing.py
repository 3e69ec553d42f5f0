"""The formats of an export, and the file that is whole or not there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, Protocol

from pipeline import codec
from pipeline.article import EnrichedArticle
from pipeline.errors import Code, UserError
from pipeline.export import ninjs

Format = Literal["jsonl", "csv", "ninjs", "parquet"]


class Writer(Protocol):
    """Writes articles to a file that is open."""

    def write(self, article: EnrichedArticle) -> None:
        """One more."""

    def close(self) -> None:
        """No more: everything is in the file afterwards."""


class JsonLines:
    """The enriched article, one a line, as on its topic."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, article: EnrichedArticle) -> None:
        """One line."""
        self._out.write(codec.encode(article) + b"\n")

    def close(self) -> None:
        """Nothing is held back."""


class Ninjs:
    """ninjs 3, one item a line."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, article: EnrichedArticle) -> None:
        """One line."""
        self._out.write(json.dumps(ninjs.item(article), ensure_ascii=False).encode("utf-8") + b"\n")

    def close(self) -> None:
        """Nothing is held back."""


def writer(form: Format, out: IO[bytes]) -> Writer:
    """The writer of a format."""
    if form == "jsonl":
        return JsonLines(out)
    if form == "ninjs":
        return Ninjs(out)
    from pipeline.export import table  # brings pyarrow

    return table.Csv(out) if form == "csv" else table.Parquet(out)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name once the block has ended well; whatever else happens, the name stays as it was.

    Raises:
        UserError: `file.unreadable`, where it cannot be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise UserError(Code.FILE_UNREADABLE, f"cannot write {path}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
