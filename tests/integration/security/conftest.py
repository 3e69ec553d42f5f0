"""One secured Kafka and one secured Elasticsearch for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.secured import Secured
from tests.support.secured import secured as start


@pytest.fixture(scope="package")
def secured() -> Iterator[Secured]:
    with start() as servers:
        yield servers
