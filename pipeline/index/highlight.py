"""Which passages of an article are shown, and what is marked in them: pure. `search.read` reads the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pipeline.index.ranking import STEMMED
from pipeline.index.words import in_fields

HIGHLIGHT_CHARACTERS: Final = 1_000_000  # of a body that are searched for passages to show
MARK_BEGIN, MARK_END = "\ue000", "\ue001"  # private use characters around what matched
BETWEEN: Final = "\u2029"  # what Elasticsearch puts between the values of a field


def highlight(words: str, *, names: Sequence[str] = ()) -> dict[str, Any]:
    """The part `highlight` of a search: passages of the body for words and names alike; where nothing matched there,
    its beginning. Of an article in another language also what matched by the endings of that language.

    Args:
        words: query string, empty for none.
        names: of people, organizations and places that were asked for.
    """
    should = [in_fields(words, ("body", "body.exact"))] if words else []
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
        "matched_fields": ["body", "body.exact"],
    }
    if should:
        field["highlight_query"] = {"bool": {"should": should}}
    return {
        "type": "unified",
        "pre_tags": [MARK_BEGIN],
        "post_tags": [MARK_END],
        "max_analyzed_offset": HIGHLIGHT_CHARACTERS,
        "fields": {
            "headline": {"number_of_fragments": 0, "matched_fields": ["headline", "headline.exact"]},
            "body": field,
            # matches nothing, so it is the beginning of the text: what stands for a headline where there is none
            "body.exact": {"highlight_query": {"match_none": {}}, "number_of_fragments": 1, "no_match_size": 120},
            **({STEMMED: stems} if stems else {}),
        },
    }
