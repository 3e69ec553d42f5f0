"""What a reader asks for, and the request to Elasticsearch that asks it: pure.

Every search goes to the alias `news`, whose filter hides what is killed, withheld or under embargo.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, Literal

import msgspec

from pipeline.errors import Code, UserError
from pipeline.index.daterange import DateRange
from pipeline.index.known_names import Kind
from pipeline.index.querystring import query_string
from pipeline.index.ranking import RANKING, Ranking, recent_first, together
from pipeline.index.synonyms import expand, same_entity

LARGEST_PAGE: Final = 200
DEEPEST: Final = 10_000  # index.max_result_window
TIMEOUT: Final = "1s"  # of the search itself, on each shard; what was found by then is answered
NAMES_MOST: Final = 20  # names of one kind in a request
LONGEST_NAME: Final = 200  # characters of a name that count
HIGHLIGHT_CHARACTERS: Final = 1_000_000  # of a body that are searched for passages to show
MARK_BEGIN, MARK_END = "\ue000", "\ue001"  # private use characters around what matched

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
    collapse: fold what is alike; limit and offset then count groups (`pipeline.index.fold`).
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
    collapse: bool = False


def body(request: SearchRequest, *, ranking: Ranking = RANKING) -> dict[str, Any]:
    """The body of the search.

    Raises:
        UserError: `usage`, where a value is out of bounds or the query cannot be sent (`query_string`).
    """
    _check_page(request)
    asked = matching(request, ranking=ranking)
    ranked = bool(asked["bool"]["must"] or asked["bool"]["should"])
    return {
        "query": recent_first(asked, ranking) if _order(request, ranked=ranked) == "relevance" else asked,
        "from": request.offset,
        "size": request.limit,
        "sort": _sort(request, ranked=ranked),
        "timeout": TIMEOUT,
        "track_total_hits": DEEPEST,
        "_source": list(SHOWN),
        "highlight": _highlight(request, _sent(request.query, ranking)),
    }


def matching(request: SearchRequest, *, ranking: Ranking = RANKING, quoted: bool = True) -> dict[str, Any]:
    """The `bool` query that every article matches that the request asks for, and no other; for facets, alerts and
    exports as well. Page and sort of the request play no part.

    Args:
        request: what is asked.
        ranking: how matches are scored.
        quoted: have the matching dates and quotations told (`inner_hits`), which costs time.

    Raises:
        UserError: `usage`, as `body`.
    """
    _check_names(request)
    filters: list[dict[str, Any]] = []
    filters += [_named(name, "people", "names.people", "markedPeople.name.text") for name in request.people]
    filters += [
        _named(name, "organizations", "names.organizations", "markedOrganisations.name.text")
        for name in request.organizations
    ]
    filters += [
        _named(name, "places", "names.places", "markedPlaces.name.text", "located.text", "dateline.place.text")
        for name in request.places
    ]
    filters += _quotations(request, ranking, quoted=quoted)
    if request.published is not None:
        filters.append({"range": {"@timestamp": _bounds(request.published)}})
    should: list[dict[str, Any]] = []
    if request.about is not None:
        filters.append(_about(request.about, widely=request.about_widely, quoted=quoted))
        should += _about_ranks(request.about)
    must = _all_words(request.query, ranking)
    return {"bool": {"must": must, "filter": filters, "should": should + together(request.query, ranking)}}


def _sent(text: str, ranking: Ranking) -> str:
    return query_string(text, rewrite=expand if ranking.synonyms else None)


def _all_words(text: str, ranking: Ranking) -> list[dict[str, Any]]:
    """Every word must occur: best all of them in one field, else each in whatever field."""
    words = _sent(text, ranking)
    apart = query_string(text, rewrite=partial(expand, apart=True)) if ranking.synonyms else words
    queries = [_words(words, ranking.fields, ranking)] if words else []
    if apart == words:
        return queries
    # not instead of the first: a stop word, left out of a body, would have to be in another field
    scattered = _words(apart, ranking.fields, ranking)
    scattered["query_string"]["boost"] = ranking.apart
    return [{"dis_max": {"queries": [*queries, scattered]}}]


def _check_names(request: SearchRequest) -> None:
    for names in (request.people, request.organizations, request.places, request.speakers):
        if len(names) > NAMES_MOST:
            raise UserError(Code.USAGE, f"{len(names):,} names of one kind; the most is {NAMES_MOST}")


def _check_page(request: SearchRequest) -> None:
    if not 0 <= request.limit <= LARGEST_PAGE:
        raise UserError(Code.USAGE, f"limit: {request.limit} is not between 0 and {LARGEST_PAGE}")
    if request.offset < 0 or request.offset + request.limit > DEEPEST:
        raise UserError(
            Code.USAGE,
            f"only the first {DEEPEST:,} answers can be paged through",
            hint="narrow the search, for example by --published",
        )


def _words(words: str, fields: tuple[str, ...], ranking: Ranking = RANKING) -> dict[str, Any]:
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


def _named(name: str, kind: Kind, *fields: str, id_field: str = "entity_ids") -> dict[str, Any]:
    if not name.strip():
        raise UserError(Code.USAGE, "a name to search for is empty")
    forms = [{"match_phrase": {field: name[:LONGEST_NAME]}} for field in fields]
    forms += same_entity(name[:LONGEST_NAME], kinds=(kind,), id_field=id_field)
    return {"bool": {"should": forms, "minimum_should_match": 1}}


def _quotations(request: SearchRequest, ranking: Ranking, *, quoted: bool) -> list[dict[str, Any]]:
    """One nested query for each speaker: the words and the day must be of the same quotation."""
    common: list[dict[str, Any]] = []
    if request.quote.strip():
        common.append(_words(query_string(request.quote), ("quotations.text", "quotations.text.exact^1.5"), ranking))
    if request.said is not None:
        common.append({"range": {"quotations.said": _bounds(request.said)}})
    speaker = ("quotations.speaker.canonical.text", "quotations.speaker.text")
    wanted = [
        [_named(name, "people", *speaker, id_field="quotations.speaker.entity"), *common] for name in request.speakers
    ] or ([common] if common else [])
    nested: list[dict[str, Any]] = [{"path": "quotations", "query": {"bool": {"must": must}}} for must in wanted]
    if quoted:
        for number, query in enumerate(nested):
            query["inner_hits"] = {"name": f"quotations{number}", "size": 3, "sort": [{"_score": "desc"}]}
    return [{"nested": query} for query in nested]


def _bounds(days: DateRange) -> dict[str, str]:
    bounds = {"gte": days.gte, "lt": days.lt}
    return {name: day.isoformat() for name, day in bounds.items() if day is not None}


def _interval(days: DateRange, relation: str) -> dict[str, Any]:
    return {"range": {"dates.interval": {**_bounds(days), "relation": relation}}}


def _about(days: DateRange, *, widely: bool, quoted: bool) -> dict[str, Any]:
    # within: "in 2022" says nothing about one day of it
    query = {"path": "dates", "query": _interval(days, "intersects" if widely else "within")}
    return {"nested": query | ({"inner_hits": {"name": "dates", "size": 20}} if quoted else {})}


def _about_ranks(days: DateRange) -> list[dict[str, Any]]:
    """What is said of exactly these days ranks first, then what lies within them, then what only touches them."""
    exactly = {"bool": {"filter": [_interval(days, "within"), _interval(days, "contains")]}}
    return [
        {"constant_score": {"filter": {"nested": {"path": "dates", "query": query}}, "boost": boost}}
        for query, boost in ((exactly, 4.0), (_interval(days, "within"), 4.0))
    ]


def _order(request: SearchRequest, *, ranked: bool) -> Sort:
    return request.sort or ("relevance" if ranked else "newest")


def _sort(request: SearchRequest, *, ranked: bool) -> list[Any]:
    order = _order(request, ranked=ranked)
    by_date = {"@timestamp": "asc" if order == "oldest" else "desc"}
    return ["_score", by_date, {"uri": "asc"}] if order == "relevance" else [by_date, {"uri": "asc"}]


def _highlight(request: SearchRequest, words: str) -> dict[str, Any]:
    """Passages of the body for words and names alike; where nothing matched there, its beginning."""
    should: list[dict[str, Any]] = []
    if words:
        should.append(_words(words, ("body", "body.exact")))
    names = (*request.people, *request.organizations, *request.places)
    should += [{"match_phrase": {"body.exact": name[:LONGEST_NAME]}} for name in names]
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
