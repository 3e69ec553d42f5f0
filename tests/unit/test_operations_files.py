"""The dashboard, the alerts and docs/operations.md use the metrics that exist, with the labels that they have."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.errors import Code
from pipeline.metrics import METRICS

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "config/grafana/newswire.json").read_text("utf-8"))
RULES = yaml.safe_load((ROOT / "config/prometheus/alerts.yml").read_text("utf-8"))
ALERTS: list[dict[str, Any]] = RULES["groups"][0]["rules"]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
OF_PROMETHEUS = {"instance", "job", "le"}
FUNCTIONS = {
    "sum", "count", "max", "rate", "increase", "deriv", "histogram_quantile", "absent", "vector",
    "by", "on", "ignoring", "group_left", "and", "unless", "or",
}  # fmt: skip
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}
NAMES = {f"{metric.name}{suffix}": metric for metric in METRICS.values() for suffix in SUFFIXES[metric.kind]}
NAMES_OF_PYTHON = {"process_resident_memory_bytes"}


def check(query: str) -> set[str]:
    """Check one PromQL expression; returns the metrics that it names."""
    for opening, closing in ("()", "[]", "{}"):
        assert query.count(opening) == query.count(closing), query
    assert query.count('"') % 2 == 0
    bare = re.sub(r'"[^"]*"', '""', query).replace("$__rate_interval", "5m")
    used: set[str] = set()
    labels: set[str] = set()
    for name, matchers in re.findall(r"\b((?:newswire|process)_\w+)(\{[^}]*\})?", bare):
        assert name in NAMES.keys() | NAMES_OF_PYTHON, f"{name} in {query}"
        used.add(name)
        if name in NAMES and matchers:
            given = set(re.findall(r"(\w+)\s*[=!]~?", matchers))
            assert given <= set(NAMES[name].labels) | OF_PROMETHEUS, f"{name}{matchers}"
        kind = NAMES[name].kind if name in NAMES else "gauge"
        windowed = re.search(rf"\b(rate|increase)\({name}(\{{[^}}]*\}})?\[", bare)
        assert bool(windowed) == (kind != "gauge"), f"{name} is a {kind}: {query}"
    for group in re.findall(r"\b(?:by|ignoring|on) \(([^)]*)\)", bare):
        labels |= {label.strip() for label in group.split(",") if label.strip()}
    known = {label for name in used if name in NAMES for label in NAMES[name].labels} | OF_PROMETHEUS
    assert labels <= known, query
    for function in re.findall(r"\b([a-z_]+)\s*\(", bare):
        assert function in FUNCTIONS, f"{function} in {query}"
    if "histogram_quantile" in bare:
        assert re.search(r"by \([^)]*\ble\b", bare), query
    return used


@pytest.mark.parametrize(("title", "query"), QUERIES, ids=[f"{title}-{n}" for n, (title, _) in enumerate(QUERIES)])
def test_panels_ask_for_metrics_that_exist(title: str, query: str) -> None:
    assert check(query)


@pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_alerts_ask_for_metrics_that_exist_and_bring_the_remedy(rule: dict[str, Any]) -> None:
    used = {NAMES[name].name for name in check(rule["expr"])}
    metric = rule["labels"]["metric"]
    assert used & {metric, "newswire_lag_records"}
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["annotations"]["remedy"] == METRICS[metric].remedy
    assert rule["annotations"]["description"].endswith(".")
    named = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    grouped = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", rule["expr"]))))
    kept = grouped or {label for name in check(rule["expr"]) for label in NAMES[name].labels}
    assert named <= kept | OF_PROMETHEUS, rule["alert"]


def test_a_wrong_query_is_found() -> None:
    for wrong in (
        "sum(rate(newswire_no_such_total[5m]))",
        "sum by (colour) (rate(newswire_records_total[5m]))",
        'newswire_lag_records{agent="index"}',
        "newswire_records_total",
        "rate(newswire_waiting[5m])",
        "sum(rate(newswire_records_total[5m])",
    ):
        with pytest.raises(AssertionError):
            check(wrong)


def test_the_dashboard_shows_every_metric() -> None:
    shown = {NAMES[name].name for _, query in QUERIES for name in check(query) if name in NAMES}
    assert shown == set(METRICS)


def test_the_dashboard_has_the_shape_that_grafana_wants() -> None:
    assert DASHBOARD["schemaVersion"] >= 36
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert 0 < place["w"] <= 24 - place["x"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
    (variable,) = DASHBOARD["templating"]["list"]
    for panel in PANELS:
        assert panel["type"] in {"timeseries", "stat"}
        for one in (panel, *panel["targets"]):
            assert one["datasource"] == {"type": "prometheus", "uid": f"${{{variable['name']}}}"}
        assert panel["fieldConfig"]["defaults"]["unit"]


PAGE = (ROOT / "docs/operations.md").read_text("utf-8")


def test_the_page_has_every_metric_with_its_labels_and_remedy() -> None:
    rows = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `newswire_")}
    assert list(rows) == list(METRICS)
    for name, metric in METRICS.items():
        labels = ", ".join(metric.labels) or "-"
        assert rows[name] == f"| `{name}` | {metric.kind} | {labels} | {metric.help} {metric.remedy} |"


def test_remedies_and_the_page_name_codes_that_exist() -> None:
    codes = {str(code) for code in Code}
    for text in (PAGE, *(metric.remedy for metric in METRICS.values())):
        for found in re.findall(r"\b((?:kafka|elasticsearch|enrich|wire|worker)\.[a-z][a-z-]+)\b", text):
            prefix, _, rest = found.partition(".")
            if "_" not in rest and f"{prefix}." in {f"{code.partition('.')[0]}." for code in codes} and "-" in rest:
                assert found in codes, found
