"""What arrives while people read: one small query a second for all readers, and only while somebody asks.

An article arrives when its version becomes visible: indexed, or its embargo over. Arrivals are numbered; a reader who
knows a number (the cursor of its last search) asks what came after it. What was indexed may become visible out of
order and some seconds later, so every look goes back a while, and what was seen before is passed over.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch

from pipeline import identity
from pipeline.index.client import explain

LOOK_EVERY: Final = 1.0  # seconds, at most
BACK: Final = 120  # seconds that every look goes back: clocks of workers differ, refreshes take time
AT_ONCE: Final = 1_000  # arrivals of one look
KEPT: Final = 20_000  # arrivals remembered


class Arrivals:
    """The numbered arrivals of this process."""

    def __init__(self, client: AsyncElasticsearch, *, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock
        self._began = int(clock() * 1000)  # a cursor of an earlier process is none of ours
        self._seen: OrderedDict[tuple[str, int], int] = OrderedDict()  # document and version to its number
        self._uris: OrderedDict[int, str] = OrderedDict()
        self._count = 0
        self._looked = 0.0
        self._looking = asyncio.Lock()

    async def cursor(self) -> str:
        """The number of the last arrival, as a text; looks first, so that nothing older counts as new.

        Raises:
            Transient, Fatal: as `pipeline.index.client.explain`.
        """
        await self._look()
        return f"{self._began}-{self._count}"

    def knows(self, cursor: str) -> bool:
        """Whether a cursor is one of this process; one from before a restart is none."""
        began, _, number = cursor.partition("-")
        return began == str(self._began) and number.isascii() and number.isdecimal() and len(number) < 16

    async def after(self, cursor: str) -> list[str]:
        """The uris of the arrivals after a cursor, the last first; none for a cursor that is not ours.

        Raises:
            Transient, Fatal: as `cursor`.
        """
        await self._look()
        if not self.knows(cursor):
            return []
        number = cursor.partition("-")[2]
        found: dict[str, None] = {}
        for each, uri in reversed(self._uris.items()):
            if each <= int(number) or len(found) >= AT_ONCE:
                break
            found[uri] = None
        return list(found)

    async def _look(self) -> None:
        async with self._looking:
            now = self._clock()
            if now - self._looked < LOOK_EVERY:
                return
            first = not self._looked
            since = (now if first else self._looked) - BACK
            for hit in reversed(await self._visible_since(since)):
                self._note(hit, silently=first)
            self._looked = now

    def _note(self, hit: dict[str, Any], *, silently: bool) -> None:
        key = (hit["_id"], hit["_version"])
        if key in self._seen or "fields" not in hit:  # a uri too long for a column is too long for an address
            return
        self._count += not silently
        self._seen[key] = self._count
        if not silently:
            self._uris[self._count] = hit["fields"]["uri"][0]
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        while len(self._uris) > KEPT:
            self._uris.popitem(last=False)

    async def _visible_since(self, seconds: float) -> list[dict[str, Any]]:
        since = {"gte": int(seconds * 1000), "format": "epoch_millis"}
        try:
            response = await self._client.search(
                index=identity.READ_ALIAS,
                query={
                    "bool": {
                        "should": [{"range": {"event.ingested": since}}, {"range": {"embargoed": since}}],
                        "minimum_should_match": 1,
                    }
                },
                sort=[{"event.ingested": {"order": "desc", "unmapped_type": "date"}}],
                size=AT_ONCE,
                version=True,
                # from the column: in a busy hour these are a thousand, and stored articles would have to be read
                source=False,
                docvalue_fields=[{"field": "uri"}],
                track_total_hits=False,
            )
        except (ApiError, TransportError) as error:
            raise explain(error, doing="look for new articles") from error
        found: list[dict[str, Any]] = response["hits"]["hits"]
        return found
