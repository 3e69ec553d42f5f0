"""The network between workers, producers and Kafka: connections cut, lost without a word, or slow."""

from __future__ import annotations

import time

from tests.chaos.scenario import Run
from tests.support.tcp_proxy import TcpProxy


def cut(run: Run) -> None:
    """Every connection to Kafka breaks, and each new one for some seconds."""
    proxy = _begin(run)
    for _ in range(run.size.faults):
        with run.outage():
            proxy.refuse(True)
            time.sleep(run.size.seconds)  # the outage itself
            proxy.refuse(False)
    _still_the_same_worker(run)


def half_open(run: Run) -> None:
    """Every connection to Kafka is lost without a word to the clients."""
    proxy = _begin(run)
    for _ in range(run.size.faults):
        with run.outage():
            proxy.half_open()
    _still_the_same_worker(run)


def slow(run: Run) -> None:
    """Every chunk of data to and from Kafka is late."""
    proxy = _begin(run)
    for _ in range(run.size.faults):
        with run.outage():
            proxy.delay(0.5)
            time.sleep(run.size.seconds)  # the outage itself
            proxy.delay(0)
    _still_the_same_worker(run)


def _begin(run: Run) -> TcpProxy:
    proxy = run.world.proxy
    assert proxy is not None
    run.bench.crew.start()
    run.wait_until_working()
    assert proxy.connections > 2, "producer and worker go through the proxy"
    return proxy


def _still_the_same_worker(run: Run) -> None:
    (worker,) = run.bench.crew.all
    assert worker.running, worker.text()[-3000:]
