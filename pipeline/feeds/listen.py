"""`newswire listen`: a server that takes wire articles over HTTP, and says 202 when Kafka has them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from aiohttp import hdrs, web

from pipeline.article import WireArticle
from pipeline.errors import Code, NewswireError, Poison
from pipeline.feeds.listen_answers import Failure, answer, failure_of, write
from pipeline.feeds.publisher import Publisher
from pipeline.wire import FORMATS, format_of_content_type, parse_each
from pipeline.wire.context import Result

PATH: Final = "/articles"
HEALTH: Final = "/health"
BUSY_RETRY_AFTER: Final = 1  # seconds
PARSERS: Final = 2  # requests that are parsed at once: parsing holds Python's lock anyway
_LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may push, and how much."""

    token: str  # empty: whoever reaches the server, which is then on loopback
    max_bytes: int  # of a request's body as it comes in
    max_requests: int  # under way at once
    read_timeout: float  # seconds for a body to come in


class Listener:
    """The HTTP application. Memory is bounded by `max_requests` bodies of `max_bytes`, and their articles."""

    def __init__(
        self, publisher: Publisher, rules: Rules, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._publisher = publisher
        self._rules = rules
        self._clock = clock
        self._under_way = 0
        self._idle = asyncio.Condition()
        self._ending = False
        self._parsing = asyncio.Semaphore(PARSERS)
        self._token = hashlib.sha256(rules.token.encode()).digest()

    def application(self) -> web.Application:
        """The routes: POST and PUT /articles, GET /health."""
        app = web.Application(middlewares=[_failures_as_json])
        for method in (hdrs.METH_POST, hdrs.METH_PUT):
            app.router.add_route(method, PATH, self._push, expect_handler=self._expect)
        app.router.add_get(HEALTH, self._health)
        return app

    async def drain(self, *, within: float) -> None:
        """Take no more requests, and wait until those under way are answered, for `within` seconds at most.

        To be called before the server is shut down: aiohttp drops what arrives of a body from then on.
        """
        self._ending = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within), self._idle:
                await self._idle.wait_for(lambda: not self._under_way)

    async def _expect(self, request: web.Request) -> web.StreamResponse | None:
        """Answer `Expect: 100-continue`: refuse what we can before the body is sent."""
        try:
            self._admit(request)
        except Failure as refusal:
            return refusal.response()
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the head of the answer itself is still to be written
        return None

    async def _health(self, _request: web.Request) -> web.StreamResponse:
        away = self._publisher.away
        if away is not None:
            self._publisher.check()  # nobody pushes to a server that is not well: it must find out by itself
        if away is None:
            return write(200, {"status": "ok", "requests_under_way": self._under_way})
        return write(503, {"status": "unavailable", "error": {"code": str(away.code), "message": away.message}})

    async def _push(self, request: web.Request) -> web.StreamResponse:
        format, default_date = self._admit(request)
        if self._under_way >= self._rules.max_requests:
            message = f"{self._under_way} requests are under way; listen.max_requests is {self._rules.max_requests}"
            raise Failure(429, Code.LISTEN_BUSY, message, retry_after=BUSY_RETRY_AFTER)
        self._under_way += 1
        try:
            data = await self._body(request)
            results = await self._parsed(data, format, default_date)
            del data
            return answer(results, await self._outcomes(results), retry_in=self._publisher.retry_in)
        finally:
            self._under_way -= 1
            async with self._idle:
                self._idle.notify_all()

    def _admit(self, request: web.Request) -> tuple[str, str | None]:
        """Format and default date of a request that we take, by its head alone."""
        self._check_sender(request)
        if self._ending:
            raise Failure(503, Code.LISTEN_BUSY, "newswire listen is ending", retry_after=BUSY_RETRY_AFTER)
        format = _format(request)
        default_date = request.query.get("date")
        if default_date is not None and not _is_day(default_date):
            raise Failure(400, Code.LISTEN_REQUEST, f"?date={default_date[:40]}: not a day as YYYY-MM-DD")
        encoding = request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip"):  # gzip is unpacked by the parser, within its bounds
            raise Failure(415, Code.LISTEN_FORMAT, f"Content-Encoding: {encoding[:40]}: only gzip and identity")
        if (request.content_length or 0) > self._rules.max_bytes:
            raise self._too_large(f"{request.content_length:,} bytes")
        return format, default_date

    def _check_sender(self, request: web.Request) -> None:
        if self._rules.token:
            scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
            digest = hashlib.sha256(given.strip().encode("utf-8", "surrogateescape")).digest()
            # of digests, so that not even the length shows in the time that it takes
            if not hmac.compare_digest(digest, self._token) or scheme.lower() != "bearer":
                raise Failure(401, Code.LISTEN_UNAUTHORIZED, "Authorization: Bearer and the token are needed")
            return
        # without a token, a web page open on this machine must not push through its reader's browser
        host = request.headers.get(hdrs.HOST, "")
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        if hdrs.ORIGIN in request.headers or name.lower() not in _LOCAL_NAMES:
            raise Failure(403, Code.LISTEN_BROWSER, "requests of web pages are refused while listen.token is not set")

    async def _body(self, request: web.Request) -> bytes:
        limit, received = self._rules.max_bytes, bytearray()
        try:
            async with asyncio.timeout(self._rules.read_timeout):
                async for chunk in request.content.iter_any():
                    received += chunk
                    if len(received) > limit:
                        raise self._too_large(f"more than {limit:,} bytes")
        except TimeoutError as error:
            seconds = self._rules.read_timeout
            raise Failure(
                408, Code.LISTEN_SLOW, f"{len(received):,} bytes within {seconds:g} s, and no end"
            ) from error
        if not received:
            raise Failure(400, Code.WIRE_EMPTY, "the request has no body")
        return bytes(received)

    def _too_large(self, found: str) -> Failure:
        return Failure(413, Code.WIRE_TOO_LARGE, f"{found}; listen.max_bytes is {self._rules.max_bytes:,}")

    async def _parsed(self, data: bytes, format: str, default_date: str | None) -> list[Result]:
        now = self._clock()
        async with self._parsing:
            return await asyncio.to_thread(
                lambda: list(parse_each(data, format=format, default_date=default_date, now=now))
            )

    async def _outcomes(self, results: list[Result]) -> dict[int, NewswireError | None]:
        """By the index of the article: None where Kafka has it, else why not."""
        numbers = [number for number, result in enumerate(results) if isinstance(result, WireArticle)]
        articles = [result for result in results if isinstance(result, WireArticle)]
        return dict(zip(numbers, await self._publisher.publish(articles), strict=True))


@web.middleware
async def _failures_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Failure as refusal:
        return refusal.response()
    except (Poison, NewswireError) as error:
        return failure_of(error).response()
    except web.HTTPException as error:  # no such path, or method
        headers = {str(hdrs.ALLOW): error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else None
        message = f"{request.method} {request.path[:80]}: {error.reason}; articles go to POST {PATH}"
        return Failure(error.status, Code.LISTEN_REQUEST, message, headers=headers).response()


def _format(request: web.Request) -> str:
    named = request.query.get("format")
    if named is not None:
        if named not in FORMATS:
            raise Failure(400, Code.LISTEN_FORMAT, f"?format={named[:40]}: accepted are {', '.join(FORMATS)}")
        return named
    content_type = request.headers.get(hdrs.CONTENT_TYPE)
    if not content_type:
        return "auto"
    found = format_of_content_type(content_type)
    if found is None:
        message = f"Content-Type: {content_type[:80]}: no wire format; name it with ?format=, or say ?format=auto"
        raise Failure(415, Code.LISTEN_FORMAT, message)
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that is bound to `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
