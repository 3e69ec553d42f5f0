"""The request that a question becomes."""

from __future__ import annotations

import pytest

from pipeline.errors import UserError
from pipeline.index import daterange
from pipeline.index.highlight import MARK_BEGIN, MARK_END
from pipeline.index.query import SearchRequest, body
from pipeline.index.search import Segment, _passage


def test_without_words_the_newest_come_first_with_words_the_most_relevant() -> None:
    assert body(SearchRequest())["sort"][0] == {"@timestamp": "desc"}
    assert body(SearchRequest(query="ferry"))["sort"][0] == "_score"
    assert body(SearchRequest(about=daterange.parse("2022")))["sort"][0] == "_score"
    assert body(SearchRequest(query="ferry", sort="oldest"))["sort"][0] == {"@timestamp": "asc"}


def test_words_day_and_speaker_belong_to_one_quotation() -> None:
    asked = body(SearchRequest(speakers=("Brandt",), quote="sail", said=daterange.parse("2022-03-08")))
    (filtered,) = asked["query"]["bool"]["filter"]
    assert filtered["nested"]["path"] == "quotations"
    assert len(filtered["nested"]["query"]["bool"]["must"]) == 3


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(limit=201),
        SearchRequest(limit=-1),
        SearchRequest(offset=-1),
        SearchRequest(offset=9_991),
        SearchRequest(people=("  ",)),
    ],
)
def test_values_out_of_bounds_are_refused(request_: SearchRequest) -> None:
    with pytest.raises(UserError):
        body(request_)


def test_passages_come_apart_at_their_marks() -> None:
    text = f"the {MARK_BEGIN}ferry{MARK_END} and {MARK_BEGIN}its{MARK_END}{MARK_BEGIN} crew{MARK_END}"
    assert _passage(text) == (
        Segment("the "),
        Segment("ferry", True),
        Segment(" and "),
        Segment("its", True),
        Segment(" crew", True),
    )
    assert _passage(f"an article may hold {MARK_END} and {MARK_BEGIN}") == (
        Segment(f"an article may hold {MARK_END} and "),
    )
