"""`newswire alert run`: reads what was enriched, waits until searches show it, and tells whom it concerns.

A turn: take in new records; look which of their articles the index shows in that version or a later one; ask all
alerts of those, and of the articles whose embargo has ended meanwhile; compare with what was told; write down what is
to be told, then send it; move the group's offsets. Whatever moment a runner is killed at, the next one asks again and
compares again. Partitions are shared by as many runners as there are.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from elasticsearch import Elasticsearch

from pipeline.alerts.coverage import MOST, Coverage
from pipeline.alerts.feed import Feed
from pipeline.alerts.model import Alert, Article, Queued, Target, concerns, decide, telling
from pipeline.alerts.outbox import Outbox
from pipeline.alerts.store import AlertStore
from pipeline.alerts.targets import Sender
from pipeline.alerts.told import Told, ToldStore
from pipeline.errors import Transient
from pipeline.log import get_logger
from pipeline.settings import Settings
from pipeline.stream.retry import Backoff

POLL: Final = 0.25  # seconds
SWEEP_EVERY: Final = 0.5  # seconds between two looks for embargoes that ended
ALERTS_EVERY: Final = 2.0  # seconds until an alert that was added or removed counts
WATERMARK_EVERY: Final = 10.0  # seconds
OPEN_MOST: Final = 20_000  # tellings on their way; beyond it nothing is read until some were taken
OVERLAP: Final = timedelta(seconds=5)  # clocks of this machine and of Elasticsearch's may differ by as much
STOP_WITHIN: Final = 5.0  # seconds for what is being sent

log = get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Runner:
    """Tells until it is stopped. `run` blocks; `stop` may be called from a signal or another thread."""

    def __init__(
        self,
        settings: Settings,
        client: Elasticsearch,
        make: Callable[[Target], Sender],
        *,
        clock: Callable[[], datetime] = _now,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._on_ready = on_ready
        self._alerts = AlertStore(client)
        self._told = ToldStore(client)
        self._coverage = Coverage(client)
        self._known: dict[str, Alert] = {}
        self._listed: list[Alert] | None = None
        self._open: dict[str, Told] = {}  # by article id: what was told of those with something on its way
        self._settled: queue.SimpleQueue[Queued] = queue.SimpleQueue()
        self._outbox = Outbox(
            make, on_settled=self._settled.put, give_up=timedelta(hours=settings.alerts.give_up_hours)
        )
        self._partitions: set[int] = set()
        self._fresh: set[int] = set()  # partitions whose unfinished tellings are to be taken over
        self._swept: dict[str, int] = {}  # versions of those that were looked at since they changed without a record
        self._watermark = self._clock()
        self._due: dict[str, float] = {}
        self._full = False
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End after this turn."""
        self._stopping.set()

    def run(self) -> None:
        """Tell until `stop`.

        Raises:
            Fatal: where a server refuses us. A server that is away only delays.
        """
        pauses = Backoff(first=0.2, longest=self._settings.worker.retry_backoff_max)
        with Feed(self._settings, on_assigned=self._take_over, on_revoked=self._hand_over) as feed:
            waiting, ready = pauses.pauses(), False
            while not self._stopping.is_set():
                try:
                    if not ready:
                        self._told.prepare()
                    feed.poll(POLL, more=not self._is_full())
                    self._turn(feed)
                    waiting = pauses.pauses()
                    if not ready and self._partitions:
                        ready = True
                        self._on_ready()
                except Transient as error:
                    log.warning("waiting: %s", error)
                    self._stopping.wait(next(waiting))
            self._outbox.close(STOP_WITHIN)
            self._mark_as_told()
            feed.commit()

    def _turn(self, feed: Feed) -> None:
        if self._is_due("alerts", ALERTS_EVERY):
            self._refresh_alerts()
        self._take_up()
        self._mark_as_told()
        if not self._is_full():
            self._look(feed)
        feed.commit()

    def _look(self, feed: Feed) -> None:
        """Look at what changed, and tell of it."""
        records = feed.waiting.next(MOST)
        states = self._coverage.states(sorted({record.uri for record in records})) if records else {}
        included = [
            record for record in records if record.uri in states and record.included(states[record.uri].version)
        ]
        partitions = {record.uri: record.partition for record in included}
        swept, until = self._sweep(feed) if self._is_due("sweep", SWEEP_EVERY) else ({}, None)
        partitions |= {uri: feed.partition(uri) for uri in swept if uri not in partitions}
        if partitions:
            missing = [uri for uri in swept if uri not in states]
            states |= self._coverage.states(missing) if missing else {}
            uris = list(partitions)
            for at in range(0, len(uris), MOST):
                self._tell(self._coverage.articles(uris[at : at + MOST], states), partitions)
        self._swept |= swept
        feed.waiting.looked_at(included)
        feed.waiting.give_up()
        if until is not None:  # not before what was found is written down
            self._watermark = until
            if self._is_due("watermark", WATERMARK_EVERY):
                self._told.set_watermark(self._partitions, until - OVERLAP)

    def _tell(self, articles: Sequence[Article], partitions: Mapping[str, int]) -> None:
        """Write down what is to be told of these, then queue it."""
        written = self._told.get([article.uri for article in articles if article.uri not in self._open])
        for document in written.values():
            # by a turn that ended before it was queued: its request took too long, or another one after it failed
            self._adopt(document)
        before = written | self._open
        now = self._clock().isoformat(timespec="milliseconds")
        changed: list[Told] = []
        queued: list[Queued] = []
        for article in articles:
            known = before.get(article.uri) or Told(uri=article.uri, partition=partitions[article.uri])
            entries, news = dict(known.told), []
            for name, kind, entry in decide(article, known.told):
                alert = self._known.get(name)
                if alert is not None and kind == "new" and not concerns(alert, article):
                    continue
                entries[name] = entry
                if alert is not None:
                    said = telling(alert, kind, article, time=now)
                    news.append(Queued(telling=said, to=alert.to))
            if entries != known.told:
                changed.append(msgspec.structs.replace(known, told=entries, outbox=(*known.outbox, *news)))
                queued += news
        self._told.put(changed, now=self._clock())
        self._open |= {document.uri: document for document in changed if document.outbox}
        self._outbox.put(queued)

    def _mark_as_told(self) -> None:
        """Write down what the targets have taken."""
        settled: list[Queued] = []
        while not self._settled.empty():
            settled.append(self._settled.get())
        done: dict[str, set[str]] = {}
        for each in settled:
            done.setdefault(each.telling.uri, set()).add(each.telling.id)
        changed = []
        for uri, ids in done.items():
            document = self._open.get(uri)
            if document is not None:
                left = tuple(each for each in document.outbox if each.telling.id not in ids)
                changed.append(msgspec.structs.replace(document, outbox=left))
        try:
            self._told.put(changed, now=self._clock())
        except Transient:
            for each in settled:  # known to have been sent: to be written once Elasticsearch is back
                self._settled.put(each)
            raise
        for document in changed:
            if document.outbox:
                self._open[document.uri] = document
            else:
                del self._open[document.uri]

    def _sweep(self, feed: Feed) -> tuple[dict[str, int], datetime]:
        """Articles of our partitions that changed for readers without a record of their own, with their versions;
        and up to which moment they were looked for."""
        now = self._clock()
        found = self._coverage.swept(self._watermark - OVERLAP)
        self._swept = {uri: version for uri, version in self._swept.items() if uri in found}
        changed = {
            uri: version
            for uri, version in found.items()
            if feed.partition(uri) in self._partitions and self._swept.get(uri) != version
        }
        return changed, now

    def _refresh_alerts(self) -> None:
        listed = self._alerts.all()
        if listed != self._listed:
            self._listed = listed
            self._known = {alert.id: alert for alert in listed}
            self._coverage.use(listed)
            # each number is told, however fast they are added: else the last line would be an older one
            log.info("asks %d alerts", len(listed), extra={"event.id": f"{len(listed)} alerts"})

    def _take_up(self) -> None:
        """Send what a runner that had these partitions before left unfinished."""
        if not self._fresh:
            return
        self._watermark = min(self._watermark, self._told.watermark(self._fresh) or self._watermark)
        for document in self._told.open(self._fresh):
            self._adopt(document)
        self._fresh.clear()

    def _adopt(self, document: Told) -> None:
        """Send what is written down as on its way, though this process does not send it: some may have arrived."""
        if document.outbox and document.uri not in self._open:
            self._open[document.uri] = document
            self._outbox.put(document.outbox, uncertain=True)

    def _take_over(self, partition: int) -> None:
        self._partitions.add(partition)
        self._fresh.add(partition)

    def _hand_over(self, partition: int) -> None:
        self._partitions.discard(partition)
        self._fresh.discard(partition)
        uris = {uri for uri, document in self._open.items() if document.partition == partition}
        self._outbox.drop(lambda queued: queued.telling.uri in uris)
        for uri in uris:
            del self._open[uri]

    def _is_full(self) -> bool:
        """Whether so much is on its way that nothing is added: memory is bounded, and nothing is lost by waiting."""
        full = len(self._outbox) >= OPEN_MOST
        if full and not self._full:
            log.warning(
                "%d tellings are on their way, most of them to %s: nothing is read until some are taken",
                OPEN_MOST,
                self._outbox.slowest(),
            )
        self._full = full
        return full

    def _is_due(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, 0.0):
            return False
        self._due[what] = now + every
        return True
