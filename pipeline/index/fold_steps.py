"""The searches that a folded answer takes, one after the other; pure.

A walk through the answers in their order gives the groups of a page (`pipeline.index.groups`). What is alike further
down than was walked is found by the bands of the heads' signatures. That takes longest, so a page may show what it
has (`near`) and ask for the rest meanwhile (`far`); `whole` gives both at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from pipeline import identity, signature
from pipeline.index import query
from pipeline.index.groups import Found, Group, Groups
from pipeline.index.query import SearchRequest
from pipeline.index.search import Alike, Answer, read

WALKED_AT_ONCE: Final = 100  # answers; of each only what folding needs
WALKED_MOST: Final = 5_000  # answers that are walked through to fill a page
HEADS_AT_ONCE: Final = 12  # groups whose bands are asked for in one search: 64 terms each
ALIKE_MOST: Final = 500  # articles of one such search

# from the columns alone: of hundreds of answers the stored articles would have to be unpacked, even for their ids
_SIGNATURE: Final = "minhash.column"
_COLUMNS: Final[dict[str, Any]] = {"_source": False, "stored_fields": "_none_", "docvalue_fields": [_SIGNATURE]}
_WITH_IDS: Final[dict[str, Any]] = {"stored_fields": []}
_TOLD: Final = ("uri", "versionCreated", "headline", "source")  # of what is folded into another

Body = dict[str, Any]
Response = dict[str, Any]
T = TypeVar("T")
# searches that may be made at the same time, their responses in the same order, and at last what comes of them
Steps = Generator[list[Body], list[Response], T]


def _unchanged(asked: Body) -> Body:
    return asked


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """An answer whose `alike` may lack some where `further` says that not all articles were walked through."""

    answer: Answer
    further: bool


def whole(request: SearchRequest) -> Steps[Answer]:
    """The answer with all that is alike; raises as `query.body`."""
    bare = _bare(request, _unchanged)
    walk = yield from _walk(bare, request)
    only, *others = yield from _asked([_only(query.body(request), walk), *_alike(bare, walk)])
    yield from _fold_further(bare, walk, others)
    told = yield from _details(_folded(walk))
    return _answer(only, walk, told)


def near(request: SearchRequest, *, narrowed: Callable[[Body], Body] = _unchanged) -> Steps[Near]:
    """The answer with what is alike among the answers that are walked through; raises as `query.body`.

    Args:
        request: what is asked; its offset and limit count groups.
        narrowed: what makes of the request's query the one to be asked.
    """
    walk = yield from _walk(_bare(request, narrowed), request)
    body = query.body(request)
    # what is told of those folded is known by now
    folded = _folded(walk)
    only, *details = yield [
        _only(body | {"query": narrowed(body["query"])}, walk),
        *([_of(folded)] if folded else []),
    ]
    told = _by_id(details)
    return Near(answer=_answer(only, walk, told), further=walk.further)


def far(
    request: SearchRequest, *, narrowed: Callable[[Body], Body] = _unchanged
) -> Steps[dict[str, tuple[Alike, ...]]]:
    """What is alike to each answer of the page that has any, by its uri, however far down; as `near`."""
    bare = _bare(request, narrowed)
    walk = yield from _walk(bare, request)
    yield from _fold_further(bare, walk, (yield from _asked(_alike(bare, walk))))
    heading = [group for group in walk.page if group.alike]
    told = yield from _details([*_folded(walk), *(group.head.id for group in heading)])
    return {told[group.head.id]["uri"]: _told(group, told) for group in heading if group.head.id in told}


@dataclass
class _Walk:
    """What a walk through the answers found; `page` are groups of `groups`."""

    groups: Groups
    page: list[Group]
    total: dict[str, Any]
    took: int
    complete: bool
    further: bool


def _walk(bare: Body, request: SearchRequest) -> Steps[_Walk]:
    groups, wanted = Groups(), request.offset + request.limit
    took, complete, walked = 0, True, 0
    while True:
        (response,) = yield from _asked([bare | {"from": walked, "size": WALKED_AT_ONCE}])
        took += response["took"]
        complete = complete and _complete(response)
        if walked == 0:
            total = response["hits"]["total"]
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
    return _Walk(groups, page, total, took, complete, further=bool(page) and walked < total["value"])


def _fold_further(bare: Body, walk: _Walk, responses: Sequence[Response]) -> Steps[None]:
    """Fold what the searches by bands found into the groups of the page."""
    if responses:
        walk.took += max(response["took"] for response in responses)
    for number, response in enumerate(responses):
        hits = response["hits"]["hits"]
        if len(hits) == ALIKE_MOST:
            # the most alike of them: for their order all bands are scored, which takes twice as long
            (best,) = yield from _asked([_alike(bare, walk, ranked=True)[number]])
            hits = best["hits"]["hits"]
        walk.complete = walk.complete and _complete(response)
        for hit in hits:
            walk.groups.add(_found(hit), may_head=False)


def _details(ids: list[str]) -> Steps[dict[str, dict[str, Any]]]:
    """What is told of these articles, by document id."""
    return _by_id((yield [_of(ids)])) if ids else {}


def _folded(walk: _Walk) -> list[str]:
    return [document for group in walk.page for document in group.alike]


def _by_id(responses: Sequence[Response]) -> dict[str, dict[str, Any]]:
    return {hit["_id"]: hit["_source"] for response in responses for hit in response["hits"]["hits"]}


def _answer(only: Response, walk: _Walk, told: dict[str, dict[str, Any]]) -> Answer:
    answer = read(only)
    alike = {group.head.id: _told(group, told) for group in walk.page}
    ids = (hit["_id"] for hit in only["hits"]["hits"])
    return msgspec.structs.replace(
        answer,
        total=walk.total["value"],
        total_exact=walk.total["relation"] == "eq",
        complete=walk.complete and answer.complete,
        took_ms=walk.took + answer.took_ms,
        hits=tuple(
            msgspec.structs.replace(hit, alike=alike.get(document, ()))
            for document, hit in zip(ids, answer.hits, strict=True)
        ),
    )


def _told(group: Group, told: dict[str, dict[str, Any]]) -> tuple[Alike, ...]:
    """What a group lists, the most alike first; what was killed meanwhile is told of no more."""
    listed = [
        msgspec.convert(told[document] | {"common": round(common, 2)}, Alike, strict=False)
        for document, common in group.alike.items()
        if document in told
    ]
    return tuple(sorted(listed, key=lambda each: (-each.common, each.uri)))


def _complete(response: Response) -> bool:
    return not response["timed_out"] and not response["_shards"]["failed"]


def _asked(bodies: list[Body]) -> Steps[list[Response]]:
    """The responses to these bodies, in which every hit says which article it is."""
    responses = (yield bodies) if bodies else []
    for number, response in enumerate(responses):
        # a uri of more than 8,191 characters is in no column
        if any("_id" not in hit and hit["sort"][-1] is None for hit in response["hits"]["hits"]):
            (responses[number],) = yield [bodies[number] | _WITH_IDS]
    return responses


def _found(hit: dict[str, Any]) -> Found:
    (written,) = hit.get("fields", {}).get(_SIGNATURE, (None,))
    # every order of `query.body` ends with the uri
    return Found(hit["_id"] if "_id" in hit else identity.document_id(hit["sort"][-1]), written)


def _bare(request: SearchRequest, narrowed: Callable[[Body], Body]) -> Body:
    """The search without what only its hits need: no passages, no matching quotations."""
    body = query.body(request, quoted=False)
    del body["highlight"]
    return body | {"query": narrowed(body["query"])} | _COLUMNS


def _only(body: Body, walk: _Walk) -> Body:
    """The request for the articles of the page alone, with all that is shown of them."""
    ids = {"ids": {"values": [group.head.id for group in walk.page]}}
    return body | {"query": {"bool": {"must": [body["query"]], "filter": [ids]}}, "from": 0}


def _alike(bare: Body, walk: _Walk, *, ranked: bool = False) -> list[Body]:
    """The searches for what is like the heads of the page, among what the request finds; none where all is walked."""
    heads = [group.head for group in walk.page if group.signature is not None] if walk.further else []
    parts = [heads[start : start + HEADS_AT_ONCE] for start in range(0, len(heads), HEADS_AT_ONCE)]
    return [_like(bare, part, ranked=ranked) for part in parts]


def _like(bare: Body, heads: Sequence[Found], *, ranked: bool) -> Body:
    each = [
        {
            "bool": {
                "should": [{"term": {"bands": band}} for band in signature.bands(head.minhash)],
                "minimum_should_match": signature.FEWEST_BANDS,
            }
        }
        for head in heads
    ]
    alike = {"bool": {"should": each, "minimum_should_match": 1}}
    among = [bare["query"]]
    asked = {"bool": {"filter": among, "must": [alike]} if ranked else {"filter": [*among, alike]}}
    order = [*(["_score"] if ranked else []), {"uri": "asc"}]
    return bare | {"query": asked, "from": 0, "size": ALIKE_MOST, "sort": order, "track_total_hits": False}


def _of(ids: list[str]) -> Body:
    """The search for what is told of articles that were folded into others."""
    return {
        "query": {"ids": {"values": ids}},
        "_source": list(_TOLD),
        "size": len(ids),
        "sort": ["_doc"],
        "timeout": query.TIMEOUT,
        "track_total_hits": False,
    }
