"""The local stack on its real servers: starts, crashes, foreign servers, analysis."""

from __future__ import annotations

import pytest

from pipeline.local import ports
from tests.support.stack import Stack

pytestmark = pytest.mark.servers


def test_both_servers_answer_as_the_clusters_of_their_folders(stack: Stack) -> None:
    assert stack.kafka.server.is_up()
    assert stack.elasticsearch.server.is_up()
    port = stack.kafka.server.state.port
    assert port is not None
    assert ports.kafka_cluster(port) == (stack.kafka.server.state.cluster, 1)
