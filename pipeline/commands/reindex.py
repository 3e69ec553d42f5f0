"""`newswire reindex`: the articles into a new index, without downtime."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import err, out, script_json, settings_of
from pipeline.errors import Code, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import contextmanager

    from elasticsearch import Elasticsearch

    from pipeline.index.copying import OnProgress
    from pipeline.index.reindex import Plan
    from pipeline.settings import Settings
else:
    from contextlib import contextmanager


class Origin(StrEnum):
    """Where the new index is filled from."""

    INDEX = "index"
    ENRICHED = "enriched"
    WIRE = "wire"


def register(app: typer.Typer) -> None:
    """Add `reindex` to the command line."""
    app.command()(reindex)


def reindex(
    context: typer.Context,
    origin: Annotated[
        Origin,
        typer.Option(
            "--from",
            help="index: the one in use. enriched, wire: the same, and then what Kafka still has (30 days), from the "
            "enriched topic, or enriched anew from the wire topic.",
        ),
    ] = Origin.INDEX,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build each document anew from what it holds, for new fields.")
    ] = False,
    enrich: Annotated[
        bool,
        typer.Option(
            "--enrich", help="Enrich again what an earlier revision of the enrichment worked on, of any age."
        ),
    ] = False,
    processes: Annotated[
        int, typer.Option("--processes", "-p", min=1, max=256, metavar="N", help="NLP processes, with --enrich.")
    ] = 1,
    delete_old: Annotated[
        bool, typer.Option("--delete-old", help="Only delete the indices that an earlier reindex has left.")
    ] = False,
    abort: Annotated[
        bool, typer.Option("--abort", help="Only delete what a run that did not end has left behind.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Copy all articles into a new index and switch to it, while workers write and readers search.

    For a new mapping, another number of shards, or a new revision of the enrichment. Searches answer from the old
    index until the moment of the switch; writing pauses for about a second, in which workers try again. Kills,
    tombstones and versions are kept. A run that was ended goes on where it was when it is started again with the same
    options.
    The old index stays, closed for writing, until --delete-old.

    Exit status: 0 done, 75 a server did not answer, 78 a server or the new mapping refused; nothing is switched then.
    """
    settings = settings_of(context)
    if sum((delete_old, abort, origin is not Origin.INDEX or rebuild or enrich)) > 1:
        raise UserError(Code.USAGE, "--delete-old and --abort stand alone", hint="newswire reindex --help")
    from elastic_transport import ApiError, TransportError

    from pipeline.index.client import connect_sync, explain

    try:
        with connect_sync(settings) as client:
            if delete_old or abort:
                _tidy(client, delete_old=delete_old, yes=yes, as_json=as_json)
                return
            plan = _plan(client, settings, origin=origin, rebuild=rebuild, enrich=enrich)
    except (ApiError, TransportError) as error:
        raise explain(error, doing="look up the indices") from error
    _run(settings, plan, processes=processes, as_json=as_json)


def _plan(client: Elasticsearch, settings: Settings, *, origin: Origin, rebuild: bool, enrich: bool) -> Plan:
    from pipeline.index.reindex_plan import plan
    from pipeline.index.setup import setup

    setup(client, settings)  # the templates of this release: the new index is made of them
    return plan(client, origin=origin.value, rebuild=rebuild, enrich=enrich)


def _run(settings: Settings, plan: Plan, *, processes: int, as_json: bool) -> None:
    import msgspec

    from pipeline.index.reindex import reindex as run

    with _progress() as told:
        done = asyncio.run(run(settings, plan, processes=processes, on_progress=told))
    if as_json:
        out.print(script_json(msgspec.to_builtins(done)), markup=False)
        return
    out.print(f"{done.documents} documents are in {done.target}, which is in use now")
    err.print(f"nothing could be written for {done.closed_seconds:.1f} s; workers have tried again by themselves")
    err.print(f"{done.source} stays, closed for writing, until: newswire reindex --delete-old")


@contextmanager
def _progress() -> Iterator[OnProgress]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        tasks: dict[str, object] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total or None)
            bar.update(tasks[what], completed=done, total=total or None)  # type: ignore[arg-type]  # a TaskID

        yield told


def _tidy(client: Elasticsearch, *, delete_old: bool, yes: bool, as_json: bool) -> None:
    from pipeline.index.reindex_plan import abort, in_use, left_over, under_way

    names = left_over(client) if delete_old else [name for name in under_way(client) if name != in_use(client)]
    if names and not yes:
        if not sys.stdin.isatty():
            raise UserError(Code.USAGE, f"{', '.join(names)} would be deleted", hint="say so with --yes")
        typer.confirm(f"Delete {', '.join(names)}?", abort=True, err=True)
    if delete_old:
        for name in names:
            client.indices.delete(index=name)
    else:
        names = abort(client)
    if as_json:
        out.print(script_json({"deleted": names}), markup=False)
    else:
        out.print(f"deleted: {', '.join(names)}" if names else "there is nothing to delete")
