"""What all commands share: the settings, the two consoles, and how an error is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import typer
from rich.console import Console

from pipeline import settings as settings_module
from pipeline.errors import NewswireError
from pipeline.settings import Settings

out = Console(soft_wrap=True, highlight=False)  # results: what a script may read
err = Console(stderr=True, soft_wrap=True, highlight=False)  # progress, remarks and errors


@dataclass
class State:
    """What the options before the command decided; the settings are read when first asked for."""

    config: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run."""
        return settings_module.load(self.config)


def settings_of(context: typer.Context) -> Settings:
    """The settings that the options before the command chose."""
    state = context.find_object(State)
    assert state is not None, "the callback of the app sets it"
    return state.settings


def print_error(error: NewswireError) -> None:
    """One clear message on standard error, with the next thing to do where we know it."""
    err.print(f"[bold red]error[/] [dim]({error.code})[/]: ", end="")
    err.print(str(error), markup=False)
    if error.hint:
        err.print("  [bold]next:[/] ", end="")
        err.print(error.hint, markup=False)
