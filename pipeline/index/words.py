"""How words are looked for: in one field or several, by the endings of their language, by a name's sound. Pure."""

from __future__ import annotations

from functools import partial
from typing import Any

from pipeline.index.heard import heard
from pipeline.index.querystring import query_string
from pipeline.index.ranking import RANKING, Ranking, plain_words
from pipeline.index.synonyms import expand


def sent(text: str, ranking: Ranking) -> str:
    """The query string for what was typed. Raises as `query_string`."""
    return query_string(text, rewrite=expand if ranking.synonyms else None)


def all_words(text: str, ranking: Ranking) -> list[dict[str, Any]]:
    """Every word must occur: best all of them in one field, else each in whatever field; or a name that sounds so."""
    words = sent(text, ranking)
    if not words:
        return []
    queries = [in_fields(words, (*ranking.fields, *ranking.stemmed), ranking)]
    apart = query_string(text, rewrite=partial(expand, apart=True)) if ranking.synonyms else words
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
