"""A real HTTP proxy on loopback that a test lets answer wrongly, late or not at all.

It stands between a client and the real server: `before` may answer in the server's place or change what it is asked,
`after` may change the server's answer or lose it. What they leave alone passes through unchanged.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

LARGEST = 200_000_000  # bytes of a request
PASSED_ON = ("content-type", "x-elastic-product")  # of an answer; it is read whole, so its length is our own
NOT_PASSED_ON = ("host", "content-length", "accept-encoding")  # of a request: answers come as they are


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Response:
    """What it is answered."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


LOST = Response(status=0)  # the connection breaks instead

Before = Callable[[Request], Response | Request | None]
After = Callable[[Request, Response], Response | None]


@dataclass
class Proxy:
    """A running proxy; `requests` counts what it was asked."""

    url: str
    requests: int = 0


class _Proxy:
    def __init__(self, target: str, before: Before | None, after: After | None) -> None:
        self.proxy = Proxy(url="")
        self._target = target
        self._before = before
        self._after = after
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(120), "the proxy did not start"

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._serve())
        self._started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._session.close())
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _serve(self) -> web.AppRunner:
        self._session = aiohttp.ClientSession(skip_auto_headers=("Accept-Encoding",))
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.proxy.url = f"http://{host}:{port}"
        return runner

    async def _handle(self, incoming: web.Request) -> web.StreamResponse:
        self.proxy.requests += 1
        request = Request(incoming.method, incoming.path_qs, dict(incoming.headers), await incoming.read())
        decided = self._before(request) if self._before else None
        if isinstance(decided, Response):
            response = decided
        else:
            response = await self._forward(decided or request)
            changed = self._after(request, response) if self._after else None
            response = changed or response
        if response is LOST:
            assert incoming.transport is not None
            incoming.transport.abort()
            return web.Response()
        headers: dict[str, Any] = {k: v for k, v in response.headers.items() if k.lower() in PASSED_ON}
        return web.Response(status=response.status, body=response.body or response.text.encode(), headers=headers)

    async def _forward(self, request: Request) -> Response:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in NOT_PASSED_ON}
        async with self._session.request(
            request.method, self._target + request.path, headers=headers, data=request.body
        ) as answer:
            return Response(answer.status, await answer.read(), dict(answer.headers))


@contextmanager
def http_proxy(target: str, *, before: Before | None = None, after: After | None = None) -> Iterator[Proxy]:
    """A proxy to the server at `target` (http://host:port), on a free port."""
    running = _Proxy(target, before, after)
    running.start()
    try:
        yield running.proxy
    finally:
        running.stop()
