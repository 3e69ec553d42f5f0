"""`newswire config show`: the settings in force."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipeline.commands.common import out, settings_of
from pipeline.settings import printable

_app = typer.Typer(help="The settings in force.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `config` to the command line."""
    app.add_typer(_app, name="config")


@_app.callback()
def _group() -> None:
    """The settings in force."""


@_app.command()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Print every setting as it stands after file and environment. Secrets are never printed."""
    values = printable(settings_of(context))
    if as_json:
        out.print_json(json.dumps(values))
        return
    for section, keys in values.items():
        out.print(f"[bold]\\[{section}][/]")
        for key, value in keys.items():
            out.print(f"{key} = {json.dumps(value)}", markup=False)
