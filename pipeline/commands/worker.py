"""`newswire worker`: enrich and index what is on the topics, until it is told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.common import settings_of
from pipeline.errors import Code, UserError

AGENTS = ("enrich", "index")


def register(app: typer.Typer) -> None:
    """Add `worker` to the command line."""
    app.command()(worker)


def worker(
    context: typer.Context,
    agents: Annotated[
        str | None, typer.Option("--agents", metavar="NAMES", help="enrich, index, or both as enrich,index.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", "-p", min=1, max=256, metavar="N", help="NLP processes.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", help="Stable name, different for each worker. Default: host and a free number."),
    ] = None,
) -> None:
    """Run a worker: Faust agents that enrich wire articles and index them.

    Start as many as there is work, on as many machines as you like: they share the partitions of the topics. SIGTERM
    and Ctrl-C end a worker within 10 seconds; what it had not finished is done again by the others.
    """
    settings = settings_of(context)
    changes: dict[str, object] = {}
    if agents is not None:
        names = [part.strip() for part in agents.split(",") if part.strip()]
        wrong = [part for part in names if part not in AGENTS]
        if wrong or not names:
            raise UserError(Code.USAGE, f"--agents: {agents!r}: accepted are enrich, index, and enrich,index")
        changes["agents"] = ",".join(dict.fromkeys(names))
    if processes is not None:
        changes["processes"] = processes
    if name is not None:
        changes["name"] = name
    settings = settings.model_copy(update={"worker": settings.worker.model_copy(update=changes)})

    from pipeline import log
    from pipeline.stream import worker as stream_worker

    log.configure(settings.log)
    stream_worker.run(settings)
