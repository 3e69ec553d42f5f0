"""What brings the better answer to the top: the weights, and the clauses that raise a score. Pure.

Every value is measured on the judged searches of tests/quality/search; what each brings is in docs/search.md.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pipeline.index.querystring import read

# words are looked for in these; exact forms and headlines count more
WORDS: Final = (
    "headline^3",
    "headline.exact^4",
    "body",
    "body.exact^1.5",
    "description",
    "description.exact",
    "names.people^2",
    "names.organizations^2",
    "names.places",
    "keywords.text",
    "slugline.text",
    "by.text",
)

# those of the languages that an index has articles in (`pipeline.index.stemmed`)
STEMMED: Final = "stemmed.*"


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """The weights of a search.

    fields: in which words are looked for, each with its weight.
    stemmed: further fields, of which each has whatever the article says: all words are looked for in one of them.
    tie_breaker: what a word counts in the other fields than its best one.
    synonyms: known names stand for all names of the same entity (`pipeline.index.synonyms`).
    heard: what it counts that a person's name sounds like the query, as a share of what its words count; 0 to leave
        such articles out.
    apart: what it counts that the words are in different fields, as a share of what it counts in one field.
    together: what it counts that words stand together in the headline, in the body; 0 for nothing.
    slop: how many places apart such words may be.
    recency: for each half-life in days, by which share of itself the score of what comes in now is raised.
    """

    fields: tuple[str, ...] = WORDS
    stemmed: tuple[str, ...] = (STEMMED,)
    tie_breaker: float = 0.2
    synonyms: bool = True
    heard: float = 0.5
    apart: float = 0.2
    together: tuple[float, float] = (2.0, 1.0)
    slop: int = 0
    recency: tuple[tuple[float, float], ...] = ((7.0, 0.3), (180.0, 0.2))


RANKING: Final = Ranking()


def recent_first(asked: dict[str, Any], ranking: Ranking) -> dict[str, Any]:
    """The same query, its scores raised for what is new: by the full share now, by half of it one half-life ago."""
    functions: list[dict[str, Any]] = [{"weight": 1.0}]
    functions += [
        {"exp": {"@timestamp": {"origin": "now", "scale": f"{round(days * 24)}h", "decay": 0.5}}, "weight": share}
        for days, share in ranking.recency
    ]
    return {
        "function_score": {
            "query": asked,
            "functions": functions,
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def together(text: str, ranking: Ranking) -> list[dict[str, Any]]:
    """Articles in which the words stand together, as a phrase or nearly so, rank before those that scatter them."""
    words = plain_words(text)
    if len(words) < 2:
        return []
    phrase = " ".join(words)
    fields = zip(("headline", "body"), ranking.together, strict=True)
    return [
        {"match_phrase": {field: {"query": phrase, "slop": ranking.slop, "boost": boost}}}
        for field, boost in fields
        if boost
    ]


def plain_words(text: str) -> list[str]:
    """The words of a query that is nothing but words; none where it has any syntax."""
    parts = read(text)
    if any(part.kind not in ("word", "space") and part.text for part in parts):
        return []
    return [part.typed for part in parts if part.kind == "word"]
