"""`newswire status`: what runs, where, and whether it can be used.

A section is a function of the settings; a further one (topics, indices) is added to SECTIONS.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from pipeline.commands.common import out, settings_of
from pipeline.settings import LOCAL, Settings


@dataclass(frozen=True)
class Section:
    """One part of the answer."""

    name: str  # its key in --json
    healthy: bool  # one that is not makes the exit status 1
    data: Any  # for --json
    shown: RenderableType  # for people
    hint: str = ""  # the next command to type, where it is not healthy


def servers(settings: Settings) -> Section:
    """The servers of the local stack, or the addresses of those that the settings name instead."""
    from rich.console import Group
    from rich.table import Table

    from pipeline.local.layout import layout
    from pipeline.local.status import status as local_status

    table = Table(show_header=True, header_style="bold", box=None, pad_edge=False)
    for column in ("server", "state", "address", "version", "pid", "memory", "disk"):
        table.add_column(column, no_wrap=True)
    elsewhere = _elsewhere(settings)
    data: dict[str, Any] = {}
    for name, address in elsewhere.items():
        data[name] = {"where": "configured", "address": address}
        table.add_row(name, "configured", address)
    ours = (
        [] if len(elsewhere) == 2 else [each for each in local_status(settings.local) if each.name not in elsewhere]
    )
    for server in ours:
        data[server.name] = {"where": "local", "up": server.up} | asdict(server)
        table.add_row(
            server.name,
            f"[{'green' if server.up else 'red'}]{server.state}[/]",
            server.address or "-",
            server.version,
            str(server.pid or "-"),
            _megabytes(server.memory),
            _megabytes(server.data_bytes + server.logs_bytes),
        )
    folder = f"data and logs: {layout(settings.local).data}" if ours else ""
    healthy = all(server.up for server in ours)
    return Section("servers", healthy, data, Group(table, folder), hint="" if healthy else "newswire up")


def _elsewhere(settings: Settings) -> dict[str, str]:
    from pipeline.addresses import elasticsearch_hosts, kafka_bootstrap

    found = {}
    if settings.kafka.bootstrap_servers.strip() != LOCAL:
        found["kafka"] = kafka_bootstrap(settings)
    if settings.elasticsearch.hosts.strip() != LOCAL:
        found["elasticsearch"] = ",".join(elasticsearch_hosts(settings))
    return found


SECTIONS: tuple[Callable[[Settings], Section], ...] = (servers,)


def register(app: typer.Typer) -> None:
    """Add `status` to the command line."""
    app.command()(status)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object, a key for each section.")] = False,
) -> None:
    """Show the servers: whether they are up, where, which process, and the room that they take.

    The exit status is 0 if all is well, else 1.
    """
    settings = settings_of(context)
    sections = [make(settings) for make in SECTIONS]
    healthy = all(section.healthy for section in sections)
    if as_json:
        out.print_json(json.dumps({"healthy": healthy} | {section.name: section.data for section in sections}))
    else:
        for section in sections:
            out.print(section.shown)
        for hint in dict.fromkeys(section.hint for section in sections if section.hint):
            out.print(f"[bold]next:[/] {hint}")
    if not healthy:
        raise typer.Exit(1)


def _megabytes(count: int | None) -> str:
    return "-" if count is None else f"{count / 1e6:,.0f} MB"
