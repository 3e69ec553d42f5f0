"""What some scenarios need besides the shared servers: a Kafka behind a proxy, a Kafka on a small disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.local import stack as local_stack
from pipeline.local.kafka import KafkaServer
from pipeline.local.layout import account
from tests.chaos.scenario import World
from tests.support.proxied_kafka import ProxiedKafka
from tests.support.stack import KAFKA_HEAP, Handle, Stack, folder_for_servers
from tests.support.tcp_proxy import tcp_proxy

DISK = 300  # MB of the small disk: Kafka's own topics and a scenario's articles fit in


@contextmanager
def kafka_behind_a_proxy(stack: Stack, folder: Path) -> Iterator[World]:
    """A Kafka whose advertised address is that of the proxy: workers and producers know no other."""
    with folder_for_servers() as data:
        server = _server(ProxiedKafka, data, stack)
        assert isinstance(server, ProxiedKafka)
        target = server.behind_a_proxy()
        with tcp_proxy("127.0.0.1", target) as proxy:
            server.advertise(proxy.port)
            with _running(server, stack) as kafka:
                settings = {"kafka": {"bootstrap_servers": f"127.0.0.1:{proxy.port}"}}
                yield World(settings, kafka=kafka, proxy=proxy)


@contextmanager
def kafka_on_a_small_disk(stack: Stack, folder: Path) -> Iterator[World]:
    """A Kafka whose data lies on a small disk of its own."""
    with small_disk(DISK) as disk:
        server = _server(KafkaServer, disk, stack)
        with _running(server, stack) as kafka:
            yield World({"kafka": {"bootstrap_servers": server.address}}, kafka=kafka, disk=disk)


@contextmanager
def small_disk_for_state(stack: Stack, folder: Path) -> Iterator[World]:
    """A disk of 1 MB, for what the processes of the pipeline keep themselves."""
    with small_disk(1) as disk:
        yield World({}, kafka=stack.kafka, disk=disk)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A folder that is a disk of its own (tmpfs); only root may mount one."""
    if os.geteuid() != 0:
        pytest.skip("a small disk is mounted, which only root may do")
    with folder_for_servers() as parent:
        folder = parent / "disk"
        folder.mkdir()
        options = f"size={megabytes}m,mode=755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "newswire-test", folder], capture_output=True, check=False
        )
        if done.returncode != 0:
            pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path) -> Path:
    """Fill a disk to its last byte; returns the file to delete."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1_000_000, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def _server(kind: type[KafkaServer], folder: Path, stack: Stack) -> KafkaServer:
    options = tuple(stack.local.java_options.split())
    return kind(folder / "kafka", port=0, heap=KAFKA_HEAP, account=account(), java_options=options)


@contextmanager
def _running(server: KafkaServer, stack: Stack) -> Iterator[Handle]:
    handle = Handle(server, local_stack.programs(stack.local))
    try:
        handle.start()
        yield handle
    finally:
        handle.kill()
