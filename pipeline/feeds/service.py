"""All feeds and folders at once, each at its own pace, until told to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from pipeline.feeds.definition import Feeds
from pipeline.feeds.folder import FolderWatch
from pipeline.feeds.hosts import Hosts
from pipeline.feeds.http import Fetcher
from pipeline.feeds.monitoring import monitored
from pipeline.feeds.pages import Pages
from pipeline.feeds.poll import Poller
from pipeline.feeds.publisher import Publisher
from pipeline.feeds.robots import Robots
from pipeline.feeds.state import State, folder_of, sole_writer
from pipeline.feeds.tools import Outcome, Tools
from pipeline.log import get_logger
from pipeline.settings import Settings

SOURCE: Final = "newswire/feed"
STOP_WITHIN: Final = 10.0  # seconds that polls under way get to finish
LONGEST_SLEEP: Final = 60.0  # seconds; the wall clock, which tells when a poll is due, may be set

log = get_logger("newswire.feeds")


@dataclass(frozen=True, slots=True)
class Service:
    """The feeds and folders that are polled by this process."""

    pollers: tuple[Poller, ...]
    watches: tuple[FolderWatch, ...]
    polls: asyncio.Semaphore
    hosts: Hosts

    async def once(self, stop: asyncio.Event) -> list[Outcome]:
        """Poll each feed now, due or not, and push what is in the folders, once its files are finished."""
        tasks = [asyncio.create_task(self._limited(poller)) for poller in self.pollers]
        tasks += [asyncio.create_task(_until_settled(watch)) for watch in self.watches]
        await _until(stop, tasks)
        return [task.result() for task in tasks if not task.cancelled() and task.exception() is None]

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; then polls under way get some seconds to finish.

        Raises:
            Exception: what a poll failed of that is nobody's doing but ours.
        """
        tasks = [asyncio.create_task(self._keep_polling(poller, stop)) for poller in self.pollers]
        tasks += [asyncio.create_task(_keep_looking(watch, stop)) for watch in self.watches]
        await _until(stop, tasks)

    async def _limited(self, poller: Poller) -> Outcome:
        # the host first, so that feeds that wait for a slow one leave the places to others
        async with self.hosts.of(poller.feed.url).polls, self.polls:
            return await poller.poll()

    async def _keep_polling(self, poller: Poller, stop: asyncio.Event) -> None:
        while (wait := poller.due_in()) is not None and not stop.is_set():
            if wait > 0:
                await _sleep(min(wait, LONGEST_SLEEP), stop)
            else:
                await self._limited(poller)
        if not stop.is_set():
            log.warning("%s: is gone (HTTP 410), and not polled any more", poller.feed.name)


async def _keep_looking(watch: FolderWatch, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await watch.look()
        await _sleep(watch.folder.interval, stop)


async def _until_settled(watch: FolderWatch) -> Outcome:
    """Looks until the files that were there at first had time to settle."""
    total = await watch.look()
    end = time.monotonic() + watch.folder.settle
    while watch.waiting and total.error is None:
        await asyncio.sleep(max(0.05, min(watch.folder.interval, end - time.monotonic())))
        late = time.monotonic() >= end
        outcome = await watch.look()
        total.pushed, total.refused = total.pushed + outcome.pushed, total.refused + outcome.refused
        total.error = outcome.error
        if late:
            break
    return total


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[Outcome]] | list[asyncio.Task[None]]) -> None:
    """Wait for all tasks; from `stop` on for some seconds only. A bug in one ends them all."""
    stopping = asyncio.create_task(stop.wait())
    left: set[asyncio.Task[object]] = set(tasks)
    try:
        while left and not stop.is_set():
            finished, _ = await asyncio.wait({*left, stopping}, return_when=asyncio.FIRST_COMPLETED)
            left -= finished
            for task in finished - {stopping}:
                task.result()
        if left:
            finished, left = await asyncio.wait(left, timeout=STOP_WITHIN)
            for task in finished:
                task.result()
    finally:
        stopping.cancel()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@asynccontextmanager
async def service(settings: Settings, feeds: Feeds) -> AsyncIterator[Service]:
    """The feeds and folders of `feeds` (switched on or off: all of them), with what they need, until the block ends.

    Raises:
        UserError: `feed.running` where another process has the same state; `settings`.
    """
    folder = folder_of(settings)
    with sole_writer(folder), monitored(settings, program="newswire feed") as instruments:
        state = State(folder)
        timeout = settings.feeds.kafka_timeout
        publisher = Publisher(settings, timeout=timeout, source=SOURCE, instruments=instruments)
        try:
            hosts = Hosts(connections=feeds.http.per_host, longest_pause=feeds.http.longest_pause)
            async with Fetcher(hosts, contact=feeds.http.contact) as fetcher:
                robots = Robots(fetcher)
                pages = Pages(fetcher, robots, feeds.http)
                tools = Tools(feeds.http, state, publisher, fetcher, robots, pages)
                watches = (FolderWatch(each, state=state, publisher=publisher) for each in feeds.folder)
                try:
                    yield Service(
                        pollers=tuple(Poller(feed, tools) for feed in feeds.feed),
                        watches=tuple(watches),
                        polls=asyncio.Semaphore(feeds.http.polls),
                        hosts=hosts,
                    )
                finally:
                    await pages.close()
        finally:
            await publisher.close()
            state.close()
