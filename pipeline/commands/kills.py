"""`newswire kills`: kill advisories with an id of their own, and what they killed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from pipeline.commands.common import err, out, plain, script_json, settings_of


def register(app: typer.Typer) -> None:
    """Add `kills` to the command line."""
    app.command()(kills)


def kills(
    context: typer.Context,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Only those that name nothing that has come yet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the kill advisories that name other items, the newest first, and which items each of them killed.

    An advisory that names nothing that has come yet stays open: what it means is killed when it comes. Where several
    items have the slug that it names, the newest was killed, and the others are named as spared. A wrong kill is
    lifted by newswire reinstate.

    Exit status: 0, 75 Elasticsearch did not answer.
    """
    from pipeline.index.advisories import listed
    from pipeline.index.client import connect_sync

    with connect_sync(settings_of(context)) as client:
        found = [each for each in listed(client) if not (unmatched and each.killed)]
    if as_json:
        import msgspec

        for each in found:
            out.print(script_json(msgspec.to_builtins(each)), markup=False)
        return
    for each in found:
        source = f" {plain(each.source)}" if each.source else ""
        out.print(Text.assemble((plain(each.versionCreated), "cyan"), source, "  ", (plain(each.uri), "dim")))
        out.print(Text(f"  names {plain(', '.join(each.names))}"))
        for uri in each.killed:
            out.print(Text.assemble("  killed ", (plain(uri), "bold")))
        if not each.killed:
            out.print(Text("  nothing that it names has come yet", "yellow"))
        if each.spared:
            out.print(Text(f"  spared {plain(', '.join(each.spared))}", "yellow"))
    open_ = sum(not each.killed for each in found)
    err.print(f"{len(found)} kill advisories, {open_} of them without anything that they name")
