"""A wire that does not stop: articles pushed at a steady rate by a thread, each in the ledger before its push.

What the brokers did not acknowledge is pushed again, as an agency's sender would do it; pushing twice is harmless.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from pipeline.article import WireArticle
from pipeline.errors import NewswireError
from pipeline.feeds.producer import ArticleProducer
from pipeline.settings import Settings
from tests.support.ledger import Ledger
from tests.support.news import article

PUSH_TIMEOUT = 60.0  # seconds an article may wait for its acknowledgement before it is pushed anew
ROUNDS = 50  # connections that may fail before the test does
CORRECTED = 4  # every fourth article gets a correction


def wire(prefix: str) -> Iterator[WireArticle]:
    """Short articles (about 60 words) without end; every fourth is followed by the correction of an earlier one."""
    for number in count():
        yield article(number, prefix=prefix, sentences=1)
        if number % CORRECTED == CORRECTED - 1:
            yield article(number - 2, prefix=prefix, version=2, sentences=1)


class Feed:
    """See the module."""

    def __init__(self, settings: Settings, articles: Iterable[WireArticle], ledger: Ledger) -> None:
        self._settings = settings
        self._articles = iter(articles)
        self._ledger = ledger
        self._changed = threading.Condition()  # guards what follows
        self._under_way: dict[int, WireArticle] = {}
        self._last = 0
        self._fresh: list[str] = []  # ids in the order of their first push
        self._wanted = 0
        self._rate = 0.0
        self._ending = False
        self._paused = False
        self._failure: BaseException | None = None
        self.pushed = 0  # acknowledged
        self.again = 0  # pushed once more, since no acknowledgement came
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self, *, burst: int, rate: float) -> None:
        """Push `burst` articles at once, and from then on `rate` a second."""
        self._wanted, self._rate = burst, rate
        self._thread.start()

    def next_uris(self, number: int = 1, timeout: float = 120.0) -> list[str]:
        """Ids of articles whose first push begins after this call. Blocks until it does."""
        with self._changed:
            end = len(self._fresh) + number
            self._changed.wait_for(lambda: len(self._fresh) >= end or self._failure, timeout)
            assert len(self._fresh) >= end, f"the feed stands still: {self._failure!r}"
            return self._fresh[end - number : end]

    def pause(self, paused: bool) -> None:
        """Hand nothing over until it is told to go on; blocks until what was under way is acknowledged."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()
            if paused:
                assert self._changed.wait_for(lambda: not self._under_way, PUSH_TIMEOUT), "not acknowledged"

    def finish(self, at_least: int, timeout: float = 240.0) -> None:
        """Push on until `at_least` articles were handed over, and until all of them are acknowledged."""
        with self._changed:
            self._wanted = max(self._wanted, at_least - self._last)
            self._ending = True
            self._changed.notify_all()
        self._thread.join(timeout)
        assert not self._thread.is_alive(), "the feed did not end"
        assert self._failure is None, repr(self._failure)

    def end(self) -> None:
        """End it as it is; does not wait."""
        with self._changed:
            self._ending = True
            self._paused = False
            self._wanted = 0
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            for _ in range(ROUNDS):
                try:
                    with ArticleProducer(self._settings, timeout=PUSH_TIMEOUT, source="test/feed") as producer:
                        self._push_all(producer)
                except NewswireError as error:  # the broker is away for long, or has lost track of us
                    problem: BaseException | None = error
                else:
                    problem = None
                if problem is None and not self._under_way:
                    return
            raise AssertionError(f"after {ROUNDS} connections {len(self._under_way)} articles are left: {problem!r}")
        except BaseException as error:  # noqa: BLE001 - told where the test waits
            with self._changed:
                self._failure = error
                self._changed.notify_all()

    def _push_all(self, producer: ArticleProducer) -> None:
        left = list(self._under_way.items())
        self.again += len(left)
        for ticket, one in left:
            self._push(producer, ticket, one)
        due = time.monotonic()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._paused)
                if self._wanted > 0:
                    self._wanted -= 1
                elif self._ending:
                    return
                else:
                    due = max(due + 1 / self._rate, time.monotonic() - 30)  # what came meanwhile comes at once
                    self._changed.wait_for(lambda: self._ending or self._paused, due - time.monotonic())
                    if self._ending or self._paused:
                        continue
                one = next(self._articles)
                if one.uri not in self._ledger.expected:
                    self._fresh.append(one.uri)
                self._ledger.note(one)
                self._last += 1
                self._under_way[self._last] = one
                ticket = self._last
                self._changed.notify_all()
            self._push(producer, ticket, one)

    def _push(self, producer: ArticleProducer, ticket: int, one: WireArticle) -> None:
        def answered(error: NewswireError | None) -> None:
            if error is None:
                with self._changed:
                    if self._under_way.pop(ticket, None) is not None:
                        self.pushed += 1
                        self._changed.notify_all()

        producer.push(one, on_delivery=answered)


@contextmanager
def feeding(
    settings: Settings, ledger: Ledger, *, articles: Iterable[WireArticle] | None = None, burst: int, rate: float
) -> Iterator[Feed]:
    """A feed that has begun; it is told to end when the block is left."""
    feed = Feed(settings, wire(ledger.prefix) if articles is None else articles, ledger)
    feed.start(burst=burst, rate=rate)
    try:
        yield feed
    finally:
        feed.end()
