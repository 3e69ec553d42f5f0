"""Hostile deliveries: each refused with a code or read, in bounded memory and time, with nothing opened or fetched.

The bound on the memory is that of issue 6: eight times the input and 20 MB. Each case is parsed in a process of its
own, since only a fresh process has a peak that can be measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.wire.hostile import CASES

SIZE = 3_000_000
SECONDS = 10.0  # of the processor

REFUSED = {
    "xml bomb": "wire.hostile",
    "xml external entity": "wire.hostile",
    "xml parameter entity": "wire.hostile",
    "xml deep": "wire.hostile",
    "xml empty elements": "wire.hostile",
    "xml attributes": "wire.hostile",
    "xml NUL": "wire.hostile",
    "xml unclosed": "wire.unreadable",
    "json lists": "wire.hostile",
    "json deep": "wire.hostile",
    "text NUL": "wire.hostile",
    "text latin": "wire.encoding",
    "iptc7901 messages": "wire.hostile",
    "mail lines": "wire.hostile",
    "mail nested parts": "wire.hostile",
    "gzip bomb": "wire.hostile",
    "gzip of gzip of gzip": "wire.hostile",
    "gzip cut off": "wire.unreadable",
    "zip bomb": "wire.hostile",
    "zip path": "wire.no-date",
    "zip many files": "wire.hostile",
    "zip in zip in zip": "wire.hostile",
    "year 1970": "1 articles",
    "year 0000": "wire.field",
    "year 9999": "wire.date-range",
    "embargo 9999": "1 articles",
    "text one line": "1 articles",
    "json body": "1 articles",
    "xml one line": "1 articles",
}


@pytest.mark.parametrize("name", CASES)
def test_bounded_memory_and_time(name: str, tmp_path: Path) -> None:
    file = tmp_path / "delivery"
    file.write_bytes(CASES[name](SIZE))
    size = file.stat().st_size
    run = subprocess.run(
        [sys.executable, "-m", "tests.unit.wire.hostile", str(file)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    measured = json.loads(run.stdout)
    assert measured["grown"] <= 8 * size + 20_000_000
    assert measured["seconds"] <= SECONDS
    if name in REFUSED:
        assert measured["outcome"] == REFUSED[name]


def test_every_expectation_is_of_a_case() -> None:
    assert set(REFUSED) <= set(CASES)
