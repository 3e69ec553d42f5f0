"""Searching the coverage: a request in, an answer out, through the alias `news` alone.

The command line and any page use the same two functions, so both give the same answers.
"""

from __future__ import annotations

from typing import Any

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch, BadRequestError, Elasticsearch

from pipeline import identity
from pipeline.article import Dateline, Interval
from pipeline.errors import Code, NewswireError, UserError
from pipeline.index import query
from pipeline.index.client import explain, short
from pipeline.index.highlight import BETWEEN, MARK_BEGIN, MARK_END
from pipeline.index.query import SearchRequest

__all__ = ["Alike", "Answer", "Hit", "Passage", "SearchRequest", "Segment", "failure", "search", "search_async"]


class Segment(msgspec.Struct, frozen=True):
    """A stretch of text, and whether it matched."""

    text: str
    matched: bool = False


Passage = tuple[Segment, ...]


class SpokenOf(msgspec.Struct, frozen=True, kw_only=True):
    """A time expression that matched the days asked for, with what it resolved to."""

    text: str
    value: str
    interval: Interval | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A quotation that matched."""

    text: str
    speaker: str | None = None
    said: str | None = None


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """An article that was folded into a hit; `common` is the estimated share of what both have in common, 0 to 1."""

    uri: str
    versionCreated: str
    headline: str | None = None
    source: str | None = None
    common: float = 0.0


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One article that was found. `headline` and `passages` have what matched marked."""

    uri: str
    versionCreated: str
    score: float | None
    version: str | None = None
    headline: Passage = ()
    beginning: str = ""  # the first words of the body
    passages: tuple[Passage, ...] = ()  # of the body: where it matched, else its beginning
    description: str | None = None
    language: str | None = None
    source: str | None = None
    by: str | None = None
    located: str | None = None
    dateline: Dateline | None = None
    urgency: int | None = None
    edNote: str | None = None
    signals: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    dates: tuple[SpokenOf, ...] = ()
    quotations: tuple[Said, ...] = ()
    alike: tuple[Alike, ...] = ()  # what was folded into it, the most alike first; with `collapse` alone


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found. `total` is a lower bound where `total_exact` is false; `complete` is false where the time
    ran out or a shard did not answer, so that there may be more."""

    total: int
    total_exact: bool
    complete: bool
    took_ms: int
    hits: tuple[Hit, ...]


def search(client: Elasticsearch, request: SearchRequest) -> Answer:
    """Search, and wait for the answer.

    Raises:
        UserError: `usage`, where the query cannot be read or costs too much.
        Transient: `elasticsearch.unreachable` or `.busy`.
        Fatal: `elasticsearch.index-missing` or `.refused`.
    """
    if request.collapse:
        from pipeline.index import fold  # reads answers by this module

        return fold.search(client, request)
    body = query.body(request)
    try:
        response = client.search(index=identity.READ_ALIAS, body=body)
    except (ApiError, TransportError) as error:
        raise failure(error) from error
    return read(response.body)


async def search_async(client: AsyncElasticsearch, request: SearchRequest) -> Answer:
    """The same on the event loop."""
    if request.collapse:
        from pipeline.index import fold

        return await fold.search_async(client, request)
    body = query.body(request)
    try:
        response = await client.search(index=identity.READ_ALIAS, body=body)
    except (ApiError, TransportError) as error:
        raise failure(error) from error
    return read(response.body)


def failure(error: ApiError | TransportError) -> NewswireError:
    """What a failed search means: the query cannot be read, or as `client.explain`. Pure; it raises nothing."""
    if isinstance(error, BadRequestError):
        causes = error.body.get("error", {}).get("root_cause") if isinstance(error.body, dict) else None
        reason = short(str(causes[0].get("reason"))) if causes else short(str(error.body))
        return UserError(
            Code.USAGE,
            f"the query cannot be read: {reason}",
            hint='AND, OR and NOT stand between words; put text with signs between quotation marks: "..."',
        )
    return explain(error, doing="search")


def read(response: dict[str, Any]) -> Answer:
    """The answer in a response of Elasticsearch to the body that `query.body` makes."""
    total = response["hits"]["total"]
    return Answer(
        total=total["value"],
        total_exact=total["relation"] == "eq",
        complete=not response["timed_out"] and not response["_shards"]["failed"],
        took_ms=response["took"],
        hits=tuple(_hit(hit) for hit in response["hits"]["hits"]),
    )


def _hit(hit: dict[str, Any]) -> Hit:
    source = hit["_source"]
    marked = hit.get("highlight", {})
    inner = hit.get("inner_hits", {})
    headline, passages = _marked(marked, source.get("headline") or "")
    return msgspec.convert(
        source
        | {
            "score": hit["_score"],
            "headline": headline,
            "beginning": _text(_passage(marked.get("body.exact", [""])[0])),
            "passages": passages,
            "dates": _spoken_of(inner),
            "quotations": _said(inner),
        },
        Hit,
        strict=False,
    )


def _marked(marked: dict[str, list[str]], headline: str) -> tuple[Passage, tuple[Passage, ...]]:
    """The headline and passages of the body with what matched: by the endings of its language where these did."""
    shown = _passage(marked["headline"][0] if "headline" in marked else headline)
    stems = next((texts for name, texts in marked.items() if name.startswith("stemmed.")), ())
    passages: list[Passage] = []
    for passage in (_passage(part) for found in stems for part in found.split(BETWEEN)):
        text = _text(passage)
        if text in headline:  # the field has both, the headline first
            shown = passage if text == headline else shown
        elif any(segment.matched for segment in passage):
            passages.append(passage)
    return shown, tuple(passages[:2]) or tuple(_passage(text) for text in marked.get("body", ()))


def _text(passage: Passage) -> str:
    return "".join(segment.text for segment in passage)


def _passage(text: str) -> Passage:
    segments: list[Segment] = []
    for number, part in enumerate(text.split(MARK_BEGIN)):
        matched, _, rest = part.partition(MARK_END) if number else ("", "", part)
        segments += [Segment(matched, True)] if matched else []
        segments += [Segment(rest)] if rest else []
    return tuple(segments)


def _sources(inner: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [
        found["_source"]
        for key, part in inner.items()
        if key.startswith(name)
        for found in sorted(part["hits"]["hits"], key=lambda found: found["_nested"]["offset"])
    ]


def _spoken_of(inner: dict[str, Any]) -> tuple[SpokenOf, ...]:
    found = [
        SpokenOf(
            text=date["text"],
            value=date["value"],
            interval=Interval(**date["interval"]) if date.get("interval") else None,
        )
        for date in _sources(inner, "dates")
    ]
    return tuple({(date.text, date.value): date for date in found}.values())


def _said(inner: dict[str, Any]) -> tuple[Said, ...]:
    return tuple(
        Said(
            text=quotation["text"],
            speaker=(quotation.get("speaker") or {}).get("canonical") or (quotation.get("speaker") or {}).get("text"),
            said=quotation.get("said"),
        )
        for quotation in _sources(inner, "quotations")
    )
