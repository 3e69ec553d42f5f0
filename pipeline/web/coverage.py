"""The requests of the page: the hits of a search, and what is counted beside them.

The hits are those of `newswire search` (`pipeline.index.query` and `.search`); the facets and the map only narrow
them. Everything goes to the alias `news`. Hits and counts are two requests, so that the hits never wait for counts,
and the server works at both at once; what says the same far below is a third one, once the hits are there.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, Final

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch

from pipeline import identity
from pipeline.index import fold, query
from pipeline.index.fold_steps import Near, far, near
from pipeline.index.search import Alike, failure, read
from pipeline.web import atlas
from pipeline.web import timeline as timelines
from pipeline.web.parameters import FACETS, Asked, Timeline, filters

VALUES_SHOWN: Final = 12  # of a facet
SHARD_VALUES: Final = 60  # asked of each shard, so that counts over several shards are exact enough


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a facet, and how many of the articles found have it."""

    value: str
    count: int


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted over all articles found. `complete` is false where the time ran out."""

    facets: dict[str, tuple[Value, ...]]
    timeline: timelines.Bars | None
    clusters: tuple[atlas.Cluster, ...]
    complete: bool


def body(asked: Asked) -> dict[str, Any]:
    """The body of the search for the hits."""
    made = query.body(asked.request)
    return made | {"query": _narrowed(made["query"], asked)}


async def hits(client: AsyncElasticsearch, asked: Asked) -> Near:
    """The articles found, and what matched in them; what is alike among those that stand near.

    Raises:
        UserError, Transient, Fatal: as `pipeline.index.search.search`.
    """
    ask = partial(_ask, client)
    if not asked.request.collapse:
        return Near(answer=read(await ask(body(asked))), further=False)
    return await fold.answered(near(asked.request, narrowed=partial(_narrowed, asked=asked)), ask)


async def alike(client: AsyncElasticsearch, asked: Asked) -> dict[str, tuple[Alike, ...]]:
    """What says the same as each of these articles, however far down, by its uri; raises as `hits`."""
    return await fold.answered(far(asked.request, narrowed=partial(_narrowed, asked=asked)), partial(_ask, client))


async def matching(client: AsyncElasticsearch, asked: Asked, uris: list[str]) -> list[str]:
    """Those of `uris` that the search finds; raises as `hits`."""
    made = _counted(asked)
    ids = [identity.document_id(uri) for uri in uris]
    made["query"] = {"bool": {"filter": [made["query"], {"ids": {"values": ids}}]}}
    response = await _ask(client, made | {"size": len(ids), "_source": ["uri"], "sort": ["_doc"]})
    return [hit["_source"]["uri"] for hit in response["hits"]["hits"]]


async def counts(client: AsyncElasticsearch, asked: Asked, *, by: Timeline, of_map: bool) -> Counts:
    """Facets, timeline and map of the articles found; raises as `hits`.

    Args:
        by: the days that the timeline counts.
        of_map: whether the map is counted, too.
    """
    aggregations: dict[str, Any] = {
        name: {"terms": {"field": name, "size": VALUES_SHOWN, "shard_size": SHARD_VALUES}} for name in FACETS
    }
    if of_map:
        aggregations |= atlas.aggregations(asked.area)
    own = getattr(asked.request, by)
    # of the very articles that the facets count: the same search counts both
    beside = by == "published" and own is None
    if beside:
        aggregations |= timelines.DAYS
    facets = _ask(client, _counted(asked) | {"aggs": aggregations})
    if beside:
        response = await facets
        bars = timelines.published(response["aggregations"], chosen=None)
    else:
        response, bars = await asyncio.gather(facets, _timeline(client, asked, by))
    found = response["aggregations"]
    return Counts(
        facets={
            name: tuple(Value(value=each["key"], count=each["doc_count"]) for each in found[name]["buckets"])
            for name in FACETS
        },
        timeline=bars,
        clusters=atlas.clusters(found) if of_map else (),
        complete=not response["timed_out"] and not response["_shards"]["failed"],
    )


async def _timeline(client: AsyncElasticsearch, asked: Asked, by: Timeline) -> timelines.Bars | None:
    """The timeline without its own range."""
    own = getattr(asked.request, by)
    counted = _counted(msgspec.structs.replace(asked, request=msgspec.structs.replace(asked.request, **{by: None})))
    if by == "published":
        response = await _ask(client, counted | {"aggs": timelines.DAYS})
        return timelines.published(response["aggregations"], chosen=own)
    ends = await _ask(client, counted | {"aggs": timelines.ENDS})
    shown = timelines.span(ends["aggregations"], chosen=own)
    if shown is None:
        return None
    response = await _ask(client, counted | {"aggs": {"bars": timelines.aggregation(shown)}})
    return timelines.spoken_of(response["aggregations"]["bars"], shown)


def _counted(asked: Asked) -> dict[str, Any]:
    """The search without what only its hits need: no order, no scores, no passages, no matching quotations."""
    return {
        "query": _narrowed(query.matching(asked.request, quoted=False, scored=False), asked),
        "size": 0,
        "timeout": query.TIMEOUT,
        "track_total_hits": False,
    }


def _narrowed(found: dict[str, Any], asked: Asked) -> dict[str, Any]:
    narrowing = filters(asked)
    return {"bool": {"must": [found], "filter": narrowing}} if narrowing else found


async def _ask(client: AsyncElasticsearch, made: dict[str, Any]) -> dict[str, Any]:
    try:
        response = await client.search(index=identity.READ_ALIAS, body=made)
    except (ApiError, TransportError) as error:
        raise failure(error) from error
    answer: dict[str, Any] = response.body
    return answer
