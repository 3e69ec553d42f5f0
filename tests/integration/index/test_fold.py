"""`--collapse` on the real server: the same story of several agencies is one answer, on every page."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest

from pipeline.article import EnrichedArticle
from pipeline.enrich.near_duplicates import minhash
from pipeline.index.client import connect
from pipeline.index.search import SearchRequest, search_async
from tests.integration.index.conftest import Index
from tests.integration.index.test_commands import run
from tests.quality.near_copies import COPIES, articles

pytestmark = pytest.mark.servers

STORIES = articles()[::4][:12]  # neighbours may be one event of two agencies


def story(index: Index, number: int, body: str, **changes: Any) -> EnrichedArticle:
    fields: dict[str, Any] = {"entities": (), "dates": (), "places": (), "quotations": (), "minhash": minhash(body)}
    return index.article(number, body=body, keywords=(f"K{index.name[-12:]}",), **fields | changes)


def write(index: Index) -> None:
    """Each story from four agencies, in any order; a kill and an embargo among them."""
    chance = random.Random(7)
    written = []
    for number, body in enumerate(STORIES):
        for copy, make in enumerate((COPIES["new head"], COPIES["cut to 50 %"], COPIES["10 % reworded"]), start=1):
            text = make(body, chance)
            written.append(story(index, 100 * number + copy, text, source=f"agency {copy}", headline=f"copy {copy}"))
        written.append(story(index, 100 * number, body, headline=f"story {number}"))
        written.append(story(index, 100 * number + 50, body, embargoed="2999-01-01T00:00:00Z"))
    chance.shuffle(written)
    index.write(*written)


def test_the_same_story_is_one_answer_with_the_others_listed(stack: Any, index: Index) -> None:
    write(index)
    query = f"keywords:K{index.name[-12:]}"
    plain = index.found(query)
    folded = index.found(query, collapse=True)
    assert plain.total == folded.total == len(STORIES) * 4
    assert plain.hits[0].alike == ()
    groups = [sorted([hit.uri, *(alike.uri for alike in hit.alike)]) for hit in folded.hits]
    assert sorted(groups) == sorted(
        sorted(f"{index.name}:{100 * number + copy}" for copy in range(4)) for number in range(len(STORIES))
    )
    # the head of a group is its best answer, and groups stand in the order of their heads
    order = [hit.uri for hit in plain.hits]
    assert [hit.uri for hit in folded.hits] == [uri for uri in order if uri in {hit.uri for hit in folded.hits}]
    assert all(order.index(hit.uri) < min(order.index(each.uri) for each in hit.alike) for hit in folded.hits)
    # pages are pages of groups
    pages = [index_page(index, query, offset) for offset in (0, 5, 10)]
    assert [hit.uri for page in pages for hit in page] == [hit.uri for hit in folded.hits]
    # the embargoed copies are nowhere
    assert not any(uri.endswith("50") for group in groups for uri in group)
    _on_the_command_line(stack, index, query)


def index_page(index: Index, query: str, offset: int) -> tuple[Any, ...]:
    async def ask() -> tuple[Any, ...]:
        client = connect(index.settings)
        try:
            asked = SearchRequest(query=query, collapse=True, limit=5, offset=offset)
            return (await search_async(client, asked)).hits
        finally:
            await client.close()

    return asyncio.run(ask())


def _on_the_command_line(stack: Any, index: Index, query: str) -> None:
    done = run(stack, index, "search", query, "--collapse", "--limit", "3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("+3 alike") == 3
    assert "agency 1 · copy 1 · 2022-03-09" in done.stdout
    assert "9 of them folded as alike" in done.stderr
    answer = json.loads(run(stack, index, "search", query, "--collapse", "--json").stdout)
    assert len(answer["hits"]) == 10
    assert {len(hit["alike"]) for hit in answer["hits"]} == {3}
    assert 0.2 < min(alike["common"] for hit in answer["hits"] for alike in hit["alike"]) < 1.0


def test_what_is_alike_far_down_is_found_by_its_bands(index: Index) -> None:
    """More articles between the two than are walked through for one answer."""
    body = STORIES[0]
    index.write(
        story(index, 0, body, versionCreated="2022-03-09T12:00:00Z"),
        story(index, 1, body + "\n\n(Exa)", versionCreated="2021-01-01T00:00:00Z"),
        *(story(index, 10 + n, f"Flash {n}.", versionCreated="2022-03-09T08:00:00Z") for n in range(220)),
    )
    found = index.found(f"keywords:K{index.name[-12:]}", collapse=True)
    assert found.hits[0].uri == f"{index.name}:0"
    assert [alike.uri for alike in found.hits[0].alike] == [f"{index.name}:1"]
