"""Articles into the index with all that they mean: versions, kills under their own id, advisories, lives.

`BulkWriter` leaves it to Elasticsearch to keep the highest external version of a document. Two things need more than
that. A version that was outranked may belong to an item that was reinstated: then it counts in the item's present
life. And an advisory kills items under other ids, whether they came before it or come after it.

Everything here may be done again, in any order and by several workers at once, and comes to the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, datetime
from typing import Final

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.errors import Code, Fatal, Poison, Transient
from pipeline.index import kills
from pipeline.index.bulk import BulkWriter, OnRetry, Outcome, Written
from pipeline.index.client import explain
from pipeline.index.document import Action, action
from pipeline.index.register import Register
from pipeline.index.turns import Turns
from pipeline.log import get_logger
from pipeline.settings import Settings
from pipeline.stream.retry import Backoff

Clock = Callable[[], datetime]

WORDS_TOLD: Final = 10  # of what an advisory names, in the log

log = get_logger(__name__)


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """An article with its document."""

    article: EnrichedArticle
    action: Action
    ingested: str
    created: str | None = None
    killed_by: str | None = None

    def in_life_of(self, state: _State) -> Prepared | None:
        """The same in the present life of its item; None where it says nothing there."""
        if state.lifts is None:
            return None
        if self.article.pubStatus == "canceled" and not identity.is_newer_kill(self.article, state.lifts):
            return None  # it was lifted
        again = prepare(
            self.article, ingested=self.ingested, created=self.created, lifts=state.lifts, killed_by=self.killed_by
        )
        return again if again.action.version >= state.version else None


class _State(msgspec.Struct, frozen=True, kw_only=True):
    """What the index holds of an item: its external version, and the kill that was lifted last."""

    version: int
    lifts: int | None


def prepare(
    article: EnrichedArticle,
    *,
    ingested: str,
    created: str | None = None,
    lifts: int | None = None,
    killed_by: str | None = None,
) -> Prepared:
    """An article ready to be written; arguments and errors as of `document.action`."""
    document = action(article, ingested=ingested, created=created, lifts=lifts, killed_by=killed_by)
    return Prepared(article=article, action=document, ingested=ingested, created=created, killed_by=killed_by)


class ArticleWriter:
    """Writes articles to the index and carries out the kills that they bring or meet."""

    def __init__(
        self,
        client: AsyncElasticsearch,
        settings: Settings,
        *,
        writer: BulkWriter,
        on_retry: OnRetry = lambda code, count, seconds: None,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        """`writer` writes the documents, `client` is asked what the index holds, `on_retry` is told of pauses."""
        self._client = client
        self._writer = writer
        self._register = Register(client, settings, on_retry=on_retry)
        self._backoff = Backoff(longest=settings.worker.retry_backoff_max)
        self._on_retry = on_retry
        self._clock = clock
        self._turns = Turns()

    async def write(self, articles: Sequence[Prepared]) -> list[Outcome]:
        """Write articles and return what became of each, in the same order; blocks and raises as `BulkWriter.write`.

        What an article kills, or by what it is killed, is done when this returns.
        """
        async with self._turns.take(each.action.document_id for each in articles):
            return await self._write_and_kill(articles)

    async def _write_and_kill(self, articles: Sequence[Prepared]) -> list[Outcome]:
        items = [found for each in articles if (found := kills.item(each.article)) is not None]
        advisories = [told for each in articles if (told := kills.advisory(each.article)) is not None]
        try:
            async with asyncio.TaskGroup() as group:
                noting = group.create_task(self._register.note(items, advisories))
                writing = group.create_task(self._write(articles))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        noting.result()
        met = await self._register.advisories_for(items)
        await self._carry_out(
            {each.key: each for each in (*advisories, *met)}, arrived={each.key for each in advisories}
        )
        return writing.result()

    async def _write(self, articles: Sequence[Prepared]) -> list[Outcome]:
        outcomes = await self._writer.write([each.action for each in articles])
        pending = _outranked(articles, outcomes)
        while pending:
            states = await self._states([articles[position].action.document_id for position in pending])
            again: dict[int, Prepared] = {}
            for position in pending:
                state = states.get(articles[position].action.document_id)
                revived = articles[position].in_life_of(state) if state else None
                if revived:
                    again[position] = revived
            results = await self._writer.write([each.action for each in again.values()])
            outcomes = [*outcomes]
            for position, result in zip(again, results, strict=True):
                outcomes[position] = result
            highest = {
                each.action.document_id
                for each, result in zip(again.values(), results, strict=True)
                if result is Written.INDEXED
            }
            # outranked once more, by another worker: in a newer life perhaps
            pending = [
                position
                for (position, each), result in zip(again.items(), results, strict=True)
                if result is Written.UNCHANGED and each.action.document_id not in highest
            ]
        return outcomes

    async def _states(self, ids: Sequence[str]) -> dict[str, _State]:
        """What the index holds of documents, by their ids: a get by id does not lag behind the writes."""
        wanted = list(dict.fromkeys(ids))
        for pause in self._backoff.pauses():
            try:
                answer = await self._client.mget(
                    index=identity.WRITE_ALIAS, ids=wanted, source_includes=["lifts"], realtime=True
                )
            except (ApiError, TransportError) as error:
                meant = explain(error, doing="look up what the index holds")
                if not isinstance(meant, Transient):
                    raise meant from error
                code = meant.code
            else:
                failed = [doc for doc in answer["docs"] if "error" in doc]
                if not failed:
                    return {doc["_id"]: _state(doc) for doc in answer["docs"] if doc["found"]}
                code = Code.ELASTICSEARCH_BUSY  # a shard that is not there at the moment
            self._on_retry(code, len(wanted), pause)
            await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")

    async def _carry_out(self, advisories: Mapping[str, kills.Advisory], *, arrived: Set[str]) -> None:
        if not advisories:
            return
        decided = await self._register.decide(list(advisories.values()))
        now = self._clock().isoformat(timespec="milliseconds")
        killing = [
            prepare(advisory.kill(uri), ingested=now, killed_by=advisory.uri)
            for advisory, decision in decided
            for uri in decision.killed
        ]
        for outcome in await self._write(killing):
            if isinstance(outcome, Poison):  # a document of our own making
                raise Fatal(outcome.code, outcome.message) from outcome
        await self._register.killed(decided, at=now)
        for advisory, decision in decided:
            if decision.killed or advisory.key in arrived:
                _tell(advisory, decision)


def _outranked(articles: Sequence[Prepared], outcomes: Sequence[Outcome]) -> list[int]:
    """Positions of what was outranked by something that may belong to a later life of its item."""
    first_life = {
        each.action.document_id
        for each, outcome in zip(articles, outcomes, strict=True)
        if outcome is Written.INDEXED and identity.life_of(each.action.version) == 0
    }
    return [
        position
        for position, (each, outcome) in enumerate(zip(articles, outcomes, strict=True))
        if outcome is Written.UNCHANGED and each.action.document_id not in first_life
    ]


def _state(found: dict[str, object]) -> _State:
    source, version = found.get("_source"), found["_version"]
    assert isinstance(version, int)
    lifts = source.get("lifts") if isinstance(source, dict) else None
    return _State(version=version, lifts=None if lifts is None else int(lifts))


def _tell(advisory: kills.Advisory, decision: kills.Decision) -> None:
    named = ", ".join(advisory.words[:WORDS_TOLD])
    about = {"event.action": "kill", "event.id": advisory.uri[:200]}
    if not decision.known:
        log.warning(
            "the kill advisory %s names nothing that has come yet (%s): newswire kills",
            advisory.uri[:200],
            named,
            extra=about | {"error.code": str(Code.KILL_UNMATCHED)},
        )
        return
    log.info("the kill advisory %s kills %s", advisory.uri[:200], ", ".join(decision.killed), extra=about)
    if decision.spared:
        log.warning(
            "the kill advisory %s (%s) may also mean %s: look, and push a kill of what it means",
            advisory.uri[:200],
            named,
            ", ".join(decision.spared[:WORDS_TOLD]),
            extra=about | {"error.code": str(Code.KILL_AMBIGUOUS)},
        )
