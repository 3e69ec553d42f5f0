"""One worker process: the Faust app with its agents, how it starts, and how it ends.

Exit status: 0 after SIGTERM or SIGINT; 75 where another try may help (a stall, a bug); 78 where somebody must act (a
refused key, a missing topic, the brake). Whatever was not acknowledged is done again by whoever takes over.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from faust.worker import Worker as FaustWorker

from pipeline.errors import Code, NewswireError, Transient
from pipeline.log import get_logger
from pipeline.metrics import OFF, Instruments, Prometheus
from pipeline.settings import Settings
from pipeline.stream.agents import Agents, stop_quietly
from pipeline.stream.app import build_app
from pipeline.stream.health import Health
from pipeline.stream.monitor import Monitor
from pipeline.stream.name import WorkerName
from pipeline.stream.topics import require_topics
from pipeline.stream.watchdog import Watchdog

STOP_WITHIN = 9.0  # seconds from the signal to the end, in-flight work included
LAST_COMMIT_WITHIN = 3.0  # seconds
BEAT = 1.0  # seconds between two signs of life of the event loop

log = get_logger(__name__)


def run(settings: Settings) -> None:
    """Run a worker in this process until a signal or an error ends it. Never returns.

    Raises:
        NewswireError: before anything is consumed, where Kafka refuses us or its topics are missing.
    """
    require_topics(settings)
    held = WorkerName(group=settings.worker.group, name=settings.worker.name)
    _Worker(settings, name=held.name).run()


class _FaustWorker(FaustWorker):  # type: ignore[misc]  # faust is not typed for us
    """Faust's worker with our logs in the place of its own, and an end that comes in time."""

    logger = logging.getLogger("faust.worker")

    def __init__(self, app: Any, *, on_signal: Callable[[], None], **options: Any) -> None:
        super().__init__(app, redirect_stdouts=False, quiet=True, **options)
        self.spinner = None
        self._on_signal = on_signal

    def _setup_logging(self) -> None:
        pass

    def _setproctitle(self, info: str, *, ident: str = "") -> None:
        pass

    def _schedule_shutdown(self, signal: signal.Signals) -> None:
        self._on_signal()
        super()._schedule_shutdown(signal)


class _Worker:
    def __init__(self, settings: Settings, *, name: str) -> None:
        self._settings = settings
        self._name = name
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._app: Any = build_app(settings, worker_name=name)
        prometheus = Prometheus("worker") if settings.metrics.enabled else None
        self._instruments: Instruments = prometheus or OFF
        self._agents = Agents(
            self._app, settings, worker_name=name, on_fatal=self._fatal, instruments=self._instruments
        )
        self._ending = False
        self._watchdog = Watchdog(
            self._agents.progress, limit=settings.worker.stall_timeout, on_stall=self._end_at_once
        )
        self._health = Health(
            self._loop, self._agents.progress, stall=self._watchdog.problem, ready=self._agents.checks
        )
        if prometheus is not None:
            self._monitor(prometheus)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _interrupt)  # until Faust takes over
        status = 0
        beat = self._loop.create_task(self._beat())
        try:
            self._loop.run_until_complete(self._agents.start())
            log.info("worker %s starts with the agents %s", self._name, self._settings.worker.agents)
            self._watchdog.beat()  # no turn since it was made, where the start took long
            self._watchdog.start()
            _FaustWorker(self._app, loop=self._loop, on_signal=self._end_in_time).execute_from_commandline()
            beat.cancel()
        except NewswireError as error:
            _tell(error)
            status = error.exit_status
        except KeyboardInterrupt:
            status = 0
        except SystemExit as end:
            status = 75 if end.code else 0  # Faust's own are 1 and 70; none of them tells more
        except BaseException:
            log.exception("the worker failed")
            status = 75
        finally:
            self._exit(status)

    def _monitor(self, prometheus: Prometheus) -> None:
        from pipeline import __version__
        from pipeline.identity import ENRICHMENT_REVISION

        worker = self._settings.worker
        labels = {"worker": self._name, "group": worker.group, "agents": worker.agents, "version": __version__}
        prometheus.set("newswire_worker_info", 1.0, enrichment=str(ENRICHMENT_REVISION), **labels)
        try:
            monitor = Monitor(
                self._settings.metrics,
                about=labels | {"pid": os.getpid()},
                metrics=prometheus.text,
                probes={"/live": self._health.live, "/ready": self._health.ready},
            )
        except OSError as error:  # to be measured is no condition for work
            log.warning("no metrics: cannot listen on %s: %s", self._settings.metrics.host, error)
        else:
            log.info("worker %s: metrics and health at %s", self._name, monitor.address)

    def _end_in_time(self) -> None:
        log.info("worker %s ends", self._name)
        late = threading.Timer(STOP_WITHIN, self._exit_late)
        late.daemon = True
        late.start()

    def _exit_late(self) -> None:
        log.warning("not all work in flight was done in %.0f s; it will be done again", STOP_WITHIN)
        self._exit(0)

    async def _beat(self) -> None:
        while True:
            self._watchdog.beat()
            self._health.beat()
            if self._app.crashed and not self._ending:
                # Faust would wait for records in flight that nobody acknowledges any more
                self._fatal(Transient(Code.WORKER_BUG, f"Faust crashed: {self._app.crash_reason!r}"))
            asked = self._loop.time() + BEAT
            await asyncio.sleep(BEAT)
            delay = max(0.0, self._loop.time() - asked)
            self._instruments.set("newswire_event_loop_delay_seconds", delay)

    def _fatal(self, error: NewswireError) -> None:
        """Called by an agent, in the event loop: commit what is acknowledged, then end."""
        if self._ending:
            return
        self._ending = True
        _tell(error)
        self._loop.create_task(self._commit_and_exit(error.exit_status))

    async def _commit_and_exit(self, status: int) -> None:
        try:
            await asyncio.wait_for(self._app.consumer.commit(), LAST_COMMIT_WITHIN)
        except Exception:
            log.debug("the last commit failed", exc_info=True)  # done again by whoever takes over
        await stop_quietly(self._agents, seconds=2.0)
        self._exit(status)

    def _end_at_once(self, error: NewswireError) -> None:
        _tell(error)
        self._exit(error.exit_status)

    def _exit(self, status: int) -> None:
        logging.shutdown()
        os._exit(status)  # sys.exit hangs on Faust's threads


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _tell(error: NewswireError) -> None:
    text = f"{error} (next: {error.hint})" if error.hint else str(error)
    log.critical("%s", text, extra={"error.code": str(error.code)})
