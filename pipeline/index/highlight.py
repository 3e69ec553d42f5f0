"""Which passages of an article are shown, and what is marked in them: pure. `search.read` reads the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pipeline.index.querystring import OPERATORS
from pipeline.index.ranking import STEMMED
from pipeline.index.scattered import STOP_WORDS
from pipeline.index.words import in_fields

HIGHLIGHT_CHARACTERS: Final = 1_000_000  # of a body that are searched for passages to show
MARK_BEGIN, MARK_END = "\ue000", "\ue001"  # private use characters around what matched
BETWEEN: Final = "\u2029"  # what Elasticsearch puts between the values of a field

_PLAIN = re.compile(r"[A-Za-z0-9 ]+")


def highlight(words: str, *, names: Sequence[str] = ()) -> dict[str, Any]:
    """The part `highlight` of a search: passages of the body for words and names alike; where nothing matched there,
    its beginning. Of an article in another language also what matched by the endings of that language.

    Args:
        words: query string, empty for none.
        names: of people, organizations and places that were asked for.
    """
    # what was typed as it is matters in phrases, beginnings of words and stop words alone; comparing both takes time
    exact = bool(names) or not _plain(words)
    should = [_some(words, ("body", "body.exact") if exact else ("body",))] if words else []
    should += [{"match_phrase": {"body.exact": name}} for name in names]
    stems: dict[str, Any] = {}
    if words:
        asked = [in_fields(words, (STEMMED,))]
        asked += [{"multi_match": {"query": name, "type": "phrase", "fields": [STEMMED]}} for name in names]
        # a passage more than of the body: one may be the headline
        stems = {"number_of_fragments": 3, "fragment_size": 160, "highlight_query": {"bool": {"should": asked}}}
    field: dict[str, Any] = {
        "number_of_fragments": 2,
        "fragment_size": 160,
        "no_match_size": 160,
        **({"matched_fields": ["body", "body.exact"]} if exact else {}),
    }
    if should:
        field["highlight_query"] = {"bool": {"should": should}}
    return {
        "type": "unified",
        "pre_tags": [MARK_BEGIN],
        "post_tags": [MARK_END],
        "max_analyzed_offset": HIGHLIGHT_CHARACTERS,
        "fields": {
            **({"headline": _headline(words, exact=exact)} if words else {}),
            "body": field,
            # matches nothing, so it is the beginning of the text: what stands for a headline where there is none
            "body.exact": {"highlight_query": {"match_none": {}}, "number_of_fragments": 1, "no_match_size": 120},
            **({STEMMED: stems} if stems else {}),
        },
    }


def _headline(words: str, *, exact: bool) -> dict[str, Any]:
    """A query of its own: that of the search has a dozen other fields, all of it read again for each article."""
    fields = ("headline", "headline.exact") if exact else ("headline",)
    return {
        "number_of_fragments": 0,
        "highlight_query": _some(words, fields),
        **({"matched_fields": list(fields)} if exact else {}),
    }


def _some(words: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """Those of the words that stand in these fields: the others are somewhere else in the article, else it would not
    have been found. Asked for all of them, Elasticsearch marks nothing where one is missing.
    """
    made = in_fields(words, fields)
    made["query_string"]["default_operator"] = "OR"
    return made


def _plain(words: str) -> bool:
    """Whether every word that is found as it was typed is also found by its stem."""
    asked = (word.lower() for word in words.split() if word not in OPERATORS)
    return bool(_PLAIN.fullmatch(words)) and STOP_WORDS.isdisjoint(asked)
