"""What every chaos scenario must show, and the table of what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.chaos.report import HEAD, table
from tests.chaos.scenario import Result, problems
from tests.chaos.scenarios import SCENARIOS

CLEAN = Result(
    name="worker-sigkill",
    what="worker killed 20 times",
    articles=10_000,
    faults=20,
    lost=0,
    double=0,
    stale=0,
    again=31,
    recovery=4.2,
    recovery_limit=30.0,
    lines=1.5,
    lines_limit=10.0,
    seconds=120.0,
)


def test_a_clean_result_has_no_problems() -> None:
    assert problems(CLEAN) == []
    assert problems(replace(CLEAN, recovery=None, lines=None)) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lost": 1}, "1 lost"),
        ({"double": 2}, "2 double"),
        ({"stale": 3}, "3 stale"),
        ({"recovery": 30.1}, "working again after 30.1 s, not within 30 s"),
        ({"lines": 10.5}, "10.5 log lines a second, not 10"),
    ],
)
def test_whatever_does_not_hold_is_told(changes: dict[str, float], told: str) -> None:
    assert problems(replace(CLEAN, **changes)) == [told]  # type: ignore[arg-type]


def test_the_table_has_a_row_for_each_result_and_their_sums() -> None:
    rows = table([CLEAN, replace(CLEAN, lost=2, recovery=7.0)]).splitlines()
    assert rows[0] == f"| {' | '.join(HEAD)} |"
    assert rows[2] == "| worker killed 20 times | 10,000 | 20 | 0 | 0 | 0 | 31 | 4.2 | 1.5 | 120 |"
    assert rows[-1] == "| **all** | 20,000 | 40 | 2 | 0 | 0 | 62 | 7.0 | 1.5 | 240 |"


def test_names_of_scenarios_are_different() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
