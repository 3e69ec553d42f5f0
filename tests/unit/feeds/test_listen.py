"""`newswire listen` over real HTTP, without a broker: what it refuses by itself, and that it claims nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from pipeline.errors import Code, UserError
from pipeline.feeds.listen import is_loopback
from pipeline.feeds.listen_server import listening
from pipeline.resources import resource
from pipeline.settings import Kafka, Listen, Settings, load

TOKEN = "correct horse"
GUARD = 120.0  # seconds: against hanging, not a measurement
ARTICLE = {"uri": "urn:newswire:test:1", "versionCreated": "2022-02-26", "body": "It rained."}


def settings_for(**listen: Any) -> Settings:
    base = load(resource("config/newswire.toml"))
    kafka = Kafka(bootstrap_servers="127.0.0.1:1", request_timeout=3.0)
    return base.model_copy(update={"kafka": kafka, "listen": Listen(**{"kafka_timeout": 0.3} | listen)})


@asynccontextmanager
async def client_of(settings: Settings, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with listening(settings, host="127.0.0.1", port=0) as (host, port):
        url = f"http://{host}:{port}"
        async with aiohttp.ClientSession(url, headers=headers, timeout=aiohttp.ClientTimeout(GUARD)) as session:
            yield session


def with_client(
    use: Callable[[aiohttp.ClientSession], Awaitable[None]], *, headers: dict[str, str] | None = None, **listen: Any
) -> None:
    async def run() -> None:
        async with client_of(settings_for(**listen), **(headers or {})) as session:
            await use(session)

    asyncio.run(run())


async def refused(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    assert answer.content_type == "application/json"
    return answer.status, (await answer.json())["error"]["code"]


@pytest.mark.parametrize(
    ("query", "headers", "body", "status", "code"),
    [
        ("?format=docx", {}, b"x", 400, "listen.format"),
        ("?date=yesterday", {}, b"x", 400, "listen.request"),
        ("", {"Content-Type": "image/png"}, b"x", 415, "listen.format"),
        ("", {"Content-Encoding": "br"}, b"x", 415, "listen.format"),
        ("", {}, b"", 400, "wire.empty"),
        ("", {}, b" \n ", 400, "wire.empty"),
        ("", {}, b"no date at all", 422, "wire.no-date"),
        ("", {"Content-Type": "application/xml"}, b"<feed><entry>", 422, "wire.unreadable"),
        ("", {"Content-Type": "application/xml"}, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", 422, "wire.hostile"),
        ("?format=json", {}, json.dumps(ARTICLE | {"body": 7}).encode(), 422, "wire.field"),
        ("", {}, json.dumps(ARTICLE | {"versionCreated": "9999-01-01"}).encode(), 422, "wire.date-range"),
        ("", {}, gzip.compress(b"\0" * 9_000_000), 422, "wire.hostile"),
    ],
)
def test_poison_is_refused_by_its_code(
    query: str, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        given = {"Content-Type": "application/octet-stream"} | headers
        async with session.post(f"/articles{query}", data=body, headers=given) as answer:
            assert await refused(answer) == (status, code), await answer.text()

    with_client(use)


def test_without_a_broker_nothing_is_claimed_and_a_second_request_is_answered_at_once() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        took: list[float] = []
        while len(took) < 2 or min(took[1:]) > 2.5:  # a busy machine may hold one of them up
            assert len(took) < 9, "they waited for the broker again"
            began = time.monotonic()
            async with session.post("/articles", json=[ARTICLE, ARTICLE | {"body": 7}]) as answer:
                told = await answer.json()
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) >= 1
            assert told["error"]["code"] == "kafka.unreachable"
            assert [item["outcome"] for item in told["articles"]] == ["unacknowledged", "refused"]
            assert (told["accepted"], told["refused"], told["unacknowledged"]) == (0, 1, 1)
            took.append(time.monotonic() - began)
        async with session.get("/health") as answer:
            assert await refused(answer) == (503, "kafka.unreachable")

    with_client(use)


def test_the_token() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        for given in (None, "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer \udcff"):
            headers = {"Authorization": given} if given else {}
            async with session.put("/articles", data=b"x", headers=headers) as answer:
                assert await refused(answer) == (401, "listen.unauthorized"), given
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        async with session.put("/articles", data=b"", headers={"Authorization": f"bearer  {TOKEN} "}) as answer:
            assert await refused(answer) == (400, "wire.empty")
        async with session.get("/health") as answer:
            assert answer.status == 200

    with_client(use, token=TOKEN)


def test_web_pages_cannot_push_through_their_readers_browser() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        for headers in ({"Origin": "https://example.org"}, {"Origin": "null"}, {"Host": "rebound.example.org:8640"}):
            async with session.post("/articles", data=b"x", headers=headers) as answer:
                assert await refused(answer) == (403, "listen.browser")

    with_client(use)


def test_beyond_loopback_there_must_be_a_token() -> None:
    async def run(host: str) -> None:
        async with listening(settings_for(), host=host, port=0):
            raise AssertionError("it was bound")

    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        with pytest.raises(UserError) as caught:
            asyncio.run(run(host))
        assert caught.value.code is Code.USAGE
        assert "token" in (caught.value.hint or "")
    assert is_loopback("127.0.0.2")
    assert is_loopback("::1")


def test_a_port_that_is_taken_is_named() -> None:
    async def run(port: int) -> None:
        async with listening(settings_for(), host="127.0.0.1", port=port):
            pass

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UserError, match=f"port {taken.getsockname()[1]}"):
            asyncio.run(run(taken.getsockname()[1]))


def test_what_is_too_large_is_refused_before_it_is_sent() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield b"x" * 65536
            await asyncio.sleep(0)

    async def use(session: aiohttp.ClientSession) -> None:
        async with session.post("/articles", data=b"x" * 20_000) as answer:  # by its Content-Length
            assert await refused(answer) == (413, "wire.too-large")
        try:
            async with session.post("/articles", data=endless()) as answer:  # chunked
                assert await refused(answer) == (413, "wire.too-large")
        except aiohttp.ClientError:
            pass  # the server has hung up in the midst of our sending
        assert sent < 50_000_000
        async with session.get("/health") as answer:
            assert (await answer.json())["requests_under_way"] == 0

    with_client(use, max_bytes=10_000)


async def under_way(session: aiohttp.ClientSession) -> int:
    async with session.get("/health") as answer:
        return int((await answer.json())["requests_under_way"])


async def raw(session: aiohttp.ClientSession, head: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = session._base_url
    assert url is not None
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(head.replace("\n", "\r\n").encode())
    await writer.drain()
    return reader, writer


def test_expect_continue_is_refused_before_the_body() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        head = "POST /articles HTTP/1.1\nHost: localhost\nExpect: 100-continue\nContent-Length: {}\n\n"
        reader, writer = await raw(session, head.format(20_000))
        assert b" 413 " in await reader.readline()
        writer.close()
        reader, writer = await raw(session, head.format(3))
        assert b" 100 " in await reader.readline()
        await reader.readline()
        writer.write(b"x\ny")
        assert b" 422 " in await reader.readline()
        writer.close()

    with_client(use, max_bytes=10_000)


def test_slow_clients_time_out() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        body, head = await asyncio.gather(
            raw(session, "POST /articles HTTP/1.1\nHost: localhost\nContent-Length: 100\n\nslow"),
            raw(session, "POST /articles HTTP/1.1\nHost: loc"),
        )
        assert b" 408 " in await asyncio.wait_for(body[0].readline(), GUARD)
        assert await asyncio.wait_for(head[0].read(), GUARD) == b""
        for _, writer in (body, head):
            writer.close()

    with_client(use, read_timeout=0.5)


def test_too_much_under_way_is_told_to_come_again() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        head = "POST /articles HTTP/1.1\nHost: localhost\nContent-Length: 100\n\nslow"
        held = [await raw(session, head) for _ in range(2)]
        async with asyncio.timeout(GUARD):
            while await under_way(session) < 2:
                await asyncio.sleep(0.01)
        async with session.post("/articles", data=b"x") as answer:
            assert await refused(answer) == (429, "listen.busy")
            assert answer.headers["Retry-After"] == "1"
        for _, writer in held:
            writer.close()

    with_client(use, max_requests=2, read_timeout=GUARD)


def test_other_paths_and_methods() -> None:
    async def use(session: aiohttp.ClientSession) -> None:
        async with session.get("/articles") as answer:
            assert await refused(answer) == (405, "listen.request")
            assert answer.headers["Allow"] == "POST,PUT"
        async with session.post("/") as answer:
            assert await refused(answer) == (404, "listen.request")

    with_client(use)
