"""`newswire enrich` without its command line: items from a reader through the pool, line by line to a writer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from pipeline.article import FailedArticle
from pipeline.enrich.inputs import Item, failed
from pipeline.enrich.messages import WireRecord
from pipeline.enrich.pool import EnrichPool, Result
from pipeline.errors import Poison
from pipeline.settings import Settings

BATCH_BYTES: Final = 2_000_000
IN_FLIGHT: Final = 3  # batches under way at once: one written, one worked on, one waiting

_encoder = msgspec.json.Encoder()


class _End:
    """The reader's last word: it is through, or what stopped it."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


async def run(
    items: Iterator[Item],
    *,
    settings: Settings,
    processes: int,
    write: Callable[[bytes], None],
    on_progress: Callable[[Item], None] = lambda item: None,
) -> int:
    """Enrich all items and write one line for each, in order; returns how many of them are failures.

    A batch is what has been read when the pool has room, so a slow pipe gets its answers at once; memory is bounded
    by a few batches.

    Args:
        items: read in a thread of their own.
        settings: of the pool.
        processes: NLP processes.
        write: takes lines, each with its line end, and may block.
        on_progress: told each item whose line was written.

    Raises:
        UserError, Fatal: as `EnrichPool`; and what `items` and `write` raise.
    """
    pool = EnrichPool(settings, processes=processes)
    try:
        reader = _Reader(items, asyncio.get_running_loop())
        await pool.start()
        under_way: asyncio.Queue[tuple[list[Item], asyncio.Task[list[Result]]] | None] = asyncio.Queue(IN_FLIGHT - 1)
        writer = asyncio.create_task(_write_all(under_way, write, on_progress))
        try:
            await _submit_all(reader, under_way, pool, writer, most=settings.enrichment.batch_size * processes)
            return await writer
        finally:
            writer.cancel()
    finally:
        await pool.close()


class _Reader:
    """A thread that hands items to the loop, a bounded number ahead of it.

    No coroutine crosses over: one that is scheduled on a loop about to close would never be awaited.
    """

    AHEAD: Final = 64

    def __init__(self, items: Iterator[Item], loop: asyncio.AbstractEventLoop) -> None:
        self._items = items
        self._loop = loop
        self._queue: asyncio.Queue[Item | _End] = asyncio.Queue()
        self._room = threading.Semaphore(self.AHEAD)
        # a daemon: it may wait for ever in a pipe, and must not keep the command from ending
        threading.Thread(target=self._read, name="reader", daemon=True).start()

    async def get(self) -> Item | _End:
        """The next item, when there is one."""
        return self._taken(await self._queue.get())

    def get_nowait(self) -> Item | _End | None:
        """The next item if it has been read already."""
        return None if self._queue.empty() else self._taken(self._queue.get_nowait())

    def _taken(self, item: Item | _End) -> Item | _End:
        self._room.release()
        return item

    def _read(self) -> None:
        last = _End()
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except Exception as error:  # noqa: BLE001 - raised again where it can be seen
            last = _End(error)
        self._put(last)

    def _put(self, item: Item | _End) -> bool:
        self._room.acquire()
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, item)
        except RuntimeError:  # the loop is closed: nobody listens any more
            return False
        return True


async def _submit_all(
    reader: _Reader,
    under_way: asyncio.Queue[tuple[list[Item], asyncio.Task[list[Result]]] | None],
    pool: EnrichPool,
    writer: asyncio.Task[int],
    *,
    most: int,
) -> None:
    while not writer.done():
        reading = asyncio.ensure_future(reader.get())
        await asyncio.wait((reading, writer), return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            reading.cancel()
            return
        batch: list[Item] = []
        read: Item | _End | None = reading.result()
        size = 0
        while isinstance(read, Item):
            batch.append(read)
            size += read.size
            if len(batch) >= most or size >= BATCH_BYTES:
                break
            read = reader.get_nowait()
        if batch:
            records = [item.content for item in batch if isinstance(item.content, WireRecord)]
            await _put(under_way, (batch, asyncio.create_task(pool.enrich(records))), writer)
        if isinstance(read, _End):
            await _put(under_way, None, writer)
            if read.error is not None:
                raise read.error
            return


async def _put(
    under_way: asyncio.Queue[tuple[list[Item], asyncio.Task[list[Result]]] | None],
    entry: tuple[list[Item], asyncio.Task[list[Result]]] | None,
    writer: asyncio.Task[int],
) -> None:
    # a writer that failed never makes room
    putting = asyncio.ensure_future(under_way.put(entry))
    await asyncio.wait((putting, writer), return_when=asyncio.FIRST_COMPLETED)
    putting.cancel()


async def _write_all(
    under_way: asyncio.Queue[tuple[list[Item], asyncio.Task[list[Result]]] | None],
    write: Callable[[bytes], None],
    on_progress: Callable[[Item], None],
) -> int:
    failures = 0
    while (entry := await under_way.get()) is not None:
        batch, task = entry
        results = iter(await task)
        lines: list[bytes] = []
        for item in batch:
            content = item.content
            if isinstance(content, WireRecord):
                result = next(results)
                if isinstance(result, Poison):
                    content = failed(item.uri, result)
                else:
                    lines += [record.value + b"\n" for record in result]
            if isinstance(content, FailedArticle):
                failures += 1
                lines.append(_encoder.encode(content) + b"\n")
        write(b"".join(lines))
        for item in batch:
            on_progress(item)
    return failures
