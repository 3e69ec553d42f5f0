"""Every metric, defined once: its name in Prometheus, what it counts, and what to do about it.

Names follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/): base units, `_total` for
counters. `docs/operations.md` prints this table, `config/grafana/` and `config/prometheus/` use these names alone;
tests compare them. Code that is measured takes `Instruments`; by default nothing is measured.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_AGES: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)
_SIZES: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0)
_BYTES: Final = (1e4, 1e5, 5e5, 1e6, 2e6, 5e6, 1e7, 5e7)


@dataclass(frozen=True)
class Metric:
    """One metric. `remedy`: what to do where it is higher than it should be."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    remedy: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()  # of a histogram, in the unit that the name ends with
    of: Literal["worker", "producer"] = "worker"  # which kind of process has it


_TABLE: Final = (
    Metric(
        "newswire_worker_info",
        "gauge",
        "1, with who the worker is in its labels.",
        "Nothing; several enrichment revisions at once mean that an upgrade is not finished.",
        labels=("version", "worker", "group", "agents", "enrichment"),
    ),
    Metric(
        "newswire_records_total",
        "counter",
        "Records that an agent has settled: done, or sent to the dead letters.",
        "This is the throughput. Where it is lower than what is pushed, the lag grows: start more workers.",
        labels=("agent", "outcome"),
    ),
    Metric(
        "newswire_dead_letters_total",
        "counter",
        "Dead letters by the agent that gave up and the reason.",
        "newswire dead-letters list --reason CODE shows them; mend the cause, then newswire dead-letters replay.",
        labels=("agent", "reason"),
    ),
    Metric(
        "newswire_documents_total",
        "counter",
        "Documents by what became of them: indexed, unchanged (the index has a higher version), rejected.",
        "Many unchanged: something pushes or replays what is there already. Rejected ones are dead letters.",
        labels=("outcome",),
    ),
    Metric(
        "newswire_retries_total",
        "counter",
        "Rounds in which records were tried again because a server was away or busy.",
        "newswire doctor tells which server, and why; elasticsearch.busy long: lower index.bulk_bytes, add nodes.",
        labels=("agent", "reason"),
    ),
    Metric(
        "newswire_retried_records_total",
        "counter",
        "Records in those rounds.",
        "As newswire_retries_total.",
        labels=("agent", "reason"),
    ),
    Metric(
        "newswire_waiting",
        "gauge",
        "1 while an agent waits for a server that is away or busy.",
        "newswire doctor; nothing is lost meanwhile.",
        labels=("agent",),
    ),
    Metric(
        "newswire_records_in_flight",
        "gauge",
        "Records taken and not settled yet.",
        "High with no throughput for worker.stall_timeout: the watchdog ends the worker. Look for the slow stage.",
        labels=("agent",),
    ),
    Metric(
        "newswire_lag_records",
        "gauge",
        "Records of an assigned partition that are not acknowledged yet.",
        "Growing: more workers, up to topics.partitions, or more --processes. newswire status estimates the time.",
        labels=("topic", "partition"),
    ),
    Metric(
        "newswire_assigned_partitions",
        "gauge",
        "Partitions that this worker has.",
        "0 for minutes: more workers than partitions, or the group cannot agree; see its log.",
        labels=("topic",),
    ),
    Metric(
        "newswire_record_age_seconds",
        "histogram",
        "From Kafka taking the oldest record of a batch to its settlement.",
        "High with lag: more workers. High without: worker.batch_wait, or the slow stage below.",
        labels=("agent",),
        buckets=_AGES,
    ),
    Metric(
        "newswire_push_to_indexed_seconds",
        "histogram",
        "From the push of an article to its document in Elasticsearch, by the clocks of both; of up to 20 a batch.",
        "Look at the lag of both topics, then at the stages; replayed articles count from their first push.",
        buckets=_AGES,
    ),
    Metric(
        "newswire_stage_duration_seconds",
        "histogram",
        "Time of a batch in a stage: enrich (NLP), deliver (onto the enriched topic), index (all of the batch), "
        "bulk (one request), dead_letter, acknowledge.",
        "enrich: more --processes; deliver: the brokers; bulk: Elasticsearch (disk, heap, merges).",
        labels=("stage",),
        buckets=_SECONDS,
    ),
    Metric(
        "newswire_batch_records",
        "histogram",
        "Records of a batch.",
        "Always at worker.batch_articles or index.bulk_documents: the agent is behind, see the lag.",
        labels=("agent",),
        buckets=_SIZES,
    ),
    Metric(
        "newswire_bulk_documents",
        "histogram",
        "Documents of a bulk request.",
        "Nothing by itself.",
        buckets=_SIZES,
    ),
    Metric(
        "newswire_bulk_size_bytes",
        "histogram",
        "Size of a bulk request before compression.",
        "Near Elasticsearch's http.max_content_length (100 MB): lower index.bulk_bytes.",
        buckets=_BYTES,
    ),
    Metric(
        "newswire_nlp_processes",
        "gauge",
        "NLP processes that live.",
        "Fewer than --processes for more than a minute: they end as they start; see the log.",
    ),
    Metric(
        "newswire_nlp_restarts_total",
        "counter",
        "NLP processes started in the place of one that died or hung.",
        "newswire dead-letters list --reason enrich.crashed (or enrich.timeout); killed by the kernel: more memory.",
    ),
    Metric(
        "newswire_nlp_queue_jobs",
        "gauge",
        "Chunks of articles that wait for an NLP process.",
        "Always above 0: the NLP is the narrow place; more --processes or workers.",
    ),
    Metric(
        "newswire_nlp_resident_memory_bytes",
        "gauge",
        "Memory of the NLP processes together.",
        "Above 1 GB a process: lower enrichment.batch_size; steady growth is a bug.",
    ),
    Metric(
        "newswire_event_loop_delay_seconds",
        "gauge",
        "How much later than asked the event loop last came back from a sleep of a second.",
        "Above 1: the machine has too few cores for its processes.",
    ),
    Metric(
        "newswire_push_articles_total",
        "counter",
        "Articles by what became of their push: acknowledged, or the code of the error.",
        "kafka.unreachable: the brokers; wire.too-large: kafka.max_article_bytes. They were not pushed: push again.",
        labels=("outcome",),
        of="producer",
    ),
    Metric(
        "newswire_push_size_bytes_total",
        "counter",
        "Bytes of the articles handed to Kafka, before compression.",
        "Nothing by itself; with topics.retention_days it is the disk that Kafka needs.",
        of="producer",
    ),
    Metric(
        "newswire_push_in_flight",
        "gauge",
        "Articles handed over and not acknowledged yet.",
        "At 2,000: the brokers are slower than the feed, or away.",
        of="producer",
    ),
    Metric(
        "newswire_push_duration_seconds",
        "histogram",
        "From handing an article over to Kafka's acknowledgement.",
        "Above a second: the brokers' disks, or a replica that is behind (min.insync.replicas).",
        buckets=_SECONDS,
        of="producer",
    ),
)

METRICS: Final[Mapping[str, Metric]] = {metric.name: metric for metric in _TABLE}
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"  # of Prometheus' text format


class Instruments:
    """What measured code calls. This base measures nothing; `Prometheus` does."""

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Raise a counter."""

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Note a value in a histogram."""

    def set(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""

    def replace(self, name: str, values: Iterable[tuple[Mapping[str, str], float]]) -> None:
        """Set a gauge to exactly these values; what it had under other labels is gone."""

    def on_scrape(self, refresh: Callable[[], None]) -> None:
        """Have `refresh` called before each answer, from the thread that answers; it may set gauges."""


OFF: Final = Instruments()


class Prometheus(Instruments):
    """The metrics of one process. Safe to use from several threads."""

    def __init__(self, of: Literal["worker", "producer"]) -> None:
        """All metrics of this kind of process, at zero; and Python's own on memory, processor time and files."""
        from prometheus_client import (
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
            ProcessCollector,
            disable_created_metrics,  # a second series for each counter, of no use to us
        )

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._made: dict[str, Any] = {}
        self._refresh: list[Callable[[], None]] = []
        self._scraping = threading.Lock()
        kinds: dict[str, Any] = {"counter": Counter, "gauge": Gauge, "histogram": Histogram}
        for metric in METRICS.values():
            if metric.of == of:
                options = {"buckets": metric.buckets} if metric.buckets else {}
                self._made[metric.name] = kinds[metric.kind](
                    metric.name, metric.help, metric.labels, registry=self._registry, **options
                )

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """See `Instruments`."""
        self._child(name, labels).inc(amount)

    def observe(self, name: str, value: float, **labels: str) -> None:
        """See `Instruments`."""
        self._child(name, labels).observe(value)

    def set(self, name: str, value: float, **labels: str) -> None:
        """See `Instruments`."""
        self._child(name, labels).set(value)

    def replace(self, name: str, values: Iterable[tuple[Mapping[str, str], float]]) -> None:
        """See `Instruments`."""
        self._made[name].clear()
        for labels, value in values:
            self._child(name, labels).set(value)

    def on_scrape(self, refresh: Callable[[], None]) -> None:
        """See `Instruments`."""
        self._refresh.append(refresh)

    def text(self) -> bytes:
        """All values in Prometheus' text format, `CONTENT_TYPE`."""
        from prometheus_client import generate_latest

        with self._scraping:
            for refresh in self._refresh:
                refresh()
            return generate_latest(self._registry)

    def _child(self, name: str, labels: Mapping[str, str]) -> Any:
        made = self._made[name]
        return made.labels(**labels) if labels else made
