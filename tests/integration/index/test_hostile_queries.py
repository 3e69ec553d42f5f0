"""Queries that try to break out, break down or cost much: an answer or a clear refusal, soon, and nothing hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import Code, UserError
from pipeline.index.query import SearchRequest
from pipeline.index.search import search
from tests.integration.index.conftest import Index, answered_soon

pytestmark = pytest.mark.servers

HUGE = 100_000
QUERIES = {
    "everything": "*:*",
    "everything that is not": "NOT nothing",
    "canceled": "pubStatus:canceled OR pubStatus:withheld OR NOT pubStatus:usable",
    "break out of the brackets": ") OR (pubStatus:canceled",
    "embargo": "embargoed:[now TO *] OR _exists_:embargoed OR embargoed:>now",
    "by id": "_id:hidden OR id:hidden OR uri:*hidden*",
    "other indices": "_index:* OR _index:news-articles-v1 OR .security:*",
    "hidden fields": "enriched.entities.id:x OR _source:hidden OR _doc:1 OR minhash:*",
    "no such field": "nothing.at.all:ferry",
    "body of a search": '{"query": {"match_all": {}}, "size": 10000}',
    "script": '"script": {"source": "while(true){}"} ${7*7} {{7*7}} <script>alert(1)</script>',
    "local parameters": "{!func}recip(ms(NOW,created),1,1,1) _query_:ferry",
    "regular expression": "/(a|aa)+$/ OR headline:/.*.*.*.*.*.*x/",
    "wildcards": "a*?*?*?*?*b",
    "leading wildcards": "headline:*a *b ?c",
    "every word is a wildcard": " ".join(f"{letter}*" for letter in "abcdefgh"),
    "fuzzy": "aaaaaaaa~2 OR bbbbbbbb~2 OR cccccccc~2 OR dddddddd~2",
    "10^5 characters": "a" * HUGE,
    "10^5 words": "a " * HUGE,
    "10^4 parentheses": "(" * 10_000 + "ferry" + ")" * 10_000,
    "2,000 parentheses": "(" * 1_000 + ")" * 1_000,
    "10^5 quotation marks": '"' * HUGE,
    "odd quotation marks": '"' * 1_999,
    "backslashes": "\\" * 1_999,
    "operators": "AND OR NOT && || ! + - " * 20,
    "boosts": "ferry^1e308 OR ferry^99999999999 OR ferry^-1",
    "ranges": "published:[* TO *] OR published:[9999999-01-01 TO now+1000000y] OR urgency:>99999999999999999",
    "known names": "Kiev Zelensky UN NATO " * 24,
    "known names in OR": " OR ".join(["Kiev", "Zelensky", "Bombay", "NATO"] * 24),
    "slop": '"ferry talks"~100000',
    "nulls": "ferry\x00 \ud800 \u202e",
    "exists of everything": "_exists_:* OR _exists_:_source",
}


def _ask(index: Index, request: SearchRequest) -> None:
    """It is answered or refused; nothing hidden is in the answer."""
    try:
        answer = search(index.client, request)
    except UserError as refusal:
        assert refusal.code is Code.USAGE
        assert len(str(refusal)) < 1_000, "a refusal does not repeat what was sent"
    else:
        assert not [hit.uri for hit in answer.hits if "hidden" in hit.uri]


@pytest.fixture
def hidden(index: Index) -> Index:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    index.name += ":hidden"
    index.write(
        index.article(1, embargoed=later),
        index.article(2, pubStatus="withheld"),
        index.article(3, pubStatus="canceled"),
    )
    return index


def test_hostile_queries_are_answered_or_refused_within_a_second(hidden: Index) -> None:
    slow = [
        name
        for name, query in QUERIES.items()
        if not answered_soon(hidden, partial(_ask, hidden, SearchRequest(query=query, limit=200)))
    ]
    assert not slow


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(people=("a",) * 10_000),
        SearchRequest(people=("a" * HUGE,)),
        SearchRequest(places=('") OR pubStatus:canceled ("',)),
        SearchRequest(speakers=("x " * 100,) * 20, quote="y " * 90),
        SearchRequest(quote="(" * HUGE),
        SearchRequest(query="ferry", offset=10_000),
        SearchRequest(query="ferry", offset=9_990, limit=10),
        SearchRequest(query="ferry", offset=10**12),
        SearchRequest(query="ferry", limit=10**9),
    ],
)
def test_hostile_requests_are_answered_or_refused_within_a_second(hidden: Index, request_: SearchRequest) -> None:
    assert answered_soon(hidden, partial(_ask, hidden, request_))


_SIGNS = [*'"()[]{}:*?~^/\\<>=!&|+-', " ", "AND ", "OR ", "NOT ", "TO", "~2", "^3", ">=", "\x00", "[* TO *]"]
_WORDS = ["ferry", "Kiev", "canceled", "2022", "pubStatus:", "person:", "_exists_:", "published:", "embargoed:", "名"]
_PIECES = st.sampled_from(_SIGNS + _WORDS)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=80))
def test_any_query_is_answered_or_refused(hidden: Index, query: str) -> None:
    _ask(hidden, SearchRequest(query=query, limit=20))
