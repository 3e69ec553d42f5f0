"""What all commands share: the settings, the two consoles, and how an error is told."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import typer
from rich.console import Console

from pipeline import settings as settings_module
from pipeline.errors import NewswireError
from pipeline.settings import Settings

# C0, DEL, C1, line and paragraph separators, directions of writing (Unicode bidirectional controls), surrogates
_UNPRINTABLE = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\u200e\\u200f\\u061c\\ud800-\\udfff]"
)

# no emoji: the :key: in an article id is none, and JSON must not change
out = Console(soft_wrap=True, highlight=False, emoji=False)  # results: what a script may read
err = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)  # progress, remarks and errors


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


def plain(text: str) -> str:
    """Text of others as it may stand on a terminal: without control characters, and on one line.

    An escape sequence in an article must not move the cursor, change colours or rename the window; marks that turn
    the direction of writing must not make a line read as another.
    """
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def printable_body(text: str) -> str:
    """Text of others with its lines kept, and as many characters as before, so that offsets still hold."""
    return _UNPRINTABLE.sub(lambda found: "\n" if found.group() == "\n" else " ", text)


def script_json(value: object) -> str:
    """JSON on one line for scripts; readable, yet without characters that a terminal would act on."""
    written = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def print_error(error: NewswireError) -> None:
    """One clear message on standard error, with the next thing to do where we know it."""
    err.print(f"[bold red]error[/] [dim]({error.code})[/]: ", end="")
    err.print(str(error), markup=False)
    if error.hint:
        err.print("  [bold]next:[/] ", end="")
        err.print(error.hint, markup=False)
