"""`newswire export`: every article that a search finds, into a file."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from pipeline.commands.asked import asked
from pipeline.commands.common import err, settings_of
from pipeline.errors import Code, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

INTERRUPTED = 130  # 128 + SIGINT, as shells count


class Form(StrEnum):
    """What an export is written as."""

    jsonl = "jsonl"
    csv = "csv"
    ninjs = "ninjs"
    parquet = "parquet"


def register(app: typer.Typer) -> None:
    """Add `export` to the command line."""
    app.command()(export)


def export(
    context: typer.Context,
    query: Annotated[list[str] | None, typer.Argument(metavar="QUERY", help="As of newswire search.")] = None,
    form: Annotated[Form, typer.Option("--format", "-f", help="What to write.")] = Form.jsonl,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Default: standard output.")
    ] = None,
    person: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A person, by any form.")] = None,
    organization: Annotated[list[str] | None, typer.Option(metavar="NAME", help="An organization.")] = None,
    place: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A place.")] = None,
    speaker: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Somebody who is quoted.")] = None,
    quote: Annotated[str, typer.Option(metavar="WORDS", help="Words of a quotation.")] = "",
    said: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Days on which it was said.")] = None,
    about: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Days that the article speaks of.")] = None,
    widely: Annotated[bool, typer.Option("--widely", help="With --about: also longer times.")] = False,
    published: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Days of publication (UTC).")] = None,
) -> None:
    """Export every article that a search finds, oldest first, however many: the same that newswire search would show.

    jsonl: the enriched article, as newswire enrich prints it; ninjs: as delivered, in ninjs 3; one a line. csv: for
    spreadsheets; a cell that would be a formula begins with an apostrophe. parquet: typed columns, into a FILE.
    Nothing that is under embargo, withheld or killed. FILE is there when everything is in it, not before.

    Exit status: 0, 2 the query cannot be read, 75 Elasticsearch did not answer, 130 interrupted.
    """
    from pipeline.export.reading import Export
    from pipeline.export.writing import whole_file
    from pipeline.index.client import connect_sync

    if form is Form.parquet and output is None:
        raise UserError(Code.USAGE, "parquet is no text", hint="name a file with -o")
    request = asked(
        query=query,
        person=person,
        organization=organization,
        place=place,
        speaker=speaker,
        quote=quote,
        said=said,
        about=about,
        widely=widely,
        published=published,
    )
    try:
        with (
            _terminated_as_interrupted(),
            connect_sync(settings_of(context)) as client,
            Export(client, request) as found,
        ):
            if output is None:
                count = _write(found, form, sys.stdout.buffer)
                sys.stdout.buffer.flush()
            else:
                with whole_file(output) as out:
                    count = _write(found, form, out)
    except KeyboardInterrupt:
        err.print("interrupted: nothing was written" if output else "interrupted", style="yellow")
        raise typer.Exit(INTERRUPTED) from None
    gone = f"; {found.left_out:,} were taken back meanwhile" if found.left_out else ""
    err.print(f"{count:,} articles exported{gone}", style="dim")


def _write(found: object, form: Form, out: IO[bytes]) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from pipeline.export.reading import Export
    from pipeline.export.writing import writer

    assert isinstance(found, Export)
    columns = (
        TextColumn("exporting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles"),
        TimeRemainingColumn(),
    )
    count = 0
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("export", total=found.total)
        chosen = writer(form.value, out)
        for article in found.articles():
            chosen.write(article)
            count += 1
            if count % 50 == 0:
                progress.update(task, completed=count)
        chosen.close()
    return count


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends as Ctrl-C does, so that no half file stays behind."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
