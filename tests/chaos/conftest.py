"""The table of what the scenarios measured, at the end of a run in which any of them took part."""

from __future__ import annotations

import pytest

from tests.chaos import report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [entry for status in ("passed", "failed") for entry in terminalreporter.stats.get(status, ())]
    if any("chaos" in entry.keywords and "test_scenario[" in entry.nodeid for entry in reports):
        terminalreporter.section("chaos")
        terminalreporter.write_line(report.told(report.kept()))
