"""When a server counts as up."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

from pipeline.local import processes
from pipeline.local import state as states
from pipeline.local.kafka import KafkaServer
from pipeline.local.layout import Account
from pipeline.local.report import Silent
from pipeline.local.server import Launch, Programs
from pipeline.local.state import State


class Starting(KafkaServer):
    """A process that answers as its cluster when it is told to."""

    answer: str | None = None

    def _prepare(self, programs: Programs, remembered: State) -> State:
        return remembered

    def _launch(self, programs: Programs) -> Launch:
        return Launch([sys.executable, "-c", "import time; time.sleep(600)", processes.mark(self.folder)], os.environ)

    def _ask(self, port: int) -> str | None:
        return self.answer


def test_one_that_does_not_know_its_cluster_yet_is_not_up(tmp_path: Path) -> None:
    server = Starting(tmp_path / "server", port=0, heap="", account=Account(None, None))
    server.begin(cast(Programs, None), report=Silent())
    try:
        assert server.state.cluster is None
        assert not server.is_up()
        server.answer = "its own"
        assert not server.is_up()
        states.write(server.folder, replace(server.state, cluster="its own"))
        assert server.is_up()
    finally:
        server.give_up()
    assert not server.is_up()
