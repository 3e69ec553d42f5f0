"""A real HTTP server on loopback that serves feeds, pages and trouble, and counts what it was asked for."""

from __future__ import annotations

import asyncio
import email.utils
import gzip
import hashlib
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web


@dataclass(frozen=True)
class Item:
    """An item of an RSS feed; what is None is left out."""

    guid: str | None = None
    title: str = "A title"
    description: str = "It rained."
    published: str | None = "Sat, 26 Feb 2022 10:00:00 GMT"
    link: str | None = None


def rss(items: list[Item], *, ttl: int | None = None, built: str = "Sat, 26 Feb 2022 12:00:00 GMT") -> bytes:
    """The bytes of an RSS 2.0 feed."""
    parts = [f"<rss version='2.0'><channel><title>Test Wire</title><lastBuildDate>{built}</lastBuildDate>"]
    parts += [f"<ttl>{ttl}</ttl>"] if ttl is not None else []
    for item in items:
        parts.append(
            f"<item><title>{escape(item.title)}</title><description>{escape(item.description)}</description>"
        )
        parts += [f"<guid isPermaLink='false'>{escape(item.guid)}</guid>"] if item.guid else []
        parts += [f"<pubDate>{item.published}</pubDate>"] if item.published else []
        parts += [f"<link>{escape(item.link)}</link>"] if item.link else []
        parts.append("</item>")
    parts.append("</channel></rss>")
    return "".join(parts).encode()


@dataclass
class Trouble:
    """One answer that is not as it should be."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None  # None: the right one
    delay: float = 0.0  # seconds before the answer
    cut: bool = False  # half of the body that Content-Length announces
    drip: bool = False  # a byte now and then, without end


class FeedServer:
    """Serves `pages` by path; `trouble` for a path comes first, one a request. Use its `url`."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.trouble: dict[str, deque[Trouble]] = defaultdict(deque)
        self.headers: dict[str, dict[str, str]] = defaultdict(dict)  # further ones of good answers
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)  # by path
        self.requests: list[tuple[str, dict[str, str]]] = []
        self._asked_at: list[tuple[str, float]] = []
        self.validators = True
        self.most_at_once = 0
        self._at_once = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(self.statuses[path].values())

    def asked_at(self, path: str) -> list[float]:
        """When a path was asked for: seconds of the monotonic clock."""
        return [moment for asked, moment in self._asked_at if asked == path]

    def feed(self, path: str, items: list[Item], **options: Any) -> None:
        """Serve these items at a path from now on."""
        self.pages[path] = rss(items, **options)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self._asked_at.append((request.path, time.monotonic()))
            self.requests.append((request.path, dict(request.headers)))
            return await self._respond(request)
        finally:
            self._at_once -= 1

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        trouble = self.trouble[path].popleft() if self.trouble[path] else None
        body = self.pages.get(path)
        if trouble is not None:
            await asyncio.sleep(trouble.delay)
            if trouble.drip:
                return await self._drip(request)
            body = body if trouble.body is None else trouble.body
            self.statuses[path][trouble.status] += 1
            if trouble.cut:
                return await self._cut(request, body or b"")
            return web.Response(status=trouble.status, headers=trouble.headers, body=body)
        if body is None:
            self.statuses[path][404] += 1
            return web.Response(status=404)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.validators and request.headers.get("If-None-Match") == tag:
            self.statuses[path][304] += 1
            return web.Response(status=304, headers={"ETag": tag})
        self.statuses[path][200] += 1
        headers = {"Content-Type": self.types.get(path, "application/rss+xml"), **self.headers[path]}
        if self.validators:
            headers |= {"ETag": tag, "Last-Modified": email.utils.formatdate(1645880400, usegmt=True)}
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        return web.Response(body=body, headers=headers)

    async def _cut(self, request: web.Request, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        assert request.transport is not None
        request.transport.abort()
        return response

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(20_000):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """The server, in a thread of its own, on a free port."""
    server, loop = FeedServer(), asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", server._answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = runner.addresses[0][1]
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="feed-server")
    thread.start()
    assert ready.wait(60)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(60)
        loop.close()
