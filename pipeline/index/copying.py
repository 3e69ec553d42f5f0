"""Copying an index while it is written to: in passes, each from where the last one ended, nothing left out.

Elasticsearch numbers the operations on a shard (`_seq_no`), so "what was written since" is an exact question that
needs no clock. A pass asks each shard for its global checkpoint (every operation up to there is done and safe),
refreshes, and reads all documents beyond the last pass's checkpoint in the order of their numbers. What was written
meanwhile is the next pass's. Documents keep their external version, so copying one again, or an older state of it,
changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from elasticsearch import AsyncElasticsearch

from pipeline.errors import Code, Fatal, Poison, Transient
from pipeline.index.bulk import BulkWriter
from pipeline.index.document import Action

KEEP_ALIVE: Final = "10m"  # of the snapshot that a pass reads
PAGE: Final = 200  # documents at first
PAGE_BYTES: Final = 10_000_000  # aimed at: fewer documents a page where they are long
MOST_PAGE: Final = 2000
NOTHING: Final = -1  # the checkpoint of a shard that nothing was read of

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as the index holds it."""

    id: str
    version: int
    source: dict[str, Any]


Transform = Callable[[Sequence[Stored]], Awaitable[list[Action]]]
OnCopied = Callable[[int], Awaitable[None]]  # documents since the last call
OnProgress = Callable[[str, int, int], None]  # what is done, how many so far, of how many (0: not known)


@dataclass
class Checkpoints:
    """Of each shard the `_seq_no` up to which everything is copied."""

    shards: dict[str, int] = field(default_factory=dict)

    def of(self, shard: str) -> int:
        """`NOTHING` for a shard that was not read yet."""
        return self.shards.get(shard, NOTHING)


async def as_it_is(documents: Sequence[Stored]) -> list[Action]:
    """The transform that changes nothing."""
    return [plain(document) for document in documents]


def plain(document: Stored) -> Action:
    """A document as it is, ready to be written elsewhere."""
    return Action(document_id=document.id, version=document.version, source=_encode(document.source))


def checkpoints(copies: Mapping[str, Sequence[Mapping[str, Any]]], shards: int, *, index: str) -> dict[str, int]:
    """The global checkpoint of each shard of an index, from what its statistics tell of the copies of shards; pure.

    Raises:
        Transient: `elasticsearch.busy`, where a shard has no primary at the moment: what it has could not be copied.
    """
    found = {
        shard: int(copy["seq_no"]["global_checkpoint"])
        for shard, all_copies in copies.items()
        for copy in all_copies
        if copy["routing"]["primary"] and "seq_no" in copy
    }
    if len(found) < shards:
        message = f"{index} has {shards} shards, and {shards - len(found)} of them are not there (health red)"
        raise Transient(Code.ELASTICSEARCH_BUSY, message, hint="newswire status, then the same command again")
    return found


class Copier:
    """Copies one index into another, pass by pass."""

    def __init__(
        self,
        client: AsyncElasticsearch,
        *,
        source: str,
        writer: BulkWriter,
        transform: Transform,
        checkpoints: Checkpoints,
        on_copied: OnCopied,
    ) -> None:
        """Nothing is read yet.

        Args:
            client: may read and monitor the source.
            source: the index.
            writer: writes to the other index.
            transform: makes of documents what is written; one for each.
            checkpoints: where to go on; kept up to date, for whoever stores them.
            on_copied: is told after each page.
        """
        self._client = client
        self._source = source
        self._writer = writer
        self._transform = transform
        self._checkpoints = checkpoints
        self._on_copied = on_copied

    async def run(self) -> int:
        """One pass; returns how many documents it copied. Blocks while Elasticsearch is busy.

        Raises:
            Transient: `elasticsearch.busy`, where a shard of the source is not there; nothing is copied then.
            Fatal: `index.rejected`, where the other index refuses a document: its mapping does not fit; and what
                the writer raises.
            ApiError, TransportError: where the source cannot be read.
        """
        safe = await self._safe()
        await self._client.indices.refresh(index=self._source)
        copied = 0
        for shard, until in safe.items():
            copied += await self._shard(shard, until)
            self._checkpoints.shards[shard] = max(until, self._checkpoints.of(shard))
        return copied

    async def _safe(self) -> dict[str, int]:
        """Of each shard the `_seq_no` up to which every operation is done, on all its copies."""
        settings = await self._client.indices.get_settings(index=self._source, flat_settings=True)
        shards = int(settings[self._source]["settings"]["index.number_of_shards"])
        stats = await self._client.indices.stats(index=self._source, level="shards")
        return checkpoints(stats["indices"].get(self._source, {}).get("shards", {}), shards, index=self._source)

    async def _shard(self, shard: str, until: int) -> int:
        copied = 0
        async with aclosing(self._pages(shard)) as pages:
            page: list[tuple[int, Stored]] | None = await anext(pages, None)
            while page:
                # the next one is read while this one is written
                following, _ = await asyncio.gather(
                    anext(pages, None), self._write([document for _, document in page])
                )
                copied += len(page)
                # beyond `until` numbers may be missing that come later; the next pass reads from there
                self._checkpoints.shards[shard] = max(self._checkpoints.of(shard), min(page[-1][0], until))
                await self._on_copied(len(page))
                page = following
        return copied

    async def _pages(self, shard: str) -> AsyncGenerator[list[tuple[int, Stored]], None]:
        opened = await self._client.open_point_in_time(
            index=self._source, keep_alive=KEEP_ALIVE, preference=f"_shards:{shard}"
        )
        snapshot = opened["id"]
        size, after = PAGE, self._checkpoints.of(shard)
        try:
            while True:
                answer = await self._client.search(
                    pit={"id": snapshot, "keep_alive": KEEP_ALIVE},
                    query={"range": {"_seq_no": {"gt": after}}},
                    sort=[{"_seq_no": "asc"}],
                    size=size,
                    version=True,
                    seq_no_primary_term=True,
                    track_total_hits=False,
                    allow_partial_search_results=False,
                )
                snapshot = answer["pit_id"]
                hits = answer["hits"]["hits"]
                if not hits:
                    return
                yield [(hit["_seq_no"], Stored(hit["_id"], hit["_version"], hit["_source"])) for hit in hits]
                after = hits[-1]["_seq_no"]
                length = sum(len(hit["_source"].get("body") or "") for hit in hits)
                size = max(1, min(MOST_PAGE, round(len(hits) * PAGE_BYTES / max(length, len(hits) * 1000))))
        finally:
            await self._client.close_point_in_time(id=snapshot)

    async def _write(self, documents: Sequence[Stored]) -> None:
        outcomes = await self._writer.write(await self._transform(documents))
        refused = [outcome for outcome in outcomes if isinstance(outcome, Poison)]
        if refused:
            raise Fatal(
                Code.INDEX_REJECTED,
                f"the new index refuses {len(refused)} documents, the first: {refused[0].message}",
                hint="mend config/elasticsearch/fields.json, then: newswire reindex --abort, and newswire reindex",
            )
