"""`newswire push`: articles from files, folders and standard input onto the wire topic."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import err, out, print_error, script_json, settings_of
from pipeline.errors import Code, NewswireError, UserError

if TYPE_CHECKING:
    from pipeline.feeds.push import Push, PushReport


def register(app: typer.Typer) -> None:
    """Add `push` to the command line."""
    app.command()(push)


def push(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="FILE|FOLDER|-", help="Files, folders (walked whole), - for standard input."),
    ],
    format: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Wire format; auto recognises it.")
    ] = "auto",
    default_date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Of articles that carry no date themselves.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1.0, metavar="SECONDS", help="How long Kafka may be away.")
    ] = 120.0,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show a progress bar.")] = True,
) -> None:
    """Push wire articles into the pipeline.

    Every file is answered for: pushed (acknowledged by Kafka), or refused and why. A file that was pushed before may
    be pushed again: it is the same article. In a folder, hidden files are passed over. Files named .jsonl or .ndjson
    hold one article a line.

    Exit status: 0 everything was pushed, 1 something was refused, 75 Kafka did not answer in time, 78 Kafka refused,
    130 Ctrl-C.
    """
    settings = settings_of(context)
    from pipeline.wire import FORMATS

    if format not in FORMATS:
        raise UserError(Code.USAGE, f"--format: {format!r} is not one of {', '.join(FORMATS)}", hint="--format auto")
    if default_date is not None:
        _check_date(default_date)

    from pipeline.feeds.producer import ArticleProducer
    from pipeline.feeds.push import Push

    show = progress and err.is_terminal
    with err.status("connecting to Kafka") if show else nullcontext():
        producer = ArticleProducer(settings, timeout=timeout)
    started = time.monotonic()
    run = Push(producer, max_bytes=settings.kafka.max_article_bytes, format=format, default_date=default_date)
    with _progress(run, paths) if show else nullcontext():
        report = run.run(paths)
    seconds = time.monotonic() - started
    if as_json:
        typer.echo(script_json(_as_json(report, seconds)))
    else:
        _tell(report, seconds)
    raise typer.Exit(report.exit_status)


def _check_date(text: str) -> None:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return
    except ValueError:
        pass
    raise UserError(Code.USAGE, f"--date: {text!r} is not a day as YYYY-MM-DD", hint="--date 2022-02-26")


def _progress(run: Push, paths: Sequence[str]) -> AbstractContextManager[Any]:
    from pipeline.commands.push_progress import PushProgress
    from pipeline.feeds.files import find

    with err.status("looking for files"):
        total = sum(1 for _ in find(paths))
    return PushProgress(run, total=total, console=err)


def _tell(report: PushReport, seconds: float) -> None:
    from rich.table import Table
    from rich.text import Text

    rows = [(item.name, item.error) for item in report.refused]
    rows += [(f"{item.name} ({item.uri})", item.error) for item in report.unacknowledged]
    if rows and out.is_terminal:
        table = Table("not pushed", "reason", "", box=None, pad_edge=False)
        for name, error in rows:
            table.add_row(*(Text(cell) for cell in _cells(name, error)))
        out.print(table)
    else:
        for name, error in rows:
            typer.echo("\t".join(_cells(name, error)))
    rate = f" ({report.articles_pushed / seconds:.0f} articles/s)" if seconds > 1 else ""
    out.print(
        f"pushed {report.articles_pushed} articles from {report.files_pushed} of "
        f"{report.files + report.files_not_tried} files in {seconds:.1f} s{rate}; "
        f"refused {len(report.refused)}, not acknowledged {len(report.unacknowledged)}",
        markup=False,
    )
    for code, hint in dict.fromkeys((item.error.code, item.error.hint) for item in report.refused):
        if hint:
            err.print(f"  {code}, next: {hint}", markup=False)
    if report.files_not_tried and report.first_not_tried is not None:
        left = f"from {report.first_not_tried} on: {report.files_not_tried} files were not pushed"
        err.print(left, markup=False)
    if report.stopped is not None:
        print_error(report.stopped)


def _cells(name: str, error: NewswireError) -> tuple[str, str, str]:
    from pipeline.escape import printable

    return printable(name), str(error.code), printable(error.message)


def _as_json(report: PushReport, seconds: float) -> dict[str, Any]:
    stopped = report.stopped
    return {
        "articles_pushed": report.articles_pushed,
        "files": report.files + report.files_not_tried,
        "files_pushed": report.files_pushed,
        "files_not_tried": report.files_not_tried,
        "first_not_tried": report.first_not_tried,
        "refused": [
            {"name": item.name, "code": str(item.error.code), "message": item.error.message}
            for item in report.refused
        ],
        "unacknowledged": [
            {"name": item.name, "uri": item.uri, "code": str(item.error.code), "message": item.error.message}
            for item in report.unacknowledged
        ],
        "stopped": {"code": str(stopped.code), "message": stopped.message, "hint": stopped.hint} if stopped else None,
        "interrupted": report.interrupted,
        "seconds": round(seconds, 3),
    }
