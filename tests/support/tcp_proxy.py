"""A real TCP proxy on loopback whose connections a test cuts, delays, or leaves half open.

It stands between a client and one server. A test changes its behaviour from its own thread; what is under way when
it does obeys at once.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536  # bytes read at once


class TcpProxy:
    """A running proxy, at `127.0.0.1:port`."""

    def __init__(self, target: tuple[str, int], port: int = 0) -> None:
        self.port = port
        self.connections = 0  # accepted so far
        self._target = target
        self._delay = 0.0
        self._refusing = False
        self._pairs: set[_Pair] = set()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tcp-proxy", daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        assert self._started.wait(120), "the proxy did not start"

    def stop(self) -> None:
        """End every connection and the proxy."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def cut(self) -> None:
        """Break every connection that is open, at both sides; new ones are welcome."""
        self._each(_Pair.abort)

    def half_open(self) -> None:
        """Lose the server's side of every open connection without a word to the client; new ones are welcome.

        So it is after a firewall forgot a connection, or a host lost its power: what the client sends goes nowhere.
        """
        self._each(_Pair.lose_server)

    def delay(self, seconds: float) -> None:
        """Hold every chunk back for so long, in both directions; 0 for none."""
        self._delay = seconds

    def refuse(self, refusing: bool) -> None:
        """Break new connections at once, and those that are open; or take them again."""
        self._refusing = refusing
        if refusing:
            self.cut()

    def _each(self, action: Callable[[_Pair], None]) -> None:
        done = threading.Event()

        def run() -> None:
            for pair in list(self._pairs):
                action(pair)
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(120), "the proxy stands still"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self._refusing:
            writer.transport.abort()
            return
        try:
            server = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = _Pair(writer, server[1])
        self._pairs.add(pair)
        try:
            await asyncio.gather(self._pump(reader, server[1], pair), self._pump(server[0], writer, pair))
        finally:
            pair.abort()
            self._pairs.discard(pair)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, pair: _Pair) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                if self._delay:
                    await asyncio.sleep(self._delay)
                if not pair.lost:
                    sink.write(data)
                    await sink.drain()
        if not pair.lost:
            pair.abort()
        elif sink is pair.client:  # the server's side has ended: the client must not learn of it
            with suppress(asyncio.CancelledError):
                await pair.client_gone.wait()
        else:
            pair.client_gone.set()


class _Pair:
    """A connection of a client, and the one to the server that belongs to it."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server
        self.lost = False
        self.client_gone = asyncio.Event()

    def abort(self) -> None:
        self.client_gone.set()
        self.client.transport.abort()
        self.server.transport.abort()

    def lose_server(self) -> None:
        self.lost = True
        self.server.transport.abort()


@contextmanager
def tcp_proxy(host: str, target_port: int, *, port: int = 0) -> Iterator[TcpProxy]:
    """A proxy to the server at `host:target_port`, on `port` or a free one."""
    running = TcpProxy((host, target_port), port)
    running.start()
    try:
        yield running
    finally:
        running.stop()
