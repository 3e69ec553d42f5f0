"""`newswire down`: stop the local servers."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.common import err, out, settings_of


def register(app: typer.Typer) -> None:
    """Add `down` to the command line."""
    app.command()(down)


def down(
    context: typer.Context,
    delete_data: Annotated[
        bool,
        typer.Option("--delete-data", help="Delete their data, logs and ports too: every article in them is gone."),
    ] = False,
) -> None:
    """Stop the Kafka and Elasticsearch that `newswire up` started.

    Their data is kept for the next start. Only processes that newswire started are ended.
    """
    from pipeline.commands.progress import ConsoleReport
    from pipeline.local import stack
    from pipeline.local.layout import layout

    local = settings_of(context).local
    ran = stack.down(local, delete_data=delete_data, report=ConsoleReport(err))
    message = "stopped" if ran else "nothing was running"
    if delete_data:
        message += f"; the data in {layout(local).data} is deleted"
    out.print(message, markup=False)
