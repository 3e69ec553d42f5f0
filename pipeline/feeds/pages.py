"""The full text of an item from its page: fetched like a feed, extracted by trafilatura in a process of its own."""

from __future__ import annotations

import asyncio
import math
import sys
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from pipeline.article import WireArticle
from pipeline.errors import Code, Transient
from pipeline.feeds.definition import Feed, Http
from pipeline.feeds.extract_process import LENGTH
from pipeline.feeds.http import Fetcher, Request, same_origin
from pipeline.feeds.robots import Robots

MAX_BYTES: Final = 5_000_000  # of a page, unpacked
START_TIMEOUT: Final = 60.0  # seconds that the first page may take longer: libraries are loaded
RENEWED_AFTER: Final = 500  # pages; a process that reads others' pages for weeks would only grow
_HTML: Final = frozenset({"text/html", "application/xhtml+xml", ""})


class Pages:
    """Reads the pages of items. One page is extracted at a time."""

    def __init__(self, fetcher: Fetcher, robots: Robots, http: Http) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._timeout = http.page_timeout
        self._extractor = Extractor(timeout=http.page_timeout)

    async def text(self, article: WireArticle, feed: Feed) -> str:
        """The text of the page that an item links to, with paragraphs.

        Raises:
            Transient: a `feed.*` code, with why the summary must do.
        """
        url = _address(article)
        request = Request(
            url,
            timeout=self._timeout,
            max_bytes=MAX_BYTES,
            private=feed.private_addresses,
            authorization=feed.authorization if same_origin(url, feed.url) else None,
            permit=self._robots.permit(private=feed.private_addresses) if feed.robots else None,
        )
        answer = await self._fetcher.get(request)
        if answer.status != 200:
            raise Transient(Code.FEED_REFUSED, f"{url[:200]}: HTTP {answer.status}")
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in _HTML:
            raise Transient(Code.FEED_REFUSED, f"{url[:200]}: {kind[:60]} is no web page")
        text = await self._extractor.extract(answer.body, url)
        if len(text) <= len(article.body):
            raise Transient(Code.FEED_REFUSED, f"{url[:200]}: the page has no more text than the feed itself")
        return text

    async def close(self) -> None:
        """End the process."""
        await self._extractor.close()


class Extractor:
    """The process of `extract_process`: started when needed, killed when it takes too long."""

    def __init__(self, *, timeout: float) -> None:
        self._timeout = timeout
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._pages = 0

    async def extract(self, page: bytes, url: str) -> str:
        """The text of a page, empty where it has none.

        Raises:
            Transient: `feed.refused` where that took too long, or ended the process.
        """
        async with self._turn:
            process = await self._running()
            limit = self._timeout + (START_TIMEOUT if self._pages == 0 else 0.0)
            self._pages += 1
            try:
                async with asyncio.timeout(limit):
                    text = await _exchange(process, page)
            except TimeoutError as error:
                await self.close()
                raise Transient(Code.FEED_REFUSED, f"{url[:200]}: no text extracted in {limit:g} s") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                await self.close()
                raise Transient(Code.FEED_REFUSED, f"{url[:200]}: extracting its text ended the process") from error
            except BaseException:  # cancelled: its answer would be taken for the next one's
                await self.close()
                raise
            return text

    async def _running(self) -> asyncio.subprocess.Process:
        if self._pages >= RENEWED_AFTER:
            await self.close()
        if self._process is None:
            self._pages = 0
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "pipeline.feeds.extract_process",
                str(math.ceil(self._timeout + START_TIMEOUT)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is ours to deal with
            )
        return self._process

    async def close(self) -> None:
        """End the process; the next page starts another."""
        process, self._process = self._process, None
        self._pages = 0
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _exchange(process: asyncio.subprocess.Process, page: bytes) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(LENGTH.pack(len(page)) + page)
    await process.stdin.drain()
    size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
    return (await process.stdout.readexactly(size)).decode("utf-8", "replace")


def _address(article: WireArticle) -> str:
    for link in article.links:
        if link.rel == "alternate" and link.href:
            with suppress(ValueError):
                parts = urlsplit(link.href)
                sound = parts.port is None or parts.port > 0
                if sound and parts.scheme in ("http", "https") and parts.hostname and parts.username is None:
                    return link.href.partition("#")[0]
            raise Transient(Code.FEED_REFUSED, f"{link.href[:200]}: no http or https URL")
    raise Transient(Code.FEED_REFUSED, f"{article.uri[:200]}: the item links to no page")
