"""What a worker adds up of itself between two entries of its journal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.index.definitions import definition
from pipeline.metrics import OFF, Prometheus
from pipeline.stream.journal import DELAY, SAMPLE, Journal
from pipeline.stream.loop import Progress

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _journal(**agents: int) -> Journal:
    return Journal(OFF, worker="w1", progress={name: Progress(in_flight=count) for name, count in agents.items()})


def _counted(journal: Journal) -> None:
    journal.add("newswire_records_total", 90, agent="index", outcome="done")
    journal.add("newswire_records_total", 30, agent="index", outcome="dead_letter")
    journal.add("newswire_dead_letters_total", agent="index", reason="index.rejected")
    journal.add("newswire_dead_letters_total", agent="index", reason="index.rejected")
    journal.add("newswire_dead_letters_total", agent="enrich", reason="enrich.failed")
    journal.add("newswire_retries_total", agent="index", reason="elasticsearch.busy")
    journal.add("newswire_retried_records_total", 500, agent="index", reason="elasticsearch.busy")
    for tenth in range(100):
        journal.observe(DELAY, tenth / 10)


def test_an_entry_an_agent_and_one_for_each_reason() -> None:
    journal = _journal(enrich=7, index=3)
    _counted(journal)
    found = journal.entries(now=NOW, seconds=60.0)
    assert {(each["@timestamp"], each["worker"]) for each in found} == {("2026-03-01T12:00:00.000+00:00", "w1")}
    progress = {each["agent"]: each for each in found if each["kind"] == "progress"}
    assert (progress["index"]["articles"], progress["index"]["rate"], progress["index"]["in_flight"]) == (120, 2.0, 3)
    assert progress["index"]["delay"] == {"p50": 5.0, "p95": 9.5}
    assert (progress["enrich"]["articles"], progress["enrich"]["in_flight"]) == (0, 7)
    assert "delay" not in progress["enrich"]
    reasons = [(each["kind"], each["agent"], each["reason"], each["count"]) for each in found if "reason" in each]
    assert sorted(reasons) == [
        ("dead-letters", "enrich", "enrich.failed", 1),
        ("dead-letters", "index", "index.rejected", 2),
        ("retries", "index", "elasticsearch.busy", 500),
    ]


def test_the_next_entry_begins_anew() -> None:
    journal = _journal(index=0)
    _counted(journal)
    journal.entries(now=NOW, seconds=60.0)
    (entry,) = journal.entries(now=NOW, seconds=60.0)
    assert (entry["articles"], entry["rate"], "delay" in entry) == (0, 0.0, False)


def test_every_field_of_an_entry_is_in_the_mapping() -> None:
    properties = definition("pipeline")["template"]["mappings"]["properties"]
    journal = _journal(enrich=1, index=1)
    _counted(journal)
    found: dict[str, Any] = {}
    for entry in journal.entries(now=NOW, seconds=60.0):
        found |= entry
    assert set(found) == set(properties)
    assert set(found["delay"]) == set(properties["delay"]["properties"])


def test_prometheus_counts_the_same() -> None:
    prometheus = Prometheus("worker")
    journal = Journal(prometheus, worker="w1", progress={"index": Progress()})
    refreshed: list[bool] = []
    journal.on_scrape(lambda: refreshed.append(True))
    _counted(journal)
    journal.set("newswire_records_in_flight", 5, agent="index")
    journal.replace("newswire_lag_records", [({"topic": "t", "partition": "0"}, 9.0)])
    text = prometheus.text().decode()
    assert refreshed == [True]
    for line in (
        'newswire_records_total{agent="index",outcome="done"} 90.0',
        'newswire_dead_letters_total{agent="index",reason="index.rejected"} 2.0',
        "newswire_push_to_indexed_seconds_count 100.0",
        'newswire_records_in_flight{agent="index"} 5.0',
        'newswire_lag_records{partition="0",topic="t"} 9.0',
    ):
        assert line in text, line


@pytest.mark.parametrize("count", [1, SAMPLE, 20 * SAMPLE])
def test_any_number_of_delays_takes_bounded_memory_and_keeps_its_shape(count: int) -> None:
    journal = _journal(index=0)
    for number in range(count):
        journal.observe(DELAY, float(number))
    assert len(journal._delays) == min(count, SAMPLE)
    (entry,) = journal.entries(now=NOW, seconds=1.0)
    assert entry["delay"]["p50"] == pytest.approx(count / 2, abs=0.05 * count + 1)
    assert entry["delay"]["p95"] == pytest.approx(0.95 * count, abs=0.05 * count + 1)
