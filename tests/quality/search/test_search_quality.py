"""Floors of the search on sixty judged questions, and what its ingredients bring (the table in docs/search.md)."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

import pytest
from msgspec.structs import replace

from pipeline.index.client import connect_sync
from pipeline.index.query import SearchRequest
from pipeline.index.ranking import RANKING, Ranking
from tests.quality.search.judged import Site, articles, ndcg, precision, questions, utc_now
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

FLOOR = 0.97
PLAIN = Ranking(
    fields=("headline", "body"), stemmed=(), heard=0, tie_breaker=0.0, synonyms=False, together=(0, 0), recency=()
)


@pytest.fixture(scope="module")
def site(_servers: Stack) -> Iterator[Site]:
    with connect_sync(_servers.settings(elasticsearch={"request_timeout": 120.0})) as client:
        found = Site(client)
        try:
            found.fill(articles(utc_now()))
            yield found
        finally:
            found.close()


def score(site: Site, ranking: Ranking = RANKING) -> float:
    return mean(ndcg(each.judged, site.ask(each.request, ranking=ranking)) for each in questions())


def test_the_best_answers_come_first(site: Site) -> None:
    asked = questions()
    assert len(asked) == 60
    answers = [site.ask(each.request) for each in asked]
    scored = [(round(ndcg(each.judged, answer), 3), each.query) for each, answer in zip(asked, answers, strict=True)]
    worst = sorted(scored)
    assert score(site) >= FLOOR, worst[:12]
    assert mean(precision(each.judged, answer) for each, answer in zip(asked, answers, strict=True)) >= 0.95


def test_names_endings_and_all_of_it_bring_what_they_should(site: Site) -> None:
    every = score(site)
    without_stems = tuple(
        name for name in RANKING.fields if name.partition("^")[0] not in ("headline", "body", "description")
    )
    assert every - score(site, replace(RANKING, synonyms=False)) > 0.05
    assert every - score(site, replace(RANKING, fields=without_stems, stemmed=())) > 0.03
    assert every - score(site, replace(RANKING, stemmed=())) > 0.01
    assert every - score(site, replace(RANKING, heard=0)) > 0.004
    assert every - score(site, PLAIN) > 0.1


def test_what_is_new_comes_before_the_same_of_last_year(site: Site) -> None:
    answer = site.ask(SearchRequest(query="Norges Bank raises interest rate"))
    assert answer == ["bank-rates-new", "bank-rates-spring", "bank-rates-old"]


def test_the_measure_itself() -> None:
    judged = {"a": 3, "b": 2, "c": 1}
    assert ndcg(judged, ["a", "b", "c"]) == 1.0
    assert ndcg(judged, []) == 0.0
    # by hand: (1/log2(2) + 7/log2(3)) / (7/log2(2) + 3/log2(3) + 1/log2(4))
    assert ndcg(judged, ["c", "a"]) == pytest.approx((1 + 7 / 1.5849625) / (7 + 3 / 1.5849625 + 0.5))
    assert precision(judged, ["a", "x"]) == 0.5
