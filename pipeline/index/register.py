"""The register: an index beside that of the articles, in which kill advisories and the items that they mean meet.

It holds one small document for each set of names that an item has had, one for each kill advisory, and one for each
item that an advisory killed; and a clock, whose version rises after every new advisory. Names are digests. What can
be read here are article ids, sources and moments, and `Advisory.words`: the headlines, slugs, numbers and addresses
by which an advisory names what it kills, for `newswire kills`. `unregister.py` says what `newswire forget` takes out.

Items and advisories come in any order, on different partitions, at the same moment, and Elasticsearch's searches lag
behind its writes. Still neither misses the other, because each writes first and looks afterwards: an advisory is
written, then the clock is moved, then a refresh makes everything visible and the items are searched; an item is
written, then the clock is read by its id (which never lags), and where it has moved the advisories are read anew. If
the search did not see the item, the item was written after the refresh, and so reads a clock that has moved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch, NotFoundError

from pipeline import identity
from pipeline.errors import Fatal, Poison, Transient
from pipeline.index import kills
from pipeline.index.bulk import BulkWriter, OnRetry
from pipeline.index.client import explain
from pipeline.index.document import Action
from pipeline.index.names import digest
from pipeline.settings import Settings
from pipeline.stream.retry import Backoff

CLOCK: Final = "clock"
PAGE: Final = 1000  # documents of an answer
NAMES_AT_ONCE: Final = 10_000  # of a search; Elasticsearch takes 65,536 (index.max_terms_count)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HIGHEST: Final = 1 << 62
_encoder = msgspec.json.Encoder()

T = TypeVar("T")


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document of the register."""

    kind: str  # item, advisory, kill
    key: str  # its id again, by which a search goes on from page to page
    uri: str = ""
    item: str = ""  # digest of `uri`
    created: str | None = None
    source: str | None = None
    names: tuple[str, ...] = ()
    advisory: kills.Advisory | None = None
    by: str = ""  # of a kill: the key of the advisory
    spared: tuple[str, ...] = ()
    at: str | None = None  # of a kill: when it was found out


class Register:
    """The worker's view of the register. Every call waits while Elasticsearch is away or busy.

    Raises everywhere:
        Fatal: `elasticsearch.refused`, `.index-missing`, `.mapping`, `.bad-request`.
    """

    def __init__(
        self, client: AsyncElasticsearch, settings: Settings, *, on_retry: OnRetry = lambda code, count, seconds: None
    ) -> None:
        self._client = client
        self._writer = BulkWriter(client, settings, on_retry=on_retry, index=identity.REGISTER)
        self._backoff = Backoff(longest=settings.worker.retry_backoff_max)
        self._on_retry = on_retry
        self._window = timedelta(days=settings.index.kill_window_days)
        self._reading = asyncio.Lock()
        self._clock: tuple[int, int] | None = None  # None: it was never moved
        self._checked = False
        self._by_name: dict[str, list[kills.Advisory]] = {}

    async def note(self, items: Sequence[kills.Item], advisories: Sequence[kills.Advisory]) -> None:
        """Write down the names of items, and advisories; returns when they are there and the clock is moved."""
        if not self._checked:  # a write would create an index without our mapping
            await self._patiently("find the register", lambda: self._client.indices.get(index=identity.REGISTER))
            self._checked = True
        await self._write([*map(_item_entry, items), *map(_advisory_entry, advisories)])
        if advisories:
            await self._patiently(
                "move the clock of the kills",
                lambda: self._client.index(index=identity.REGISTER, id=CLOCK, document={"kind": CLOCK, "key": CLOCK}),
            )

    async def advisories_for(self, items: Iterable[kills.Item]) -> list[kills.Advisory]:
        """The advisories that may mean one of the items, which `note` has written before."""
        clock = await self._read_clock()
        async with self._reading:
            if clock != self._clock:
                self._by_name = {}
                for one in await self._all_advisories():
                    for name in one.names:
                        self._by_name.setdefault(name, []).append(one)
                self._clock = clock
        found: dict[str, kills.Advisory] = {}
        if self._by_name:
            for item in items:
                for name in item.names & self._by_name.keys():
                    for one in self._by_name[name]:
                        if one.uri != item.uri and kills.may_mean(one, item, window=self._window):
                            found[one.key] = one
        return list(found.values())

    async def decide(self, advisories: Sequence[kills.Advisory]) -> list[tuple[kills.Advisory, kills.Decision]]:
        """What each of some advisories kills, of all items that are written down at this moment."""
        await self._refresh()
        names = sorted({name for one in advisories for name in one.names})
        entries: dict[str, Entry] = {}
        for start in range(0, len(names), NAMES_AT_ONCE):
            some = {"terms": {"names": names[start : start + NAMES_AT_ONCE]}}
            entries |= {entry.key: entry for entry in await self._search({"term": {"kind": "item"}}, some)}
        found: dict[str, list[kills.Item]] = {}  # by name
        for entry in entries.values():
            item = kills.Item(
                uri=entry.uri,
                created=identity.instant(entry.created or ""),
                names=frozenset(entry.names),
                source=entry.source,
            )
            for name in item.names:
                found.setdefault(name, []).append(item)
        return [
            (
                one,
                kills.decide(one, (item for name in one.names for item in found.get(name, ())), window=self._window),
            )
            for one in advisories
        ]

    async def killed(self, decided: Sequence[tuple[kills.Advisory, kills.Decision]], *, at: str) -> None:
        """Write down what was killed, for `newswire kills` and `newswire history`."""
        await self._write(
            [
                _kill_entry(advisory, uri, decision, at)
                for advisory, decision in decided
                if decision.known
                for uri in decision.killed or (advisory.uri,)
            ]
        )

    async def _write(self, entries: Sequence[tuple[Entry, int]]) -> None:
        if not entries:
            return
        actions = [
            Action(document_id=entry.key, version=version, source=_encoder.encode(entry))
            for entry, version in entries
        ]
        for outcome in await self._writer.write(actions):
            if isinstance(outcome, Poison):  # a document of our own making
                raise Fatal(outcome.code, outcome.message) from outcome

    async def _read_clock(self) -> tuple[int, int] | None:
        async def get() -> tuple[int, int] | None:
            try:
                found = await self._client.get(index=identity.REGISTER, id=CLOCK, source=False, realtime=True)
            except NotFoundError as error:
                if "found" in error.body:  # the index is there, and nothing was ever killed by an advisory
                    return None
                raise
            return found["_primary_term"], found["_seq_no"]

        return await self._patiently("read the clock of the kills", get)

    async def _all_advisories(self) -> list[kills.Advisory]:
        await self._refresh()
        entries = await self._search({"term": {"kind": "advisory"}})
        return [entry.advisory for entry in entries if entry.advisory is not None]

    async def _refresh(self) -> None:
        await self._patiently("refresh the register", lambda: self._client.indices.refresh(index=identity.REGISTER))

    async def _search(self, *filters: dict[str, Any]) -> list[Entry]:
        found: list[Entry] = []
        after: list[Any] | None = None
        while True:
            body: dict[str, Any] = {
                "query": {"bool": {"filter": list(filters)}},
                "sort": [{"key": "asc"}],
                "size": PAGE,
                "track_total_hits": False,
            } | ({"search_after": after} if after else {})
            search = partial(self._client.search, index=identity.REGISTER, allow_partial_search_results=False)
            answer = await self._patiently("search the register", partial(search, body=body))
            hits = answer["hits"]["hits"]
            found += [msgspec.convert(hit["_source"], Entry) for hit in hits]
            if len(hits) < PAGE:
                return found
            after = hits[-1]["sort"]

    async def _patiently(self, doing: str, call: Callable[[], Awaitable[T]]) -> T:
        for pause in self._backoff.pauses():
            try:
                return await call()
            except (ApiError, TransportError) as error:
                meant = explain(error, doing=doing)
                if not isinstance(meant, Transient):
                    raise meant from error
                self._on_retry(meant.code, 1, pause)
                await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")


def _item_entry(item: kills.Item) -> tuple[Entry, int]:
    key = digest("item", item.uri, item.source or "", *sorted(item.names))
    entry = Entry(
        kind="item",
        key=key,
        uri=item.uri,
        item=digest(item.uri),
        created=item.created.isoformat(timespec="milliseconds"),
        source=item.source,
        names=tuple(sorted(item.names)),
    )
    return entry, _earliest_wins(item.created)


def _advisory_entry(advisory: kills.Advisory) -> tuple[Entry, int]:
    entry = Entry(kind="advisory", key=advisory.key, uri=advisory.uri, item=digest(advisory.uri), advisory=advisory)
    return entry, 1


def _kill_entry(advisory: kills.Advisory, uri: str, decision: kills.Decision, at: str) -> tuple[Entry, int]:
    entry = Entry(
        kind="kill",
        key=digest("kill", advisory.key, uri),
        uri=uri,
        item=digest(uri),
        by=advisory.key,
        spared=decision.spared,
        at=at,
    )
    return entry, _earliest_wins(identity.instant(at, field="at"))


def _earliest_wins(moment: datetime) -> int:
    """An external version by which the earliest of several documents of one id stays."""
    return _HIGHEST - (moment - _EPOCH) // timedelta(milliseconds=1)
