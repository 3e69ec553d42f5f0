"""Whether a worker lives and whether it can work: the answers behind `/live` and `/ready`.

Live: the event loop turns and the watchdog sees no stall; whoever is not live should be ended and started again.
Ready: the NLP processes are up, partitions are assigned, both servers answer; whoever is not ready only waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiokafka.client import AIOKafkaClient
from elastic_transport import ApiError, TransportError
from elasticsearch import AsyncElasticsearch

from pipeline.errors import NewswireError
from pipeline.kafka import async_connection
from pipeline.log import get_logger
from pipeline.settings import Settings
from pipeline.stream.loop import Progress
from pipeline.stream.monitor import Answer

log = get_logger(__name__)

BLOCKED_AFTER = 30.0  # seconds without a turn of the event loop; NLP runs in processes of its own, so it never blocks
ANSWER_WITHIN = 3.0  # seconds that a server may take
TURNS_WITHIN = 1.0  # seconds more that the event loop may take to ask and to tell
KEEP = 1.0  # seconds for which an answer is given again, so that nobody makes us ask the servers too often

Check = Callable[[], Awaitable[str]]  # the reason why not, empty where all is well


class Health:
    """Asked by the thread of the monitor; the checks of `ready` run in the event loop."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        progress: Mapping[str, Progress],
        *,
        stall: Callable[[], NewswireError | None],
        ready: Mapping[str, Check],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is asked yet.

        Args:
            loop: the event loop of the worker.
            progress: of each agent.
            stall: what stands still at this moment, as `Watchdog.problem` says.
            ready: the checks of readiness by name.
            clock: seconds, monotonic.
        """
        self._loop = loop
        self._progress = progress
        self._stall = stall
        self._checks = ready
        self._clock = clock
        self._beat = clock()
        self._kept: tuple[float, Answer] | None = None

    def beat(self) -> None:
        """The event loop is alive; it says so every second or so."""
        self._beat = self._clock()

    def live(self) -> Answer:
        """Whether the worker moves; never blocks."""
        silent = self._clock() - self._beat
        stalled = self._stall()
        checks = {
            "event_loop": f"no turn for {silent:.0f} s" if silent > BLOCKED_AFTER else "",
            "watchdog": str(stalled) if stalled else "",
        }
        return Answer(not any(checks.values()), checks)

    def ready(self) -> Answer:
        """Whether the worker can do its work. Blocks for `ANSWER_WITHIN + TURNS_WITHIN` at most."""
        now = self._clock()
        if self._kept is not None and now - self._kept[0] < KEEP:
            return self._kept[1]
        future = asyncio.run_coroutine_threadsafe(self._all(), self._loop)
        try:
            checks = future.result(ANSWER_WITHIN + TURNS_WITHIN)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the monitor
            future.cancel()
            checks = {"event_loop": f"no answer: {type(error).__name__}"}
        answer = Answer(not any(checks.values()), checks)
        self._kept = (now, answer)
        return answer

    async def _all(self) -> dict[str, str]:
        names = list(self._checks)
        reasons = await asyncio.gather(*(_within(self._checks[name]) for name in names))
        waiting = {
            f"agent_{name}": f"waits: {progress.waiting}" if progress.waiting else ""
            for name, progress in self._progress.items()
        }
        return dict(zip(names, reasons, strict=True)) | waiting


async def _within(check: Check) -> str:
    try:
        return await asyncio.wait_for(check(), ANSWER_WITHIN)
    except TimeoutError:
        return f"no answer within {ANSWER_WITHIN:.0f} s"
    except Exception as error:  # noqa: BLE001 - a check that fails is an answer
        return f"{type(error).__name__}: {error}"[:300]


async def kafka_answers(settings: Settings) -> str:
    """Whether a broker answers; a new connection each time, since an old one may not notice that its end is gone."""
    # kafka-python's name for the topics that it follows: only one, or the broker would describe all that it has
    client: Any = AIOKafkaClient(**async_connection(settings, client_id="newswire-health"))
    client.set_topics([settings.topics.wire])
    try:
        await client.bootstrap()
    finally:
        await client.close()
    return ""


async def elasticsearch_answers(client: AsyncElasticsearch) -> str:
    """Whether Elasticsearch answers, whatever it says: what our user may not do is nothing to be told here."""
    try:
        await client.options(request_timeout=ANSWER_WITHIN).cluster.health()
    except ApiError as error:
        return f"it answers {error.meta.status}" if error.meta.status >= 500 else ""
    except TransportError as error:
        return str(error.message)[:300]
    return ""
