"""The index agent and `newswire alert run` as real processes, and a webhook that answers as it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from pipeline import codec
from pipeline.alerts.model import Alert, target
from pipeline.alerts.store import AlertStore
from pipeline.alerts.topic import create_topic
from pipeline.article import EnrichedArticle
from pipeline.identity import READ_ALIAS
from pipeline.index.client import connect_sync
from pipeline.index.query import SearchRequest
from pipeline.index.setup import setup
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support.enriched import enriched
from tests.support.ledger import records, wait_for
from tests.support.stack import Stack, unique
from tests.support.workers import workers

SECRET = "of-the-webhooks"
GUARD = 120.0  # seconds: against hanging, not a measurement


@dataclass
class Newsroom:
    """Servers, an index agent, a runner that can be killed, and what a test does with them."""

    settings: Settings
    environment: dict[str, str]
    client: Elasticsearch
    producer: Any
    folder: Path
    process: subprocess.Popen[bytes] | None = None
    names: list[str] = field(default_factory=list)

    @property
    def printed(self) -> Path:
        """Standard output of all runs, one after the other."""
        return self.folder / "printed.jsonl"

    def run(self) -> None:
        """Start the runner, and wait until it says that it is ready."""
        log = self.folder / "runner.log"
        size = log.stat().st_size if log.exists() else 0
        with self.printed.open("ab") as out, log.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "alert", "run", "--json"],
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

        def ready() -> bool:
            assert self.process is not None
            text = log.read_bytes()[size:]
            assert self.process.poll() is None, text.decode()[-3000:]
            return b"telling of what comes in" in text

        wait_for(ready, timeout=GUARD, what="a runner that is ready")

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def add(self, query: str, to: str = "terminal", **asked: Any) -> Alert:
        """An alert; it counts once the runner has read the list again (`settle`)."""
        chosen = target(to.split())
        if chosen.kind == "topic":
            create_topic(self.settings, chosen.address)
        name = unique("alert")
        self.names.append(name)
        return AlertStore(self.client).add(name, SearchRequest(query=query, **asked), chosen, now=datetime.now(UTC))

    def settle(self) -> None:
        """Wait until the runner has read the alerts that were added."""
        known = f"asks {len(AlertStore(self.client).all())} alerts"

        def read() -> bool:
            lines = (self.folder / "runner.log").read_text("utf-8").splitlines()
            return known in next((line for line in reversed(lines) if " alerts" in line and "asks " in line), "")

        wait_for(read, timeout=GUARD, what=f"a runner that {known}", every=0.1)

    def publish(self, article: EnrichedArticle) -> EnrichedArticle:
        """Put an article on the enriched topic, as pushed at this moment; the brokers have it afterwards."""
        headers = codec.enriched_headers(article, time=datetime.now(UTC).isoformat())
        self.producer.send(
            self.settings.topics.enriched,
            key=article.uri.encode(),
            value=codec.encode(article),
            headers=headers + codec.pushed_header(headers),
        )
        self.producer.flush()
        return article

    def wait_until_indexed(self, article: EnrichedArticle) -> None:
        """Wait until readers see it."""
        query = {"term": {"uri": article.uri}}
        wait_for(
            lambda: self.client.count(index=READ_ALIAS, query=query)["count"],
            timeout=GUARD,
            what=f"an index agent that indexes {article.uri}",
        )

    def printed_of(self, alert: Alert) -> list[dict[str, Any]]:
        """What was printed for an alert, in order."""
        written = self.printed.read_bytes() if self.printed.exists() else b""
        whole = written[: written.rfind(b"\n") + 1]  # the line at its end may be only half written
        told = [json.loads(line) for line in whole.splitlines()]
        return [each for each in told if each["alert"] == alert.name]

    def wait_until_printed(self, alert: Alert, count: int) -> None:
        """Wait until so many tellings were printed for an alert."""
        wait_for(
            lambda: len(self.printed_of(alert)) >= count,
            timeout=GUARD,
            what=f"telling {count} of {alert.name}",
            every=0.05,
        )

    def sent_to(self, topic: str) -> list[dict[str, Any]]:
        """What is in a topic."""
        return [json.loads(record.value) for record in records(self.settings, topic)]


def article(uri: str, **changes: Any) -> EnrichedArticle:
    """The article of the ferry under another id."""
    return enriched(uri, **changes)


@pytest.fixture(scope="module")
def _newsroom(_servers: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("alerts")
    settings = _servers.settings(
        worker={"session_timeout": 6.0, "retry_backoff_max": 0.5},
        alerts={"webhook_secret": SECRET, "state_dir": str(folder), "webhook_timeout": GUARD},
    )
    create_topics(settings)
    environment = _servers.environment(settings)
    with connect_sync(settings) as client, workers(environment, folder) as started:
        setup(client, settings)
        started.start("--agents", "index", ready=False)
        producer: Any = KafkaProducer(bootstrap_servers=settings.kafka.bootstrap_servers.split(","), acks="all")
        room = Newsroom(settings, environment, client, producer, folder)
        try:
            room.run()
            started.all[0].wait_until_ready()
            room.wait_until_indexed(room.publish(enriched(f"urn:newswire:test:{unique('first')}")))
            yield room
        finally:
            room.kill()
            producer.close()
            for name in room.names:
                AlertStore(client).remove(name)


@pytest.fixture
def newsroom(_newsroom: Newsroom) -> Newsroom:
    """A newsroom whose runner runs."""
    if _newsroom.process is None or _newsroom.process.poll() is not None:
        _newsroom.run()
    return _newsroom


class Hook:
    """A webhook: takes note of what it gets, and answers with `answers` in turn, then with 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.got: list[tuple[float, dict[str, str], bytes, int]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = hook.answers.pop(0) if hook.answers else 200
                hook.got.append((time.time(), dict(self.headers), body, status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/news"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    running = Hook()
    try:
        yield running
    finally:
        running.close()
