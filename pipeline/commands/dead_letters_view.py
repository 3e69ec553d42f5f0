"""How dead letters are shown: as a table, as a page, and as JSON."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.escape import printable, printable_lines
from pipeline.stream.dead_letter_topic import DeadLetter

CHARACTERS_SHOWN: Final = 20_000
_COLUMNS: Final = ("id", "arrived", "stage", "reason", "key", "message")


def summary(letter: DeadLetter, *, replayed: bool) -> dict[str, Any]:
    """One row of the list, ready for JSON: everything but headers and value."""
    origin = asdict(letter.origin) if letter.origin else {}
    origin.pop("null_record", None)
    return {
        "id": str(letter.id),
        "state": "replayed" if replayed else "pending",
        "arrived_ms": letter.arrived_ms,
        "key": _text(letter.key),
        "value_bytes": None if letter.value is None else len(letter.value),
        "reason": "",
        "message": "",
        **origin,
    }


def details(letter: DeadLetter, *, replayed: bool) -> dict[str, Any]:
    """The whole dead letter, ready for JSON; bytes in Base64, since they need not be text."""
    return summary(letter, replayed=replayed) | {
        "key_base64": _base64(letter.key),
        "value_base64": _base64(letter.value),
        "headers": [{"name": name, "value_base64": _base64(value)} for name, value in letter.headers],
    }


def print_table(console: Console, rows: Iterable[Mapping[str, Any]]) -> None:
    """The list for people; tab-separated where it goes into a file or pipe."""
    cells = [(*_cells(row), "(replayed)" if row["state"] == "replayed" else "") for row in rows]
    if not console.is_terminal:
        for row in cells:
            console.print("\t".join(row), markup=False)
        return
    if cells:
        table = Table(*_COLUMNS, "", box=None, pad_edge=False)
        for row in cells:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)


def print_letter(console: Console, letter: DeadLetter, *, replayed: bool) -> None:
    """Everything about one dead letter; what a terminal could obey is escaped."""
    row = summary(letter, replayed=replayed)
    for name in ("id", "state", "reason", "message", "stage", "topic", "partition", "offset", "time", "worker"):
        if row.get(name) not in (None, ""):
            _field(console, name, printable(str(row[name])))
    _field(console, "key", "null" if letter.key is None else printable(_text(letter.key) or ""))
    for name, value in letter.headers:
        content = "null" if value is None else printable(_text(value) or "")
        _field(console, "header", f"{printable(name)}: {content}")
    if letter.value is None:
        _field(console, "value", "null")
        return
    _field(console, "value", f"{len(letter.value):,} bytes")
    text = _text(letter.value) or ""
    console.print(printable_lines(text[:CHARACTERS_SHOWN]), markup=False)
    if len(text) > CHARACTERS_SHOWN:
        console.print(f"... {len(text) - CHARACTERS_SHOWN:,} characters more: --raw", style="dim")


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    arrived = datetime.fromtimestamp(row["arrived_ms"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    values = {**row, "arrived": arrived}
    return tuple(printable(str(values.get(name) or "")) for name in _COLUMNS)


def _field(console: Console, name: str, content: str) -> None:
    console.print(f"[bold]{name:<10}[/]", end="")
    console.print(content, markup=False)


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "backslashreplace")


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")
