"""The results of the scenarios: kept as JSON, one file each, and told as one table.

python -m tests.chaos.report            the table of what was measured, with what fails
python -m tests.chaos.report --write    the same into docs/chaos.md, between its two marks
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.chaos.scenario import Result, problems
from tests.chaos.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "chaos"
PAGE = ROOT / "docs" / "chaos.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
HEAD = ("scenario", "articles", "faults", "lost", "double", "stale", "done again", "recovery s", "log lines/s", "s")


def keep(result: Result) -> None:
    """Write down what a scenario measured, over what its last run did."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = asdict(result) | {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    (FOLDER / f"{result.name}.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def kept() -> list[Result]:
    """What was measured last of each scenario, in the order of the table."""
    found = []
    for scenario in SCENARIOS:
        path = FOLDER / f"{scenario.name}.json"
        if path.exists():
            values = json.loads(path.read_text(encoding="utf-8"))
            found.append(Result(**{name: values[name] for name in Result.__dataclass_fields__}))
    return found


def machine() -> str:
    """The size of this machine."""
    return f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB of memory"


def table(results: list[Result]) -> str:
    """The results as a table in Markdown, a scenario a row, with the sums."""
    rows = [HEAD, tuple("---" if column == 0 else "---:" for column in range(len(HEAD)))]
    rows += [_row(result) for result in results]
    rows.append(
        (
            "**all**",
            f"{sum(result.articles for result in results):,}",
            f"{sum(result.faults for result in results):,}",
            *(
                f"{sum(getattr(result, name) for result in results):,}"
                for name in ("lost", "double", "stale", "again")
            ),
            _figure(max((r.recovery for r in results if r.recovery is not None), default=None)),
            _figure(max((r.lines for r in results if r.lines is not None), default=None)),
            f"{sum(result.seconds for result in results):,.0f}",
        )
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(result: Result) -> tuple[str, ...]:
    return (
        result.what,
        f"{result.articles:,}",
        f"{result.faults:,}",
        *(f"{number:,}" for number in (result.lost, result.double, result.stale, result.again)),
        _figure(result.recovery),
        _figure(result.lines),
        f"{result.seconds:,.0f}",
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def told(results: list[Result]) -> str:
    """The table, and what fails."""
    failed = [f"FAILED {result.name}: {problem}" for result in results for problem in problems(result)]
    missing = [scenario.name for scenario in SCENARIOS if scenario.name not in {result.name for result in results}]
    rest = [f"not run: {', '.join(missing)}"] if missing else []
    return "\n".join([table(results), *failed, *rest])


def write_page(results: list[Result], *, day: str) -> None:
    """Put the table into docs/chaos.md."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    facts = f"Measured {day} on {machine()}."
    PAGE.write_text(f"{before}{BEGIN}\n{facts}\n\n{table(results)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write docs/chaos.md")
    given = parser.parse_args()
    measured = kept()
    print(told(measured))
    if given.write:
        write_page(measured, day=f"{datetime.now(UTC):%Y-%m-%d}")
