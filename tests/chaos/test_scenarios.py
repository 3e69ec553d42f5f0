"""Every scenario on real servers: nothing lost, double or stale, working again in time, logs bounded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos import report
from tests.chaos.scenario import Scenario, perform, problems
from tests.chaos.scenarios import SCENARIOS
from tests.support.stack import Stack

BUSY_MACHINE = 240.0  # seconds to recovery, a guard
SHORT = [scenario for scenario in SCENARIOS if scenario.short]


@pytest.mark.servers
@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, stack: Stack, tmp_path: Path) -> None:
    result = perform(scenario, scenario.long, stack, tmp_path)
    report.keep(result)
    assert not problems(result), result


@pytest.mark.servers
@pytest.mark.parametrize("scenario", SHORT, ids=lambda scenario: scenario.name)
def test_short(scenario: Scenario, stack: Stack, tmp_path: Path) -> None:
    assert scenario.short is not None
    result = perform(scenario, scenario.short, stack, tmp_path)
    # seconds are measured by `make chaos`; this one may have to share the processor with other tests
    assert not problems(replace(result, recovery_limit=BUSY_MACHINE)), result
