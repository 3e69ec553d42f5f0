"""A search that folds what is alike: of a story over several agencies the best answer, with the others listed.

Answers are walked through in their order; each is folded into the first group whose head it is alike
(`signature.are_alike`), or heads a group of its own. So the same index and request give the same groups, in whatever
order articles arrived. What is alike further down is found by the bands of its signature. A page is a page of groups.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline import identity, signature
from pipeline.index import query
from pipeline.index.query import SearchRequest
from pipeline.index.search import Alike, Answer, failure, read
from pipeline.signature import Signature

WALKED_AT_ONCE: Final = 200  # answers; of each only what folding needs
WALKED_MOST: Final = 5_000  # answers that are walked through to fill a page
HEADS_AT_ONCE: Final = 12  # groups whose bands are asked for in one search: 64 terms each
ALIKE_MOST: Final = 500  # articles of one such search

_NEEDED: Final = ("uri", "headline", "source", "versionCreated", "minhash")

Bodies = Generator[dict[str, Any], dict[str, Any], Answer]  # searches to be made, their responses, and the answer


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What folding needs of an article."""

    uri: str
    versionCreated: str
    headline: str | None = None
    source: str | None = None
    minhash: str | None = None


@dataclass(slots=True)
class Group:
    """An article, and those that are alike."""

    head: Found
    signature: Signature | None
    alike: dict[str, Alike] = field(default_factory=dict)


class Groups:
    """Groups in the order of their heads; pure."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._seen: set[str] = set()
        # groups by each number of their head's signature: comparing with every head took 100 ms a page (measured)
        self._having: dict[tuple[int, int], list[int]] = {}

    def add(self, found: Found, *, may_head: bool = True) -> None:
        """Fold an article into the first group that it is alike; where there is none it may head one."""
        if found.uri in self._seen:
            return
        own = signature.read(found.minhash)
        group = self._group_of(own)
        if group is None:
            if may_head:
                self._seen.add(found.uri)
                for place in enumerate(own.values if own else ()):
                    self._having.setdefault(place, []).append(len(self.groups))
                self.groups.append(Group(found, own))
            return
        assert own is not None
        assert group.signature is not None
        self._seen.add(found.uri)
        group.alike[found.uri] = Alike(
            uri=found.uri,
            versionCreated=found.versionCreated,
            headline=found.headline,
            source=found.source,
            common=round(signature.common(group.signature, own), 2),
        )

    def _group_of(self, own: Signature | None) -> Group | None:
        if own is None:
            return None
        none: list[int] = []
        # whoever is alike has a number in common
        shared = {number for place in enumerate(own.values) for number in self._having.get(place, none)}
        for number in sorted(shared):
            head = self.groups[number].signature
            if head is not None and signature.are_alike(head, own):
                return self.groups[number]
        return None


def fold(articles: Iterable[Found]) -> list[Group]:
    """Articles, the best first, as groups of what is alike."""
    groups = Groups()
    for article in articles:
        groups.add(article)
    return groups.groups


def search(client: Elasticsearch, request: SearchRequest) -> Answer:
    """As `search.search`, folded: `limit` and `offset` count groups, `total` articles."""
    steps = bodies(request)
    body = next(steps)
    while True:
        try:
            response = client.search(index=identity.READ_ALIAS, body=body)
        except (ApiError, TransportError) as error:
            raise failure(error) from error
        try:
            body = steps.send(response.body)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


async def search_async(client: AsyncElasticsearch, request: SearchRequest) -> Answer:
    """The same on the event loop."""
    steps = bodies(request)
    body = next(steps)
    while True:
        try:
            response = await client.search(index=identity.READ_ALIAS, body=body)
        except (ApiError, TransportError) as error:
            raise failure(error) from error
        try:
            body = steps.send(response.body)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def bodies(request: SearchRequest, *, whole: dict[str, Any] | None = None) -> Bodies:
    """The searches that a folded answer takes, one after the other; pure. Raises as `query.body`.

    Args:
        request: what is asked; its offset and limit count groups.
        whole: the body of the search for its hits, where it is not `query.body(request)`.
    """
    whole = whole or query.body(request)
    bare = {key: value for key, value in whole.items() if key not in ("highlight", "aggs")}
    bare |= {"_source": list(_NEEDED), "size": WALKED_AT_ONCE}
    groups, wanted = Groups(), request.offset + request.limit
    took, complete, walked = 0, True, 0
    while True:
        response = yield bare | {"from": walked}
        took += response["took"]
        complete = complete and _complete(response)
        if walked == 0:
            first = response
        hits = response["hits"]["hits"]
        for hit in hits:
            # one more group may lie beyond the page: all of the batch is walked, so that none is missed
            groups.add(_found(hit))
        walked += len(hits)
        if len(groups.groups) >= wanted or len(hits) < WALKED_AT_ONCE:
            break
        if walked >= WALKED_MOST:
            complete = False
            break
    page = groups.groups[request.offset : wanted]
    for start in range(0, len(page), HEADS_AT_ONCE):
        asked = _alike(bare, page[start : start + HEADS_AT_ONCE])
        if asked is not None and walked < first["hits"]["total"]["value"]:
            response = yield asked
            took += response["took"]
            for hit in response["hits"]["hits"]:
                groups.add(_found(hit), may_head=False)
    response = yield _only(whole, page)
    answer = read(response)
    alike = {group.head.uri: _sorted(group) for group in page}
    total = first["hits"]["total"]
    return msgspec.structs.replace(
        answer,
        total=total["value"],
        total_exact=total["relation"] == "eq",
        complete=complete and answer.complete,
        took_ms=took + answer.took_ms,
        hits=tuple(msgspec.structs.replace(hit, alike=alike.get(hit.uri, ())) for hit in answer.hits),
    )


def _complete(response: dict[str, Any]) -> bool:
    return not response["timed_out"] and not response["_shards"]["failed"]


def _found(hit: dict[str, Any]) -> Found:
    return msgspec.convert(hit["_source"], Found, strict=False)


def _sorted(group: Group) -> tuple[Alike, ...]:
    return tuple(sorted(group.alike.values(), key=lambda each: (-each.common, each.uri)))


def _alike(bare: dict[str, Any], page: Sequence[Group]) -> dict[str, Any] | None:
    """The search for what is like the heads of these groups, among what the request finds."""
    each = [
        {
            "bool": {
                "should": [{"term": {"bands": band}} for band in signature.bands(group.head.minhash)],
                "minimum_should_match": signature.FEWEST_BANDS,
            }
        }
        for group in page
        if group.signature is not None
    ]
    if not each:
        return None
    asked = {"bool": {"filter": [bare["query"]], "should": each, "minimum_should_match": 1}}
    return bare | {"query": asked, "from": 0, "size": ALIKE_MOST, "sort": ["_score", {"uri": "asc"}]}


def _only(whole: dict[str, Any], page: Sequence[Group]) -> dict[str, Any]:
    """The request for these articles alone, with all that is shown of them."""
    ids = {"ids": {"values": [identity.document_id(group.head.uri) for group in page]}}
    return whole | {"query": {"bool": {"must": [whole["query"]], "filter": [ids]}}, "from": 0}
