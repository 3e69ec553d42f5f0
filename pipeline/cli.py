"""The command `newswire`: one file a command in `pipeline/commands/`, put together here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.commands import alert as alert_command
from pipeline.commands import common
from pipeline.commands import config as config_command
from pipeline.commands import dead_letters as dead_letters_command
from pipeline.commands import demo as demo_command
from pipeline.commands import doctor as doctor_command
from pipeline.commands import down as down_command
from pipeline.commands import enrich as enrich_command
from pipeline.commands import evaluate as evaluate_command
from pipeline.commands import export as export_command
from pipeline.commands import feed as feed_command
from pipeline.commands import forget as forget_command
from pipeline.commands import health as health_command
from pipeline.commands import history as history_command
from pipeline.commands import kills as kills_command
from pipeline.commands import listen as listen_command
from pipeline.commands import push as push_command
from pipeline.commands import reindex as reindex_command
from pipeline.commands import reinstate as reinstate_command
from pipeline.commands import search as search_command
from pipeline.commands import setup as setup_command
from pipeline.commands import show as show_command
from pipeline.commands import status as status_command
from pipeline.commands import up as up_command
from pipeline.commands import web as web_command
from pipeline.commands import worker as worker_command
from pipeline.errors import NewswireError

app = typer.Typer(
    name="newswire",
    help="Stream wire articles through Kafka and Faust into Elasticsearch, enriched with entities and dates.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newswire {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings, instead of config/newswire.toml."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of every command."""
    context.obj = common.State(config=config)


for command in (
    demo_command,
    up_command,
    down_command,
    status_command,
    doctor_command,
    enrich_command,
    evaluate_command,
    push_command,
    feed_command,
    listen_command,
    dead_letters_command,
    worker_command,
    health_command,
    setup_command,
    search_command,
    alert_command,
    export_command,
    show_command,
    history_command,
    kills_command,
    web_command,
    reinstate_command,
    forget_command,
    reindex_command,
    config_command,
):
    command.register(app)


def main() -> None:
    """Run the command line; an error of ours becomes one clear message and its exit status."""
    try:
        app()
    except NewswireError as error:
        common.print_error(error)
        sys.exit(error.exit_status)
    except BrokenPipeError:  # `newswire search ... | head`
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
