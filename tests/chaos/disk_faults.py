"""Full disks: Kafka's, and that of what our own processes keep (Elasticsearch's: server_faults)."""

from __future__ import annotations

import time

from tests.chaos.scenario import Run
from tests.chaos.worlds import fill
from tests.support.ledger import wait_for


def kafka(run: Run) -> None:
    """Kafka's disk is full in the midst of pushes; the broker ends. Space is made, and it is started again."""
    disk, server = run.world.disk, run.world.kafka
    assert disk is not None
    assert server is not None
    run.bench.crew.start()
    run.wait_until_working()
    for _ in range(run.size.faults):
        with run.outage():
            filler = fill(disk)
            wait_for(lambda: not server.running, timeout=120, what="a broker that ends on a full disk")
            time.sleep(run.size.seconds)  # the outage itself
            filler.unlink()
            server.start()


def local_state(run: Run) -> None:
    """No byte is left where the worker may keep files, and where `newswire up` would keep its data."""
    disk = run.world.disk
    assert disk is not None
    for _ in range(run.size.faults):
        filler = fill(disk)
        with run.outage():
            worker = run.bench.crew.start(environment={"TMPDIR": str(disk)})
            # a stack whose data would lie there is refused with both figures, and nothing of it is started
            refused = run.bench.cli_with({"NEWSWIRE__LOCAL__DATA_DIR": str(disk / "new")}, "up", status=2)
            assert "MB free" in refused.stderr.decode(), refused.stderr
        assert worker.stop() == 0
        filler.unlink()
    run.bench.crew.start(environment={"TMPDIR": str(disk)})
