"""What all tests can ask for, and how they are shared out where several processes run them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

from tests.support import stack as support
from tests.support.stack import Stack

# A busy machine is no failure of a property: what must be fast is measured in tests of its own. And a failure should
# be that of a change: every run makes the same examples, but with --hypothesis-profile=others.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("others", **PATIENT)
hypothesis.settings.register_profile("shared", derandomize=True, **PATIENT)
hypothesis.settings.load_profile("shared")

# Started in the background (`make test &`), we and everything that we start would never hear of a Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How wide and how coloured a terminal is, some shells and build servers tell every program that they start.
for told in ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(told, None)

# Files that need the same servers, or take long: the longest first.
GROUPS = (
    "tests/integration/index/",
    "tests/integration/security/",
    "tests/integration/feeds/",
    "tests/integration/web/",
    "tests/integration/kibana/",
    "tests/integration/operations/",
    "tests/integration/test_local_stack.py",
    "tests/integration/test_faults.py",
    "tests/integration/alerts/",
    "tests/integration/enrich/",
    "tests/integration/",
    "tests/chaos/",
    "tests/quality/",
)


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


class _ByServers(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not typed for us
    """Keeps the files of a group in one process (pytest-xdist's loadgroup does nothing under pytest 9.1)."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((group for group in GROUPS if file.startswith(group)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """How several processes share the tests out."""
    return _ByServers(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, so that no process is left alone with them; within a file the order stays."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=lambda item: next((n for n, group in enumerate(GROUPS) if item.nodeid.startswith(group)), 99))
