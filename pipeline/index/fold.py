"""A search that folds what is alike: of a story over several agencies the best answer, with the others listed.

Answers are walked through in their order; each is folded into the first group whose head it is alike, or heads a
group of its own (`pipeline.index.groups`). So the same index and request give the same groups, in whatever order
articles arrived. A page is a page of groups. Which searches that takes is in `pipeline.index.fold_steps`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline import identity
from pipeline.index.fold_steps import Body, Response, Steps, whole
from pipeline.index.query import SearchRequest
from pipeline.index.search import Answer, failure

T = TypeVar("T")


def search(client: Elasticsearch, request: SearchRequest) -> Answer:
    """As `search.search`, folded: `limit` and `offset` count groups, `total` articles."""
    made = whole(request)
    wanted = next(made)
    while True:
        try:
            responses = [client.search(index=identity.READ_ALIAS, body=body).body for body in wanted]
        except (ApiError, TransportError) as error:
            raise failure(error) from error
        try:
            wanted = made.send(responses)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


async def search_async(client: AsyncElasticsearch, request: SearchRequest) -> Answer:
    """The same on the event loop."""

    async def ask(body: Body) -> Response:
        try:
            return (await client.search(index=identity.READ_ALIAS, body=body)).body  # type: ignore[no-any-return]
        except (ApiError, TransportError) as error:
            raise failure(error) from error

    return await answered(whole(request), ask)


async def answered(made: Steps[T], ask: Callable[[Body], Awaitable[Response]]) -> T:
    """What the steps come to; the searches of each are made at the same time by `ask`, whose errors it raises."""
    wanted = next(made)
    while True:
        responses = await asyncio.gather(*(ask(body) for body in wanted))
        try:
            wanted = made.send(responses)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
