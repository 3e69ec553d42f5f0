"""What all tests can ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import stack as support
from tests.support.stack import Stack


@pytest.fixture(scope="session")
def _servers() -> Iterator[Stack]:
    with support.running() as stack:
        yield stack


@pytest.fixture
def stack(_servers: Stack) -> Iterator[Stack]:
    """The real Kafka and Elasticsearch of this session, both running; a test may end them and start them again."""
    yield _servers
    _servers.kafka.start()
    _servers.elasticsearch.start()
