"""Processes of the local stack: started so that they outlive us, found again, and ended; only ever our own.

A server of ours carries `-Dnewswire.server=MARK` among its arguments, where the mark stands for its folder. A process
id alone proves nothing, since the system uses it again; with this argument it does.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from pipeline.local.layout import Account


def mark(folder: Path) -> str:
    """The argument by which the server of `folder` is known: without spaces, which a folder may have."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return f"-Dnewswire.server={folder.name.replace(' ', '_')}-{digest}"


def find(folder: Path, pid: int | None) -> psutil.Process | None:
    """The running server of `folder`: the process `pid` if it is that, else any that is; None where it does not run.

    The second way finds a server whose state file was lost, or was not written before its starter was killed.
    """
    wanted = mark(folder)
    if pid is not None:
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if _is(process, wanted):
                return process
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if _is(process, wanted):
                return process
    return None


def _is(process: psutil.Process, wanted: str) -> bool:
    return wanted in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE


def start(
    command: Sequence[str | Path], *, environment: Mapping[str, str], folder: Path, log: Path, account: Account
) -> subprocess.Popen[bytes]:
    """Start a process in its own session, so that neither Ctrl-C nor the end of the terminal reaches it.

    What it prints goes to `log`; what the last one printed is kept beside it as `<log>.1`.
    """
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("xb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            user=account.uid,
            group=account.gid,
            extra_groups=None if account.uid is None else [],
        )


def end(process: psutil.Process, *, timeout: float) -> bool:
    """Ask a process to end, and kill it after `timeout` seconds. Blocks until it is gone; True if it obeyed."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(timeout)
        except psutil.TimeoutExpired:
            kill(process)
            return False
    return True


def kill(process: psutil.Process) -> None:
    """Kill a process at once (SIGKILL). Blocks until it is gone."""
    with suppress(psutil.NoSuchProcess):
        process.kill()
        with suppress(psutil.TimeoutExpired):
            process.wait(30)


def kill_session(starter: subprocess.Popen[bytes]) -> None:
    """Kill what `start` started, with all its children: for a start that is given up."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(starter.pid, signal.SIGKILL)
    starter.wait()


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log; empty where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 20_000))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
