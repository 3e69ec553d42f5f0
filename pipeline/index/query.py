"""What a reader asks for, and the request to Elasticsearch that asks it: pure.

Every search goes to the alias `news`, whose filter hides what is killed, withheld or under embargo.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from pipeline.errors import Code, UserError
from pipeline.index.daterange import DateRange
from pipeline.index.heard import heard
from pipeline.index.highlight import highlight
from pipeline.index.known_names import Kind
from pipeline.index.querystring import query_string
from pipeline.index.ranking import RANKING, Ranking, recent_first, together
from pipeline.index.synonyms import same_entity
from pipeline.index.words import all_words, in_fields, sent

LARGEST_PAGE: Final = 200
DEEPEST: Final = 10_000  # index.max_result_window
TIMEOUT: Final = "1s"  # of the search itself, on each shard; what was found by then is answered
NAMES_MOST: Final = 20  # names of one kind in a request
LONGEST_NAME: Final = 200  # characters of a name that count

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


def body(request: SearchRequest, *, ranking: Ranking = RANKING, quoted: bool = True) -> dict[str, Any]:
    """The body of the search; `quoted` as in `matching`.

    Raises:
        UserError: `usage`, where a value is out of bounds or the query cannot be sent (`query_string`).
    """
    _check_page(request)
    asked = matching(request, ranking=ranking, quoted=quoted)
    names = [name[:LONGEST_NAME] for name in (*request.people, *request.organizations, *request.places)]
    ranked = bool(asked["bool"]["must"] or asked["bool"]["should"])
    return {
        "query": recent_first(asked, ranking) if _order(request, ranked=ranked) == "relevance" else asked,
        "from": request.offset,
        "size": request.limit,
        "sort": _sort(request, ranked=ranked),
        "timeout": TIMEOUT,
        "track_total_hits": DEEPEST,
        "_source": list(SHOWN),
        "highlight": highlight(sent(request.query, ranking), names=names),
    }


def matching(
    request: SearchRequest, *, ranking: Ranking = RANKING, quoted: bool = True, scored: bool = True
) -> dict[str, Any]:
    """The `bool` query that every article matches that the request asks for, and no other; for facets, alerts and
    exports as well. Page and sort of the request play no part.

    Args:
        request: what is asked.
        ranking: how matches are scored.
        quoted: have the matching dates and quotations told (`inner_hits`), which costs time.
        scored: False where it plays no part how well an article matches, which saves time.

    Raises:
        UserError: `usage`, as `body`.
    """
    _check_names(request)
    filters: list[dict[str, Any]] = []
    filters += [
        _named(name, "people", "names.people", "markedPeople.name.text", sound_field="names.heard")
        for name in request.people
    ]
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
    must = all_words(request.query, ranking, scored=scored)
    return {"bool": {"must": must, "filter": filters, "should": should + together(request.query, ranking)}}


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


def _named(
    name: str, kind: Kind, *fields: str, id_field: str = "entity_ids", sound_field: str | None = None
) -> dict[str, Any]:
    if not name.strip():
        raise UserError(Code.USAGE, "a name to search for is empty")
    forms = [{"match_phrase": {field: name[:LONGEST_NAME]}} for field in fields]
    forms += same_entity(name[:LONGEST_NAME], kinds=(kind,), id_field=id_field)
    if sound_field and (sound := heard(name[:LONGEST_NAME])):
        forms.append({"match_phrase": {sound_field: sound}})
    return {"bool": {"should": forms, "minimum_should_match": 1}}


def _quotations(request: SearchRequest, ranking: Ranking, *, quoted: bool) -> list[dict[str, Any]]:
    """One nested query for each speaker: the words and the day must be of the same quotation."""
    common: list[dict[str, Any]] = []
    if request.quote.strip():
        common.append(
            in_fields(query_string(request.quote), ("quotations.text", "quotations.text.exact^1.5"), ranking)
        )
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
