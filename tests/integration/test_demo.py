"""`newswire demo` from nothing, again, and interrupted, on servers of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from kafka import KafkaConsumer, TopicPartition

from pipeline.demo import expected, searches
from pipeline.index.client import connect_sync
from pipeline.local import stack
from pipeline.settings import Local, Settings, load
from tests.support.asked import whole
from tests.support.ledger import wait_for
from tests.support.stack import ELASTICSEARCH_HEAP, KAFKA_HEAP, folder_for_servers, local_settings

pytestmark = pytest.mark.servers

GUARD = 200.0  # seconds: against hanging, not a measurement

COMMAND = [sys.executable, "-m", "pipeline.cli", "demo"]
SLUGS = {item.article.uri: item.slug for item in expected.items(now=datetime.now(UTC))}
SEARCHES = searches.load()


@dataclass
class Demo:
    """Runs of the demo in one data folder."""

    folder: Path

    @property
    def local(self) -> Local:
        return local_settings(self.folder)

    @property
    def settings(self) -> Settings:
        return load().model_copy(update={"local": self.local})

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "NEWSWIRE__LOCAL__DATA_DIR": str(self.folder),
            "NEWSWIRE__LOCAL__KAFKA_HEAP": KAFKA_HEAP,
            "NEWSWIRE__LOCAL__ELASTICSEARCH_HEAP": ELASTICSEARCH_HEAP,
            "COLUMNS": "120",
        }

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *options], env=self.environment, capture_output=True, text=True, timeout=540, check=False
        )

    def processes(self) -> list[psutil.Process]:
        """Every process that was started with this folder, servers or not."""
        found = []
        for process in psutil.process_iter():
            try:
                ours = str(self.folder) in " ".join([*process.cmdline(), *process.environ().values()])
            except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                continue
            if ours and process.pid != os.getpid():
                found.append(process)
        return found

    def end(self) -> None:
        for server in stack.servers(self.local):
            server.kill()
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with folder_for_servers() as folder:
        found = Demo(folder)
        try:
            first = found.run("--keep", "--processes", "1")
            assert first.returncode == 0, first.stderr
            assert "starting Kafka" in first.stderr
            assert "enriching" in first.stderr
            assert "pushed 52 versions of 45 articles: 42 can be found" in first.stdout
            yield found
        finally:
            found.end()


def _offsets(settings: Settings, address: str) -> dict[str, int]:
    consumer = KafkaConsumer(bootstrap_servers=address)
    try:
        topics = (settings.topics.wire, settings.topics.enriched, settings.topics.dead_letter)
        return {
            topic: sum(
                consumer.end_offsets(
                    [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
                ).values()
            )
            for topic in topics
        }
    finally:
        consumer.close()


@pytest.mark.parametrize("asked", SEARCHES, ids=lambda asked: asked.command)
def test_searches_find_what_they_should(demo: Demo, asked: searches.DemoSearch) -> None:
    with connect_sync(demo.settings) as client:
        answer = whole(client, asked.request)
    assert sorted(SLUGS[hit.uri] for hit in answer.hits) == sorted(asked.expect)


def test_nothing_but_the_servers_is_left(demo: Demo) -> None:
    pids = {server.state.pid for server in stack.servers(demo.local)}
    assert len(pids) == 2
    others = [process for process in demo.processes() if process.pid not in pids]
    servers = [psutil.Process(pid) for pid in pids if pid]
    children = [child for server in servers for child in server.children(recursive=True)]
    # NLP processes end a moment after their worker
    gone, left = psutil.wait_procs([each for each in others if each not in children], timeout=GUARD)
    assert left == [], gone


def test_a_second_run_starts_and_changes_nothing(demo: Demo) -> None:
    kafka, _ = stack.servers(demo.local)
    before = _offsets(demo.settings, kafka.address)
    assert before[demo.settings.topics.wire] == 52
    assert before[demo.settings.topics.dead_letter] == 0
    again = demo.run()  # without --keep: it stops no server that it did not start
    assert again.returncode == 0, again.stderr
    assert "nothing is pushed" in again.stderr
    assert "starting" not in again.stderr  # no server
    assert "enriching" not in again.stderr  # and no worker
    assert _offsets(demo.settings, kafka.address) == before
    for server in stack.servers(demo.local):
        wait_for(server.is_up, timeout=GUARD, what=f"an answer of {server.title}")
    for asked in SEARCHES:
        assert asked.command in again.stdout


def test_ctrl_c_ends_everything_that_it_started() -> None:
    with folder_for_servers() as folder:
        demo = Demo(folder)
        try:
            process = subprocess.Popen(
                COMMAND, env=demo.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            assert process.stderr is not None
            for line in process.stderr:  # bounded by the time-out of the test
                if "enriching and indexing" in line:
                    break
            while process.poll() is None and len(demo.processes()) < 4:  # the demo, two servers, the worker
                time.sleep(0.1)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(GUARD) == 130
            process.stderr.close()
            wait_for(lambda: demo.processes() == [], timeout=GUARD, what="the end of all that it started")
            assert not any(server.process() for server in stack.servers(demo.local))
        finally:
            demo.end()
