"""Ports: free ones, who holds one that is taken, and what answers there."""

from __future__ import annotations

import errno
import fcntl
import http.client
import json
import os
import random
import socket
import struct
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import psutil

HOST = "127.0.0.1"
# below the range from which systems take ports for outgoing connections, so that a port stays ours between two runs
_RANGE = range(20_000, 32_000)
_chosen: set[int] = set()
_register: int | None = None  # a file of which a byte is locked for each port
_PROBE_TIMEOUT = 5.0  # seconds
_NAMED_WITHIN = 15.0  # seconds for whoever has a port that we want: it is asked once, and may be busy


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(*, avoid: set[int]) -> int:
    """A free port, at random, whoever seeds `random`; none that another newswire process has chosen while it lives.

    So two that start servers at the same moment do not meet on a port on which nobody listens yet.
    """
    candidates = random.SystemRandom().sample(_RANGE, len(_RANGE))
    candidates.sort(key=_chosen.__contains__)  # our own earlier ones last
    port = next(port for port in candidates if port not in avoid and is_free(port) and _claim(port))
    _chosen.add(port)
    return port


def _claim(port: int) -> bool:
    """Whether no other process has claimed the port; from now on it is ours until this process ends."""
    global _register  # open as long as the process lives: closed, its claims would be gone
    try:
        if _register is None:
            path = Path(tempfile.gettempdir()) / "newswire-ports.lock"
            _register = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        fcntl.lockf(_register, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError as error:  # where there can be no register, chance must do
        return error.errno not in (errno.EAGAIN, errno.EACCES) or _register is None
    return True


def holder(port: int) -> str:
    """Who listens on a port: what answers there, and the process where the system tells it."""
    answers = _who_answers(port)
    with suppress(psutil.Error):
        for connection in psutil.net_connections(kind="tcp"):
            if (
                connection.status == psutil.CONN_LISTEN
                and connection.laddr
                and connection.laddr.port == port
                and connection.pid
            ):
                return f"{answers}, the process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return answers


def _who_answers(port: int) -> str:
    with suppress(OSError, ValueError):
        answer = elasticsearch_get(port, "/_cluster/state/version", timeout=_NAMED_WITHIN)
        if isinstance(answer, dict) and "cluster_uuid" in answer:
            name, uuid = answer.get("cluster_name"), answer["cluster_uuid"]
            return f"another Elasticsearch (cluster {name!r}, uuid {uuid})"
        if isinstance(answer, dict) and "error" in answer:
            return "another Elasticsearch, which refuses to tell its cluster"
    with suppress(OSError, ValueError):
        cluster, _ = kafka_cluster(port, timeout=_NAMED_WITHIN)
        return f"another Kafka (cluster {cluster})"
    return "another server"


def elasticsearch_get(
    port: int, path: str, *, authorization: str | None = None, timeout: float = _PROBE_TIMEOUT
) -> object:
    """The JSON that the Elasticsearch on this port answers, with whatever HTTP status.

    Raises:
        OSError: nothing listens, or it closed or did not answer in time.
        ValueError: what answers speaks no HTTP, or no JSON.
    """
    with closing(http.client.HTTPConnection(HOST, port, timeout=timeout)) as connection:
        try:
            connection.request("GET", path, headers={"Authorization": authorization} if authorization else {})
            body = connection.getresponse().read(1_000_000)
        except http.client.HTTPException as error:
            raise ValueError(f"no HTTP: {error!r}") from error
        answer: object = json.loads(body)
        return answer


def kafka_cluster(port: int, *, timeout: float = _PROBE_TIMEOUT) -> tuple[str, int]:
    """The cluster id of the Kafka on this port, and how many of its brokers are up: one Metadata request (version 5).

    Raises:
        OSError: nothing listens, or it closed or did not answer in time.
        ValueError: what answers does not speak Kafka's protocol.
    """
    client = b"newswire"
    body = struct.pack(">hhih", 3, 5, 1, len(client)) + client + struct.pack(">i?", 0, False)
    with socket.create_connection((HOST, port), timeout=timeout) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        stream = connection.makefile("rb")
        (size,) = struct.unpack(">i", _exactly(stream.read(4), 4))
        if not 12 <= size <= 1_000_000:
            raise ValueError(f"not Kafka: an answer of {size} bytes")
        answer = _exactly(stream.read(size), size)
    return _read_metadata(answer)


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise ValueError("not Kafka: the answer ends early")
    return data


def _read_metadata(answer: bytes) -> tuple[str, int]:
    # correlation id, throttle time, [node id, host, port, rack], cluster id, ...
    try:
        correlation, _, brokers = struct.unpack_from(">iii", answer)
        position = 12
        for _ in range(brokers):
            position += 4
            position += 2 + struct.unpack_from(">h", answer, position)[0]
            position += 4
            position += 2 + max(0, struct.unpack_from(">h", answer, position)[0])
        (length,) = struct.unpack_from(">h", answer, position)
        cluster = answer[position + 2 : position + 2 + length].decode("ascii")
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"not Kafka: {error}") from error
    if correlation != 1 or not cluster:
        raise ValueError("not Kafka: another answer than was asked for")
    return cluster, brokers
