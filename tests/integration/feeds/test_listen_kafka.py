"""`newswire listen` and the real Kafka: 202 means that Kafka has it, whatever happens next."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pipeline.codec import decode_wire, header
from pipeline.feeds.listen_server import listening
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support.feed_server import Item, rss
from tests.support.ledger import records
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

TOKEN = "s3cret-token"
GUARD = 60.0  # seconds: against hanging, not a measurement


@pytest.fixture
def settings(stack: Stack) -> Settings:
    made = stack.settings(listen={"kafka_timeout": GUARD, "port": 0, "token": TOKEN})
    create_topics(made)
    return made


def impatient(settings: Settings) -> Settings:
    """With the same topics, for a broker that is away: nobody waits for it for long."""
    kafka = settings.kafka.model_copy(update={"request_timeout": 3.0})
    listen = settings.listen.model_copy(update={"kafka_timeout": 3.0})
    return settings.model_copy(update={"kafka": kafka, "listen": listen})


def article(uri: str, **changes: Any) -> dict[str, Any]:
    return {"uri": uri, "versionCreated": "2022-02-26", "body": f"It rained on {uri}."} | changes


def uris(settings: Settings) -> Counter[str]:
    return Counter(decode_wire(record.value).uri for record in records(settings, settings.topics.wire))


async def post(session: aiohttp.ClientSession, data: bytes, path: str = "/articles") -> tuple[int, dict[str, Any]]:
    async with session.post(path, data=data, headers={"Content-Type": "application/octet-stream"}) as answer:
        return answer.status, await answer.json()


async def accepted(session: aiohttp.ClientSession, uri: str) -> None:
    """Push until Kafka has it: a busy machine may take longer than is waited for."""
    end = time.monotonic() + GUARD
    while (await post(session, json.dumps(article(uri)).encode()))[0] != 202:
        assert time.monotonic() < end, "the broker is there, and nothing is taken"
        await asyncio.sleep(0.2)


def test_202_means_kafka_has_all_of_it(stack: Stack, settings: Settings) -> None:
    async def run() -> None:
        async with (
            listening(settings, host="127.0.0.1", port=0) as (host, port),
            aiohttp.ClientSession(f"http://{host}:{port}", headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        ):
            status, told = await post(session, json.dumps(article("a", version="3")).encode())
            assert status == 202
            assert told["articles"] == [
                {"uri": "a", "version": "3", "versionCreated": "2022-02-26", "outcome": "accepted"}
            ]
            assert uris(settings) == {"a": 1}
            lines = "\n".join(json.dumps(article(f"l{number}")) for number in range(500)).encode()
            assert (await post(session, gzip.compress(lines)))[1]["accepted"] == 500
            status, told = await post(
                session, rss([Item(guid="x"), Item(guid="y", published="one day"), Item(guid="z")])
            )
            assert status == 207
            assert [item["outcome"] for item in told["articles"]] == ["accepted", "refused", "accepted"]
            assert told["articles"][1]["code"] == "wire.field"
            status, told = await post(session, b"No date at all.", "/articles?date=2022-02-26&format=text")
            assert status == 202
            assert len(uris(settings)) == 504
            again = await post(session, b"No date at all.", "/articles?date=2022-02-26")
            assert again[1]["articles"][0]["uri"] == told["articles"][0]["uri"], "the same article"
            many = await asyncio.gather(*(post(session, json.dumps(article(f"m{n}")).encode()) for n in range(10)))
            assert {status for status, _ in many} == {202}

    asyncio.run(run())
    found = records(settings, settings.topics.wire)
    assert {header(record.headers, "ce_source") for record in found} == {"newswire/listen"}


def test_without_the_broker_nothing_is_claimed_until_it_is_back(stack: Stack, settings: Settings) -> None:
    async def run() -> None:
        async with (
            listening(impatient(settings), host="127.0.0.1", port=0) as (host, port),
            aiohttp.ClientSession(f"http://{host}:{port}", headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        ):
            await accepted(session, "before")
            await asyncio.to_thread(stack.kafka.kill)
            away = [await post(session, json.dumps(article(f"away-{number}")).encode()) for number in range(3)]
            assert [status for status, _ in away] == [503, 503, 503]
            assert {told["articles"][0]["outcome"] for _, told in away} == {"unacknowledged"}
            await asyncio.to_thread(stack.kafka.start)

            async def is_well() -> bool:
                async with session.get("/health") as health:
                    return health.status == 200

            end = time.monotonic() + GUARD
            while not await is_well():  # without any push
                assert time.monotonic() < end, "the broker is back, and listen is not"
                await asyncio.sleep(0.2)
            await accepted(session, "away-0")

    asyncio.run(run())
    assert {"before", "away-0"} <= set(uris(settings))


@contextmanager
def process(stack: Stack, settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    started = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "listen"],
        env=os.environ | stack.environment(settings),
        stderr=subprocess.PIPE,
    )
    try:
        assert started.stderr is not None
        said: list[bytes] = []
        while (found := re.search(rb"http://127\.0\.0\.1:\d+/articles", b"".join(said[-1:]))) is None:
            said.append(started.stderr.readline())
            assert said[-1], b"".join(said)  # it ended
        yield started, found.group().decode()
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def send(url: str, body: bytes) -> int:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=2 * GUARD) as answer:
        return int(answer.status)


def test_killed_right_after_202_and_ended_in_the_middle_of_a_push(
    stack: Stack, settings: Settings, tmp_path: Path
) -> None:
    with process(stack, settings) as (started, url):
        assert send(url, json.dumps(article("before")).encode()) == 202
        started.kill()
    assert uris(settings) == {"before": 1}

    with process(stack, settings) as (started, url):
        send(url, json.dumps(article("warm")).encode())
        statuses: list[int] = []
        big = json.dumps([article(f"big-{number}", body="It rained. " * 200) for number in range(2000)]).encode()
        health = url.replace("/articles", "/health")

        def under_way() -> bool:
            with urllib.request.urlopen(health, timeout=GUARD) as answer:
                return bool(json.load(answer)["requests_under_way"])

        seen = False
        while not seen:  # a push that was over before we looked is pushed again
            assert len(statuses) < 9
            pushing = threading.Thread(target=lambda: statuses.append(send(url, big)))
            pushing.start()
            while pushing.is_alive() and not (seen := under_way()):
                time.sleep(0.005)
        started.send_signal(signal.SIGTERM)
        pushing.join(2 * GUARD)
        assert set(statuses) == {202}, "what was under way is finished"
        assert started.wait(GUARD) == 0
    assert sum(uri.startswith("big-") for uri in uris(settings)) == 2000
