"""`newswire dead-letters list | show | replay`: what could not be processed, why, and back into the pipeline."""

from __future__ import annotations

import heapq
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.commands.common import err, out, script_json, settings_of
from pipeline.errors import Code, UserError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.stream.dead_letter_topic import DeadLetter, DeadLetterTopic, LetterId
    from pipeline.stream.replay import Outcome

_app = typer.Typer(help="What could not be processed: list it, look at it, replay it.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, one object a line.")]


def register(app: typer.Typer) -> None:
    """Add `dead-letters` to the command line."""
    app.add_typer(_app, name="dead-letters")


@_app.command("list")
def list_letters(
    context: typer.Context,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="CODE", help="Only these, e.g. wire.field.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, metavar="N", help="The newest N; 0 is all.")] = 50,
    all_states: Annotated[bool, typer.Option("--all-states", help="Also those that were replayed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, the newest first. Those that were replayed are left out."""
    settings = settings_of(context)
    from pipeline.commands.dead_letters_view import print_table, summary
    from pipeline.stream.dead_letter_topic import DeadLetterTopic

    counts: Counter[str] = Counter()
    with DeadLetterTopic(settings) as topic, _busy("reading the dead letters"):
        replayed = topic.replayed()

        def summaries() -> Iterator[dict[str, object]]:
            for letter in topic.letters():
                if (all_states or letter.id not in replayed) and reason in (None, letter.reason):
                    counts[letter.reason] += 1
                    yield summary(letter, replayed=letter.id in replayed)

        # never more than `limit` of them in memory, and never their values
        newest = (
            heapq.nlargest(limit, summaries(), key=_age) if limit else sorted(summaries(), key=_age, reverse=True)
        )
    if as_json:
        for row in newest:
            typer.echo(script_json(row))
        return
    print_table(out, newest)
    total = sum(counts.values())
    reasons = ", ".join(f"{number} {name or '(none)'}" for name, number in counts.most_common())
    err.print(f"{total} dead letters" + (f": {reasons}" if total else ""), markup=False)
    if total > len(newest):
        err.print(f"the newest {len(newest)} are shown; all of them: --limit 0", markup=False)


@_app.command()
def show(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="As in the list, e.g. 3-41.")],
    raw: Annotated[
        bool, typer.Option("--raw", help="Only the bytes of the record, exactly, to standard output.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one dead letter: why, where from, its headers and its bytes (what a terminal could obey is escaped)."""
    settings = settings_of(context)
    from pipeline.commands.dead_letters_view import details, print_letter
    from pipeline.stream.dead_letter_topic import DeadLetterTopic, letter_id

    wanted = letter_id(identity)
    with DeadLetterTopic(settings) as topic:
        letter = topic.get(wanted)
        replayed = not raw and wanted in topic.replayed()
    if raw:
        if letter.value is None:
            err.print("the record has no value (null)")
        sys.stdout.buffer.write(letter.value or b"")
        sys.stdout.buffer.flush()
    elif as_json:
        typer.echo(script_json(details(letter, replayed=replayed)))
    else:
        print_letter(out, letter, replayed=replayed)


@_app.command()
def replay(
    context: typer.Context,
    identities: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="As in the list.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="CODE", help="All with this reason.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also those that were replayed before.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Send dead letters back to the topic they failed on, with their bytes, key and headers unchanged.

    Do it when what made them fail is mended. Each is confirmed by Kafka and then marked as replayed. One that fails
    again becomes a new dead letter. Exit status 1: some could not be replayed.
    """
    if sum((bool(identities), reason is not None, everything)) != 1:
        raise UserError(Code.USAGE, "name the ids, or --reason CODE, or --all", hint="newswire dead-letters list")
    settings = settings_of(context)
    from pipeline.stream.dead_letter_topic import DeadLetterTopic, letter_id

    ids = [letter_id(text) for text in dict.fromkeys(identities or ())]
    with DeadLetterTopic(settings) as topic:
        with _busy("reading the dead letters"):
            done = set() if again else topic.replayed()
        for identity in ids:
            if identity in done:
                err.print(f"{identity} was replayed already; --again does it once more", markup=False)
        if not ids and not yes:
            _ask(Counter(letter.reason for letter in _select(topic, ids, reason, done)))
        _run(settings, _select(topic, ids, reason, done), as_json=as_json)


def _select(
    topic: DeadLetterTopic, ids: list[LetterId], reason: str | None, done: set[LetterId]
) -> Iterator[DeadLetter]:
    letters = (topic.get(identity) for identity in ids) if ids else topic.letters()
    return (letter for letter in letters if letter.id not in done and reason in (None, letter.reason))


def _ask(counts: Counter[str]) -> None:
    total = sum(counts.values())
    if not total:
        return
    if not sys.stdin.isatty():
        raise UserError(Code.USAGE, f"{total} dead letters would be replayed", hint="say so with --yes")
    reasons = ", ".join(f"{number} {name or '(none)'}" for name, number in counts.most_common())
    typer.confirm(f"Replay {total} dead letters ({reasons})?", abort=True, err=True)


def _run(settings: Settings, letters: Iterator[DeadLetter], *, as_json: bool) -> None:
    from pipeline.escape import printable
    from pipeline.stream.replay import replay as replay_letters

    replayed: Counter[str] = Counter()
    failed: list[tuple[str, str, str]] = []

    def note(outcome: Outcome) -> None:
        if outcome.error is None:
            replayed[outcome.letter.reason] += 1
        else:
            failed.append((str(outcome.letter.id), str(outcome.error.code), outcome.error.message))

    try:
        with _busy("replaying"):
            replay_letters(settings, letters, on_outcome=note)
    finally:  # also where Kafka stopped it in the midst
        if as_json:
            stay = [{"id": identity, "code": code, "message": message} for identity, code, message in failed]
            typer.echo(script_json({"replayed": sum(replayed.values()), "reasons": replayed, "failed": stay}))
        else:
            for identity, code, message in failed:
                err.print(f"not replayed: {identity} ({code}): {printable(message)}", markup=False)
            out.print(f"replayed {sum(replayed.values())} dead letters")
    if failed:
        raise typer.Exit(1)


def _age(row: dict[str, object]) -> tuple[object, object]:
    return row["arrived_ms"], row["id"]


def _busy(text: str) -> AbstractContextManager[Any]:
    return err.status(text) if err.is_terminal else nullcontext()
