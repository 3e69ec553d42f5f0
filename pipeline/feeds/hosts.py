"""How we behave to a host: so many connections and no more, and rest when it is in trouble or says so."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from pipeline.errors import Code, Transient

FIRST_PAUSE: Final = 5.0  # seconds
KNOWN_HOSTS: Final = 10_000  # bound of the memory
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age=\"?(\d{1,9})", re.I)


class Resting(Transient):
    """A host is not asked at the moment; `seconds` until it may be."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(Code.FEED_UNREACHABLE, f"{host} is left alone for another {seconds:.0f} s")
        self.seconds = seconds


class Host:
    """One host: its connections, and until when it is left alone."""

    def __init__(self, name: str, *, connections: int, longest_pause: float, clock: Callable[[], float]) -> None:
        self.name = name
        self.polls = asyncio.Semaphore(connections)  # feeds of this host that are polled at once
        self._places = asyncio.Semaphore(connections)
        self._longest = longest_pause
        self._clock = clock
        self._failures = 0
        self._not_before = 0.0

    @property
    def wait(self) -> float:
        """Seconds until it may be asked again."""
        return max(0.0, self._not_before - self._clock())

    @property
    def idle(self) -> bool:
        """Whether nothing needs to be remembered of it."""
        return self._failures == 0 and self.wait == 0.0 and not self._places.locked()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A connection to it; waits for a free place.

        Raises:
            Resting: while it is left alone.
        """
        async with self._places:
            if self.wait:
                raise Resting(self.name, self.wait)
            yield

    def failed(self, retry_after: float | None = None) -> None:
        """It was not reached, is overloaded or broken; it may have said for how long."""
        self._failures += 1
        pause = self._longest if self._failures > 20 else min(self._longest, FIRST_PAUSE * 2 ** (self._failures - 1))
        pause *= random.uniform(0.5, 1.0)  # noqa: S311 - so that many feeds do not come back at once
        if retry_after is not None:
            pause = max(pause, min(retry_after, self._longest))
        self._not_before = max(self._not_before, self._clock() + pause)

    def answered(self) -> None:
        """It is well."""
        self._failures = 0


class Hosts:
    """All hosts that we deal with."""

    def __init__(
        self, *, connections: int, longest_pause: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connections = connections
        self._longest = longest_pause
        self._clock = clock
        self._hosts: dict[str, Host] = {}

    def of(self, url: str) -> Host:
        """The host of a URL."""
        name = urlsplit(url).netloc.rpartition("@")[2].lower()
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= KNOWN_HOSTS:
                self._hosts = {name: host for name, host in self._hosts.items() if not host.idle}
            host = Host(name, connections=self._connections, longest_pause=self._longest, clock=self._clock)
            self._hosts[name] = host
        return host


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3: seconds or a date), None without it."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(min(int(value[:12]), 10**9))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def max_age(headers: Mapping[str, str]) -> float:
    """Seconds for which `Cache-Control` calls an answer fresh, 0 without it."""
    value = headers.get("Cache-Control", "")
    found = _MAX_AGE.search(value)
    return float(found[1]) if found and "no-cache" not in value.lower() and "no-store" not in value.lower() else 0.0
