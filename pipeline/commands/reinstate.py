"""`newswire reinstate`: lift the kill of an article."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.commands.common import err, out, script_json, settings_of
from pipeline.errors import Code, UserError
from pipeline.escape import printable


def register(app: typer.Typer) -> None:
    """Add `reinstate` to the command line."""
    app.command()(reinstate)


def reinstate(
    context: typer.Context,
    uri: Annotated[str, typer.Argument(metavar="URI", help="The id of the killed article.")],
    push: Annotated[bool, typer.Option("--push/--no-push", help="Push its last version again, from Kafka.")] = True,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Lift the kill of an article, and show its last version again.

    A kill takes every version of an article out of the search for good; nothing but this lifts it. It stays lifted
    when the same kill comes again, also where topics are read from their beginning. A newer one kills once more.

    Exit status: 0 the kill is lifted, 2 the article is not killed or Kafka has no version left, 75 a server did not
    answer.
    """
    settings = settings_of(context)
    if not yes:
        if not sys.stdin.isatty():
            raise UserError(Code.USAGE, f"{printable(uri)} would be shown again", hint="say so with --yes")
        typer.confirm(f"Show {printable(uri)} again?", abort=True, err=True)
    from pipeline.index.client import connect_sync
    from pipeline.index.reinstate import reinstate as lift

    with connect_sync(settings) as client:
        done = lift(settings, client, uri, push=push)
    if as_json:
        import msgspec

        out.print(script_json(msgspec.to_builtins(done)), markup=False)
        return
    out.print(f"the kill of {printable(uri)} is lifted", markup=False)
    if done.pushed is None:
        err.print("the next version that is pushed will be shown")
    else:
        label = f" (version {printable(done.pushed.version)})" if done.pushed.version else ""
        told = {
            "usable": "it is shown as soon as the workers have it",
            "withheld": "it stays hidden: it is withheld",
            "canceled": "it stays hidden: a newer kill has come meanwhile",
        }
        what = f"pushed again: {printable(done.pushed.versionCreated)}{label}; {told[done.pushed.pubStatus]}"
        err.print(what, markup=False)
