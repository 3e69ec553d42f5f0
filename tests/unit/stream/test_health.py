"""Live and ready, and the port that says so, also while the event loop stands still."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Iterator

import pytest

from pipeline.errors import Code, NewswireError, Transient
from pipeline.settings import Metrics
from pipeline.stream import health as health_module
from pipeline.stream.health import BLOCKED_AFTER, KEEP, Health
from pipeline.stream.loop import Progress
from pipeline.stream.monitor import Answer, Monitor


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever, daemon=True)
    thread.start()
    yield running
    running.call_soon_threadsafe(running.stop)
    thread.join()
    running.close()


@pytest.fixture(autouse=True)
def turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stands still for a moment is not what these tests are about."""
    monkeypatch.setattr(health_module, "TURNS_WITHIN", 120.0)


async def well() -> str:
    return ""


async def broken() -> str:
    raise ValueError("no such host")


async def silent() -> str:
    await asyncio.sleep(3600)
    return ""


def test_ready_is_every_check_and_no_agent_that_waits(loop: asyncio.AbstractEventLoop) -> None:
    now = 0.0
    progress = {"index": Progress()}
    health = Health(loop, progress, stall=lambda: None, ready={"kafka": well, "nlp": well}, clock=lambda: now)
    assert health.ready() == Answer(True, {"kafka": "", "nlp": "", "agent_index": ""})
    progress["index"].waiting = Code.ELASTICSEARCH_BUSY
    assert health.ready().ok  # kept for a second
    now += KEEP
    assert health.ready().checks["agent_index"] == "waits: elasticsearch.busy"


def test_a_check_that_fails_or_hangs_is_a_reason(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "ANSWER_WITHIN", 0.2)
    answer = Health(loop, {}, stall=lambda: None, ready={"a": broken, "b": silent, "c": well}).ready()
    assert not answer.ok
    assert answer.checks["a"] == "ValueError: no such host"
    assert "no answer within" in answer.checks["b"]
    assert answer.checks["c"] == ""


def test_live_is_a_loop_that_turns_and_no_stall(loop: asyncio.AbstractEventLoop) -> None:
    now = 0.0
    stall: list[NewswireError] = []
    health = Health(loop, {}, stall=lambda: next(iter(stall), None), ready={}, clock=lambda: now)
    now = BLOCKED_AFTER + 1
    assert health.live().checks["event_loop"] == "no turn for 31 s"
    health.beat()
    assert health.live().ok
    stall.append(Transient(Code.WORKER_STALLED, "3 records in flight"))
    assert health.live().checks["watchdog"] == "3 records in flight"


def test_while_the_loop_is_blocked_ready_says_so_in_time(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "ANSWER_WITHIN", 0.1)
    monkeypatch.setattr(health_module, "TURNS_WITHIN", 0.1)
    release = threading.Event()
    loop.call_soon_threadsafe(release.wait)
    try:
        began = time.monotonic()
        answer = Health(loop, {}, stall=lambda: None, ready={"kafka": well}).ready()
        assert time.monotonic() - began < 120
    finally:
        release.set()
    assert "no answer" in answer.checks["event_loop"]


def ask(port: int, path: str, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_the_monitor_serves_and_two_of_them_take_two_ports() -> None:
    probes = {"/live": lambda: Answer(True, {"a": ""}), "/ready": lambda: Answer(False, {"kafka": "away"})}
    first = Monitor(Metrics(port=0), about={"worker": "w"}, metrics=lambda: b"x 1\n", probes=probes)
    second = Monitor(Metrics(port=first.port), about={}, metrics=lambda: b"x 2\n", probes={})
    try:
        assert first.port < second.port < first.port + 100
        assert ask(first.port, "/metrics") == (200, b"x 1\n")
        assert ask(second.port, "/metrics?name=x") == (200, b"x 2\n")
        status, body = ask(first.port, "/live")
        assert (status, json.loads(body)) == (200, {"worker": "w", "ok": True, "checks": {"a": ""}})
        status, body = ask(first.port, "/ready")
        assert (status, json.loads(body)["checks"]) == (503, {"kafka": "away"})
        assert ask(first.port, "/")[0] == 404
        assert ask(first.port, "/live", "POST")[0] == 501
    finally:
        first.close()
        second.close()
    with pytest.raises(OSError, match="refused"):
        ask(first.port, "/live")


def test_a_host_that_is_not_ours_is_refused() -> None:
    with pytest.raises(OSError, match="assign"):
        Monitor(Metrics(host="192.0.2.1", port=9464), about={}, metrics=lambda: b"", probes={})
