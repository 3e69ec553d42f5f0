"""How a document is renewed on its way into a new index: built anew from what it holds, or enriched again.

The stub of a kill, what lifts one, and the tombstone of a forgotten article are copied as they are, and so is what
cannot be enriched now: nothing that the index has may be lost by renewing it. A document keeps its external version,
but for the revision of its enrichment.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from pipeline import codec, identity
from pipeline.article import EnrichedArticle, WireArticle
from pipeline.enrich.pool import EnrichPool, WireRecord
from pipeline.errors import Poison
from pipeline.index.copying import Stored, Transform, as_it_is, plain
from pipeline.index.document import Action, action
from pipeline.index.lookup import read
from pipeline.settings import Settings


def with_enrichment(version: int, revision: int) -> int:
    """The external version with another revision of the enrichment: its last two digits (`pipeline.identity`)."""
    rank = identity.rank_of(version)
    return version - rank % 100 + min(revision, 99)


async def rebuilt(documents: Sequence[Stored]) -> list[Action]:
    """The transform that builds documents anew from what they hold, for fields that a release has added."""
    return [_rebuilt(document) for document in documents]


def renewable(document: Stored) -> bool:
    """Whether it is an article: no stub, tombstone or lifting."""
    return document.source.get("pubStatus") != "canceled" and bool(document.source.get("body"))


def _rebuilt(document: Stored) -> Action:
    if not renewable(document):
        return plain(document)
    try:
        return _built(read(document.source), document.source, version=document.version)
    except (Poison, msgspec.ValidationError):
        return plain(document)


def _built(article: EnrichedArticle, source: dict[str, Any], *, version: int) -> Action:
    event = source.get("event") or {}
    lifts = source.get("lifts")
    made = action(
        article,
        ingested=event.get("ingested"),
        created=event.get("created"),
        lifts=None if lifts is None else int(lifts),
        killed_by=source.get("killedBy"),
    )
    # `external_version` would not know what outranked the article when it was written
    return msgspec.structs.replace(made, version=version)


class Enriching:
    """The transform that enriches again what an earlier revision enriched."""

    def __init__(self, pool: EnrichPool) -> None:
        self._pool = pool

    async def __call__(self, documents: Sequence[Stored]) -> list[Action]:
        """See `copying.Transform`."""
        made: list[Action | None] = [None] * len(documents)
        old: list[int] = []
        for place, document in enumerate(documents):
            if renewable(document) and document.source.get("enrichment", 0) < identity.ENRICHMENT_REVISION:
                old.append(place)
            else:
                made[place] = _rebuilt(document)
        records = [WireRecord(value=codec.encode(_wire(documents[place].source))) for place in old]
        for place, result in zip(old, await self._pool.enrich(records), strict=True):
            document = documents[place]
            if isinstance(result, Poison) or len(result) != 1:
                made[place] = plain(document)
                continue
            article = codec.decode_enriched(result[0].value)
            version = with_enrichment(document.version, article.enrichment)
            made[place] = _built(article, document.source, version=version)
        return [each for each in made if each is not None]


def _wire(source: dict[str, Any]) -> WireArticle:
    article = read(source)
    return WireArticle(**{name: getattr(article, name) for name in WireArticle.__struct_fields__})


@dataclass(frozen=True)
class Renewal:
    """The transform that was asked for, and the NLP processes where it needs some."""

    transform: Transform
    pool: EnrichPool | None = None


@asynccontextmanager
async def renewal(settings: Settings, *, rebuild: bool, enrich: bool, processes: int) -> AsyncIterator[Renewal]:
    """What renews documents; the NLP processes that enriching brings end with the context."""
    if not enrich:
        yield Renewal(rebuilt if rebuild else as_it_is)
        return
    pool = EnrichPool(settings, processes=processes)
    await pool.start()
    try:
        yield Renewal(Enriching(pool), pool)
    finally:
        await pool.close()
