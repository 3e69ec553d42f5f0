"""What `newswire feed` remembers over its restarts, in SQLite: validators, items pushed, when to poll next.

It is written after Kafka has acknowledged, so what a crash loses is pushed again, which changes nothing. Only the
sighting of a version is written before its push: the time at which we first saw it stays the same however often the
push is tried. One process at a time may write.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from pipeline.errors import Code, UserError
from pipeline.local.layout import layout
from pipeline.settings import Settings

FILE: Final = "feeds.sqlite3"
FORGET_AFTER: Final = 90 * 86_400.0  # seconds after which an item that left its feed is forgotten
_VERSION: Final = 1
_CHUNK: Final = 500  # parameters of a statement

_SCHEMA: Final = """
CREATE TABLE sources (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, url TEXT, moved_to TEXT, etag TEXT, last_modified TEXT, body BLOB,
  gone INTEGER NOT NULL DEFAULT 0, last_poll REAL, last_success REAL, next_poll REAL, failures INTEGER NOT NULL
  DEFAULT 0, status INTEGER, code TEXT, message TEXT, pushed INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL
  DEFAULT 0, refusals TEXT NOT NULL DEFAULT '[]', summaries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE items (
  feed TEXT NOT NULL, uri TEXT NOT NULL, digest BLOB, rank INTEGER, created TEXT, page INTEGER NOT NULL DEFAULT 0,
  page_tries INTEGER NOT NULL DEFAULT 0, seen REAL NOT NULL, next_digest BLOB, next_created TEXT,
  PRIMARY KEY (feed, uri)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or folder as it stands. Times are seconds since 1970."""

    name: str
    kind: str  # feed or folder
    url: str | None = None  # as configured: another one makes it another feed
    moved_to: str | None = None  # where it has moved for good
    etag: str | None = None
    last_modified: str | None = None
    body: bytes | None = None  # digest of what was taken last
    gone: bool = False
    last_poll: float | None = None
    last_success: float | None = None
    next_poll: float | None = None
    failures: int = 0  # in a row
    status: int | None = None  # of HTTP
    code: str | None = None  # of the last failure
    message: str | None = None
    pushed: int = 0  # articles, ever
    refused: int = 0  # items or files; of a feed at the last poll, of a folder ever
    refusals: tuple[dict[str, str], ...] = ()  # the last of them
    summaries: int = 0  # items whose page could not be read, at the last poll


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a feed: what Kafka has of it, and the version that is on its way there."""

    uri: str
    digest: bytes | None = None  # of the feed's own words; None: nothing is acknowledged yet
    rank: int | None = None
    created: str | None = None
    page: bool = False  # its text came from its page
    page_tries: int = 0
    next_digest: bytes | None = None
    next_created: str | None = None


_SOURCE: Final = tuple(field.name for field in fields(Source))
_ITEM: Final = tuple(field.name for field in fields(Item))


def folder_of(settings: Settings) -> Path:
    """Where the state is kept."""
    named = settings.feeds.state_dir
    return Path(named).expanduser().absolute() if named else layout(settings.local).data / "feeds"


class State:
    """The open state. Its calls take milliseconds, and are made from one thread."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """Open it, and create it where there is none (an empty one in memory, where only read).

        Raises:
            UserError: `settings` where the folder cannot be written, or a newer release wrote it.
        """
        path = folder / FILE
        try:
            if read_only:
                missing = not path.exists()
                where = ":memory:" if missing else f"{path.absolute().as_uri()}?mode=ro"
                self._db = sqlite3.connect(where, uri=True, timeout=10.0, isolation_level=None)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(path, timeout=10.0, isolation_level=None)
                # a crash of ours loses nothing; a power cut may lose the last seconds, which are then pushed again
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
        except (sqlite3.Error, OSError) as error:
            raise UserError(
                Code.SETTINGS, f"{path}: {error}", hint="name another folder in [feeds] state_dir"
            ) from error
        if version > _VERSION:
            raise UserError(Code.SETTINGS, f"{path} was written by a newer release", hint="install that one")

    def close(self) -> None:
        """Close it."""
        self._db.close()

    def source(self, name: str, kind: str, url: str | None = None) -> Source:
        """A feed or folder, empty where it is new, or where its URL is another than before."""
        row = self._db.execute(f"SELECT {', '.join(_SOURCE)} FROM sources WHERE name = ?", (name,)).fetchone()  # noqa: S608
        found = _source(row) if row else None
        if found is None or found.kind != kind or found.url != url:
            return Source(name=name, kind=kind, url=url)
        return found

    def items(self, feed: str, uris: Sequence[str]) -> dict[str, Item]:
        """What is known of these items."""
        known: dict[str, Item] = {}
        for start in range(0, len(uris), _CHUNK):
            some = uris[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            query = f"SELECT {', '.join(_ITEM)} FROM items WHERE feed = ? AND uri IN ({marks})"  # noqa: S608
            for row in self._db.execute(query, (feed, *some)):
                item = Item(**dict(zip(_ITEM, row, strict=True)) | {"page": bool(row[_ITEM.index("page")])})
                known[item.uri] = item
        return known

    def note_sightings(self, feed: str, sightings: Iterable[tuple[str, bytes, str]], *, now: float) -> None:
        """Write down, before the push, what we saw of items and the date that we gave it: uri, digest, date."""
        with self._transaction():
            self._db.executemany(
                "INSERT INTO items (feed, uri, next_digest, next_created, seen) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET next_digest = excluded.next_digest, next_created = excluded.next_created",
                [(feed, uri, digest, created, now) for uri, digest, created in sightings],
            )

    def acknowledge(self, feed: str, items: Iterable[Item], *, now: float) -> None:
        """Write down what Kafka has of these items."""
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO items (feed, uri, digest, rank, created, page, page_tries, seen) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (feed, item.uri, item.digest, item.rank, item.created, int(item.page), item.page_tries, now)
                    for item in items
                ],
            )

    def conclude(self, source: Source, *, seen: Sequence[str] = (), now: float) -> None:
        """Write down how a poll ended, and which items it saw, if any; those long gone are then forgotten."""
        values = [json.dumps(value) if name == "refusals" else value for name, value in _pairs(source)]
        marks = ", ".join("?" * len(_SOURCE))
        with self._transaction():
            self._db.execute(f"INSERT OR REPLACE INTO sources ({', '.join(_SOURCE)}) VALUES ({marks})", values)  # noqa: S608
            self._db.executemany(
                "UPDATE items SET seen = ? WHERE feed = ? AND uri = ?", [(now, source.name, uri) for uri in seen]
            )
            if seen:
                self._db.execute("DELETE FROM items WHERE feed = ? AND seen < ?", (source.name, now - FORGET_AFTER))

    def item_count(self, feed: str) -> int:
        """How many items of a feed Kafka has."""
        query = "SELECT count(*) FROM items WHERE feed = ? AND digest IS NOT NULL"
        return int(self._db.execute(query, (feed,)).fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _pairs(source: Source) -> Iterator[tuple[str, Any]]:
    for name in _SOURCE:
        value = getattr(source, name)
        yield name, int(value) if isinstance(value, bool) else value


def _source(row: Sequence[Any]) -> Source:
    values = dict(zip(_SOURCE, row, strict=True))
    return Source(**values | {"gone": bool(values["gone"]), "refusals": tuple(json.loads(values["refusals"]))})


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the state for this process; the system frees it however the process ends.

    Raises:
        UserError: `feed.running`, naming the process that holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "feeds.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        message = f"{folder}: {error.strerror}"
        raise UserError(Code.SETTINGS, message, hint="name another folder in [feeds] state_dir") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise UserError(
                Code.FEED_RUNNING,
                f"another newswire feed, process {holder}, uses the state in {folder}",
                hint="end that one, or give this one a state of its own: [feeds] state_dir",
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
