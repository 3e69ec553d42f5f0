"""`newswire setup`: topics in Kafka; templates, index and aliases in Elasticsearch; dashboards in Kibana."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.text import Text

from pipeline.commands.common import err, out, script_json, settings_of
from pipeline.errors import Code, Transient, UserError

if TYPE_CHECKING:
    from pipeline.index.setup import Step
    from pipeline.kibana.importer import Step as KibanaStep
    from pipeline.settings import Settings
    from pipeline.stream.topics import TopicReport

FIRST_PAUSE = 0.5  # seconds between two tries while a server starts; it doubles
LONGEST_PAUSE = 4.0

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add `setup` to the command line."""
    app.command()(setup)


def setup(
    context: typer.Context,
    wait: Annotated[
        float, typer.Option("--wait", min=0.0, metavar="SECONDS", help="How long a server may take to start.")
    ] = 60.0,
    kibana: Annotated[
        str | None,
        typer.Option("--kibana", metavar="URL", help="Import the dashboards there, instead of to kibana.url."),
    ] = None,
    kibana_file: Annotated[
        Path | None,
        typer.Option("--kibana-file", metavar="FILE", help="Write the dashboards to a file, to be imported by hand."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Create the topics; templates, index and aliases in Elasticsearch; dashboards in Kibana, where one is set.

    It may be run again at any time: what is there already is brought in line with the settings, nothing is deleted,
    and what must not change stays and is named. Run it before the workers of a new release start.

    Exit status: 0 all is set up, 75 a server did not answer in time, 78 a server refused.
    """
    settings = settings_of(context)
    from pipeline.index.client import connect_sync
    from pipeline.index.setup import setup as setup_index
    from pipeline.stream.topics import create_topics

    topics = _patiently(lambda: create_topics(settings), wait=wait)

    def index() -> list[Step]:
        with connect_sync(settings) as client:
            return setup_index(client, settings)

    steps = _patiently(index, wait=wait)
    if not as_json:
        _print((*_topic_lines(topics), *_step_lines(steps)))
    in_kibana = _kibana(settings, kibana, kibana_file, wait=wait)
    if not as_json:
        _print(_step_lines(in_kibana))
        return
    import msgspec

    report = {"topics": topics, "index": steps, "kibana": in_kibana}
    out.print(script_json(msgspec.to_builtins(report)), markup=False)


def _kibana(settings: Settings, url: str | None, file: Path | None, *, wait: float) -> list[KibanaStep]:
    """The dashboards into a file, into Kibana, into both or nowhere."""
    address = settings.kibana.url if url is None else url
    if not address and file is None:
        return []
    from pipeline.kibana.build import build, ndjson
    from pipeline.kibana.client import KibanaClient
    from pipeline.kibana.importer import import_objects, secure_suggestions
    from pipeline.kibana.sources import load

    objects = build(load())
    if file is not None:
        try:
            file.write_bytes(ndjson(objects))
        except OSError as error:
            raise UserError(Code.FILE_UNREADABLE, f"{file}: cannot be written: {error.strerror}") from error
        err.print(Text(f"{file}: import it in Kibana under Stack Management, Saved Objects", "dim"))
    if not address:
        return []
    section = settings.kibana.model_copy(update={"url": address})
    client = KibanaClient(settings.model_copy(update={"kibana": section}))
    # the setting first: with it nothing is shown that the alias hides
    suggestions = _patiently(lambda: secure_suggestions(client), wait=wait)
    return [*_patiently(lambda: import_objects(client, objects), wait=wait), suggestions]


def _print(lines: Iterable[tuple[str, str, str, str]]) -> None:
    for kind, name, done, detail in lines:
        line = Text.assemble((f"{done:<10}", _STYLES.get(done, "")), f"{kind} {name}")
        if detail:
            line.append(f"  ({detail})", "dim")
        out.print(line)


_STYLES = {"created": "green", "updated": "green", "changed": "green", "unchanged": "dim", "kept": "yellow"}


def _patiently(call: Callable[[], T], *, wait: float) -> T:
    """Call until it succeeds; a server that does not answer yet is asked again for `wait` seconds."""
    deadline = time.monotonic() + wait
    pause = FIRST_PAUSE
    told = False
    while True:
        try:
            return call()
        except Transient as error:
            if time.monotonic() + pause > deadline:
                raise
            if not told:
                err.print(Text(f"waiting: {error}", "dim"))
                told = True
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _topic_lines(topics: list[TopicReport]) -> Iterator[tuple[str, str, str, str]]:
    for topic in topics:
        done = "created" if topic.created else "updated" if topic.changed else "unchanged"
        yield "topic", topic.name, done, "; ".join(topic.changed)
        for remark in topic.remarks:
            yield "topic", topic.name, "kept", remark


def _step_lines(steps: Sequence[Step | KibanaStep]) -> Iterator[tuple[str, str, str, str]]:
    for step in steps:
        yield step.kind, step.name, step.done, step.detail
