"""From an answer to articles that Kafka has: parse, find what is new, fetch pages, push, and remember."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from pipeline.article import WireArticle
from pipeline.errors import Code, NewswireError, Poison
from pipeline.feeds.definition import Feed
from pipeline.feeds.items import PAGE_TRIES, Fresh, fresh, highest_of_each
from pipeline.feeds.state import Item
from pipeline.feeds.tools import Taken, Tools
from pipeline.log import get_logger
from pipeline.wire import parse_each

CHUNK: Final = 50  # items that are pushed, and then remembered, at a time
PAGES_AT_ONCE: Final = 4
_OF_THE_WHOLE: Final = frozenset(
    {Code.WIRE_UNREADABLE, Code.WIRE_HOSTILE, Code.WIRE_ENCODING, Code.WIRE_FORMAT_UNKNOWN, Code.WIRE_TOO_LARGE}
)

log = get_logger("newswire.feeds")


async def take(body: bytes, feed: Feed, tools: Tools) -> Taken:
    """Push what is new in an answer, and write down what Kafka has of it, a few items at a time.

    Raises:
        Poison: where the answer as a whole is no feed.
    """
    now = tools.clock()
    if not body.strip():
        raise Poison(Code.WIRE_EMPTY, "the answer is empty")
    # an item without any date gets that of its first sighting, since nothing else is known
    results = await asyncio.to_thread(
        lambda: list(parse_each(body, format=feed.format, default_date=now.isoformat(), now=now))
    )
    taken = Taken(refusals=[result for result in results if isinstance(result, Poison)])
    articles = highest_of_each(result for result in results if isinstance(result, WireArticle))
    whole = next((refusal for refusal in taken.refusals if refusal.code in _OF_THE_WHOLE), None)
    if whole is not None and not articles:
        raise whole
    taken.seen = [article.uri for article in articles]
    known = tools.state.items(feed.name, taken.seen)
    new = fresh(articles, known, full_text=feed.full_text, now=now)
    sightings = [(one.article.uri, one.digest, one.article.versionCreated) for one in new]
    tools.state.note_sightings(feed.name, sightings, now=now.timestamp())
    for start in range(0, len(new), CHUNK):
        await _take_some(new[start : start + CHUNK], feed, tools, taken)
        if taken.error is not None:
            break
    return taken


async def _take_some(some: list[Fresh], feed: Feed, tools: Tools, taken: Taken) -> None:
    if feed.full_text:
        some = await _with_pages(some, feed, tools, taken)
    kept = [replace(one.again, page_tries=one.page_tries) for one in some if one.again is not None and not one.page]
    some = [one for one in some if one.again is None or one.page]
    acknowledged: list[Item] = []
    for one, error in zip(some, await tools.publisher.publish([one.article for one in some]), strict=True):
        if error is None:
            acknowledged.append(one.acknowledged())
            taken.pushed += 1
        elif isinstance(error, Poison):
            taken.refusals.append(Poison(error.code, f"{one.article.uri[:200]}: {error.message}", hint=error.hint))
        else:
            taken.error, taken.complete = error, False
    tools.state.acknowledge(feed.name, acknowledged + kept, now=tools.clock().timestamp())


async def _with_pages(some: Sequence[Fresh], feed: Feed, tools: Tools, taken: Taken) -> list[Fresh]:
    places = asyncio.Semaphore(PAGES_AT_ONCE)

    async def with_page(one: Fresh) -> Fresh:
        if not one.page_wanted:
            return one
        try:
            async with places:
                text = await tools.pages.text(one.article, feed)
        except NewswireError as error:
            tries = one.page_tries + 1
            log.warning("%s: the summary stands for the full text: %s", feed.name, error)
            taken.summaries += 1
            taken.complete = taken.complete and tries >= PAGE_TRIES
            return replace(one, page_tries=tries)
        return replace(one, page=True, article=_with_text(one.article, text))

    return list(await asyncio.gather(*(with_page(one) for one in some)))


def _with_text(article: WireArticle, text: str) -> WireArticle:
    summary = " ".join(article.body.split()) or None
    return msgspec.structs.replace(article, body=text, description=article.description or summary)
