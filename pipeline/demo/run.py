"""The steps of the demo on the servers of this machine. Whatever it starts, it also ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elasticsearch import Elasticsearch

from pipeline.demo.expected import Item, folder
from pipeline.demo.progress import Progress, look
from pipeline.demo.worker import DemoWorker
from pipeline.errors import Code, Transient, UserError
from pipeline.feeds.producer import ArticleProducer
from pipeline.feeds.push import Push
from pipeline.index.client import connect_sync
from pipeline.index.setup import setup as setup_index
from pipeline.local import stack
from pipeline.local.report import Report
from pipeline.settings import LOCAL, Settings
from pipeline.stream.dead_letter_topic import DeadLetterTopic
from pipeline.stream.topics import create_topics

LOOK_EVERY = 0.2  # seconds
STILL_FOR = 300.0  # seconds without any progress, after which the demo gives up; so long NLP processes may load
SUSPICIOUS_AFTER = 8.0  # seconds without any progress, after which the dead letters are looked at

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Started:
    """What this run of the demo started."""

    servers: tuple[str, ...]  # their titles; none where they ran before


def check_local(settings: Settings) -> None:
    """Refuse to push invented articles to servers that are not the local ones.

    Raises:
        UserError: `settings`.
    """
    if settings.kafka.bootstrap_servers.strip() != LOCAL or settings.elasticsearch.hosts.strip() != LOCAL:
        raise UserError(
            Code.SETTINGS,
            "the demo runs on servers of its own, and the settings name others",
            hint=f"push its articles to them by: newswire push {folder()}",
        )


@contextmanager
def servers(settings: Settings, *, report: Report) -> Iterator[Started]:
    """The local servers, running; those that were started here are stopped where the block fails or is interrupted.

    Raises:
        UserError: as `pipeline.local.stack.up`.
    """
    before = [server.title for server in stack.servers(settings.local) if server.process() is not None]
    stack.up(settings.local, report=report)
    started = Started(tuple(s.title for s in stack.servers(settings.local) if s.title not in before))
    try:
        yield started
    except BaseException:
        stop(settings, started, report=report)
        raise


def stop(settings: Settings, started: Started, *, report: Report) -> None:
    """Stop the servers that this run started, and no others. Blocks until they have ended; their data stays."""
    if len(started.servers) == len(stack.servers(settings.local)):
        stack.down(settings.local, report=report)
        return
    for server in stack.servers(settings.local):
        if server.title in started.servers:
            report.step(f"stopping {server.title}")
            server.stop()


def prepare(settings: Settings) -> Elasticsearch:
    """Create topics, templates, index and aliases where they are missing; a client of Elasticsearch."""
    create_topics(settings)
    client = connect_sync(settings)
    setup_index(client, settings)
    return client


def push(settings: Settings) -> int:
    """Push the demo's files, and return how many articles Kafka acknowledged.

    Raises:
        NewswireError: the first refusal, where there was one.
    """
    run = Push(ArticleProducer(settings), max_bytes=settings.kafka.max_article_bytes)
    report = run.run([str(folder())])
    if report.interrupted:
        raise KeyboardInterrupt
    if report.stopped is not None:
        raise report.stopped
    for refused in report.refused:
        raise refused.error
    return report.articles_pushed


def process(
    settings: Settings,
    client: Elasticsearch,
    items: Sequence[Item],
    *,
    config: Path | None,
    processes: int,
    on_progress: OnProgress,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Push the articles and have a worker process them; returns the articles pushed when readers find them all.

    Raises:
        UserError: `local.failed` with the end of the worker's log, where it ended or nothing moved for five minutes.
        NewswireError: where a push was refused.
    """
    began_ms = round(time.time() * 1000)
    with DemoWorker(processes=processes, config=config) as worker:
        pushed = push(settings)
        best, moved = look(client, items), clock()
        looked = moved
        while not best.done:
            worker.check()
            if clock() - moved > STILL_FOR:
                raise UserError(
                    Code.LOCAL_FAILED,
                    f"{best.stored} of {best.items} articles are indexed and {best.found} of {best.visible} found; "
                    f"nothing has moved for {STILL_FOR:.0f} s\n{worker.tail()}",
                    hint="newswire status",
                )
            if clock() - max(moved, looked) > SUSPICIOUS_AFTER:
                _check_dead_letters(settings, items, began_ms=began_ms)
                looked = clock()
            time.sleep(LOOK_EVERY)
            now = _look_again(client, items)
            if now is not None and now != best:
                best, moved = now, clock()
                on_progress(best)
    return pushed


def _look_again(client: Elasticsearch, items: Sequence[Item]) -> Progress | None:
    try:
        return look(client, items)
    except Transient:  # busy for a moment; the time without progress is bounded
        return None


def _check_dead_letters(settings: Settings, items: Sequence[Item], *, began_ms: int) -> None:
    """Raise UserError `local.failed` where an article of ours has become a dead letter in this run."""
    slugs = {item.article.uri.encode(): item.slug for item in items}
    with DeadLetterTopic(settings) as topic:
        failed = [
            f"{slugs[letter.key]}: {letter.reason}: {letter.origin.message}"
            for letter in topic.letters()
            if letter.key in slugs and letter.origin and letter.arrived_ms >= began_ms
        ]
    if failed:
        raise UserError(
            Code.LOCAL_FAILED,
            "\n  ".join([f"{len(failed)} articles have become dead letters, the first of them:", *failed[:5]]),
            hint="newswire up, then: newswire dead-letters list",
        )
