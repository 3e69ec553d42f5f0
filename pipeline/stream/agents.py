"""The two Faust agents and what they need, put together for one worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.enrich.pool import EnrichPool
from pipeline.errors import Code, NewswireError, Poison
from pipeline.index.articles import ArticleWriter
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect
from pipeline.limits import limits
from pipeline.log import get_logger
from pipeline.metrics import OFF, Instruments
from pipeline.settings import Settings
from pipeline.stream.dead_letters import dead_letter_headers, sendable_key
from pipeline.stream.gauges import Gauges, assigned
from pipeline.stream.health import Check, elasticsearch_answers, kafka_answers
from pipeline.stream.journal import Journal, JournalWriter
from pipeline.stream.loop import AckLoop, Policy, Progress, Record
from pipeline.stream.producer import Deliverer, Outgoing
from pipeline.stream.retry import Backoff
from pipeline.stream.steps import EnrichStep, IndexStep

log = get_logger(__name__)

INDEX_BATCHES_IN_FLIGHT = 2  # one fills while the other is at Elasticsearch


class Agents:
    """The agents of one worker, with the resources that they own: NLP processes and the Elasticsearch client."""

    def __init__(
        self,
        app: Any,
        settings: Settings,
        *,
        worker_name: str,
        on_fatal: Callable[[NewswireError], None],
        instruments: Instruments = OFF,
    ) -> None:
        self.progress: dict[str, Progress] = {}
        self._app = app
        self._settings = settings
        self._worker_name = worker_name
        self._on_fatal = on_fatal
        self._instruments = instruments
        self._joined = False
        self._backoff = Backoff(longest=settings.worker.retry_backoff_max)
        self._pool: EnrichPool | None = None
        self._client: Any = None
        wanted = settings.worker.agents.split(",")
        if "enrich" in wanted:
            self._pool = EnrichPool(settings, processes=settings.worker.processes)
            self._declare("enrich", settings.topics.wire, self._enrich_loop)
        if "index" in wanted:
            self._declare("index", settings.topics.enriched, self._index_loop)
        self._journal: asyncio.Task[None] | None = None
        if settings.worker.journal_every and "index" in wanted:  # the other agents need not reach Elasticsearch
            self._instruments = Journal(instruments, worker=worker_name, progress=self.progress)
        app.on_partitions_assigned.connect(self._on_assigned)
        gauges = Gauges(instruments, app, progress=self.progress, pool=self._pool)
        instruments.on_scrape(gauges.refresh)

    @property
    def checks(self) -> dict[str, Check]:
        """What must be true for this worker to work, by name (`Health.ready`)."""
        found: dict[str, Check] = {"partitions": self._has_partitions, "kafka": self._kafka_answers}
        if self._pool is not None:
            found["nlp"] = self._has_processes
        if "index" in self.progress:
            found["elasticsearch"] = self._elasticsearch_answers
        return found

    async def start(self) -> None:
        """Start the NLP processes, and the journal; returns when each process has loaded its pipeline."""
        if self._pool is not None:
            await self._pool.start()
        if isinstance(self._instruments, Journal):
            worker = self._settings.worker
            writer = JournalWriter(
                self._instruments, self._connected(), every=worker.journal_every, days=worker.journal_days
            )
            self._journal = asyncio.create_task(writer.run(), name="journal")

    async def close(self) -> None:
        """End the NLP processes and the connections."""
        if self._journal is not None:
            self._journal.cancel()
        if self._pool is not None:
            await self._pool.close()
        if self._client is not None:
            await self._client.close()

    def _declare(self, name: str, topic_name: str, loop: Callable[[], AckLoop]) -> None:
        self.progress[name] = Progress()
        topic = self._app.topic(topic_name, key_type=bytes, value_type=bytes)

        async def run(stream: Any) -> None:
            await loop().run(stream)

        self._app.agent(topic, name=f"newswire.{name}", concurrency=1)(run)

    def _enrich_loop(self) -> AckLoop:
        assert self._pool is not None
        worker = self._settings.worker
        step = EnrichStep(
            self._pool,
            self._deliverer("enrich"),
            topic=self._settings.topics.enriched,
            largest=limits(self._settings).wire_value,
            instruments=self._instruments,
        )
        return self._loop(step, batch=worker.batch_articles, in_flight=worker.batches_in_flight)

    def _index_loop(self) -> AckLoop:
        writer = BulkWriter(
            self._connected(), self._settings, on_retry=self._on_retry("index"), on_request=self._on_request
        )
        batch = self._settings.index.bulk_documents
        articles = ArticleWriter(self._connected(), self._settings, writer=writer, on_retry=self._on_retry("index"))
        step = IndexStep(articles, instruments=self._instruments)
        return self._loop(step, batch=batch, in_flight=INDEX_BATCHES_IN_FLIGHT)

    def _connected(self) -> Any:
        if self._client is None:
            self._client = connect(self._settings)
        return self._client

    def _loop(self, step: EnrichStep | IndexStep, *, batch: int, in_flight: int) -> AckLoop:
        worker = self._settings.worker
        return AckLoop(
            step,
            dead_letters=_DeadLetters(
                self._deliverer(step.name), topic=self._settings.topics.dead_letter, worker=self._worker_name
            ),
            policy=Policy(batch=batch, wait=worker.batch_wait, in_flight=in_flight, brake=worker.brake),
            progress=self.progress[step.name],
            on_fatal=self._on_fatal,
            instruments=self._instruments,
        )

    def _deliverer(self, name: str) -> Deliverer:
        return Deliverer(self._app, backoff=self._backoff, on_retry=self._on_retry(name))

    def _on_retry(self, name: str) -> Callable[[Code, int, float], None]:
        def retried(code: Code, count: int, seconds: float) -> None:
            self.progress[name].touch()  # waiting for a server that is away is not a stall
            self.progress[name].waiting = code
            self._instruments.add("newswire_retries_total", agent=name, reason=str(code))
            self._instruments.add("newswire_retried_records_total", count, agent=name, reason=str(code))
            log.warning(
                "%s: trying %d records again in %.1f s",
                name,
                count,
                seconds,
                extra={"error.code": str(code), "event.action": name},
            )

        return retried

    def _on_request(self, documents: int, size: int, seconds: float) -> None:
        self._instruments.observe("newswire_stage_duration_seconds", seconds, stage="bulk")
        self._instruments.observe("newswire_bulk_documents", documents)
        self._instruments.observe("newswire_bulk_size_bytes", size)

    def _on_assigned(self, sender: Any, *partitions: Any, **options: Any) -> None:
        self._joined = True

    async def _has_partitions(self) -> str:
        # a spare worker, with more workers than partitions, has none and is ready all the same
        return "" if self._joined or assigned(self._app) else "none assigned yet"

    async def _has_processes(self) -> str:
        return "" if self._pool is not None and self._pool.usable else "no NLP process is up"

    async def _kafka_answers(self) -> str:
        return await kafka_answers(self._settings)

    async def _elasticsearch_answers(self) -> str:
        return await elasticsearch_answers(self._connected())


class _DeadLetters:
    def __init__(self, deliverer: Deliverer, *, topic: str, worker: str) -> None:
        self._deliverer = deliverer
        self._topic = topic
        self._worker = worker

    async def send(self, letters: Sequence[tuple[Record, Poison]], *, stage: str) -> None:
        """Return once the brokers have confirmed every letter."""
        refused = await self._deliverer.deliver([self._letter(record, poison, stage) for record, poison in letters])
        for (record, _), problem in zip(letters, refused, strict=True):
            if problem is not None:
                # nothing may be lost: stop rather than acknowledge it
                place = f"{record.topic}/{record.partition} offset {record.offset}"
                raise NewswireError(Code.RECORD_TOO_LARGE, f"no dead letter can be written for {place}: {problem}")
        for record, poison in letters:
            log.warning(
                "dead letter: %s",
                poison.message[:300],
                extra={
                    "error.code": str(poison.code),
                    "event.action": stage,
                    "newswire.origin": f"{record.topic}-{record.partition}-{record.offset}",
                },
            )

    def _letter(self, record: Record, poison: Poison, stage: str) -> Outgoing:
        headers = dead_letter_headers(
            error=poison,
            stage=stage,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp_ms=record.timestamp_ms,
            worker=self._worker,
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            headers=record.headers,
            null_record=record.key is None and record.value is None,
        )
        return Outgoing(self._topic, sendable_key(record.key, record.value), record.value, headers)


async def stop_quietly(agents: Agents, *, seconds: float) -> None:
    """Close the agents' resources within a time; what does not end is ended with the process."""
    try:
        await asyncio.wait_for(agents.close(), seconds)
    except Exception:
        log.debug("closing took too long", exc_info=True)
