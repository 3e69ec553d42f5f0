"""robots.txt as RFC 9309 reads it: asked for once a day and origin; what cannot be read allows or forbids all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from pipeline.errors import Code, NewswireError, Transient
from pipeline.feeds.http import AGENT, Fetcher, Permit, Request

KEPT: Final = 86_400.0  # seconds; RFC 9309 section 2.4: not longer than 24 hours
TRIED_AGAIN: Final = 300.0  # seconds, where it could not be reached
FORGIVEN: Final = 30 * 86_400.0  # section 2.3.1.4: unreachable for so long counts as none
MAX_BYTES: Final = 1_000_000  # section 2.5: at least 500 KiB are read
TIMEOUT: Final = 20.0  # seconds
KNOWN: Final = 5_000  # origins

_SERVER_ERROR: Final = 500


@dataclass(slots=True)
class _Rules:
    """What an origin says; `parsed` None: all is allowed."""

    until: float
    parsed: Protego | None = None
    unreachable_since: float | None = None
    reason: str = ""


class Robots:
    """Whether an address may be fetched."""

    def __init__(self, fetcher: Fetcher, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._rules: dict[tuple[str, bool], _Rules] = {}
        self._locks: dict[tuple[str, bool], asyncio.Lock] = {}

    def permit(self, *, private: bool) -> Permit:
        """`check` as a request takes it."""
        return lambda url: self.check(url, private=private)

    async def check(self, url: str, *, private: bool) -> None:
        """Return if `url` may be fetched.

        Raises:
            Transient: `feed.robots` where robots.txt disallows it, or cannot be read at the moment.
        """
        parts = urlsplit(url)
        origin = (f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}", private)
        async with self._locks.setdefault(origin, asyncio.Lock()):
            rules = self._rules.get(origin)
            if rules is None or rules.until <= self._clock():
                rules = await self._ask(origin, rules)
                self._remember(origin, rules)
        if rules.reason:
            raise Transient(
                Code.FEED_ROBOTS, f"{origin[0]}/robots.txt: {rules.reason}: all is forbidden until it can be read"
            )
        if rules.parsed is not None and not rules.parsed.can_fetch(url, AGENT):
            hint = "robots = false, if the server's keeper has given you leave"
            raise Transient(Code.FEED_ROBOTS, f"{url[:200]}: disallowed by {origin[0]}/robots.txt", hint=hint)

    async def _ask(self, origin: tuple[str, bool], before: _Rules | None) -> _Rules:
        now = self._clock()
        request = Request(f"{origin[0]}/robots.txt", timeout=TIMEOUT, max_bytes=MAX_BYTES, private=origin[1])
        try:
            answer = await self._fetcher.get(request)
        except NewswireError as error:
            if error.code in (Code.FEED_ADDRESS, Code.FEED_TOO_LARGE):
                raise
            return self._unreachable(before, error.message, now)
        # 429 says nothing of rules: taken as the server's trouble
        if answer.status >= _SERVER_ERROR or answer.status == 429:
            return self._unreachable(before, f"HTTP {answer.status}", now)
        if answer.status != 200:  # section 2.3.1.3: unavailable, so all is allowed
            return _Rules(until=now + KEPT)
        return _Rules(until=now + KEPT, parsed=Protego.parse(answer.body.decode("utf-8", "replace")))

    def _unreachable(self, before: _Rules | None, reason: str, now: float) -> _Rules:
        since = before.unreachable_since if before and before.unreachable_since is not None else now
        if before is not None and not before.reason and now - since < FORGIVEN:
            # what it said before holds on
            return _Rules(until=now + TRIED_AGAIN, parsed=before.parsed, unreachable_since=since)
        if now - since >= FORGIVEN:
            return _Rules(until=now + KEPT, unreachable_since=since)
        return _Rules(until=now + TRIED_AGAIN, unreachable_since=since, reason=reason)

    def _remember(self, origin: tuple[str, bool], rules: _Rules) -> None:
        if len(self._rules) >= KNOWN and origin not in self._rules:
            oldest = min(self._rules, key=lambda key: self._rules[key].until)
            del self._rules[oldest]
            self._locks.pop(oldest, None)
        self._rules[origin] = rules
