"""The local stack as a whole: a real Kafka and a real Elasticsearch, fetched, started, looked at and stopped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from pipeline.errors import Code, UserError
from pipeline.local import artefacts, plugin
from pipeline.local.elasticsearch import ElasticsearchServer
from pipeline.local.java import find_java
from pipeline.local.kafka import KafkaServer
from pipeline.local.layout import account, check_space, layout
from pipeline.local.locking import held
from pipeline.local.report import Report, Silent
from pipeline.local.server import START_TIMEOUT, STOP_TIMEOUT, Programs, Server
from pipeline.settings import Local

_SPACE = 1_000_000_000  # bytes free on the disk of the data before a server is started


@dataclass(frozen=True)
class Endpoints:
    """Where the running servers are."""

    kafka: str  # host:port
    elasticsearch: str  # URL
    kafka_pid: int
    elasticsearch_pid: int
    started_now: bool  # whether either was started by this call


def servers(local: Local) -> tuple[KafkaServer, ElasticsearchServer]:
    """Handles of the two servers that the settings describe, whether they run or not."""
    folders, owner, options = layout(local), account(), tuple(local.java_options.split())
    return (
        KafkaServer(
            folders.server("kafka"),
            port=local.kafka_port,
            heap=local.kafka_heap,
            account=owner,
            java_options=options,
        ),
        ElasticsearchServer(
            folders.server("elasticsearch"),
            port=local.elasticsearch_port,
            heap=local.elasticsearch_heap,
            account=owner,
            java_options=options,
        ),
    )


def programs(local: Local, *, report: Report | None = None) -> Programs:
    """Find Java, and fetch and unpack what is not in the cache yet. Blocks for the download the first time.

    Raises:
        UserError: `local.missing` (Java, disk space), `local.download` or `local.failed`.
    """
    heard = report or Silent()
    folders, owner = layout(local), account()
    java = find_java(local.java_home)
    owner.check_can_reach(java.home.resolve(), "NEWSWIRE__LOCAL__JAVA_HOME")
    owner.check_can_reach(folders.cache, "NEWSWIRE__LOCAL__CACHE_DIR")
    with _permissions_told():
        files = artefacts.fetch(folders.cache, report=heard)
        home = plugin.elasticsearch_home(folders.cache, files, java=java, report=heard)
    return Programs(java=java, kafka_jars=files.kafka_jars, elasticsearch_home=home)


def up(local: Local, *, report: Report | None = None, timeout: float = START_TIMEOUT) -> Endpoints:
    """Have both servers running. Blocks until both answer; returns at once where they do.

    Whatever this call started is stopped again if it fails or is interrupted.

    Raises:
        UserError: `local.missing`, `local.download` or `local.failed`, with what to do next.
    """
    heard = report or Silent()
    kafka, elasticsearch = servers(local)
    if kafka.is_up() and elasticsearch.is_up():
        return _endpoints(kafka, elasticsearch, started_now=False)
    ready = programs(local, report=heard)
    with _permissions_told(), _alone(local, heard):
        check_space(layout(local).data, _SPACE, "NEWSWIRE__LOCAL__DATA_DIR")
        started = _start_both(kafka, elasticsearch, ready, heard, timeout)
        return _endpoints(kafka, elasticsearch, started_now=started)


def down(
    local: Local, *, delete_data: bool = False, report: Report | None = None, timeout: float = STOP_TIMEOUT
) -> bool:
    """Stop both servers. Blocks until they have ended. True if either ran.

    Args:
        local: which stack.
        delete_data: also delete their data, logs, ports and identity, for a new start.
        report: hears what is stopped.
        timeout: seconds until a server that does not end is killed.
    """
    heard = report or Silent()
    if not layout(local).data.exists():
        return False
    with _permissions_told(), _alone(local, heard):
        both = servers(local)
        ran = [_stop(server, heard, timeout) for server in both]
        if delete_data:
            for each in both:
                shutil.rmtree(each.folder, ignore_errors=True)
    return any(ran)


def _start_both(
    kafka: KafkaServer, elasticsearch: ElasticsearchServer, ready: Programs, report: Report, timeout: float
) -> bool:
    # the slower one first, and the other while it starts
    begun: list[tuple[Server, subprocess.Popen[bytes] | None]] = []
    try:
        begun.append((elasticsearch, elasticsearch.begin(ready, report=report)))
        begun.append((kafka, kafka.begin(ready, report=report)))
        for server, starter in reversed(begun):
            server.wait(starter, report=report, timeout=timeout)
            report.step(f"{server.title} answers")
    except BaseException:
        for server in (elasticsearch, kafka):
            server.give_up()
        raise
    return any(starter is not None for _, starter in begun)


def _stop(server: Server, report: Report, timeout: float) -> bool:
    if server.process() is not None:
        report.step(f"stopping {server.title}")
    return server.stop(timeout=timeout)


def _endpoints(kafka: KafkaServer, elasticsearch: ElasticsearchServer, *, started_now: bool) -> Endpoints:
    kafka_pid, elasticsearch_pid = kafka.state.pid, elasticsearch.state.pid
    assert kafka_pid is not None
    assert elasticsearch_pid is not None
    return Endpoints(kafka.address, elasticsearch.address, kafka_pid, elasticsearch_pid, started_now)


@contextmanager
def _permissions_told() -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise UserError(
            Code.LOCAL_FAILED,
            f"{error.filename}: {error.strerror}",
            hint="run newswire as the user who ran it before, or name folders of your own:"
            " NEWSWIRE__LOCAL__DATA_DIR, NEWSWIRE__LOCAL__CACHE_DIR",
        ) from error
    except psutil.AccessDenied as error:
        raise UserError(
            Code.LOCAL_FAILED,
            f"the process {error.pid} belongs to another user",
            hint="run newswire as the user who ran newswire up",
        ) from error


@contextmanager
def _alone(local: Local, report: Report) -> Iterator[None]:
    folders = layout(local)
    try:
        folders.data.mkdir(parents=True, exist_ok=True)
        folders.data.chmod(0o755)
    except OSError as error:
        raise UserError(
            Code.LOCAL_FAILED,
            f"local.data_dir: the folder {folders.data} cannot be used: {error.strerror}",
            hint="name another one: NEWSWIRE__LOCAL__DATA_DIR=FOLDER newswire up",
        ) from error
    waiting = f"waiting for another newswire up or down in {folders.data}"
    with held(folders.lock, report=report, waiting=waiting):
        yield
