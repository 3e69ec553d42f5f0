"""Where the local stack keeps its files, and under which account its servers run.

Elasticsearch refuses to run as root. Where we are root, both servers run as the unprivileged user `nobody`, and every
folder that they need must be open to it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import platformdirs

from pipeline.errors import Code, UserError
from pipeline.settings import Local

UNPRIVILEGED = "nobody"
_ROOT_CACHE = Path("/var/cache/newswire")  # not /root, which is closed to others
_ROOT_DATA = Path("/var/lib/newswire")


@dataclass(frozen=True)
class Account:
    """Who the servers run as; None: as ourselves."""

    uid: int | None
    gid: int | None

    def give(self, path: Path) -> None:
        """Make this account the owner of a file, or of a folder and all in it."""
        if self.uid is None or self.gid is None:
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, self.uid, self.gid, follow_symlinks=False)

    def check_can_reach(self, path: Path, setting: str) -> None:
        """Refuse a path that lies in a folder which this account may not enter.

        Raises:
            UserError: `local.failed`, naming the folder and the setting that moves it.
        """
        if self.uid is None:
            return
        for folder in reversed((path, *path.parents)):
            if not folder.exists():
                return
            if not _may_enter(folder.stat(), self.uid, self.gid):
                raise UserError(
                    Code.LOCAL_FAILED,
                    f"the servers run as the user {UNPRIVILEGED!r}, who may not enter {folder}",
                    hint=f"name an open folder, such as {setting}=/var/tmp/newswire, or chmod a+x {folder}",
                )


def _may_enter(status: os.stat_result, uid: int, gid: int | None) -> bool:
    if status.st_uid == uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def account() -> Account:
    """The account for the servers: our own, or an unprivileged one where we are root."""
    if os.geteuid() != 0:
        return Account(None, None)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        return Account(65534, 65534)  # the number that Linux gives to nobody
    return Account(entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True)
class Layout:
    """The folders of one local stack."""

    cache: Path
    data: Path

    @cached_property
    def lock(self) -> Path:
        """Held by whoever starts or stops this stack."""
        return self.data / "stack.lock"

    def server(self, name: str) -> Path:
        """The folder of one server: its state file, configuration, data and logs."""
        return self.data / name


def layout(local: Local) -> Layout:
    """The folders that the settings name, or the usual ones of this system."""
    root = os.geteuid() == 0
    cache = (
        Path(local.cache_dir)
        if local.cache_dir
        else _ROOT_CACHE
        if root
        else platformdirs.user_cache_path("newswire")
    )
    data = (
        Path(local.data_dir) if local.data_dir else _ROOT_DATA if root else platformdirs.user_state_path("newswire")
    )
    return Layout(cache=cache.expanduser().absolute(), data=data.expanduser().absolute())


def free_bytes(path: Path) -> int:
    """Free bytes of the disk on which `path` is or will be."""
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    return shutil.disk_usage(existing).free


def check_space(path: Path, needed: int, setting: str) -> None:
    """Refuse to go on where the disk has not `needed` bytes left.

    Raises:
        UserError: `local.missing`, with both figures.
    """
    free = free_bytes(path)
    if free < needed:
        raise UserError(
            Code.LOCAL_MISSING,
            f"{path} is on a disk with {free / 1e6:,.0f} MB free; {needed / 1e6:,.0f} MB are needed",
            hint=f"free some space, or name a folder on another disk: {setting}=/path newswire up",
        )
