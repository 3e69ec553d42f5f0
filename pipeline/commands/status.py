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


def servers(settings: Settings) -> Section:
    """The servers of the local stack, or the addresses of those that the settings name instead."""
    from rich.table import Table

    from pipeline.addresses import elasticsearch_hosts, kafka_bootstrap
    from pipeline.local.status import status as local_status

    table = Table(show_header=True, header_style="bold", box=None, pad_edge=False)
    for column in ("server", "state", "address", "version", "pid", "memory", "disk", "data and logs"):
        table.add_column(column, overflow="fold")
    data: dict[str, Any] = {}
    healthy = True
    local_ones = {
        "kafka": settings.kafka.bootstrap_servers.strip() == LOCAL,
        "elasticsearch": settings.elasticsearch.hosts.strip() == LOCAL,
    }
    for server in local_status(settings.local):
        if not local_ones[server.name]:
            continue
        healthy = healthy and server.up
        data[server.name] = {"where": "local", "up": server.up} | asdict(server)
        table.add_row(
            server.name,
            f"[{'green' if server.up else 'red'}]{server.state}[/]",
            server.address or "-",
            server.version,
            str(server.pid or "-"),
            _megabytes(server.memory),
            _megabytes(server.data_bytes + server.logs_bytes),
            server.data.removesuffix("/data"),
        )
    for name, addresses in (("kafka", kafka_bootstrap), ("elasticsearch", elasticsearch_hosts)):
        if not local_ones[name]:
            configured = addresses(settings)
            address = configured if isinstance(configured, str) else ",".join(configured)
            data[name] = {"where": "configured", "address": address}
            table.add_row(name, "configured", address)
    return Section("servers", healthy, data, table)


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
        if not healthy:
            out.print("[bold]next:[/] newswire up")
    if not healthy:
        raise typer.Exit(1)


def _megabytes(count: int | None) -> str:
    return "-" if count is None else f"{count / 1e6:,.0f} MB"
