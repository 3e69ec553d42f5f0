"""How words are looked for: in one field or several, by the endings of their language, by a name's sound. Pure."""

from __future__ import annotations

from functools import partial
from typing import Any

from pipeline.index.heard import heard
from pipeline.index.querystring import query_string, read
from pipeline.index.ranking import RANKING, Ranking, plain_words
from pipeline.index.scattered import each_is_looked_for
from pipeline.index.synonyms import expand


def sent(text: str, ranking: Ranking) -> str:
    """The query string for what was typed. Raises as `query_string`."""
    return query_string(text, rewrite=expand if ranking.synonyms else None)


def all_words(text: str, ranking: Ranking, *, scored: bool = True) -> list[dict[str, Any]]:
    """Every word must occur: best all of them in one field, else each in whatever field; or a name that sounds so.

    Args:
        text: as typed.
        ranking: how matches are scored.
        scored: False to leave out what only raises the scores of articles that match anyway: half of the cost.
    """
    words = sent(text, ranking)
    if not words:
        return []
    apart = query_string(text, rewrite=partial(expand, apart=True)) if ranking.synonyms else words
    # what has all words in one field also has each of them in some field, if each field looks for each word
    only_ranks = apart != words and each_is_looked_for(read(text))
    fields = ranking.stemmed if only_ranks and not scored else (*ranking.fields, *ranking.stemmed)
    queries = [in_fields(words, fields, ranking)] if fields else []
    if apart != words:
        # not instead of the first: the words of a name are to count more where they are in one field
        scattered = in_fields(apart, ranking.fields, ranking)
        scattered["query_string"]["boost"] = ranking.apart
        queries.append(scattered)
    if ranking.heard and (name := heard(" ".join(plain_words(text)))):
        queries.append({"match_phrase": {"names.heard": {"query": name, "boost": ranking.heard}}})
    return [{"dis_max": {"queries": queries}}] if len(queries) > 1 else queries


def in_fields(words: str, fields: tuple[str, ...], ranking: Ranking = RANKING) -> dict[str, Any]:
    """A query string, all of whose words must occur in these fields, at a bounded cost."""
    return {
        "query_string": {
            "query": words,
            "fields": list(fields),
            "tie_breaker": ranking.tie_breaker,
            "default_operator": "AND",
            "quote_field_suffix": ".exact",
            "allow_leading_wildcard": False,
            "lenient": True,
            "fuzzy_max_expansions": 25,
            "fuzzy_prefix_length": 1,
            "max_determinized_states": 2_000,
        }
    }
