"""`newswire up`: a real Kafka and a real Elasticsearch on this machine, without Docker."""

from __future__ import annotations

import time

import typer

from pipeline.commands.common import err, out, settings_of


def register(app: typer.Typer) -> None:
    """Add `up` to the command line."""
    app.command()(up)


def up(context: typer.Context) -> None:
    """Start Kafka and Elasticsearch on this machine.

    The first time it fetches them (180 MB, checked against known SHA-256 sums); after that a start takes some ten
    seconds, and where they run already nothing happens. They need a JDK 21 or newer, listen on this machine only,
    keep their ports and data from run to run, and go on when this command has ended. See the settings \\[local].
    """
    from pipeline.commands.progress import ConsoleReport
    from pipeline.local import stack

    local = settings_of(context).local
    began = time.monotonic()
    endpoints = stack.up(local, report=ConsoleReport(err))
    done = f"up in {time.monotonic() - began:.0f} s" if endpoints.started_now else "running already"
    out.print(f"{done}: Kafka at {endpoints.kafka}, Elasticsearch at {endpoints.elasticsearch}")
    if endpoints.started_now:
        err.print("[bold]next:[/] newswire setup (topics and indices), newswire status, newswire down")
