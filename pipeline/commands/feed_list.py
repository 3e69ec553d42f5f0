"""`newswire feed --list`: how each feed and folder stands, from the state alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import typer

from pipeline.commands.common import out, plain, script_json
from pipeline.feeds.definition import Feed, Feeds, Folder
from pipeline.feeds.state import State, folder_of
from pipeline.settings import Settings

COLUMNS = ("name", "state", "last poll", "next poll", "pushed", "refused", "last error")


def show(settings: Settings, feeds: Feeds, names: Sequence[str], *, as_json: bool) -> None:
    """Print all of them, or those of these names."""
    chosen = feeds.named(names) if names else feeds
    state = State(folder_of(settings), read_only=True)
    try:
        rows = [_row(state, feed) for feed in chosen.feed] + [_row(state, folder) for folder in chosen.folder]
    finally:
        state.close()
    if as_json:
        typer.echo(script_json({"feeds": rows}))
        return
    if not rows:
        out.print("no feed and no folder is listed")
        return
    if not out.is_terminal:
        for row in rows:
            typer.echo("\t".join(_cells(row)))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, no_wrap=column != COLUMNS[-1])
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(row)))
    out.print(table)


def _cells(row: dict[str, Any]) -> list[str]:
    error = f"{row['code']}: {row['message']}" if row["code"] else ""
    cells = [row["name"], row["state"], _clock(row["last_poll"]), _clock(row["next_poll"])]
    return [*cells, str(row["pushed"]), str(row["refused"]), plain(error)[:300]]


def _row(state: State, entry: Feed | Folder) -> dict[str, Any]:
    is_feed = isinstance(entry, Feed)
    where = entry.url if isinstance(entry, Feed) else entry.path
    known = state.source(entry.name, "feed" if is_feed else "folder", where)
    row: dict[str, Any] = {
        "name": entry.name,
        "kind": known.kind,
        "where": where,
        "state": _state(entry.enabled, gone=known.gone, failing=known.failures > 0, seen=known.last_poll is not None),
        "last_poll": _iso(known.last_poll),
        "last_success": _iso(known.last_success),
        "next_poll": _iso(known.next_poll) if entry.enabled else None,
        "failures": known.failures,
        "code": known.code,
        "message": known.message,
        "pushed": known.pushed,
        "refused": known.refused,
        "refusals": list(known.refusals),
    }
    if is_feed:
        row |= {"status": known.status, "moved_to": known.moved_to, "summaries": known.summaries}
        row |= {"items": state.item_count(entry.name)}
    return row


def _state(enabled: bool, *, gone: bool, failing: bool, seen: bool) -> str:
    if not enabled:
        return "off"
    if gone:
        return "gone"
    if failing:
        return "failing"
    return "well" if seen else "new"


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _clock(iso: str | None) -> str:
    return iso.replace("T", " ").removesuffix("+00:00") if iso else "-"
