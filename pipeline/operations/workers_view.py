"""The workers of this host, by the ports on which they tell about themselves."""

from __future__ import annotations

import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import msgspec

from pipeline.settings import Settings
from pipeline.stream.monitor import PORTS

OPEN_WITHIN: Final = 0.2  # seconds; on the same host a closed port is refused at once
ANSWER_WITHIN: Final = 6.0
AT_ONCE: Final = 16


class WorkerView(msgspec.Struct, frozen=True, kw_only=True):
    """One worker; `checks` are the reasons why it is not ready."""

    name: str
    group: str
    agents: str
    version: str
    pid: int
    port: int
    ready: bool
    checks: dict[str, str]


def look(settings: Settings) -> list[WorkerView]:
    """Ask the ports that workers of this host take, of whatever group. Those with `metrics.port` 0 are not found."""
    section = settings.metrics
    if not section.enabled or section.port == 0:
        return []
    host = "127.0.0.1" if section.host == "0.0.0.0" else section.host  # noqa: S104 - it is compared
    ports = range(section.port, min(section.port + PORTS, 65536))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda port: _ask(host, port), ports)
        return [worker for worker in found if worker is not None]


def _ask(host: str, port: int) -> WorkerView | None:
    try:
        socket.create_connection((host, port), OPEN_WITHIN).close()
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN)
        try:
            connection.request("GET", "/ready")
            body: Any = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        why = {name: reason for name, reason in body["checks"].items() if reason}
        return msgspec.convert(
            body | {"name": body["worker"], "port": port, "ready": body["ok"], "checks": why}, WorkerView
        )
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, msgspec.ValidationError):
        return None  # another program's port
