"""The table of metrics: Prometheus' conventions, and that what is measured comes out."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.metrics import METRICS, OFF, Metric, Prometheus

ROOT = Path(__file__).parents[2]
UNITS = ("_seconds", "_bytes", "_records", "_documents", "_articles", "_jobs", "_processes", "_partitions", "_info")


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_names_follow_the_conventions(metric: Metric) -> None:
    assert metric.name.startswith("newswire_")
    assert (metric.kind == "counter") == metric.name.endswith("_total")
    if metric.kind == "histogram":
        assert metric.name.endswith(UNITS)
        assert list(metric.buckets) == sorted(set(metric.buckets))
    else:
        assert not metric.buckets
    for words in (metric.help, metric.remedy):
        assert words.endswith(".")
    assert not {"le", "quantile", "job", "instance"} & set(metric.labels)  # Prometheus' own


def _calls() -> dict[str, set[tuple[str, frozenset[str]]]]:
    """Of each metric the methods by which the code measures it, with the labels given."""
    found: dict[str, set[tuple[str, frozenset[str]]]] = {}
    for path in (ROOT / "pipeline").rglob("*.py"):
        text = path.read_text("utf-8")
        if "newswire_" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value in METRICS:
                labels = frozenset(keyword.arg or "**" for keyword in node.keywords)
                found.setdefault(name.value, set()).add((node.func.attr, labels))
    return found


def test_every_metric_is_measured_somewhere_with_its_own_labels() -> None:
    calls = _calls()
    assert set(calls) == set(METRICS)
    verbs = {"counter": {"add"}, "gauge": {"set", "replace"}, "histogram": {"observe"}}
    for name, ways in calls.items():
        for verb, labels in ways:
            assert verb in verbs[METRICS[name].kind], name
            if verb != "replace" and "**" not in labels:
                assert labels == set(METRICS[name].labels), (name, labels)


def test_what_is_measured_is_in_the_text() -> None:
    prometheus = Prometheus("worker")
    prometheus.add("newswire_records_total", 3, agent="index", outcome="done")
    prometheus.add("newswire_records_total", 2, agent="index", outcome="done")
    prometheus.observe("newswire_bulk_documents", 7)
    prometheus.replace("newswire_assigned_partitions", [({"topic": "a"}, 4)])
    prometheus.replace("newswire_assigned_partitions", [({"topic": "b"}, 2)])
    asked: list[int] = []
    prometheus.on_scrape(lambda: asked.append(1))
    found = {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(prometheus.text().decode())
        for sample in family.samples
    }
    assert found["newswire_records_total", ("index", "done")] == 5
    assert found["newswire_bulk_documents_sum", ()] == 7
    assert found["newswire_assigned_partitions", ("b",)] == 2
    assert ("newswire_assigned_partitions", ("a",)) not in found
    assert found["process_resident_memory_bytes", ()] > 1e6
    assert asked == [1]
    with pytest.raises(KeyError):
        prometheus.add("newswire_no_such_total")
    with pytest.raises(KeyError):  # of another kind of process
        prometheus.add("newswire_push_articles_total", outcome="acknowledged")


def test_to_measure_a_batch_costs_less_than_a_hundredth_of_it() -> None:
    """What one batch of 32 articles costs in both agents: about 25 calls, against 32 articles at 200 a second."""
    prometheus = Prometheus("worker")
    rounds = 200
    began = time.process_time()
    for _ in range(rounds):
        for _ in range(13):
            prometheus.observe("newswire_stage_duration_seconds", 0.2, stage="enrich")
            prometheus.add("newswire_records_total", 32, agent="enrich", outcome="done")
    assert (time.process_time() - began) / rounds < 0.01 * 32 / 200


def test_where_nothing_is_measured_every_call_is_allowed() -> None:
    OFF.add("newswire_records_total", agent="index", outcome="done")
    OFF.observe("newswire_bulk_documents", 1)
    OFF.set("newswire_waiting", 1, agent="index")
