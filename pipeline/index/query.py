"""What a reader asks for, and the request to Elasticsearch that asks it: pure.

Every search goes to the alias `news`, whose filter hides what is killed, withheld or under embargo.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from pipeline.errors import Code, UserError
from pipeline.index.daterange import DateRange
from pipeline.index.querystring import query_string

LARGEST_PAGE: Final = 200
DEEPEST: Final = 10_000  # index.max_result_window
TIMEOUT: Final = "1s"  # of the search itself, on each shard; what was found by then is answered
HIGHLIGHT_CHARACTERS: Final = 1_000_000  # of a body that are searched for passages to show
MARK_BEGIN, MARK_END = "\ue000", "\ue001"  # private use characters around what matched

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
SHOWN: Final = (
    "uri",
    "version",
    "versionCreated",
    "headline",
    "description",
    "language",
    "source",
    "by",
    "located",
    "dateline",
    "urgency",
    "edNote",
    "signals",
    "people",
    "organizations",
    "places",
    "speakers",
)

Sort = Literal["relevance", "newest", "oldest"]


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked. Everything given must hold; several names of one kind must all be there.

    query: query-string syntax (`pipeline.index.querystring`).
    people, organizations, places: canonical names or any form that the text uses; case and accents do not matter.
    about: days that the article speaks of, whenever it was published.
    about_widely: also longer stretches of time that merely touch these days ("last week", "in February").
    speakers, quote, said: who said it, words that were said, and the days on which; all three of one quotation.
    published: days of publication, in UTC.
    sort: None stands for relevance where there is something to rank by, else newest.
    offset: how many answers to pass over.
    """

    query: str = ""
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    quote: str = ""
    said: DateRange | None = None
    about: DateRange | None = None
    about_widely: bool = False
    published: DateRange | None = None
    sort: Sort | None = None
    limit: int = 10
    offset: int = 0


def body(request: SearchRequest) -> dict[str, Any]:
    """The body of the search.

    Raises:
        UserError: `usage`, where a value is out of bounds or the query cannot be sent (`query_string`).
    """
    _check_page(request)
    words = query_string(request.query)
    filters: list[dict[str, Any]] = []
    filters += [_named(name, "names.people", "markedPeople.name.text") for name in request.people]
    filters += [
        _named(name, "names.organizations", "markedOrganisations.name.text") for name in request.organizations
    ]
    filters += [
        _named(name, "names.places", "markedPlaces.name.text", "located.text", "dateline.place.text")
        for name in request.places
    ]
    filters += _quotations(request)
    if request.published is not None:
        filters.append({"range": {"@timestamp": _bounds(request.published)}})
    should: list[dict[str, Any]] = []
    if request.about is not None:
        filters.append(_about(request.about, widely=request.about_widely))
        should += _about_ranks(request.about)
    return {
        "query": {
            "bool": {
                "must": [_words(words, WORDS)] if words else [],
                "filter": filters,
                "should": should,
            }
        },
        "from": request.offset,
        "size": request.limit,
        "sort": _sort(request, ranked=bool(words or should)),
        "timeout": TIMEOUT,
        "track_total_hits": DEEPEST,
        "_source": list(SHOWN),
        "highlight": _highlight(request, words),
    }


def _check_page(request: SearchRequest) -> None:
    if not 0 <= request.limit <= LARGEST_PAGE:
        raise UserError(Code.USAGE, f"limit: {request.limit} is not between 0 and {LARGEST_PAGE}")
    if request.offset < 0 or request.offset + request.limit > DEEPEST:
        raise UserError(
            Code.USAGE,
            f"only the first {DEEPEST:,} answers can be paged through",
            hint="narrow the search, for example by --published",
        )


def _words(words: str, fields: tuple[str, ...]) -> dict[str, Any]:
    return {
        "query_string": {
            "query": words,
            "fields": list(fields),
            "default_operator": "AND",
            "quote_field_suffix": ".exact",
            "allow_leading_wildcard": False,
            "lenient": True,
            "fuzzy_max_expansions": 25,
            "fuzzy_prefix_length": 1,
            "max_determinized_states": 2_000,
        }
    }


def _named(name: str, *fields: str) -> dict[str, Any]:
    if not name.strip():
        raise UserError(Code.USAGE, "a name to search for is empty")
    return {
        "bool": {
            "should": [{"match_phrase": {field: name[:200]}} for field in fields],
            "minimum_should_match": 1,
        }
    }


def _quotations(request: SearchRequest) -> list[dict[str, Any]]:
    """One nested query for each speaker: the words and the day must be of the same quotation."""
    common: list[dict[str, Any]] = []
    if request.quote.strip():
        common.append(_words(query_string(request.quote), ("quotations.text", "quotations.text.exact^1.5")))
    if request.said is not None:
        common.append({"range": {"quotations.said": _bounds(request.said)}})
    wanted = [
        [_named(name, "quotations.speaker.canonical.text", "quotations.speaker.text"), *common]
        for name in request.speakers
    ] or ([common] if common else [])
    return [
        {
            "nested": {
                "path": "quotations",
                "query": {"bool": {"must": must}},
                "inner_hits": {"name": f"quotations{number}", "size": 3, "sort": [{"_score": "desc"}]},
            }
        }
        for number, must in enumerate(wanted)
    ]


def _bounds(days: DateRange) -> dict[str, str]:
    bounds = {"gte": days.gte, "lt": days.lt}
    return {name: day.isoformat() for name, day in bounds.items() if day is not None}


def _interval(days: DateRange, relation: str) -> dict[str, Any]:
    return {"range": {"dates.interval": {**_bounds(days), "relation": relation}}}


def _about(days: DateRange, *, widely: bool) -> dict[str, Any]:
    # within: "in 2022" says nothing about one day of it
    return {
        "nested": {
            "path": "dates",
            "query": _interval(days, "intersects" if widely else "within"),
            "inner_hits": {"name": "dates", "size": 20},
        }
    }


def _about_ranks(days: DateRange) -> list[dict[str, Any]]:
    """What is said of exactly these days ranks first, then what lies within them, then what only touches them."""
    exactly = {"bool": {"filter": [_interval(days, "within"), _interval(days, "contains")]}}
    return [
        {"constant_score": {"filter": {"nested": {"path": "dates", "query": query}}, "boost": boost}}
        for query, boost in ((exactly, 4.0), (_interval(days, "within"), 4.0))
    ]


def _sort(request: SearchRequest, *, ranked: bool) -> list[Any]:
    order: Sort = request.sort or ("relevance" if ranked else "newest")
    by_date = {"@timestamp": "asc" if order == "oldest" else "desc"}
    return ["_score", by_date, {"uri": "asc"}] if order == "relevance" else [by_date, {"uri": "asc"}]


def _highlight(request: SearchRequest, words: str) -> dict[str, Any]:
    """Passages of the body for words and names alike; where nothing matched there, its beginning."""
    should: list[dict[str, Any]] = []
    if words:
        should.append(_words(words, ("body", "body.exact")))
    names = (*request.people, *request.organizations, *request.places)
    should += [{"match_phrase": {"body.exact": name[:200]}} for name in names]
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
        },
    }
