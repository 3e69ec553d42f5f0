"""How the servers of the local stack are: what `newswire status` shows."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline.local.server import Server
from pipeline.local.stack import servers
from pipeline.settings import Local


@dataclass(frozen=True)
class ServerStatus:
    """One server, as it is now."""

    name: str
    version: str
    state: str  # up; not answering (it runs, but does not answer as the cluster of its folder); down
    address: str | None  # for clients; None where it has never been started
    pid: int | None
    cluster: str | None  # Kafka's cluster id, Elasticsearch's cluster uuid
    uptime: float | None  # seconds
    memory: int | None  # bytes resident
    data: str
    data_bytes: int
    logs: str
    logs_bytes: int

    @property
    def up(self) -> bool:
        """Whether it can be used."""
        return self.state == "up"


def status(local: Local) -> tuple[ServerStatus, ...]:
    """Both servers. Blocks for some seconds at most, where one runs but does not answer."""
    return tuple(_of(server) for server in servers(local))


def _of(server: Server) -> ServerStatus:
    remembered = server.state
    process = server.process()
    uptime = memory = None
    if process is not None:
        with suppress(psutil.Error):
            uptime = round(time.time() - process.create_time(), 1)
            memory = process.memory_info().rss
    state = "down" if process is None else "up" if server.is_up() else "not answering"
    return ServerStatus(
        name=server.name,
        version=server.version,
        state=state,
        address=None if remembered.port is None else server.address,
        pid=None if process is None else process.pid,
        cluster=remembered.cluster,
        uptime=uptime,
        memory=memory,
        data=str(server.data),
        data_bytes=disk_use(server.data),
        logs=str(server.logs),
        logs_bytes=disk_use(server.logs),
    )


def disk_use(folder: Path) -> int:
    """Bytes that the files in a folder take on the disk; 0 where there is none."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # files come and go while the server runs
            total += path.lstat().st_blocks * 512  # Kafka's index files are mostly holes
    return total
