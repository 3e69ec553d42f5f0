"""Which words of a query are clauses of their own."""

from __future__ import annotations

from functools import partial

import pytest

from pipeline.index.querystring import query_string
from pipeline.index.synonyms import expand

KIEV = '(Kiev OR "Kyiv"^0.5 OR entity_ids:"geonames:703448"^2.0)'


@pytest.mark.parametrize(
    ("typed", "together", "apart"),
    [
        ("the ferry harbour", "the ferry harbour", "ferry (harbour)"),
        ("The Ferry In Harbour", "The Ferry In Harbour", "Ferry  (Harbour)"),
        ("the Kiev ferry", f"{KIEV} ferry", f"{KIEV} ferry"),
        ("ferry to Kiev", f"ferry to {KIEV}", f"ferry  {KIEV}"),
        ('the "interest rate"', '"interest rate"', '"interest rate"'),
        ("the negotiat* at the harbour", "negotiat* at the harbour", "negotiat*   harbour"),
        ("the headline:ferry", "headline:ferry", "headline:ferry"),
    ],
)
def test_a_clause_of_stop_words_alone_is_left_out(typed: str, together: str, apart: str) -> None:
    assert query_string(typed, rewrite=expand) == together
    assert query_string(typed, rewrite=partial(expand, apart=True)) == apart


@pytest.mark.parametrize(
    "typed",
    [
        "the",  # nothing else is asked for
        "to be or not to be",
        "the -strike",  # without the word it would be nearly everything
        '"to be or not to be"',
        "ferry OR the",  # whoever writes operators says what is a clause
        "(the) ferry",  # empty parentheses cannot be read
        "headline:the",
        "+the ferry",
    ],
)
def test_it_stays_where_it_may_be_meant(typed: str) -> None:
    assert query_string(typed, rewrite=expand) == typed
