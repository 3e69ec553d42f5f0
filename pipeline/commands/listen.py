"""`newswire listen`: take wire articles over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import err, settings_of

if TYPE_CHECKING:
    from pipeline.settings import Settings


def register(app: typer.Typer) -> None:
    """Add `listen` to the command line."""
    app.command()(listen)


def listen(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option("--host", metavar="ADDRESS", help="Where to listen. Default: listen.host, loopback.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, metavar="N", help="0: any free one. Default: listen.port."),
    ] = None,
) -> None:
    """Take wire articles over HTTP: POST or PUT /articles, in any of the wire formats.

    The format is recognised, or named by Content-Type or ?format=NAME; ?date=YYYY-MM-DD dates articles that carry
    no date. The answer is 202 when Kafka has all of them, with a JSON line of each article and what became of it; the
    same article may be sent again at any time. With a token ([listen] token_file) clients send it as
    "Authorization: Bearer TOKEN"; beyond loopback there must be one. GET /health tells whether Kafka answers.

    SIGTERM and Ctrl-C finish the requests that are under way.
    """
    settings = settings_of(context)
    from pipeline import log

    log.configure(settings.log)
    host = settings.listen.host if host is None else host
    port = settings.listen.port if port is None else port
    asyncio.run(_serve(settings, host, port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    from pipeline.feeds.listen_server import listening
    from pipeline.feeds.monitoring import monitored
    from pipeline.feeds.signals import stop_requested

    with stop_requested() as stop, monitored(settings, program="newswire listen") as instruments:
        async with listening(settings, host=host, port=port, instruments=instruments) as (bound, number):
            shown = f"[{bound}]" if ":" in bound else bound
            err.print(f"listening on http://{shown}:{number}/articles, Ctrl-C ends it", markup=False)
            await stop.wait()
            err.print("no new requests are taken; those under way are finished", markup=False)
