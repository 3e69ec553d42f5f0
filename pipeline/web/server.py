"""The server of the page: bound to loopback unless told otherwise, ended by Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from aiohttp import web

from pipeline.errors import Code, UserError
from pipeline.index.client import connect
from pipeline.log import get_logger
from pipeline.settings import Settings
from pipeline.web import atlas, files, guard
from pipeline.web.api import Api

ANSWER_WITHIN = 10.0  # seconds at most for Elasticsearch: a reader does not wait for longer
SHUTDOWN_WITHIN = 2.0  # seconds that answers under way have when the server ends

log = get_logger(__name__)


def names(settings: Settings) -> tuple[str, ...]:
    """The names under which the page may be reached, besides addresses in digits and localhost."""
    return tuple(part.strip() for part in settings.web.names.split(",") if part.strip())


async def start(settings: Settings) -> tuple[web.AppRunner, str]:
    """Listen, and return what ends it (`await runner.cleanup()`) and the address of the page.

    Raises:
        UserError: `settings` where others could reach it without a token, `usage` where the port is taken;
            as `pipeline.index.client.connect`.
    """
    section = settings.web
    token = guard.Token(section.token.get_secret_value())
    guard.check_reach(section.host, section.token.get_secret_value())
    patience = min(settings.elasticsearch.request_timeout, ANSWER_WITHIN)
    hosts = settings.elasticsearch.model_copy(update={"request_timeout": patience})
    client = connect(settings.model_copy(update={"elasticsearch": hosts}))
    app = web.Application(middlewares=[guard.middleware(names(settings))], client_max_size=64 * 1024)
    app.add_routes([*Api(settings, client, token).routes(), *files.routes()])

    async def close(_: web.Application) -> None:
        await client.close()

    app.on_cleanup.append(close)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_WITHIN)
    await runner.setup()
    try:
        await web.TCPSite(runner, section.host, section.port).start()
    except OSError as error:
        await runner.cleanup()
        raise _not_bound(error, section.host, section.port) from error
    port = runner.addresses[0][1]
    shown = "127.0.0.1" if section.host in ("0.0.0.0", "::") else section.host  # noqa: S104 - compared, not bound
    return runner, f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _not_bound(error: OSError, host: str, port: int) -> UserError:
    if error.errno == errno.EADDRINUSE:
        return UserError(Code.USAGE, f"port {port} is in use", hint="newswire web --port 0 takes a free one")
    return UserError(Code.SETTINGS, f"cannot listen at {host}, port {port}: {error.strerror or error}")


def run(settings: Settings, *, started: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `started` is called with the address once the page can be opened.

    Raises:
        UserError: as `start`.
    """
    asyncio.run(_serve(settings, started, None))


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The page, served by a thread of its own as long as the block lasts; gives its address.

    Raises:
        UserError: as `start`.
    """
    ready = threading.Event()
    found: list[str] = []
    failed: list[BaseException] = []
    ending: list[Callable[[], None]] = []

    def started(address: str) -> None:
        found.append(address)
        ready.set()

    def serve() -> None:
        try:
            asyncio.run(_serve(settings, started, ending))
        except BaseException as error:  # noqa: BLE001 - told in the thread that waits
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=serve, name="newswire web", daemon=True)
    thread.start()
    ready.wait()
    if failed:
        raise failed[0]
    try:
        yield found[0]
    finally:
        ending[0]()
        thread.join(SHUTDOWN_WITHIN + 5)


async def _serve(settings: Settings, started: Callable[[str], None], ending: list[Callable[[], None]] | None) -> None:
    """Serve until a signal comes, or until what is put into `ending` is called from another thread."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    if ending is None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
    else:

        def end() -> None:
            with suppress(RuntimeError):  # it has ended already
                loop.call_soon_threadsafe(ended.set)

        ending.append(end)
    runner, address = await start(settings)
    towns = asyncio.create_task(asyncio.to_thread(atlas.load_towns))  # until then, clusters have no names
    try:
        started(address)
        await ended.wait()
    finally:
        towns.cancel()
        await runner.cleanup()
