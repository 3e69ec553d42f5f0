"""Hostile deliveries: each refused with a code or read, in bounded memory and time, with nothing opened or fetched.

The bound on the memory is that of issue 6: eight times the input and 20 MB. Each case is parsed in a process of its
own, since only a fresh process has a peak that can be measured.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

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
    "zip absolute path": "1 articles",
    "zip windows path": "1 articles",
    "zip symbolic link": "wire.no-date",  # its content is a text, no path
    "zip files on one another": "wire.no-date",  # each is read, and within the limit of all together
    "zip says too little": "wire.unreadable",
    "zip cut off": "wire.unreadable",
    "xml entity in attribute": "wire.hostile",
    "xml external DTD": "1 articles",
    "xml external DTD file": "1 articles",
    "xml include": "1 articles",
    "xml stylesheet and schema": "1 articles",
    "xml picture": "1 articles",
    "xml says UTF-8": "wire.encoding",
    "xml says nonsense": "wire.encoding",
    "xml UTF-16 cut off": "wire.encoding",
    "xml namespaces": "wire.hostile",
    "json number": "wire.unreadable",
    "json half a pair": "wire.unreadable",
    "json UTF-16": "1 articles",
    "json Latin-1": "wire.encoding",
    "mail charset zip": "1 articles",
    "text UTF-16": "1 articles",
    "text UTF-16 cut off": "wire.encoding",
    "text UTF-16 without mark": "wire.hostile",
    "year 1970 rss": "1 articles",
    "year 9999 rss": "wire.date-range",
    "year 9999 nitf": "wire.date-range",
    "year 9999 mail": "wire.date-range",
    "year 9999 iptc7901": "wire.date-range",
    "year 1900 json": "wire.date-range",
    "embargo of nonsense": "wire.field",
    "released before issued": "1 articles",
    "no date": "wire.no-date",
    "31 February": "wire.field",
    "year 1970": "1 articles",
    "year 0000": "wire.field",
    "year 0001 and an embargo": "wire.date-range",
    "year 9999 and an embargo": "wire.date-range",
    "year 9999": "wire.date-range",
    "embargo 9999": "1 articles",
    "text one line": "1 articles",
    "json body": "1 articles",
    "xml one line": "1 articles",
}


GROUPS = sorted({name.split()[0] for name in CASES})


@pytest.mark.parametrize("group", GROUPS)
def test_bounded_memory_and_time_and_nothing_opened(group: str) -> None:
    names = [name for name in CASES if name.split()[0] == group]
    run = subprocess.run(
        [sys.executable, "-m", "tests.unit.wire.hostile", str(SIZE), *names],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    measured = [json.loads(row) for row in run.stdout.splitlines()]
    assert [row["case"] for row in measured] == names
    wrong = [row for row in measured if _problem(row)]
    assert not wrong, "\n".join(f"{row['case']}: {_problem(row)}" for row in wrong)


def _problem(row: dict[str, Any]) -> str | None:
    if "grown" not in row:
        return str(row["outcome"])
    if row["grown"] > 8 * row["bytes"] + 20_000_000:
        return f"{row['grown'] / 1e6:.0f} MB for {row['bytes'] / 1e6:.1f} MB"
    if row["seconds"] > SECONDS:
        return f"{row['seconds']:.1f} s"
    if row["touched"]:
        return f"touched {row['touched']}"
    expected = REFUSED.get(row["case"])
    if expected is not None and row["outcome"] != expected:
        return f"{row['outcome']}, not {expected}"
    if not re.fullmatch(r"\d+ articles|(wire|record)\.[a-z-]+", row["outcome"]):
        return str(row["outcome"])
    return None


def test_every_expectation_is_of_a_case() -> None:
    assert set(REFUSED) <= set(CASES)
