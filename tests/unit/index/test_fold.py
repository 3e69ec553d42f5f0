"""Folding without a server: which answers become one group, and which searches it takes."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline import identity
from pipeline.enrich.near_duplicates import minhash
from pipeline.index.fold import WALKED_AT_ONCE, Found, bodies, fold
from pipeline.index.query import SearchRequest
from pipeline.index.search import Answer
from tests.quality.near_copies import articles

TEXTS = [articles()[number] for number in (0, 5, 10, 15)]


def found(uri: str, text: str) -> Found:
    return Found(uri=uri, versionCreated="2024-05-30", headline=uri, source="Exa", minhash=minhash(text))


def test_each_is_folded_into_the_first_that_it_is_alike() -> None:
    half = "\n\n".join(TEXTS[0].split("\n\n")[:2])
    groups = fold(
        [
            found("a", TEXTS[0]),
            found("b", TEXTS[1]),
            found("a2", TEXTS[0] + "\n\n(Exa)"),
            found("short", "Flash."),
            found("b2", TEXTS[1]),
            found("short too", "Flash."),
            found("a", TEXTS[2]),  # seen already
            found("a3", half),
        ]
    )
    assert [(group.head.uri, list(group.alike)) for group in groups] == [
        ("a", ["a2", "a3"]),
        ("b", ["b2"]),
        ("short", []),
        ("short too", []),
    ]
    assert groups[0].alike["a2"].common == 1.0
    assert 0.2 < groups[0].alike["a3"].common < 1.0


class Server:
    """Answers as Elasticsearch does, from a list of articles in the order of the search."""

    def __init__(self, ranked: list[Found]) -> None:
        self.ranked = ranked
        self.asked: list[dict[str, Any]] = []

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(body)
        wanted = self.ranked
        filters = body["query"]["bool"].get("filter", [])
        ids = next((one["ids"]["values"] for one in filters if "ids" in one), None)
        if ids is not None:
            wanted = [one for one in wanted if identity.document_id(one.uri) in ids]
        page = wanted[body["from"] : body["from"] + body["size"]]
        source = [{name: getattr(one, name) for name in Found.__struct_fields__} for one in page]
        return {
            "took": 1,
            "timed_out": False,
            "_shards": {"failed": 0},
            "hits": {
                "total": {"value": len(wanted), "relation": "eq"},
                "hits": [{"_source": one, "_score": 1.0} for one in source],
            },
        }

    def folded(self, **asked: Any) -> Answer:
        steps = bodies(SearchRequest(collapse=True, **asked))
        body = next(steps)
        while True:
            try:
                body = steps.send(self.answer(body))
            except StopIteration as end:
                assert isinstance(end.value, Answer)
                return end.value


@pytest.mark.parametrize("copies", [1, 3, WALKED_AT_ONCE])
def test_pages_are_pages_of_groups(copies: int) -> None:
    ranked = [found(f"{number}/{copy}", text) for number, text in enumerate(TEXTS) for copy in range(copies)]
    server = Server(ranked)
    pages = [server.folded(limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [[hit.uri for hit in page.hits] for page in pages] == [["0/0", "1/0", "2/0"], ["3/0"], []]
    assert {page.total for page in pages} == {len(ranked)}
    assert all(page.complete for page in pages)
    folded = [len(hit.alike) for page in pages for hit in page.hits]
    assert sum(folded) + len(TEXTS) == len(ranked)


def test_what_is_alike_far_below_is_asked_for_by_bands() -> None:
    ranked = [
        found("head", TEXTS[0]),
        *(found(f"x{n}", "Flash.") for n in range(WALKED_AT_ONCE)),
        found("far", TEXTS[0]),
    ]
    server = Server(ranked)
    asked = server.folded(limit=1)
    assert [hit.uri for hit in asked.hits] == ["head"]
    terms = [body["query"]["bool"]["should"] for body in server.asked if "should" in body["query"]["bool"]]
    (group,) = [should for should in terms if should and "bool" in should[0]]
    assert len(group[0]["bool"]["should"]) == 64


def test_only_the_last_search_asks_for_all_that_is_shown() -> None:
    server = Server([found("a", TEXTS[0])])
    server.folded(limit=10)
    assert ["highlight" in body for body in server.asked] == [False, True]
