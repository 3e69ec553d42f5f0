"""What a worker tells about itself over HTTP, on real servers, and that it ends itself when it stands still."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from prometheus_client.parser import text_string_to_metric_families

from pipeline.feeds.producer import ArticleProducer
from pipeline.index.setup import setup
from pipeline.metrics import METRICS, Prometheus
from pipeline.stream.topics import create_topics
from tests.support.ledger import Ledger, push, wait_for, wait_until_counted
from tests.support.monitor import address, get, wait_until_ready
from tests.support.news import articles
from tests.support.stack import Stack, unique
from tests.support.workers import Workers, workers

pytestmark = pytest.mark.servers

GUARD = 200.0  # seconds: against hanging, not a measurement


class Crew:
    """Workers on topics of their own."""

    def __init__(self, stack: Stack, started: Workers, settings: Any) -> None:
        self.settings = settings
        self.workers = started
        self.client = Elasticsearch(stack.url, request_timeout=60)
        self.ledger = Ledger(f"urn:newswire:test:{unique()}:")
        self.stack = stack

    def push(self, count: int) -> None:
        push(self.settings, articles(count, prefix=self.ledger.prefix, sentences=1), self.ledger)


@pytest.fixture
def crew(stack: Stack, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Crew]:
    sections: dict[str, Any] = getattr(request, "param", {})
    worker = {"name": "", "session_timeout": 6.0, "retry_backoff_max": 1.0} | sections.get("worker", {})
    settings = stack.settings(**sections | {"worker": worker})
    create_topics(settings)
    client = Elasticsearch(stack.url, request_timeout=60)
    setup(client, settings)
    client.close()
    with workers(stack.environment(settings), tmp_path) as started:
        yield Crew(stack, started, settings)


def checks(url: str) -> tuple[int, dict[str, str]]:
    status, body = get(url)
    return status, {name: why for name, why in json.loads(body)["checks"].items() if why}


def samples(where: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    status, body = get(f"{where}/metrics")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def total(found: dict[Any, float], name: str, **labels: str) -> float:
    return sum(v for (n, own), v in found.items() if n == name and labels.items() <= dict(own).items())


@pytest.mark.parametrize("crew", [{"worker": {"session_timeout": 120.0}}], indirect=True)
def test_a_worker_tells_what_it_did_and_whether_it_can_work(crew: Crew) -> None:
    # the session is long, since what a worker does again after it was taken for dead is counted again
    first, second = crew.workers.start(ready=False), crew.workers.start("--agents", "index")
    first.wait_until_ready()
    where, other = address(first), address(second)
    assert where != other
    for each in (where, other):
        wait_until_ready(each)
        assert checks(f"{each}/live") == (200, {})
    about = json.loads(get(f"{where}/live")[1])
    assert (about["pid"], about["group"]) == (first.process.pid, crew.settings.worker.group)
    assert get(f"{where}/no-such-page")[0] == 404

    crew.push(60)
    assert wait_until_counted(crew.client, crew.ledger, timeout=GUARD).clean

    def all_acknowledged() -> bool:
        return not sum(total(samples(each), "newswire_lag_records") for each in (where, other))

    wait_for(all_acknowledged, timeout=GUARD, what="a lag of 0")
    enriching, both = samples(where), samples(where)
    for sample, value in samples(other).items():
        both[sample] = both.get(sample, 0) + value
    assert total(both, "newswire_records_total", agent="enrich", outcome="done") == 60
    assert total(both, "newswire_records_total", agent="index", outcome="done") == 60
    assert total(both, "newswire_documents_total", outcome="indexed") == 60
    assert total(both, "newswire_bulk_documents_sum") == 60
    assert total(both, "newswire_dead_letters_total") == 0
    assert total(both, "newswire_assigned_partitions", topic=crew.settings.topics.wire) == 4
    assert total(enriching, "newswire_nlp_processes") == 1
    assert total(enriching, "newswire_nlp_resident_memory_bytes") > 100e6
    for stage in ("enrich", "deliver", "index", "bulk", "acknowledge"):
        assert total(both, "newswire_stage_duration_seconds_count", stage=stage) > 0, stage
        assert 0 < total(both, "newswire_stage_duration_seconds_sum", stage=stage) < GUARD, stage
    assert 0 < total(both, "newswire_record_age_seconds_sum", agent="index") < GUARD * 60
    described = set(re.findall(r"^# HELP (newswire_\w+) ", get(f"{where}/metrics")[1].decode(), re.M))
    assert described == {metric.name for metric in METRICS.values() if metric.of == "worker"}


@pytest.mark.chaos
def test_a_worker_is_not_ready_while_elasticsearch_is_away_and_says_so(crew: Crew) -> None:
    worker = crew.workers.start("--agents", "index")
    where = address(worker)
    wait_until_ready(where)
    crew.stack.elasticsearch.kill()
    try:
        status, why = wait_for(
            lambda: (found := checks(f"{where}/ready"))[0] == 503 and found, timeout=GUARD, what="not ready"
        )
        assert (status, set(why)) == (503, {"elasticsearch"})
        assert get(f"{where}/live")[0] == 200  # to be ended would help nobody
    finally:
        crew.stack.elasticsearch.start()
    wait_until_ready(where)


def test_a_producer_counts_what_kafka_has_acknowledged_and_what_was_refused(crew: Crew) -> None:
    prometheus = Prometheus("producer")
    outcomes: list[Any] = []
    with ArticleProducer(crew.settings, instruments=prometheus) as producer:
        for each in articles(20, prefix=crew.ledger.prefix, sentences=1):
            producer.push(each, on_delivery=outcomes.append)
    assert outcomes == [None] * 20
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(prometheus.text().decode())
        for sample in family.samples
    }
    assert found["newswire_push_articles_total", "acknowledged"] == 20
    assert found["newswire_push_duration_seconds_count",] == 20
    assert 0 < found["newswire_push_duration_seconds_sum",] < 20 * GUARD
    assert found["newswire_push_size_bytes_total",] > 20 * 200
    assert found["newswire_push_in_flight",] == 0


# so long that its event loop has had a turn meanwhile, also on a busy machine: it is not what stands still
STALL = {"worker": {"stall_timeout": 8.0}, "enrichment": {"timeout": 3600.0}}


@pytest.mark.parametrize("crew", [STALL], indirect=True)
def test_a_worker_whose_nlp_process_stands_still_is_ended_and_its_successor_does_the_work(crew: Crew) -> None:
    worker = crew.workers.start("--name", "one")
    stopped = worker.nlp_processes()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)  # it lives, and never answers
    crew.push(20)
    assert worker.process.wait(GUARD) == 75, worker.text()[-2000:]
    assert "worker.stalled" in worker.text()
    assert "records in flight and none settled" in worker.text()
    # SIGKILL ends a stopped process, too: its parent's end is its own
    wait_for(lambda: not any(_runs(pid) for pid in stopped), timeout=GUARD, what="the end of its NLP process")
    # it may take its time, as a worker may
    crew.workers.start("--name", "one", environment={"NEWSWIRE__WORKER__STALL_TIMEOUT": "600"})
    assert wait_until_counted(crew.client, crew.ledger, timeout=GUARD).clean


BLOCKED = """
import asyncio, sys, time
from pipeline.cli import main
from pipeline.stream import worker

beat = worker._Worker._beat

async def blocking(self):
    task = asyncio.ensure_future(beat(self))
    while not self._agents._joined:
        await asyncio.sleep(0.1)
    time.sleep(3600)  # in the event loop: nothing turns any more

worker._Worker._beat = blocking
sys.argv[1:] = ["worker", "--agents", "index"]
main()
"""


@pytest.mark.parametrize("crew", [{"worker": {"stall_timeout": 4.0}}], indirect=True)
def test_a_worker_whose_event_loop_is_blocked_is_ended(crew: Crew) -> None:
    environment = os.environ | crew.stack.environment(crew.settings)
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], env=environment, capture_output=True, text=True, timeout=GUARD
    )
    assert done.returncode == 75, done.stderr[-2000:]
    assert "the event loop has been blocked" in done.stderr


def _runs(pid: int) -> bool:
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
