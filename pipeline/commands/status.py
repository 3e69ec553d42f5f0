"""`newswire status`: what runs, how far it is, what there is of it; also where a server is down."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import out, settings_of
from pipeline.settings import Settings

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pipeline.commands.status_sections import Section

EVERY = 2.0  # seconds between two looks with --watch


def register(app: typer.Typer) -> None:
    """Add `status` to the command line."""
    app.command()(status)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object, a key for each section.")] = False,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Look again every two seconds, until Ctrl-C.")] = False,
) -> None:
    """Show servers, workers, topics with their lag, indices, dead letters and kills.

    Where there is a lag, it takes three seconds to measure how fast it shrinks. A server that is down is named, and
    the rest is told all the same. The exit status is 0 if all is well, else 1.
    """
    settings = settings_of(context)
    sections = _sections()
    if watch:
        _watch(settings, sections, as_json=as_json)
        return
    found = _look(settings, sections)
    if as_json:
        out.print_json(json.dumps(_json(found)))
    else:
        out.print(_shown(found))
    if not all(section.healthy for section in found):
        raise typer.Exit(1)


def _sections() -> Mapping[str, Callable[[Settings], Section]]:
    from pipeline.commands import status_sections as parts

    return {
        "servers": parts.servers,
        "workers": parts.workers,
        "topics": parts.Topics(),
        "indices": parts.indices,
        "dead_letters": parts.dead_letters,
        "kills": parts.kills,
    }


def _look(settings: Settings, sections: Mapping[str, Callable[[Settings], Section]]) -> list[Section]:
    from concurrent.futures import ThreadPoolExecutor

    from pipeline.commands.status_sections import guarded

    with ThreadPoolExecutor(len(sections)) as pool:  # a server that is down makes nobody else wait
        return list(pool.map(lambda item: guarded(item[0], item[1], settings), sections.items()))


def _json(found: Sequence[Section]) -> dict[str, object]:
    healthy = all(section.healthy for section in found)
    return {"healthy": healthy} | {section.name: section.data for section in found}


def _shown(found: Sequence[Section]) -> RenderableType:
    from rich.console import Group
    from rich.markup import escape

    parts: list[RenderableType] = []
    for section in found:
        parts += [section.shown, ""]
    hints = dict.fromkeys(section.hint for section in found if section.hint)
    parts += [f"[bold]next:[/] {escape(hint)}" for hint in hints]
    return Group(*(parts if hints else parts[:-1]))


def _watch(settings: Settings, sections: Mapping[str, Callable[[Settings], Section]], *, as_json: bool) -> None:
    from rich.live import Live

    try:
        if as_json:  # an object a line
            while True:
                typer.echo(json.dumps(_json(_look(settings, sections))))
                time.sleep(EVERY)
        with Live(_shown(_look(settings, sections)), console=out, auto_refresh=False) as live:
            while True:
                time.sleep(EVERY)
                live.update(_shown(_look(settings, sections)), refresh=True)
    except KeyboardInterrupt:
        return
