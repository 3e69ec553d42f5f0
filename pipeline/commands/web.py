"""`newswire web`: the reader's page."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pipeline.commands.common import err, out, settings_of


def register(app: typer.Typer) -> None:
    """Add `web` to the command line."""
    app.command()(web)


def web(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, metavar="N", help="0: a free one. Default: web.port.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Where to listen; other than loopback needs a token.")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve the reader's page: search, facets, timeline, map, and the articles with what was found in them.

    It listens on this machine only, unless web.host or --host say otherwise; then readers are asked for the token of
    web.token_file. Ctrl-C ends it. Behind a name of its own (a proxy), web.names must have that name.

    Exit status: 0 after Ctrl-C, 2 the port is in use or the settings do not allow it.
    """
    settings = settings_of(context)
    changes: dict[str, Any] = {}
    if port is not None:
        changes["port"] = port
    if host is not None:
        changes["host"] = host
    settings = settings.model_copy(update={"web": settings.web.model_copy(update=changes)})

    from pipeline import log
    from pipeline.web import server

    log.configure(settings.log)

    def started(address: str) -> None:
        out.print(f"the reader's page: {address}", markup=False)
        err.print("Ctrl-C ends it", style="dim")
        if open_it:
            import webbrowser

            webbrowser.open(address)

    server.run(settings, started=started)
