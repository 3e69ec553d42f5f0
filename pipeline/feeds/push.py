"""A push: every article of every file to the wire topic, and an answer for each of them at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from pipeline.errors import NewswireError, Poison
from pipeline.feeds.files import Delivery, Refused, Source, deliveries, find
from pipeline.feeds.producer import ArticleProducer, OnDelivery
from pipeline.wire import parse_each


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """An article that was sent and not acknowledged: it may be in Kafka or not; pushing it again does no harm."""

    name: str
    uri: str
    error: NewswireError


@dataclass
class PushReport:
    """What became of what was to be pushed. A file is pushed when all its articles were acknowledged."""

    files: int = 0  # that were tried
    files_done: int = 0  # all answered for, pushed or refused
    files_pushed: int = 0
    articles_pushed: int = 0
    refused: list[Refused] = field(default_factory=list)
    unacknowledged: list[Unacknowledged] = field(default_factory=list)
    files_not_tried: int = 0  # or left in the midst
    first_not_tried: str | None = None
    stopped: NewswireError | None = None  # why the rest was not tried
    interrupted: bool = False  # by Ctrl-C

    @property
    def exit_status(self) -> int:
        """0: everything was pushed; 130: Ctrl-C; 75 or 78: Kafka stopped it; 1: something was refused."""
        if self.interrupted:
            return 130
        if self.stopped is not None:
            return self.stopped.exit_status
        return 1 if self.refused or self.unacknowledged else 0


class Push:
    """One run over files; `report` may be read at any time, also from another thread."""

    def __init__(
        self,
        producer: ArticleProducer,
        *,
        max_bytes: int,
        format: str = "auto",
        default_date: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Args as those of `pipeline.wire.parse_each`; `max_bytes` is the limit of an article."""
        self.report = PushReport()
        self._producer = producer
        self._max_bytes = max_bytes
        self._format = format
        self._default_date = default_date
        self._clock = clock
        self._lock = threading.Lock()

    @property
    def in_flight(self) -> int:
        """Articles that were sent and are not answered for."""
        return self._producer.in_flight

    def run(self, arguments: Sequence[str]) -> PushReport:
        """Push all that `arguments` name. Blocks until each article is answered for.

        Ctrl-C stops reading and waits for what was sent; a second one gives that up, too. What stops the whole push
        (Kafka refuses, or did not answer within the producer's time-out) is in the report, not raised.
        """
        try:
            for source in find(arguments):
                self._take(source)
            self._producer.flush()
        except KeyboardInterrupt:
            self.report.interrupted = True
            self._wait_once_more()
        except NewswireError as error:
            self.report.stopped = error
        self._producer.close()
        self._conclude(arguments)
        return self.report

    def _wait_once_more(self) -> None:
        try:
            self._producer.flush()
        except KeyboardInterrupt:
            return

    def _conclude(self, arguments: Sequence[str]) -> None:
        report = self.report
        if report.interrupted or report.stopped is not None or report.unacknowledged:
            self._count_the_rest(arguments)
        if report.unacknowledged and not report.interrupted:
            report.stopped = report.stopped or report.unacknowledged[0].error

    def _count_the_rest(self, arguments: Sequence[str]) -> None:
        # found anew, in the same order: Ctrl-C may have ended the walk itself
        report = self.report
        for source in islice(find(arguments), report.files, None):
            report.files_not_tried += 1
            report.first_not_tried = report.first_not_tried or source.name

    def _take(self, source: Source | Refused) -> None:
        if isinstance(source, Refused):
            self._refuse(source)
            self._settle(_File(failed=True), tried=True)
            return
        file = _File()
        try:
            for delivery in deliveries(source, format=self._format, limit=self._max_bytes):
                if isinstance(delivery, Refused):
                    file.failed = True
                    self._refuse(delivery)
                else:
                    self._push(delivery, file)
        except BaseException:  # the push stops in the midst of this file: it counts as not tried
            file.failed = True
            self._settle(file)
            raise
        self._settle(file, tried=True)

    def _push(self, delivery: Delivery, file: _File) -> None:
        results = parse_each(
            delivery.data, format=delivery.format, default_date=self._default_date, now=self._clock()
        )
        for article in results:
            if isinstance(article, Poison):
                file.failed = True
                self._refuse(Refused(delivery.name, article))
                continue
            with self._lock:
                file.open += 1
            try:
                self._producer.push(article, on_delivery=self._answer(file, delivery.name, article.uri))
            except Poison as refusal:
                file.failed = True
                self._refuse(Refused(delivery.name, refusal))
                self._settle(file)

    def _answer(self, file: _File, name: str, uri: str) -> OnDelivery:
        def answered(error: NewswireError | None) -> None:  # in the producer's thread
            if error is None:
                with self._lock:
                    self.report.articles_pushed += 1
            else:
                file.failed = True
                if isinstance(error, Poison):
                    self._refuse(Refused(name, error))
                else:
                    with self._lock:
                        self.report.unacknowledged.append(Unacknowledged(name, uri, error))
            self._settle(file)

        return answered

    def _refuse(self, refused: Refused) -> None:
        with self._lock:
            self.report.refused.append(refused)

    def _settle(self, file: _File, *, tried: bool = False) -> None:
        with self._lock:  # no call in it: Ctrl-C comes before all of this or after
            self.report.files += tried
            file.open -= 1
            if file.open == 0:
                self.report.files_done += 1
                self.report.files_pushed += not file.failed


@dataclass(slots=True)
class _File:
    """A file under way: its articles that are not answered for, and one for the reading itself."""

    open: int = 1
    failed: bool = False
