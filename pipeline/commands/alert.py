"""`newswire alert`: saved searches that tell of new articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipeline.commands.asked import asked
from pipeline.commands.common import err, out, plain, script_json, settings_of

if TYPE_CHECKING:
    from pipeline.alerts.model import Alert, Telling
    from pipeline.index.query import SearchRequest

STYLES = {"new": "bold green", "correction": "bold yellow", "kill": "bold red", "withdrawn": "red"}

group = typer.Typer(
    no_args_is_help=True, help="Saved searches that tell of new articles: add, list, show, remove, run."
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the alert is called.")]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts: JSON, one object a line.")]


def register(app: typer.Typer) -> None:
    """Add `alert` to the command line."""
    app.add_typer(group, name="alert")


@group.command()
def add(
    context: typer.Context,
    name: Name,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="QUERY", help="As of newswire search; words, phrases, person: ...")
    ] = None,
    person: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A person, by any form.")] = None,
    organization: Annotated[list[str] | None, typer.Option(metavar="NAME", help="An organization.")] = None,
    place: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A place.")] = None,
    speaker: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Somebody who is quoted.")] = None,
    quote: Annotated[str, typer.Option(metavar="WORDS", help="Words of a quotation.")] = "",
    about: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Days that the article speaks of.")] = None,
    to: Annotated[
        str, typer.Option(metavar="TARGET", help="terminal, 'webhook URL' or 'topic NAME'; a topic is created.")
    ] = "terminal",
) -> None:
    """Save a search under a name. `newswire alert run` tells of every article that comes in and matches it.

    It matches what newswire search finds by the same words and options. Told is also a correction of an article that
    was told of, its kill, and that it does not match any more; an embargoed article when its embargo ends.

    Exit status: 0, 2 the name is taken or the query cannot be read, 75 a server did not answer.
    """
    from pipeline.alerts.model import check_name, target
    from pipeline.alerts.store import AlertStore
    from pipeline.index.client import connect_sync

    check_name(name)
    settings = settings_of(context)
    topics = settings.topics
    chosen = target(to.split(), forbidden=(topics.wire, topics.enriched, topics.dead_letter))
    request = asked(
        query=query,
        person=person,
        organization=organization,
        place=place,
        speaker=speaker,
        quote=quote,
        about=about,
    )
    with connect_sync(settings) as client:
        _try(client, request)
        if chosen.kind == "topic":
            from pipeline.alerts.topic import create_topic

            create_topic(settings, chosen.address)
        AlertStore(client).add(name, request, chosen, now=datetime.now(UTC))
    err.print(Text(f"alert {name} added; it tells to {chosen}, while newswire alert run is running", "dim"))


def _try(client: object, request: SearchRequest) -> None:
    """Ask it once: a query that cannot be read is refused now and not when news comes in."""
    from elasticsearch import Elasticsearch
    from msgspec.structs import replace

    from pipeline.index.search import search

    assert isinstance(client, Elasticsearch)
    search(client, replace(request, limit=0))


@group.command("list")
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """All alerts."""
    import msgspec

    from pipeline.alerts.store import AlertStore
    from pipeline.index.client import connect_sync

    with connect_sync(settings_of(context)) as client:
        alerts = AlertStore(client).all()
    if as_json:
        for alert in alerts:
            out.print(script_json(msgspec.to_builtins(alert)), markup=False)
        return
    if not alerts:
        err.print("no alerts", style="dim")
        return
    table = Table("name", "asks", "tells to", box=None, pad_edge=False)
    for alert in alerts:
        table.add_row(*(Text(plain(cell)) for cell in (alert.name, _asked(alert), str(alert.to))))
    out.print(table)


@group.command()
def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """One alert, and what it would tell of among the newest articles."""
    import msgspec
    from msgspec.structs import replace

    from pipeline.alerts.store import AlertStore
    from pipeline.index.client import connect_sync
    from pipeline.index.search import search

    with connect_sync(settings_of(context)) as client:
        alert = AlertStore(client).get(name)
        if as_json:
            out.print(script_json(msgspec.to_builtins(alert)), markup=False)
            return
        answer = search(client, replace(alert.request, sort="newest", limit=5))
    out.print(Text(f"{plain(alert.name)}: {plain(_asked(alert))}", "bold"))
    out.print(Text(f"   tells to {plain(str(alert.to))}; added {alert.created}", "cyan"))
    for hit in answer.hits:
        title = "".join(segment.text for segment in hit.headline) or hit.beginning
        out.print(Text(f"   {hit.versionCreated}  {plain(title)}"))
    more = "" if answer.total_exact else "more than "
    err.print(f"{more}{answer.total:,} articles match", style="dim")


@group.command()
def remove(context: typer.Context, name: Name) -> None:
    """Remove an alert; what is on its way is still told."""
    from pipeline.alerts.store import AlertStore
    from pipeline.index.client import connect_sync

    with connect_sync(settings_of(context)) as client:
        AlertStore(client).remove(name)


@group.command()
def run(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell of what comes in, until SIGTERM or Ctrl-C. Alerts to the terminal are printed here.

    It goes on where the last one was: what came in meanwhile is told of. Several may run, on several machines; they
    share the work.

    Exit status: 0, 75 a server did not answer at the start, 78 a server refused.
    """
    import signal

    from pipeline import log
    from pipeline.alerts.runner import Runner
    from pipeline.alerts.senders import Senders
    from pipeline.index.client import connect_sync
    from pipeline.stream.topics import require_topics

    settings = settings_of(context)
    log.configure(settings.log)
    require_topics(settings, (settings.topics.enriched,))

    def tell(telling: Telling) -> None:
        if as_json:
            import msgspec

            out.print(script_json(msgspec.to_builtins(telling)), markup=False)
        else:
            _show(telling)

    with connect_sync(settings) as client:
        runner = Runner(
            settings,
            client,
            Senders(settings, tell).make,
            on_ready=lambda: err.print("telling of what comes in; Ctrl-C ends it", style="dim"),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: runner.stop())
        runner.run()


def _show(telling: Telling) -> None:
    line = Text.assemble(
        (f"{telling.kind:<10} ", STYLES[telling.kind]),
        (f"{plain(telling.alert)}: ", "bold"),
        plain(telling.headline or ""),
    )
    out.print(line)
    about = [telling.versionCreated, telling.source, telling.located, telling.uri]
    out.print(Text("   " + plain(" · ".join(part for part in about if part)), "dim"))


def _asked(alert: Alert) -> str:
    from pipeline.index import daterange

    request = alert.request
    named = {
        "person": request.people,
        "organization": request.organizations,
        "place": request.places,
        "speaker": request.speakers,
    }
    words = [request.query] if request.query else []
    words += [f"--{option} {name}" for option, names in named.items() for name in names]
    words += [f"--quote {request.quote}"] if request.quote else []
    if request.about is not None:
        words.append(f"--about {daterange.written(request.about)}")
    return " ".join(words)
