"""`newswire health`: one worker of this host, for the health check of a container."""

from __future__ import annotations

import http.client
import json
from typing import Annotated

import typer

from pipeline.commands.common import err, out, plain, settings_of
from pipeline.errors import Code, Transient

ANSWER_WITHIN = 6.0  # seconds; the worker itself asks its servers for 3 at most


def register(app: typer.Typer) -> None:
    """Add `health` to the command line."""
    app.command()(health)


def health(
    context: typer.Context,
    live: Annotated[
        bool, typer.Option("--live", help="Only whether it lives: who does not is to be started again.")
    ] = False,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, metavar="N", help="Its port, instead of metrics.port.")
    ] = None,
) -> None:
    """Ask a worker on this host whether it can work: partitions assigned, processes up, both servers answering.

    Exit status: 0 it can, 1 it cannot, for the reasons told, 75 nobody answers there.
    """
    settings = settings_of(context)
    host = "127.0.0.1" if settings.metrics.host == "0.0.0.0" else settings.metrics.host  # noqa: S104 - compared
    where = f"{host}:{port or settings.metrics.port}"
    connection = http.client.HTTPConnection(host, port or settings.metrics.port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", "/live" if live else "/ready")
        answer = json.loads(connection.getresponse().read())
        checks = {str(name): str(why) for name, why in answer["checks"].items() if why}
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
        message = f"no worker answers at {where}: {error}"
        raise Transient(Code.WORKER_STALLED, message, hint="newswire status shows the ports of workers") from error
    finally:
        connection.close()
    for name, why in checks.items():
        err.print(f"{name}: {plain(why)}", markup=False)
    if checks:
        raise typer.Exit(1)
    out.print("live" if live else "ready")
