"""`newswire enrich`: articles from files or standard input to enriched articles, without any server."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import err, settings_of
from pipeline.errors import Code, UserError

if TYPE_CHECKING:
    from pipeline.enrich.inputs import Item


def register(app: typer.Typer) -> None:
    """Add `enrich` to the command line."""
    app.command()(enrich)


def enrich(
    context: typer.Context,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE|FOLDER|-", help="Files, folders (walked whole); - or none: standard input."),
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One article a line: a JSON object with uri, versionCreated and body.")
    ] = False,
    default_date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Of articles that carry no date themselves.")
    ] = None,
    format: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Wire format; auto recognises it.")
    ] = "auto",
    processes: Annotated[
        int | None,
        typer.Option("--processes", "-p", min=1, max=256, help="NLP processes; worker.processes if not given."),
    ] = None,
) -> None:
    """Enrich articles and print them as JSON lines, in the order given. Needs no server.

    Every line has every key; what is unknown is null. An article that fails becomes
    {"uri", "error": {"code", "message"}} in its place (uri null where it is unknown), the others go on, and the exit
    status is 1.

    With --jsonl every line of input gives one line of output. The body is taken exactly as it is, and offsets count
    its Unicode code points. The other fields of a wire article are accepted (schemas/wire-article.v1.json); keys that
    it does not have are ignored, so output of this or other tools can be read again: a mistyped optional key is
    therefore not noticed.

    Exit status: 0 all enriched, 1 at least one failed, 2 wrong usage or config, 130 Ctrl-C.
    """
    settings = settings_of(context)
    arguments = files or ["-"]
    if "-" in arguments and sys.stdin.isatty():
        err.print("reading from the terminal; end with Ctrl-D", style="dim")
    if jsonl and (format != "auto" or default_date is not None):
        raise UserError(Code.USAGE, "--jsonl goes with neither --format nor --date: its lines say it all")
    if default_date is not None:
        _check_date(default_date)

    from pipeline.enrich import batch, inputs

    limit = settings.kafka.max_article_bytes
    if jsonl:
        items = inputs.read_lines(arguments, limit=limit)
    else:
        from pipeline.wire import FORMATS

        if format not in FORMATS:
            raise UserError(
                Code.USAGE, f"--format: {format!r} is not one of {', '.join(FORMATS)}", hint="--format auto"
            )
        items = inputs.read_files(
            arguments, format=format, default_date=default_date, limit=limit, now=datetime.now(UTC)
        )
    try:
        with _progress(arguments) as on_progress:
            failures = asyncio.run(
                batch.run(
                    items,
                    settings=settings,
                    processes=processes or settings.worker.processes,
                    write=_write,
                    on_progress=on_progress,
                )
            )
    except BrokenPipeError:  # `newswire enrich ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in its buffer goes nowhere
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        err.print("interrupted")
        raise typer.Exit(130) from None
    if failures:
        raise typer.Exit(1)


def _write(lines: bytes) -> None:
    sys.stdout.buffer.write(lines)
    sys.stdout.buffer.flush()


def _check_date(text: str) -> None:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return
    except ValueError:
        pass
    raise UserError(Code.USAGE, f"--date: {text!r} is not a day as YYYY-MM-DD", hint="--date 2022-02-26")


@contextmanager
def _progress(arguments: list[str]) -> Iterator[Callable[[Item], None]]:
    if not err.is_terminal or sys.stdout.isatty():  # lines on the same terminal show the progress themselves
        yield lambda item: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from pipeline.enrich.inputs import total_size

    columns = (
        TextColumn("enriching"),
        BarColumn(),
        TextColumn("{task.fields[articles]} articles"),
        TimeRemainingColumn(),
    )
    done = 0
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("enriching", total=total_size(arguments), articles=0)

        def advance(item: Item) -> None:
            nonlocal done
            done += 1
            progress.update(bar, advance=item.size, articles=done)

        yield advance
