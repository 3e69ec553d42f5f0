"""`newswire setup`: topics in Kafka; templates, index and aliases in Elasticsearch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.text import Text

from pipeline.commands.common import err, out, script_json, settings_of
from pipeline.errors import Transient

if TYPE_CHECKING:
    from pipeline.index.setup import Step
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
    as_json: Annotated[bool, typer.Option("--json", help="Report as one JSON object.")] = False,
) -> None:
    """Create the topics, and the templates, index and aliases in Elasticsearch.

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
    if as_json:
        import msgspec

        out.print(
            script_json({"topics": msgspec.to_builtins(topics), "index": msgspec.to_builtins(steps)}), markup=False
        )
        return
    for kind, name, done, detail in (*_topic_lines(topics), *_step_lines(steps)):
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


def _step_lines(steps: list[Step]) -> Iterator[tuple[str, str, str, str]]:
    for step in steps:
        yield step.kind, step.name, step.done, step.detail
