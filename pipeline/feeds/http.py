"""GET for feeds and pages: bounded in time, bytes and redirects, on the hosts' terms, to where we may go."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from pipeline import __version__
from pipeline.errors import Code, NewswireError, Transient
from pipeline.feeds.guard import private_address_refusal, public_socket
from pipeline.feeds.hosts import Hosts, retry_after

AGENT: Final = "newswire"  # the name that robots.txt may address
REDIRECTS: Final = 5
CONNECT_TIMEOUT: Final = 10.0  # seconds
CONNECTIONS: Final = 200  # to all hosts
_CHUNK: Final = 65_536
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD: Final = frozenset({301, 308})
_IN_TROUBLE: Final = frozenset({429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


Permit = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """What to get, and within which bounds."""

    url: str
    timeout: float  # seconds for an answer; the wait for a free connection, and each redirect, apart
    max_bytes: int  # of the body, unpacked
    private: bool = False  # may go to private addresses
    headers: Mapping[str, str] = field(default_factory=dict)
    authorization: str | None = None  # sent to the origin of `url` alone
    permit: Permit | None = None  # asked before each URL, those of redirects among them


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body is unpacked; of any other status than 200 it is not read."""

    status: int
    url: str  # where it was found
    moved_to: str | None  # the new URL, where all redirects were for good
    body: bytes
    headers: Mapping[str, str]

    def retry_after(self) -> float | None:
        """Seconds that the server asks us to stay away."""
        return retry_after(self.headers, now=datetime.now(UTC))


class Fetcher:
    """Gets things over HTTP; open it with `async with`."""

    def __init__(self, hosts: Hosts, *, contact: str) -> None:
        self.hosts = hosts
        self._agent = f"{AGENT}/{__version__} (+{contact})"
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        for private in (False, True):
            factory = None if private else public_socket
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, socket_factory=factory, ttl_dns_cache=60)
            self._sessions[private] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                headers={"User-Agent": self._agent, "Accept-Encoding": "gzip"},
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()

    async def get(self, request: Request) -> Answer:
        """Get it. A status of trouble makes the host rest, and is returned; redirects are followed.

        Raises:
            Transient: `feed.unreachable` (not reached, too slow, cut off, or resting), `feed.too-large`,
                `feed.address`, `feed.refused` (too many redirects, or to another scheme); what `permit` raises.
        """
        url, for_good = request.url, True
        for _ in range(REDIRECTS + 1):
            if request.permit is not None:
                await request.permit(url)
            answer = await self._once(request, url)
            location = answer.headers.get("Location")
            if answer.status not in _MOVED or not location:
                moved = url if for_good and url != request.url else None
                return Answer(answer.status, url, moved, answer.body, answer.headers)
            target = _target(url, location.strip())
            # a move to plain http is followed, but not remembered
            for_good = for_good and answer.status in _FOR_GOOD and _not_weaker(url, target)
            url = target.partition("#")[0]
        raise Transient(Code.FEED_REFUSED, f"{request.url[:200]}: more than {REDIRECTS} redirects")

    async def _once(self, request: Request, url: str) -> Answer:
        host = self.hosts.of(url)
        headers = dict(request.headers)
        if request.authorization and same_origin(url, request.url):
            headers["Authorization"] = request.authorization
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT)
        session = self._sessions[request.private]
        async with host.turn():
            try:
                async with (
                    asyncio.timeout(request.timeout),
                    session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response,
                ):
                    body = await _body(response, request.max_bytes) if response.status == 200 else b""
            except TimeoutError as error:
                host.failed()
                message = f"{url[:200]}: no whole answer within {request.timeout:g} s"
                raise Transient(Code.FEED_UNREACHABLE, message) from error
            except NewswireError:
                host.answered()
                raise
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise self._unreachable(error, url) from error
        answer = Answer(response.status, url, None, body, response.headers)
        if response.status in _IN_TROUBLE:
            host.failed(answer.retry_after())
        else:
            host.answered()
        return answer

    def _unreachable(self, error: Exception, url: str) -> Transient:
        refusal = private_address_refusal(error, url)
        if refusal is not None:
            return refusal
        self.hosts.of(url).failed()
        what = str(error) or type(error).__name__
        return Transient(Code.FEED_UNREACHABLE, f"{url[:200]}: {what[:300]}")


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, unpacked; what grows beyond the limit is left at once."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    url = str(response.url)[:200]
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise Transient(Code.FEED_REFUSED, f"{url}: Content-Encoding {encoding[:40]}, which we did not ask for")
    unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        while chunk:
            try:
                body += unpack.decompress(chunk, limit + 1 - len(body)) if unpack else chunk
            except zlib.error as error:
                raise Transient(Code.FEED_UNREACHABLE, f"{url}: gzip: {error}") from error
            if len(body) > limit:
                raise Transient(Code.FEED_TOO_LARGE, f"{url}: more than {limit:,} bytes")
            chunk = unpack.unconsumed_tail if unpack else b""
    if unpack is not None and not unpack.eof:
        raise Transient(Code.FEED_UNREACHABLE, f"{url}: gzip: cut off")
    return bytes(body)


def _target(url: str, location: str) -> str:
    """Where a redirect leads.

    Raises:
        Transient: `feed.refused` where that is no http or https URL.
    """
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        sound = sound and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise Transient(Code.FEED_REFUSED, f"{url[:200]}: redirects to {location[:200]!r}, no http or https URL")
    return target


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs are of one scheme, host and port."""
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, port


def _not_weaker(url: str, target: str) -> bool:
    return not (url.startswith("https:") and target.startswith("http:"))
