"""The workers' journal on the real Elasticsearch: written, dropped without harm, shown on its dashboard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.index.client import connect, connect_sync
from pipeline.index.setup import JOURNAL, JOURNAL_INDEX, setup
from pipeline.metrics import OFF
from pipeline.settings import Settings
from pipeline.stream.journal import DELAY, Journal, JournalWriter
from pipeline.stream.loop import Progress
from tests.integration.kibana.requests import CONTROLS, PANELS
from tests.integration.kibana.test_panels import _values
from tests.support.bench import GUARD, Bench
from tests.support.ledger import push, wait_for
from tests.support.news import articles
from tests.support.stack import Stack, unique

pytestmark = pytest.mark.servers


class Pen:
    """A worker's journal and its writer, with a clock that the test sets."""

    def __init__(self, settings: Settings) -> None:
        self.worker = unique("worker")
        self.now = datetime.now(UTC)
        self.settings = settings
        self.journal = Journal(
            OFF, worker=self.worker, progress={"enrich": Progress(), "index": Progress(in_flight=4)}
        )

    def work(self) -> None:
        self.journal.add("newswire_records_total", 40, agent="enrich", outcome="done")
        self.journal.add("newswire_records_total", 39, agent="index", outcome="done")
        self.journal.add("newswire_dead_letters_total", 1, agent="enrich", reason="enrich.failed")
        self.journal.add("newswire_retried_records_total", 12, agent="index", reason="elasticsearch.busy")
        self.journal.observe(DELAY, 0.8)
        self.journal.observe(DELAY, 1.4)

    def write(self, *minutes: int, days: int = 1) -> None:
        """Write an entry of some work at each of these minutes from now."""

        async def writing() -> None:
            client = connect(self.settings)
            start = self.now
            writer = JournalWriter(self.journal, client, every=60.0, days=days, clock=lambda: self.now)
            try:
                for minute in minutes:
                    self.now = start + timedelta(minutes=minute)
                    self.work()
                    await writer.write()
            finally:
                self.now = start
                await client.close()

        asyncio.run(writing())

    def documents(self, client: Elasticsearch) -> list[dict[str, Any]]:
        client.indices.refresh(index=JOURNAL_INDEX)
        hits = client.search(index=JOURNAL, size=100, query={"term": {"worker": self.worker}})["hits"]["hits"]
        return [hit["_source"] for hit in hits]


@pytest.fixture
def client(stack: Stack) -> Iterator[Elasticsearch]:
    settings = stack.settings()
    with connect_sync(settings) as client:
        setup(client, settings)
        yield client


@pytest.fixture
def pen(stack: Stack, client: Elasticsearch) -> Pen:
    return Pen(stack.settings())


def test_every_panel_and_control_of_the_dashboard_shows_it(pen: Pen, client: Elasticsearch) -> None:
    pen.write(-3, -2, -1)
    assert len(pen.documents(client)) == 12
    ours = {"term": {"worker": pen.worker}}
    requests = {id: body for id, (index, body) in PANELS.items() if index == JOURNAL}
    requests |= {"/".join(key): body for key, (index, body) in CONTROLS.items() if index == JOURNAL}
    assert len(requests) == 12
    for id, body in requests.items():
        query = {"bool": {"filter": [body["query"], ours]}}
        answer = client.search(index=JOURNAL, body=body | {"query": query})["aggregations"]
        assert any(_values(answer)), id
        if id == "newswire-pipeline-indexed":
            assert answer["0"]["value"] == 3 * 39
        if id == "newswire-pipeline-delay":
            assert answer["0"]["value"] == pytest.approx(1.4)
        if id == "newswire-pipeline-reasons":
            assert [(each["key"], each["m0"]["value"]) for each in answer["0"]["buckets"]] == [("enrich.failed", 3.0)]
        if id == "newswire-pipeline-retries":
            assert [each["key"] for each in answer["0"]["buckets"]] == ["elasticsearch.busy"]


def test_ids_go_round_so_that_old_entries_are_replaced(pen: Pen, client: Elasticsearch) -> None:
    day = 24 * 60
    pen.write(0, 1, days=1)
    assert len(pen.documents(client)) == 8
    pen.write(day, day + 1, day + 2, days=1)  # a day is kept: the first two have the places of yesterday's
    times = sorted({each["@timestamp"][:16] for each in pen.documents(client)})
    assert times == [(pen.now + timedelta(minutes=day + n)).isoformat()[:16] for n in range(3)]


def test_without_its_index_entries_are_dropped_and_that_is_told_once(
    pen: Pen, client: Elasticsearch, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    client.indices.delete(index=JOURNAL_INDEX)
    with caplog.at_level(logging.INFO):
        pen.write(0, 1, 2)
        assert not client.indices.exists(index=JOURNAL), "nobody makes an index of that name by chance"
    told = [record.getMessage() for record in caplog.records if "journal" in record.getMessage()]
    assert len(told) == 1
    assert "newswire setup" in told[0]
    setup(client, stack.settings())
    pen.write(3)
    assert len(pen.documents(client)) == 4


def test_an_elasticsearch_that_is_away_is_told_once_and_its_return_too(
    pen: Pen, caplog: pytest.LogCaptureFixture
) -> None:
    away = pen.settings.elasticsearch.model_copy(update={"hosts": "http://127.0.0.1:9"})

    async def both() -> None:
        here, gone = connect(pen.settings), connect(pen.settings.model_copy(update={"elasticsearch": away}))
        writer = JournalWriter(pen.journal, gone, every=60.0, days=1)
        try:
            for _ in range(3):
                await writer.write()
            writer._client = here
            await writer.write()
        finally:
            await here.close()
            await gone.close()

    with caplog.at_level(logging.INFO):
        asyncio.run(both())
    told = [record.getMessage() for record in caplog.records if "journal" in record.getMessage()]
    assert ["cannot be written" in line for line in told] == [True, False]
    assert "written again" in told[1]


def test_a_worker_writes_of_what_it_does(stack: Stack, tmp_path: Path) -> None:
    with Bench(stack, tmp_path, light=True, worker={"name": unique("w"), "journal_every": 1.0}) as bench:
        ledger = bench.ledger()
        bench.crew.start()
        push(bench.settings, articles(20, prefix=ledger.prefix), ledger)

        def told() -> dict[tuple[str, str], list[dict[str, Any]]]:
            bench.client.indices.refresh(index=JOURNAL_INDEX)
            query = {"prefix": {"worker": bench.settings.worker.name}}
            hits = bench.client.search(index=JOURNAL, size=1000, query=query)["hits"]["hits"]
            found: dict[tuple[str, str], list[dict[str, Any]]] = {}
            for hit in hits:
                found.setdefault((hit["_source"]["kind"], hit["_source"]["agent"]), []).append(hit["_source"])
            return found

        def done() -> bool:
            progress = told()
            return all(
                sum(entry["articles"] for entry in progress.get(("progress", agent), [])) >= 20
                for agent in ("enrich", "index")
            )

        wait_for(done, timeout=GUARD, what="20 articles in the journal of each agent")
        delays = [entry["delay"] for entry in told()["progress", "index"] if "delay" in entry]
        assert delays
        assert all(0 < delay["p50"] <= delay["p95"] < GUARD for delay in delays)
