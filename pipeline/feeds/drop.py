"""The files of a drop folder: which are finished, and where they go. Nothing is ever overwritten or half read."""

from __future__ import annotations

import errno
import fcntl
import fnmatch
import json
import os
import signal
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.errors import Code, UserError
from pipeline.feeds.files import shown

REASON: Final = ".reason.json"  # beside a refused file
# what transfer programs call a file until it is whole; matched without regard to case
UNFINISHED: Final = ("*.tmp", "*.part", "*.partial", "*.filepart", "*.crdownload", "*.writing", "*.swp", "*~")
_NAME_BYTES: Final = 255  # the limit of the usual file systems


@dataclass(frozen=True, slots=True)
class Form:
    """What a file looks like from outside; one that is written to looks different afterwards."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> Form | None:
        """The form of a file; None where it is gone, or no ordinary file (a link, a folder, a pipe)."""
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    @property
    def modified(self) -> float:
        """Seconds since 1970."""
        return self.modified_ns / 1e9


class Drop:
    """A folder under watch: knows since when each file looks as it does."""

    def __init__(self, folder: Path, *, pattern: str, settle: float, clock: Callable[[], float]) -> None:
        """Args: `settle` in seconds; `clock` in seconds, monotonic."""
        self.folder = folder
        self._pattern = pattern
        self._settle = settle
        self._clock = clock
        self._since: dict[str, tuple[Form, float]] = {}

    def finished(self) -> list[tuple[Path, Form]]:
        """Files that have not changed for `settle` seconds and that nobody writes, oldest first.

        Raises:
            UserError: `file.unreadable` where the folder cannot be read.
        """
        now = self._clock()
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if self._wanted(entry.name)]
        except OSError as error:
            raise UserError(Code.FILE_UNREADABLE, f"{shown(self.folder)}: {error.strerror}") from error
        seen: dict[str, tuple[Form, float]] = {}
        found = []
        for name in names:
            form = Form.of(self.folder / name)
            if form is None:
                continue
            before = self._since.get(name)
            seen[name] = before if before is not None and before[0] == form else (form, now)
            if now - seen[name][1] >= self._settle:
                found.append((self.folder / name, form))
        self._since = seen
        return sorted(found, key=lambda pair: (pair[1].modified_ns, os.fsencode(pair[0])))

    @property
    def waiting(self) -> int:
        """Files that were there at the last look."""
        return len(self._since)

    def _wanted(self, name: str) -> bool:
        lowered = name.lower()
        if name.startswith(".") or any(fnmatch.fnmatchcase(lowered, mark) for mark in UNFINISHED):
            return False
        return fnmatch.fnmatchcase(name, self._pattern)


def is_open_for_writing(path: Path) -> bool:
    """Whether a process of this machine still writes the file; False where the system cannot tell.

    Linux grants a lease for reading only on a file that nobody has open for writing (fcntl(2), F_SETLEASE), to its
    owner or root, on file systems that know it.
    """
    set_lease = getattr(fcntl, "F_SETLEASE", None)
    if set_lease is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        # whoever opens it for writing in this instant breaks the lease; SIGIO, told by default, would end us
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, set_lease, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, set_lease, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def move(path: Path, folder: Path, *, reason: Mapping[str, Any] | None = None) -> Path:
    """Move a file into a folder under its name, or one with a number where that is taken; its new path.

    The file is first linked, its reason written beside, and only then taken away: a process that is killed in
    between leaves the file where it was, and the next call completes the same move.

    Raises:
        OSError: where the folder cannot be written; the file is then where it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = os.lstat(path)
    for name in _names(path.name):
        target = folder / name
        if not _claimed(path, source, target):
            continue
        if reason is not None:
            _write_reason(folder / f"{name}{REASON}", reason)
        if os.path.samestat(os.lstat(target), source):
            path.unlink()
        else:
            path.replace(target)  # over the empty file by which we hold the name
        return target
    raise AssertionError("the names never end")


def _claimed(path: Path, source: os.stat_result, target: Path) -> bool:
    """Whether the name is ours now: as a second link to the file, or as an empty file where links are not known."""
    try:
        os.link(path, target, follow_symlinks=False)
    except FileExistsError:
        return os.path.samestat(os.lstat(target), source)  # an earlier move of it that was cut off
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES):
            raise
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            return False
    return True


def _names(name: str) -> Iterator[str]:
    stem, dot, suffix = name.partition(".")
    room = _NAME_BYTES - len(REASON) - 12  # for a number
    if len(os.fsencode(name)) > room:
        stem, dot, suffix = os.fsdecode(os.fsencode(name)[:room]), "", ""
    yield stem + dot + suffix
    number = 2
    while True:
        yield f"{stem}.{number}{dot}{suffix}"
        number += 1


def _write_reason(path: Path, reason: Mapping[str, Any]) -> None:
    draft = path.with_name(f".{path.name[-200:]}.tmp")
    draft.write_text(json.dumps(reason, ensure_ascii=True, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
