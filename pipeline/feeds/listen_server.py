"""The server of `newswire listen`: bound, guarded against silent clients, and ended without cutting anyone off."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

from pipeline.errors import Code, UserError
from pipeline.feeds.listen import Handler, Listener, Rules, is_loopback
from pipeline.feeds.publisher import Publisher
from pipeline.log import get_logger
from pipeline.metrics import OFF, Instruments
from pipeline.settings import Settings

KEEP_ALIVE: Final = 75.0  # seconds that a connection may stay idle between two requests
LINGER: Final = 2.0  # seconds that we read on after a refusal, so that the client gets to see it
SOURCE: Final = "newswire/listen"

log = get_logger("newswire.listen")


@asynccontextmanager
async def listening(
    settings: Settings, *, host: str, port: int, instruments: Instruments = OFF
) -> AsyncIterator[tuple[str, int]]:
    """Serve while the block runs; yields the address that is bound (the port is a free one where 0 was asked for).

    At the end no connection is taken any more, and requests under way are finished, for `listen.kafka_timeout` and
    `listen.read_timeout` seconds at most.

    Raises:
        UserError: `usage` for an address beyond loopback without a token, or one that cannot be bound.
    """
    listen = settings.listen
    rules = Rules(
        token=listen.token.get_secret_value(),
        max_bytes=listen.max_bytes,
        max_requests=listen.max_requests,
        read_timeout=listen.read_timeout,
    )
    if not rules.token and not is_loopback(host):
        raise UserError(
            Code.USAGE,
            f"{host} can be reached from other machines, and no token is set",
            hint="put a secret into a file and name it in [listen] token_file, or listen on 127.0.0.1",
        )
    patience = listen.kafka_timeout + listen.read_timeout
    publisher = Publisher(settings, timeout=listen.kafka_timeout, source=SOURCE, instruments=instruments)
    guard = _Guard(seconds=listen.read_timeout)
    listener = Listener(publisher, rules)
    app = listener.application()
    app.middlewares.append(guard.heard)
    runner = web.AppRunner(
        app,
        auto_decompress=False,  # gzip is unpacked by the parser, within its bounds
        keepalive_timeout=KEEP_ALIVE,
        lingering_time=LINGER,
        access_log=None,
        shutdown_timeout=LINGER,
    )
    await runner.setup()
    assert runner.server is not None, "it is set up"
    try:
        try:
            connection = guard.watched(runner.server)
            server = await asyncio.get_running_loop().create_server(connection, host, port)
        except OSError as error:
            number = error.errno or 0  # negative where a name cannot be resolved
            reason = os.strerror(number) if number > 0 else error.strerror or str(error)
            hint = "name another with --port"
            raise UserError(Code.USAGE, f"cannot listen on {host} port {port}: {reason}", hint=hint) from error
        publisher.check()
        bound = server.sockets[0].getsockname()
        try:
            yield bound[0], bound[1]
        finally:
            server.close()
            await listener.drain(within=patience)
    finally:
        await runner.cleanup()
        await publisher.close()


class _Guard:
    """Closes a connection that never sends a whole request head: aiohttp itself would wait for ever."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._silent: set[int] = set()  # connections without a request; the timer keeps each alive, so ids are unique

    def watched(self, make: Callable[[], Any]) -> Callable[[], Any]:
        """A factory of connections that have to speak in time."""

        def connection() -> Any:
            handler = make()
            self._silent.add(id(handler))
            asyncio.get_running_loop().call_later(self._seconds, self._close_if_silent, handler)
            return handler

        return connection

    @web.middleware
    async def heard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Middleware that notes that a connection has spoken."""
        self._silent.discard(id(request.protocol))
        return await handler(request)

    def _close_if_silent(self, handler: Any) -> None:
        if id(handler) in self._silent:
            self._silent.discard(id(handler))
            handler.force_close()
