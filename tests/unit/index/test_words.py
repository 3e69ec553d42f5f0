"""Which queries a few words become where only what matches counts, not how well."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.index.ranking import RANKING, Ranking
from pipeline.index.words import all_words

EVERY = (*RANKING.fields, *RANKING.stemmed)


def strings(typed: str, *, scored: bool, ranking: Ranking = RANKING) -> list[tuple[str, tuple[str, ...]]]:
    """The query strings, each with its fields."""
    (query,) = all_words(typed, ranking, scored=scored)
    queries: list[dict[str, Any]] = query.get("dis_max", {"queries": [query]})["queries"]
    found = [each["query_string"] for each in queries if "query_string" in each]
    return [(each["query"], tuple(each["fields"])) for each in found]


@pytest.mark.parametrize(
    "typed", ["harvest ferry", "Harvest FERRY 2022", '(harvest ferry) union -football "in port"']
)
def test_words_in_one_field_are_looked_for_only_where_words_in_any_do_not_find_them(typed: str) -> None:
    (together, every), (apart, some) = strings(typed, scored=True)
    assert (every, some) == (EVERY, RANKING.fields)
    assert strings(typed, scored=False) == [(together, RANKING.stemmed), (apart, RANKING.fields)]


@pytest.mark.parametrize(
    "typed",
    [
        "the harvest ferry",  # bodies leave the stop word out, names don't
        "harvest thé ferry",  # a stop word without its accent
        "harvest — ferry",  # no word at all
        "harvest's ferry",
        "anti-war ferry",
    ],
)
def test_where_a_field_may_leave_a_word_out_nothing_is_saved(typed: str) -> None:
    assert all_words(typed, RANKING, scored=False) == all_words(typed, RANKING)


@pytest.mark.parametrize("typed", ["ferry", "ferry OR harvest", "Kiev", '"harvest ferry"', "", "ferr*"])
def test_what_is_one_query_stays_one(typed: str) -> None:
    assert all_words(typed, RANKING, scored=False) == all_words(typed, RANKING)


def test_there_is_no_query_without_fields() -> None:
    plain = replace(RANKING, stemmed=(), heard=0.0)
    assert strings("harvest ferry", scored=False, ranking=plain) == [("harvest (ferry)", RANKING.fields)]
