"""`newswire demo`: the main job on real servers, from nothing to telling searches."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from pipeline.commands.common import State, err, out, plain, settings_of

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

    from pipeline.demo.expected import Item
    from pipeline.demo.progress import Progress
    from pipeline.demo.run import Started
    from pipeline.demo.searches import DemoSearch
    from pipeline.index.search import Hit, Passage
    from pipeline.settings import Settings

HITS_SHOWN = 3
MATCHED = "bold yellow"


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    app.command()(demo)


def demo(
    context: typer.Context,
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Leave Kafka and Elasticsearch running for searches of your own.")
    ] = False,
    processes: Annotated[int, typer.Option("--processes", "-p", min=1, max=256, help="NLP processes.")] = 2,
) -> None:
    """Show the whole pipeline on this machine.

    It starts a real Kafka and a real Elasticsearch (the first time it fetches them, 180 MB), creates topics and
    templates, starts a worker, pushes 45 invented stories in several versions, waits until all can be found, and asks
    a few telling searches. Run again, it finds everything there and only asks. Ctrl-C ends whatever it started; so
    does its end, but for the two servers with --keep. With --keep it then serves the reader's page on a terminal,
    until Ctrl-C.
    """
    from pipeline.commands.progress import ConsoleReport
    from pipeline.demo import expected, run, searches

    settings = settings_of(context)
    run.check_local(settings)
    began = time.monotonic()
    report = ConsoleReport(err)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with run.servers(settings, report=report) as started:
            items = expected.items(now=expected.utc_now())
            client = run.prepare(settings)
            with client:
                _have_all(settings, client, items, config=_config(context), processes=processes)
                _ask(client, searches.load())
            if not keep:
                run.stop(settings, started, report=report)
    except KeyboardInterrupt:
        err.print("stopped; whatever the demo started has ended", style="dim")
        raise typer.Exit(130) from None
    _go_on(started, keep=keep, seconds=time.monotonic() - began)
    if keep:
        _page(settings)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _config(context: typer.Context) -> Path | None:
    state = context.find_object(State)
    return state.config if state else None


def _have_all(
    settings: Settings, client: Elasticsearch, items: Sequence[Item], *, config: Path | None, processes: int
) -> None:
    from pipeline.demo import run
    from pipeline.demo.progress import look

    before = look(client, items)
    if before.done:
        err.print(f"all {before.items} articles are indexed already; nothing is pushed", style="dim")
        return
    began = time.monotonic()
    bar = _Bar(before)
    with bar:
        pushed = run.process(settings, client, items, config=config, processes=processes, on_progress=bar.show)
    hidden = before.items - before.visible
    out.print(
        f"pushed {pushed} versions of {before.items} articles: {before.visible} can be found "
        f"{time.monotonic() - began:.0f} s later; {hidden} are killed, withheld or under embargo and cannot",
        markup=False,
    )


class _Bar:
    """A progress bar on a terminal; a line at the beginning elsewhere."""

    def __init__(self, before: Progress) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._bar: AbstractContextManager[Any] = nullcontext()
        self._rich = RichProgress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
        )
        self._task = self._rich.add_task("the worker loads its model", total=before.items)
        if err.is_terminal:
            self._bar = self._rich
        else:
            err.print(f"enriching and indexing {before.items} articles", style="dim")

    def __enter__(self) -> None:
        self._bar.__enter__()

    def __exit__(self, *raised: Any) -> None:
        self._bar.__exit__(*raised)

    def show(self, progress: Progress) -> None:
        """Show how far it is."""
        hidden = progress.items - progress.visible
        self._rich.update(
            self._task,
            description="enriching and indexing" if progress.stored < progress.items else "becoming searchable",
            completed=min(progress.stored, progress.found + hidden),
        )


def _ask(client: Elasticsearch, asked: Sequence[DemoSearch]) -> None:
    from pipeline.index.search import search

    for one in asked:
        answer = search(client, one.request)
        out.print()
        out.print(Text(one.shows, "bold"))
        out.print(Text(f"$ {one.command}", "cyan"))
        for hit in answer.hits[:HITS_SHOWN]:
            _show(hit)
        more = answer.total - HITS_SHOWN
        if more > 0:
            out.print(Text(f"  and {more} more", "dim"))
        if not answer.total:
            out.print(Text("  nothing, as it should be" if not one.expect else "  nothing", "dim"))


def _show(hit: Hit) -> None:
    from rich.table import Table

    head = _marked(hit.headline)
    passages = [_marked(passage) for passage in hit.passages]
    if not head.plain.strip():  # plain text has no headline
        head, passages = (passages or [Text("(no text)")])[0], passages[1:]
    found = [Text.assemble("“", (plain(date.text), MATCHED), f"” is {date.value}") for date in hit.dates[:2]]
    for said in hit.quotations[:1]:
        found.append(Text.assemble((plain(said.speaker or "somebody"), MATCHED), f": {plain(said.text)}"))
    if not found:
        found = [Text.assemble("… ", passage) for passage in passages[:1] if passage.spans]
    rows = Table.grid(padding=(0, 2))
    for date, line in ((hit.versionCreated[:10], head), *(("", line) for line in found)):
        rows.add_row(Text(f"  {date}", "dim", no_wrap=True), line)
    out.print(rows, soft_wrap=False)


def _marked(passage: Passage) -> Text:
    text = Text()
    for segment in passage:
        words = plain(f".{segment.text}.")[1:-1]  # so that the spaces at its ends stay
        text.append(words, MATCHED if segment.matched else None)
    return text


def _go_on(started: Started, *, keep: bool, seconds: float) -> None:
    newswire = _invoked()
    out.print()
    if started.servers and not keep:
        ended = " and ".join(started.servers)
        out.print(f"Done in {seconds:.0f} s. {ended} have ended again; the articles are kept.", markup=False)
        out.print(f"To search them yourself: {newswire} up, then as above; or {newswire} demo --keep", markup=False)
        return
    out.print(f"Done in {seconds:.0f} s. Kafka and Elasticsearch go on running.", markup=False)
    for what, command in (
        ("search", f"{newswire} search --speaker Ægidius"),
        ("read", f"{newswire} web   (the reader's page in the browser)"),
        ("your own articles", f"{newswire} worker &   and   {newswire} push FILE|FOLDER"),
        ("enrichment alone", f"{newswire} enrich FILE"),
        ("what runs", f"{newswire} status"),
        ("stop the servers", f"{newswire} down   (with --delete-data: forget everything)"),
    ):
        out.print(Text.assemble(f"  {what:<18}", (command, "cyan")))


def _page(settings: Settings) -> None:
    """Serve the reader's page until Ctrl-C, where somebody is there to press it; the servers go on afterwards."""
    if not (out.is_terminal and sys.stdin.isatty()):
        return
    from pipeline.errors import Code, UserError
    from pipeline.web import server

    def started(address: str) -> None:
        out.print()
        out.print(Text.assemble("The reader's page is at ", (address, "bold cyan"), " until Ctrl-C."))

    try:
        server.run(settings, started=started)
    except UserError as error:
        if error.code != Code.USAGE:  # another page is there already: this one takes any free port
            raise
        free = settings.web.model_copy(update={"port": 0})
        server.run(settings.model_copy(update={"web": free}), started=started)


def _invoked() -> str:
    """What to type for this program: its name where that is found, else its path."""
    program = Path(sys.argv[0])
    found = shutil.which("newswire")
    if program.name != "newswire" or (found and Path(found).resolve() == program.resolve()):
        return "newswire"
    here = program.absolute()
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)
