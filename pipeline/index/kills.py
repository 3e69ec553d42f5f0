"""Which items a kill advisory kills: a pure function of what it names and of the items that have such names.

An advisory with an id of its own is about other items. An address means one item for ever, so every item that has it
is killed. Numbers, headlines and slugs are used again, a slug every day: of what has it, only items of the same
source that came out before the advisory, within some days, can be meant, and of several the newest is. The others
are told of, so that somebody can look. A name that an item which is killed already has says nothing further.

Whatever the order in which items and advisory arrive, what must be killed is: more items can only take a better place
as the newest, and then they are killed, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from pipeline import identity
from pipeline.article import EnrichedArticle, WireArticle
from pipeline.errors import Poison
from pipeline.index import names

TOLERANCE: Final = timedelta(minutes=1)  # wires that tell minutes only
DAY: Final = timedelta(days=1)
LAST: Final = datetime.max.replace(tzinfo=UTC)  # that can be told


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An item as the register knows it. `created`: when the first of its versions came out."""

    uri: str
    created: datetime
    names: frozenset[str]
    source: str | None = None


class Advisory(msgspec.Struct, frozen=True, kw_only=True):
    """A kill that names other items: `said` has for each thing that it says the names that it may be."""

    uri: str
    versionCreated: str
    version: str | None = None
    source: str | None = None
    said: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]  # as it says them

    @property
    def until(self) -> datetime:
        """The last moment at which an item that it means can have come out."""
        created = identity.instant(self.versionCreated)
        tolerance = TOLERANCE if "T" in self.versionCreated else DAY
        return created + min(tolerance, LAST - created)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it may mean."""
        return tuple(dict.fromkeys(name for one in self.said for name in one))

    @property
    def key(self) -> str:
        """Stands for this advisory, so that the same delivered again is the same."""
        return names.digest(self.uri, self.versionCreated, self.version or "", *self.names)

    def kill(self, uri: str) -> EnrichedArticle:
        """The kill of an item."""
        return EnrichedArticle(
            uri=uri,
            versionCreated=self.versionCreated,
            version=self.version,
            body="",
            pubStatus="canceled",
            source=self.source,
            signals=("kill",),
        )


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The article ids of what is killed, and of what had the same recurring name and was spared.

    `known`: something that the advisory names was found; without, nothing is killed and somebody must be told.
    """

    killed: tuple[str, ...]
    spared: tuple[str, ...]
    known: bool


def advisory(article: WireArticle) -> Advisory | None:
    """The advisory in an article, None where it names nothing but itself."""
    said = names.said(article)
    if not said:
        return None
    return Advisory(
        uri=article.uri,
        versionCreated=article.versionCreated,
        version=article.version,
        source=article.source,
        said=said,
        words=names.words(article),
    )


def item(article: WireArticle) -> Item | None:
    """The item of a version, None for a kill and for what does nothing but lift one."""
    lifting = identity.REINSTATED in article.signals and article.lifts is not None
    if article.pubStatus == "canceled" or lifting:
        return None
    return Item(uri=article.uri, created=_created(article), names=frozenset(names.of(article)), source=article.source)


def may_mean(advisory: Advisory, item: Item, *, window: timedelta) -> bool:
    """Whether an item that has a name of the advisory's can be meant, whatever others there are."""
    shared = item.names.intersection(advisory.names)
    return any(name[0] == names.ADDRESS for name in shared) or (bool(shared) and _in_time(advisory, item, window))


def decide(advisory: Advisory, items: Iterable[Item], *, window: timedelta) -> Decision:
    """What an advisory kills of the items that have any name of its.

    Args:
        advisory: the advisory.
        items: any number for each article id, as its versions have had names; the order does not matter.
        window: for how long before the advisory an item with a recurring name can be meant.
    """
    sharing = [one for one in items if one.names.intersection(advisory.names)]
    killed = {
        one.uri for one in sharing if one.uri == advisory.uri
    }  # an item's own kill means what has its own names
    open_: list[tuple[str, ...]] = []
    for alternatives in advisory.said:
        addressed = {one.uri for one in sharing if _has(one, alternatives, names.ADDRESS)}
        killed |= addressed
        if not addressed:
            open_.append(alternatives)
    spared: set[str] = set()
    for kind in names.RECURRING:
        for alternatives in open_:
            having = [one for one in sharing if _has(one, alternatives, kind)]
            meant = [one for one in having if _in_time(advisory, one, window)]
            if meant and not killed.intersection(one.uri for one in having):
                killed.add(max(meant, key=lambda one: (one.created, one.uri)).uri)
                spared.update(one.uri for one in meant)
    others = killed - {advisory.uri}
    return Decision(killed=tuple(sorted(others)), spared=tuple(sorted(spared - killed)), known=bool(killed))


def _has(item: Item, alternatives: Sequence[str], kind: str) -> bool:
    return any(name[0] == kind and name in item.names for name in alternatives)


def _in_time(advisory: Advisory, item: Item, window: timedelta) -> bool:
    if item.source and advisory.source and item.source.casefold() != advisory.source.casefold():
        return False
    until = advisory.until
    return until - window <= item.created <= until


def _created(article: WireArticle) -> datetime:
    created = identity.instant(article.versionCreated)
    if article.firstCreated is None:
        return created
    try:
        return min(created, identity.instant(article.firstCreated))
    except Poison:  # nothing but the kill of an item depends on it
        return created
