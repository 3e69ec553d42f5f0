"""What is new in a feed: which items Kafka does not have yet, and the date that orders their versions.

A feed says what its items are now, not which version they are. An item whose words, or whose own date, differ from
what was pushed is a new version. Versions are ordered by versionCreated, so a change that brings no later date of its
own gets the time at which we first saw it; so does an item without any date. That time is written down before the
push (`State.note_sightings`), so that trying again makes the same version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pipeline.article import WireArticle
from pipeline.codec import encode
from pipeline.feeds.state import Item
from pipeline.identity import external_version, instant
from pipeline.wire import rss

PAGE_TRIES: Final = 3  # of a page that could not be read, before the summary is left to stand


@dataclass(frozen=True, slots=True)
class Fresh:
    """A version that is to be pushed."""

    article: WireArticle
    digest: bytes
    page_wanted: bool = False
    page: bool = False  # the article has the text of its page
    page_tries: int = 0
    again: Item | None = None  # Kafka has all but the page's text

    def acknowledged(self) -> Item:
        """What is known of the item once Kafka has it."""
        return Item(
            uri=self.article.uri,
            digest=self.digest,
            rank=external_version(self.article),
            created=self.article.versionCreated,
            page=self.page,
            page_tries=self.page_tries,
        )


def highest_of_each(articles: Iterable[WireArticle]) -> list[WireArticle]:
    """One article an id: its highest version, the first of those that are equal. Search shows no other."""
    best: dict[str, WireArticle] = {}
    for article in articles:
        known = best.get(article.uri)
        if known is None or external_version(article) > external_version(known):
            best[article.uri] = article
    return list(best.values())


def fresh(
    articles: Sequence[WireArticle], known: Mapping[str, Item], *, full_text: bool, now: datetime
) -> list[Fresh]:
    """Those that Kafka does not have, dated so that they win over what it has.

    Args:
        articles: of one feed, an id once.
        known: what the state has of them.
        full_text: whether the pages of items are wanted.
        now: the time of the poll, with offset.
    """
    found = []
    for article in articles:
        item = known.get(article.uri) or Item(article.uri)
        digest = digest_of(article)
        changed = digest != item.digest
        wants_page = full_text and article.pubStatus != "canceled"
        again = wants_page and not changed and not item.page and item.page_tries < PAGE_TRIES
        if changed or again:
            dated = msgspec.structs.replace(article, versionCreated=_date(article, digest, item, now=now))
            tries = item.page_tries if again else 0
            found.append(Fresh(dated, digest, wants_page, page_tries=tries, again=item if again else None))
    return found


def digest_of(article: WireArticle) -> bytes:
    """What tells one version of an item from another: all it says, its own date included, the feed's excluded."""
    own = article.versionCreated if _has_own_date(article) else ""
    return hashlib.sha256(encode(msgspec.structs.replace(article, versionCreated=own))).digest()[:16]


def _has_own_date(article: WireArticle) -> bool:
    # else it comes from the feed, which dates itself anew at each build, or from the clock
    if article.pubStatus == "canceled":
        return False
    return article.wireFormat != rss.FORMAT or article.firstCreated is not None


def _date(article: WireArticle, digest: bytes, item: Item, *, now: datetime) -> str:
    if item.next_digest == digest and item.next_created is not None:
        return item.next_created  # seen before, and not yet acknowledged
    if item.rank is None or external_version(article) > item.rank:
        return article.versionCreated
    latest = instant(item.created) if item.created else now
    return max(now, latest + timedelta(milliseconds=1)).isoformat(timespec="milliseconds")
