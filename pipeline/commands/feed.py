"""`newswire feed`: poll feeds and watch folders."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import err, out, print_error, script_json, settings_of
from pipeline.errors import Code, NewswireError, UserError

if TYPE_CHECKING:
    from pipeline.feeds.definition import Feeds
    from pipeline.feeds.tools import Outcome
    from pipeline.settings import Settings


def register(app: typer.Typer) -> None:
    """Add `feed` to the command line."""
    app.command()(feed)


def feed(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these feeds and folders, enabled or not.")
    ] = None,
    feeds: Annotated[
        Path | None, typer.Option("--feeds", metavar="FILE", help="What to poll. Default: config/feeds.toml.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Poll each of them once, now, and end.")] = False,
    list_them: Annotated[bool, typer.Option("--list", help="Show how they stand, and poll nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --once or --list: as one JSON object.")] = False,
) -> None:
    """Poll the feeds and watch the folders that config/feeds.toml lists, and push what is new.

    What was pushed is remembered, so that a feed's items are pushed once, and again when they change. Files are
    moved away when Kafka has them. SIGTERM and Ctrl-C end it in order; whatever ends it, nothing is passed over.

    Exit status of --once: 0 all went well, 1 something was refused or a feed failed, 75 Kafka did not answer in time,
    78 Kafka refused.
    """
    settings = settings_of(context)
    from pipeline.feeds import definition

    if as_json and not (once or list_them):
        raise UserError(Code.USAGE, "--json goes with --once or --list")
    path = definition.path_of(settings, feeds)
    listed = definition.load(path)
    if list_them:
        from pipeline.commands.feed_list import show

        show(settings, listed, names or [], as_json=as_json)
        return
    chosen = listed.named(names or [])
    if not (chosen.feed or chosen.folder):
        hint = "write one there, as its comments show, or name a file of your own: newswire feed --feeds FILE"
        raise UserError(Code.USAGE, f"{path} enables no feed and no folder", hint=hint)
    if chosen.feed and not chosen.http.contact.strip():
        raise UserError(
            Code.SETTINGS, f"{path}: [http] contact is empty", hint="write your mail or web address there"
        )

    from pipeline import log
    from pipeline.feeds.folder import check

    for folder in chosen.folder:
        check(folder)
    log.configure(settings.log)
    outcomes = asyncio.run(_run(settings, chosen, once=once))
    if once:
        _tell(outcomes, as_json=as_json)
        raise typer.Exit(_exit_status(outcomes))


async def _run(settings: Settings, feeds: Feeds, *, once: bool) -> list[Outcome]:
    from pipeline.feeds.service import service
    from pipeline.feeds.signals import stop_requested

    with stop_requested() as stop:
        async with service(settings, feeds) as running:
            if once:
                return await running.once(stop)
            counted = f"{len(feeds.feed)} feeds and {len(feeds.folder)} folders"
            err.print(f"polling {counted}, Ctrl-C ends it; how they stand: newswire feed --list", markup=False)
            await running.run(stop)
            return []


def _exit_status(outcomes: list[Outcome]) -> int:
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    kafka = [error for error in errors if str(error.code).startswith("kafka.")]
    if kafka:
        return max(error.exit_status for error in kafka)
    return 1 if errors or any(outcome.refused for outcome in outcomes) else 0


def _tell(outcomes: list[Outcome], *, as_json: bool) -> None:
    if as_json:
        typer.echo(script_json({"feeds": [_row(outcome) for outcome in outcomes]}))
        return
    for outcome in outcomes:
        what = "nothing new" if outcome.not_modified else f"pushed {outcome.pushed}, refused {outcome.refused}"
        if outcome.summaries:
            what += f", {outcome.summaries} with their summary instead of the full text"
        out.print(f"{outcome.name}: {'failed' if outcome.error else what}", markup=False)
    told: set[NewswireError] = set()
    for outcome in outcomes:
        if outcome.error is not None and outcome.error not in told:
            told.add(outcome.error)
            print_error(outcome.error)


def _row(outcome: Outcome) -> dict[str, Any]:
    error = outcome.error
    return {
        "name": outcome.name,
        "pushed": outcome.pushed,
        "refused": outcome.refused,
        "summaries": outcome.summaries,
        "not_modified": outcome.not_modified,
        "error": {"code": str(error.code), "message": error.message, "hint": error.hint} if error else None,
    }
