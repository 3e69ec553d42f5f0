"""What all tests can ask for, and how they are shared out where several processes run them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import stack as support
from tests.support.stack import Stack

# Files whose tests end servers again and again: they have a pair of servers of their own, beside that of the others.
FAULTS = ("tests/integration/test_pipeline.py", "tests/chaos/", "tests/integration/operations/")
# The longest of the files that start servers themselves: not to be left for the end.
LONG = ("tests/integration/test_local_stack.py", "tests/integration/test_demo.py", "tests/integration/security/")


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--dist loadgroup`: tests on the shared servers stay in one process, so do the tests of a file."""
    if not config.getoption("loadgroup", False):  # as pytest-xdist tells its processes
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_order)


def _group(item: pytest.Item) -> str:
    file = item.nodeid.partition("::")[0]
    if "_servers" in getattr(item, "fixturenames", ()):
        return "faults" if file.startswith(FAULTS) else "servers"
    return next((each for each in LONG if file.startswith(each)), file)


def _order(item: pytest.Item) -> int:
    """The longest first; within a group the order stays."""
    order = ("faults", "servers", *LONG)
    group = _group(item)
    return order.index(group) if group in order else len(order)
