"""Articles onto the wire topic for programs that run for long: the broker may come and go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from pipeline.article import WireArticle
from pipeline.errors import NewswireError, Poison
from pipeline.feeds.producer import ArticleProducer, OnDelivery
from pipeline.metrics import OFF, Instruments
from pipeline.settings import Settings
from pipeline.stream.retry import Backoff

FIRST_PAUSE: Final = 0.5  # seconds without a try after Kafka did not answer
LONGEST_PAUSE: Final = 15.0


def _pauses() -> Iterator[float]:
    return Backoff(first=FIRST_PAUSE, longest=LONGEST_PAUSE).pauses()


class Publisher:
    """Pushes articles from asyncio, and says of each when the brokers have it.

    An `ArticleProducer` fails for good once an article was not acknowledged; here the next call makes a new one.
    While the broker is away calls are answered at once, but for one now and then that tries it. What is under way is
    bounded by the producer; `publish` waits while it is full.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float,
        source: str,
        clock: Callable[[], float] = time.monotonic,
        instruments: Instruments = OFF,
    ) -> None:
        """Nothing is connected yet.

        Args:
            timeout: seconds that Kafka has to acknowledge an article, or to answer at all.
            source: who pushes, the CloudEvents attribute `source`.
            clock: seconds, monotonic.
            instruments: measure what is pushed.
        """
        self._settings = settings
        self._instruments = instruments
        self._timeout = timeout
        self._source = source
        self._clock = clock
        # the producer belongs to this thread; only `_away` is written in others
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publisher")
        self._producer: ArticleProducer | None = None
        self._away: NewswireError | None = None
        self._try_at = 0.0
        self._checking = False
        self._pauses = _pauses()

    @property
    def away(self) -> NewswireError | None:
        """Why Kafka could not be reached at the last try, None where all is well or nothing was tried."""
        return self._away

    @property
    def retry_in(self) -> float:
        """Seconds until Kafka is tried again."""
        return max(0.0, self._try_at - self._clock()) if self._away else 0.0

    async def publish(self, articles: Sequence[WireArticle]) -> list[NewswireError | None]:
        """Push all of them, and wait until each is answered for; one answer an article, in order.

        None: the brokers have it. `Poison`: it can never be pushed. Anything else: it was not acknowledged, and may
        be in Kafka or not; pushing it again is harmless.
        """
        loop = asyncio.get_running_loop()
        answers: list[asyncio.Future[NewswireError | None]] = [loop.create_future() for _ in articles]
        tell = [self._teller(loop, answer) for answer in answers]
        await loop.run_in_executor(self._thread, self._hand_over, articles, tell)
        return [await answer for answer in answers]

    def check(self) -> None:
        """Have Kafka tried, if it is time to; what comes of it shows in `away`. Does not block."""
        if not self._checking and (self._producer is None or self._away is not None) and not self.retry_in:
            self._checking = True
            asyncio.get_running_loop().run_in_executor(self._thread, self._check)

    async def close(self) -> None:
        """Disconnect; articles that somebody still waits for are answered as not acknowledged."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown(wait=False)

    def _teller(self, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[NewswireError | None]) -> OnDelivery:
        def settle(error: NewswireError | None) -> None:
            if not answer.done():  # the caller may have been cancelled
                answer.set_result(error)

        def tell(error: NewswireError | None) -> None:  # in a thread of the client
            if error is not None and not isinstance(error, Poison):
                self._away = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, error)

        return tell

    def _hand_over(self, articles: Sequence[WireArticle], tell: Sequence[OnDelivery]) -> None:
        for article, answer in zip(articles, tell, strict=True):
            try:
                self._connected().push(article, on_delivery=answer)
            except NewswireError as error:
                answer(error)

    def _connected(self) -> ArticleProducer:
        if self._away is not None:
            if self._clock() < self._try_at:
                raise self._away
            self._drop()
        if self._producer is None:
            try:
                self._producer = ArticleProducer(
                    self._settings, timeout=self._timeout, source=self._source, instruments=self._instruments
                )
            except NewswireError as error:
                self._away = error
                self._try_at = self._clock() + next(self._pauses)
                raise
            self._away = None
            self._pauses = _pauses()
        return self._producer

    def _drop(self) -> None:
        if self._producer is not None:
            self._producer.close()  # answers for what is left
            self._producer = None

    def _check(self) -> None:
        try:
            self._connected()
        except NewswireError:
            pass  # it is in `away`
        finally:
            self._checking = False
