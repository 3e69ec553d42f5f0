"""Kafka and Elasticsearch away: killed and started again, one of them or all at once."""

from __future__ import annotations

import time

from tests.chaos.scenario import Run
from tests.support.bench import Bench
from tests.support.ledger import wait_for


def kafka_killed(run: Run) -> None:
    """The broker is killed in the midst of pushes and work, and comes back."""
    _start(run)
    kafka = run.bench.stack.kafka
    for _ in range(run.size.faults):
        with run.outage() as outage:
            kafka.kill()
            time.sleep(run.size.seconds)  # the outage itself
            kafka.start()
            outage.ends()
    assert run.bench.crew.all[0].running, run.bench.crew.all[0].text()[-3000:]


def elasticsearch_killed(run: Run) -> None:
    """Elasticsearch is killed in the midst of work, and comes back."""
    _start(run)
    server = run.bench.stack.elasticsearch
    for _ in range(run.size.faults):
        with run.outage() as outage:
            server.kill()
            time.sleep(run.size.seconds)  # the outage itself
            server.start()
            outage.ends()
    assert run.bench.crew.all[0].running, run.bench.crew.all[0].text()[-3000:]


def all_at_once(run: Run) -> None:
    """Both servers and the worker are killed in one moment; `newswire up` brings the servers back."""
    _start(run)
    bench = run.bench
    for number in range(run.size.faults):
        with run.outage() as outage:
            bench.stack.kafka.kill()
            bench.crew.all[-1].kill()
            bench.stack.elasticsearch.kill()
            told = bench.cli("up").stdout.decode()
            assert "up in" in told, told
            outage.ends()
            bench.crew.start("--name", "phoenix", ready=False)
        assert len(bench.crew.all) == number + 2


def _start(run: Run) -> None:
    run.bench.crew.start("--name", "phoenix")
    run.wait_until_working()


def flood_stage(run: Run) -> None:
    """Elasticsearch takes its disk for full: the flood stage blocks writing, for as long as it lasts."""
    _start(run)
    for _ in range(run.size.faults):
        with run.outage() as outage:
            _watermarks(run.bench, "100000gb")
            wait_for(lambda: _blocked(run.bench), timeout=90, what="the flood stage")
            time.sleep(run.size.seconds)  # the outage itself
            _watermarks(run.bench, None)
            wait_for(lambda: not _blocked(run.bench), timeout=90, what="the end of the flood stage")
            outage.ends()
    assert "elasticsearch.busy" in run.bench.crew.all[0].text()


def _watermarks(bench: Bench, free: str | None) -> None:
    prefix = "cluster.routing.allocation.disk.watermark"
    wanted: dict[str, str | None] = {f"{prefix}.{name}": free for name in ("low", "high", "flood_stage")}
    # how often the server looks at its disk; 10 s is the least it takes
    wanted["cluster.info.update.interval"] = None if free is None else "10s"
    if free is None:
        bench.client.cluster.put_settings(persistent={name: None for name in wanted if name.startswith(prefix)})
        wait_for(lambda: not _blocked(bench), timeout=90, what="the end of the flood stage")
    bench.client.cluster.put_settings(persistent=wanted)


def _blocked(bench: Bench) -> bool:
    settings = bench.client.indices.get_settings(index="news-articles-*", flat_settings=True)
    return any(
        index["settings"].get("index.blocks.read_only_allow_delete") == "true" for index in settings.body.values()
    )
