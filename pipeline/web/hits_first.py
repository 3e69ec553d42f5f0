"""Hits before counts: a reader sees the articles first, and both want the same processors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

TOGETHER: Final = 0.005  # seconds within which the two questions of one search arrive
LONGEST: Final = 0.2  # seconds that counts wait at most


class HitsFirst:
    """Who waits for whom. All methods belong to one event loop."""

    def __init__(self) -> None:
        self._looking = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def hits(self) -> Iterator[None]:
        """While hits are looked up."""
        self._looking += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._looking -= 1
            if not self._looking:
                self._idle.set()

    async def after_hits(self) -> None:
        """Return once no hits are being looked up, after `LONGEST` at the latest."""
        await asyncio.sleep(TOGETHER)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), LONGEST)
