"""`newswire forget`: legal erasure of an article."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.common import err, out, script_json, settings_of
from pipeline.errors import Code, UserError
from pipeline.escape import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Settings
    from pipeline.stream.traces import Trace


def register(app: typer.Typer) -> None:
    """Add `forget` to the command line."""
    app.command()(forget)


def forget(
    context: typer.Context,
    uri: Annotated[str, typer.Argument(metavar="URI", help="The article id.")],
    erase_kafka: Annotated[
        bool,
        typer.Option(
            "--erase-kafka",
            help="Also delete what Kafka has of it, and with it all older records of the same partitions, which "
            "cannot be enriched or reinstated from Kafka any more. Other dead letters are kept, under new ids.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Erase an article for good: its content leaves the index, and nothing brings it back.

    A tombstone without content takes its place, above every version, kill and reinstatement. It cannot be undone.
    What Kafka still has of it is listed: the topics end it after their retention, dead letters are kept for ever
    unless --erase-kafka takes them away. What snapshots and files of others hold is for you to look after.

    Exit status: 0 it is forgotten, 75 a server did not answer: run it again, 78 a server refused.
    """
    settings = settings_of(context)
    if not yes:
        if not sys.stdin.isatty():
            raise UserError(Code.USAGE, f"{printable(uri)} would be erased for good", hint="say so with --yes")
        typer.confirm(f"Erase {printable(uri)} for good?", abort=True, err=True)
    from pipeline.index.client import connect_sync
    from pipeline.index.forget import forget as erase_from_indices
    from pipeline.stream.traces import erase, traces

    with connect_sync(settings) as client:
        done = erase_from_indices(client, uri)
    if not as_json:
        where = ", ".join(done.erased_from) or "no index: there was none; should it come, it stays hidden"
        out.print(f"{printable(uri)} is forgotten; its content was in {where}", markup=False)
    found = traces(settings, uri)
    erased = erase(settings, uri, found) if erase_kafka and found else 0
    left = [] if erase_kafka else found
    if as_json:
        import msgspec

        report = msgspec.to_builtins(done) | {"kafka": [_row(settings, each) for each in left], "erased": erased}
        out.print(script_json(report), markup=False)
    elif erase_kafka:
        out.print(f"{erased} records were deleted from Kafka")
        _tell_unseen()
    else:
        _tell(settings, left)


def _tell(settings: Settings, found: Sequence[Trace]) -> None:
    for each in found:
        row = _row(settings, each)
        gone = f"gone by {row['gone_by']}" if row["gone_by"] else "kept until --erase-kafka"
        err.print(f"Kafka: {each.records} in {each.topic}-{each.partition}, up to offset {each.last_offset}: {gone}")
    if not found:
        err.print("Kafka has nothing of it")
    _tell_unseen()


def _tell_unseen() -> None:
    err.print(
        "Not looked for in Kafka: records of foreign producers whose key is not the id, and which have it in another "
        "encoding than UTF-8, in several fields, or in an archive that cannot be read"
    )


def _row(settings: Settings, trace: Trace) -> dict[str, object]:
    kept = trace.topic == settings.topics.dead_letter
    # Kafka ends whole segments: one that is written to seldom lives until the next is begun, 7 days by default
    last = datetime.fromtimestamp(trace.last_arrived_ms / 1000, UTC)
    gone = None if kept else (last + timedelta(days=settings.topics.retention_days + 7)).date().isoformat()
    return {
        "topic": trace.topic,
        "partition": trace.partition,
        "records": trace.records,
        "last_offset": trace.last_offset,
        "gone_by": gone,
    }
