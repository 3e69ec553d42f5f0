"""`newswire history`: an item's story."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipeline.commands.common import out, plain, script_json, settings_of

if TYPE_CHECKING:
    from pipeline.index.story import Event, Now

STYLES = {"kill": "bold red", "kill by advisory": "bold red", "withheld": "yellow", "embargo": "yellow"}
SHOWN = {"shown": "bold green", "killed": "bold red"}


def register(app: typer.Typer) -> None:
    """Add `history` to the command line."""
    app.command()(history)


def history(
    context: typer.Context,
    uri: Annotated[str, typer.Argument(metavar="URI", help="The id of an article, as newswire search prints it.")],
    as_json: Annotated[bool, typer.Option("--json", help="The story as one JSON object.")] = False,
) -> None:
    """Tell an item's story: versions, corrections, embargoes, kills, reinstatements, and what readers see now.

    For operators: it also tells of what readers must not see. The times are those at which the pipeline had each.
    It reads all of the enriched topic, which holds as many days as Kafka keeps.

    Exit status: 0, 2 nothing was ever said of such an article, 75 a server did not answer.
    """
    settings = settings_of(context)
    from pipeline.index.client import connect_sync
    from pipeline.index.story import story

    with connect_sync(settings) as client:
        told = story(settings, client, uri, now=datetime.now(UTC))
    if as_json:
        import msgspec

        out.print(script_json(msgspec.to_builtins(told)), markup=False)
        return
    for event in told.events:
        out.print(_line(event))
    out.print(_now(told.now))


def _line(event: Event) -> Text:
    said = [f"version {event.version}" if event.version else "", event.versionCreated or ""]
    said += [f"embargoed until {event.embargoed}"] if event.embargoed else []
    said += [f"by {event.by}"] if event.by else []
    said += [", ".join(signal.upper() for signal in event.signals)]
    said += ["pushed by newswire reinstate"] if event.lifts else []
    said += ["said before"] if event.repeated else []
    return Text.assemble(
        ("* " if event.current else "  ", "bold green"),
        (event.at, "cyan"),
        "  ",
        (event.what, STYLES.get(event.what, "bold")),
        "  ",
        plain(" · ".join(filter(None, said))),
        f"  {plain(event.headline)}" if event.headline else "",
    )


def _now(now: Now) -> Text:
    told = {
        "shown": "readers see it",
        "under embargo": f"hidden: under embargo until {now.embargoed}",
        "withheld": "hidden: withheld",
        "killed": "hidden: killed" + (f" by {now.killedBy}" if now.killedBy else ""),
        "reinstated": "hidden: a kill was lifted, and no version has come since",
        "not indexed": "hidden: the index does not have it yet",
    }[now.state]
    version = f" (version {now.version})" if now.version else ""
    return Text.assemble("now: ", (plain(told + version), SHOWN.get(now.state, "yellow")))
