"""Batches that are under way at once and write the same document do so in the order in which they came.

Elasticsearch orders versions by their rank; of two texts of one rank the last that is written stays. With this the
last is the one that stands later in the topic, whichever request is faster.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager


class Turns:
    """Whose turn it is, for any number of documents. For one event loop."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Future[None]] = {}  # of each document the batch that asked last

    @asynccontextmanager
    async def take(self, documents: Iterable[str]) -> AsyncIterator[None]:
        """Wait until every batch that asked for one of the documents before has left."""
        wanted = frozenset(documents)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        before = {self._last[each] for each in wanted if each in self._last}
        self._last |= dict.fromkeys(wanted, mine)
        try:
            if before:  # only of earlier batches, so nobody waits in a circle
                await asyncio.wait(before)
            yield
        finally:
            mine.set_result(None)
            for each in wanted:
                if self._last.get(each) is mine:
                    del self._last[each]
