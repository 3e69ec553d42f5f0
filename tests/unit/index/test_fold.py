"""A folded search without a server: which searches it takes, and what it makes of their answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from pipeline import identity
from pipeline.enrich.near_duplicates import minhash
from pipeline.index.daterange import parse
from pipeline.index.fold_steps import ALIKE_MOST, WALKED_AT_ONCE, Steps, far, near, whole
from pipeline.index.query import SearchRequest
from pipeline.index.search import Alike, Answer
from tests.quality.near_copies import articles

LONGEST = 8_192  # of a uri that is in a column
T = TypeVar("T")
TEXTS = [articles()[number] for number in (0, 5, 10, 15)]


@dataclass(frozen=True)
class Stored:
    uri: str
    minhash: str | None


def stored(uri: str, text: str) -> Stored:
    return Stored(uri, minhash(text))


class Server:
    """Answers as Elasticsearch does, from a list of articles in the order of the search."""

    def __init__(self, ranked: list[Stored]) -> None:
        self.ranked = ranked
        self.asked: list[list[dict[str, Any]]] = []  # by step

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        query = body["query"]
        filters = query["bool"].get("filter", []) if "bool" in query else [query]
        ids = next((one["ids"]["values"] for one in filters if "ids" in one), None)
        wanted = [one for one in self.ranked if ids is None or identity.document_id(one.uri) in ids]
        page = wanted[body.get("from", 0) :][: body["size"]]
        return {
            "took": 1,
            "timed_out": False,
            "_shards": {"failed": 0},
            "hits": {
                "total": {"value": len(wanted), "relation": "eq"},
                "hits": [self._hit(one, body) for one in page],
            },
        }

    def _hit(self, one: Stored, body: dict[str, Any]) -> dict[str, Any]:
        hit: dict[str, Any] = {"_score": 1.0, "sort": [1.0, one.uri if len(one.uri) < LONGEST else None]}
        if body.get("stored_fields") != "_none_":
            hit["_id"] = identity.document_id(one.uri)
        if body["_source"]:
            hit["_source"] = {"uri": one.uri, "versionCreated": "2024-05-30", "headline": one.uri, "source": "Exa"}
        if "minhash.column" in body.get("docvalue_fields", ()) and one.minhash:
            hit["fields"] = {"minhash.column": [one.minhash]}
        return hit

    def made(self, steps: Steps[T]) -> T:
        """What the steps come to on this server."""
        bodies = next(steps)
        while True:
            self.asked.append(bodies)
            try:
                bodies = steps.send([self.answer(body) for body in bodies])
            except StopIteration as end:
                found: T = end.value
                return found

    def folded(self, **asked: Any) -> Answer:
        return self.made(whole(SearchRequest(collapse=True, **asked)))


def heads_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The clauses by which a search asks for bands, one for each head."""
    asked = body["query"].get("bool", {})
    parts = [*asked.get("filter", ()), *asked.get("must", ())]
    return [
        head
        for part in parts
        for head in part.get("bool", {}).get("should", ())
        if "minimum_should_match" in str(head)
    ]


@pytest.mark.parametrize("copies", [1, 3, WALKED_AT_ONCE])
def test_pages_are_pages_of_groups(copies: int) -> None:
    ranked = [stored(f"{number}/{copy}", text) for number, text in enumerate(TEXTS) for copy in range(copies)]
    server = Server(ranked)
    pages = [server.folded(limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [[hit.uri for hit in page.hits] for page in pages] == [["0/0", "1/0", "2/0"], ["3/0"], []]
    assert {page.total for page in pages} == {len(ranked)}
    assert all(page.complete for page in pages)
    folded = [len(hit.alike) for page in pages for hit in page.hits]
    assert sum(folded) + len(TEXTS) == len(ranked)


def test_what_is_alike_is_told_of() -> None:
    # the document id of a long uri is another; a very long one is in no column
    for long in ("urn:" + "x" * 600, "urn:" + "x" * 9_000):
        hit = Server([stored("a", TEXTS[0]), stored(long, TEXTS[0])]).folded(limit=3).hits[0]
        assert hit.alike == (Alike(uri=long, versionCreated="2024-05-30", headline=long, source="Exa", common=1.0),)


def test_what_is_alike_far_below_is_asked_for_by_bands() -> None:
    ranked = [
        stored("head", TEXTS[0]),
        *(stored(f"x{n}", "Flash.") for n in range(WALKED_AT_ONCE)),
        stored("far", TEXTS[0]),
    ]
    server = Server(ranked)
    answer = server.folded(limit=1)
    assert [(hit.uri, [alike.uri for alike in hit.alike]) for hit in answer.hits] == [("head", ["far"])]
    (asked,) = [body for step in server.asked for body in step if heads_of(body)]
    assert len(heads_of(asked)[0]["bool"]["should"]) == 64


def test_a_page_takes_two_steps_and_a_third_for_what_was_folded() -> None:
    server = Server([stored("a", TEXTS[0]), *(stored(f"x{n}", "Flash.") for n in range(WALKED_AT_ONCE))])
    server.folded(limit=10)
    assert [len(step) for step in server.asked] == [1, 2]  # what is shown, and what is alike, at the same time
    server = Server([stored("a", TEXTS[0]), stored("b", TEXTS[0])])
    server.folded(limit=10)
    assert [len(step) for step in server.asked] == [1, 1, 1]


def test_where_there_are_too_many_the_most_alike_are_asked_for() -> None:
    server = Server([stored("a", TEXTS[0]), *(stored(f"x{n}", "Flash.") for n in range(ALIKE_MOST))])
    server.folded(limit=1)
    orders = [body["sort"] for step in server.asked for body in step if heads_of(body)]
    assert orders == [[{"uri": "asc"}], ["_score", {"uri": "asc"}]]


@pytest.mark.parametrize("gap", [0, WALKED_AT_ONCE])
def test_near_and_far_together_are_the_whole(gap: int) -> None:
    server = Server(
        [
            *(stored(f"{number}", text) for number, text in enumerate(TEXTS)),
            stored("near", TEXTS[0]),
            *(stored(f"x{n}", "Flash.") for n in range(gap)),
            stored("far", TEXTS[0]),
            stored("too", TEXTS[1]),
        ]
    )
    request = SearchRequest(collapse=True, limit=3)
    both = server.made(whole(request))
    first = server.made(near(request))
    assert first.further is bool(gap)
    assert [hit.uri for hit in first.answer.hits] == [hit.uri for hit in both.hits] == ["0", "1", "2"]
    assert {alike.uri for alike in first.answer.hits[0].alike} == ({"near"} if gap else {"near", "far"})
    further = server.made(far(request))
    assert further == {hit.uri: hit.alike for hit in both.hits if hit.alike}
    assert {alike.uri for alike in further["0"]} == {"near", "far"}
    assert {alike.uri for alike in further["1"]} == {"too"}


def test_only_what_is_shown_is_asked_for_all_that_is_shown() -> None:
    server = Server([stored("a", TEXTS[0])])
    server.folded(limit=10, about=parse("2024-05-30"), speakers=("Ada",))
    walk, shown = (step[0] for step in server.asked)
    assert ("highlight" in walk, walk["_source"], "inner_hits" in str(walk)) == (False, False, False)
    assert ("highlight" in shown, "inner_hits" in str(shown)) == (True, True)
    assert shown["_source"]
