"""`newswire reindex`: the articles into a new index, while workers go on writing and readers go on searching.

1. The new index is made from the templates, and filled in passes (`copying.py`) until a pass finds little.
2. The old index is closed for writing; Elasticsearch answers when every write under way is done. Workers retry.
3. A last pass copies what was written until then, and the counts are compared.
4. Both aliases move in one atomic step, the readers' with its filter. The workers' next try goes to the new index.

Between 2 and 4 nothing can be written and nothing be missed: about a second. Ended anywhere, the old index stays in
use, and is opened again by the next run, which goes on from the checkpoints kept in the new index' mapping.
"""

from __future__ import annotations

import time
from typing import Any, Final, Literal

import msgspec
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch

from pipeline.errors import Code, Fatal
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect, explain
from pipeline.index.copying import Checkpoints, Copier, OnProgress
from pipeline.index.definitions import definition
from pipeline.index.overlay import overlay
from pipeline.index.renewing import Renewal, renewal
from pipeline.index.setup import TEMPLATE_VERSION
from pipeline.settings import Settings

LITTLE: Final = 500  # documents; a pass that copied no more is followed by the last one
MOST_PASSES: Final = 20  # before the last: a source that is written to faster than we copy is stopped then
SAVE_EVERY: Final = 5.0  # seconds between two notes of the checkpoints
STATE: Final = "newswire_reindex"  # in `_meta` of the new index

Origin = Literal["index", "enriched", "wire"]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is copied, where from and where to, and how documents are renewed on the way."""

    source: str
    target: str
    origin: Origin = "index"
    rebuild: bool = False
    enrich: bool = False  # always where the origin is the wire topic


class Reindexed(msgspec.Struct, frozen=True, kw_only=True):
    """What was done. `closed_seconds`: for how long nothing could be written."""

    source: str
    target: str
    copied: int
    from_topic: int
    documents: int
    closed_seconds: float


async def reindex(settings: Settings, plan: Plan, *, processes: int = 1, on_progress: OnProgress) -> Reindexed:
    """Carry out a plan from its beginning, or from where an earlier run ended. Blocks until the aliases have moved.

    Raises:
        Transient: a server does not answer; nothing is switched, and the same command goes on later.
        Fatal: a server refused, or the new index refuses a document; nothing is switched.
    """
    client = connect(settings)
    try:
        async with renewal(settings, rebuild=plan.rebuild, enrich=plan.enrich, processes=processes) as how:
            return await _Run(client, settings, plan, how, on_progress).run()
    except (ApiError, TransportError) as error:
        raise explain(error, doing=f"copy {plan.source} to {plan.target}") from error
    finally:
        await client.close()


class _Run:
    def __init__(
        self,
        client: AsyncElasticsearch,
        settings: Settings,
        plan: Plan,
        how: Renewal,
        on_progress: OnProgress,
    ) -> None:
        self._client = client
        self._settings = settings
        self._plan = plan
        self._pool = how.pool
        self._on_progress = on_progress
        self._checkpoints = Checkpoints()
        self._writer = BulkWriter(client, settings, index=plan.target)
        self._copied = 0
        self._total = 0
        self._saved = time.monotonic()
        self._copier = Copier(
            client,
            source=plan.source,
            writer=self._writer,
            transform=how.transform,
            checkpoints=self._checkpoints,
            on_copied=self._on_copied,
        )

    async def run(self) -> Reindexed:
        plan = self._plan
        await self._open(plan.source)  # an earlier run may have been ended while it was closed
        await self._begin()
        self._total = (await self._client.count(index=plan.source))["count"]
        await self._passes()
        from_topic = 0
        if plan.origin != "index":
            pool = self._pool if plan.origin == "wire" else None
            from_topic = await overlay(self._settings, writer=self._writer, pool=pool, on_progress=self._on_progress)
            await self._passes()
        closed = time.monotonic()
        try:
            # answers when every write under way is done; what comes later is refused, and tried again by the workers
            await self._client.indices.add_block(index=plan.source, block="write")
            await self._copier.run()
            documents = await self._check()
            await self._switch()
        except BaseException:
            await self._open(plan.source)
            raise
        closed_seconds = time.monotonic() - closed
        await self._copier.run()  # a second run, or an operator, may have opened the old index in that second
        await self._save(done=True)
        return Reindexed(
            source=plan.source,
            target=plan.target,
            copied=self._copied,
            from_topic=from_topic,
            documents=documents,
            closed_seconds=round(closed_seconds, 3),
        )

    async def _begin(self) -> None:
        target = self._plan.target
        if not await self._client.indices.exists(index=target):
            # with the plan from its first moment on, so that an index that was begun can be told from others
            meta = {"template_version": TEMPLATE_VERSION, STATE: self._state()}
            await self._client.indices.create(index=target, mappings={"_meta": meta})
        state = (await self._meta()).get(STATE) or {}
        if state.get("plan") == msgspec.to_builtins(self._plan):
            self._checkpoints.shards.update(state["checkpoints"])
        # nobody searches it yet: no refresh until it is filled
        await self._client.indices.put_settings(index=target, settings={"index.refresh_interval": "-1"})
        await self._save()

    async def _passes(self) -> None:
        for _ in range(MOST_PASSES):
            if await self._copier.run() <= LITTLE:
                break
        await self._save()

    async def _on_copied(self, count: int) -> None:
        self._copied += count
        self._on_progress(f"{self._plan.source} to {self._plan.target}", self._copied, max(self._total, self._copied))
        if time.monotonic() - self._saved > SAVE_EVERY:
            await self._save()

    async def _check(self) -> int:
        """Refuse to switch to an index that has fewer documents."""
        plan = self._plan
        interval = {"index.refresh_interval": self._settings.elasticsearch.refresh_interval}
        await self._client.indices.put_settings(index=plan.target, settings=interval)
        await self._client.indices.refresh(index=[plan.source, plan.target])
        old: int = (await self._client.count(index=plan.source))["count"]
        new: int = (await self._client.count(index=plan.target))["count"]
        if new < old:
            message = f"{plan.target} has {new} documents, {plan.source} has {old}: nothing was switched"
            raise Fatal(Code.WORKER_BUG, message, hint="newswire reindex --abort")
        return new

    async def _switch(self) -> None:
        plan = self._plan
        actions: list[dict[str, Any]] = []
        for alias, wanted in definition("aliases").items():
            actions.append({"remove": {"index": plan.source, "alias": alias, "must_exist": True}})
            actions.append({"add": {"index": plan.target, "alias": alias, **wanted}})
        await self._client.indices.update_aliases(actions=actions)

    async def _open(self, index: str) -> None:
        await self._client.indices.put_settings(index=index, settings={"index.blocks.write": None})

    async def _meta(self) -> dict[str, Any]:
        found = await self._client.indices.get_mapping(index=self._plan.target)
        meta: dict[str, Any] = found[self._plan.target]["mappings"].get("_meta", {})
        return meta

    def _state(self) -> dict[str, Any]:
        return {"plan": msgspec.to_builtins(self._plan), "checkpoints": self._checkpoints.shards}

    async def _save(self, *, done: bool = False) -> None:
        meta = {key: value for key, value in (await self._meta()).items() if key != STATE}
        await self._client.indices.put_mapping(
            index=self._plan.target, meta=meta if done else meta | {STATE: self._state()}
        )
        self._saved = time.monotonic()
