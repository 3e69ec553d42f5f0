"""A slot of the pool: one NLP process, and the thread that talks to it, replaces it and judges its failures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

import msgspec

from pipeline.enrich import messages
from pipeline.enrich.child import Child, Died, TimedOut
from pipeline.enrich.jobs import Job, Queue, Result
from pipeline.enrich.messages import Done, Request
from pipeline.errors import Code, Fatal, NewswireError, Poison
from pipeline.log import get_logger
from pipeline.settings import Enrichment

log = get_logger(__name__)

TRIES_ALONE = 2  # of an article whose process failed, with nothing else in it
STARTS = 6  # tries to replace a process that ends as it starts, before the pool gives up
PAUSE = 1.0  # seconds before the second try, twice as many before the third, and so on


class Slot:
    """See the module. `start` and `end` are for the owner; everything else happens in the thread."""

    def __init__(
        self,
        number: int,
        *,
        settings: Enrichment,
        queue: Queue,
        clock: Callable[[], datetime],
        tell: Callable[[Callable[[], None]], None],
        give_up: Callable[[NewswireError], None],
    ) -> None:
        """Nothing is started yet.

        Args:
            number: of the slot, for the thread's name.
            settings: of the enrichment.
            queue: where jobs come from, and go back to when they are to be tried again.
            clock: the moment that goes with a request.
            tell: runs a function in the event loop.
            give_up: called with the reason when no process can be started any more.
        """
        self._settings = settings
        self._queue = queue
        self._clock = clock
        self._tell = tell
        self._give_up = give_up
        self._thread = threading.Thread(target=self._run, name=f"nlp-{number}", daemon=True)
        self._ending = threading.Event()
        self._lock = threading.Lock()  # of `child` and `_ending`
        self.child: Child | None = None
        self.spawned = 0  # processes started so far
        self.started: Future[None] = Future()
        self.started.set_running_or_notify_cancel()  # whoever waits for it may be cancelled, it may not

    def start(self) -> None:
        """Start thread and process; `started` tells when the pipeline is loaded, or why it is not."""
        self._thread.start()

    def end(self) -> None:
        """Kill the process and wait for the thread."""
        with self._lock:
            self._ending.set()
            if self.child is not None:
                self.child.kill()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._spawn()
            self.started.set_result(None)
        except BaseException as error:  # noqa: BLE001 - it is raised where the pool is started
            self._close()
            self.started.set_exception(error)
            return
        try:
            while (job := self._queue.get()) is not None:
                if not job.call.over:
                    self._work(job)
        except NewswireError as error:
            if not self._ending.is_set():
                self._give_up(error)
        except Exception as error:
            log.exception("the thread of an NLP process failed")
            self._give_up(Fatal(Code.WORKER_BUG, f"nlp: {type(error).__name__}: {error}"))
        finally:
            self._close()

    def _work(self, job: Job) -> None:
        size = sum(len(record.value) for record in job.records)
        limit = self._settings.timeout + self._settings.timeout_per_megabyte * size / 1e6
        request = messages.encode(Request(self._clock().isoformat(), list(job.records)))
        child = self._running_child()
        try:
            answer = messages.decode_answer(child.ask(request, within=limit))
        except (Died, TimedOut, msgspec.DecodeError) as error:
            if not self._ending.is_set():
                self._failed(job, error)
            return
        results: list[Result] = [
            result.records if isinstance(result, Done) else result.poison() for result in answer.results
        ]
        self._tell(lambda: job.call.put(job.indices, results))

    def _failed(self, job: Job, error: Exception) -> None:
        log.warning("%s; %d articles are tried again", error, len(job.records))
        self._close()
        if len(job.records) > 1:
            alone = [
                Job(job.call, (index,), (record,)) for index, record in zip(job.indices, job.records, strict=True)
            ]
            self._queue.put(alone, first=True)
        elif job.failures + 1 < TRIES_ALONE:
            self._queue.put([Job(job.call, job.indices, job.records, job.failures + 1)], first=True)
        else:
            code = Code.ENRICH_TIMEOUT if isinstance(error, TimedOut) else Code.ENRICH_CRASHED
            poison = Poison(code, f"{error}, {TRIES_ALONE} times with this article alone")
            self._tell(lambda: job.call.put(job.indices, [poison]))

    def _running_child(self) -> Child:
        child = self.child
        if child is not None and child.running:
            return child
        self._close()
        for attempt in range(1, STARTS + 1):
            try:
                return self._spawn()
            except Fatal as error:  # a UserError would be the same the next time
                if attempt == STARTS or self._ending.is_set():
                    raise
                log.warning("%s; trying again", error)
                self._ending.wait(PAUSE * attempt)
        raise AssertionError("unreachable")

    def _spawn(self) -> Child:
        with self._lock:
            if self._ending.is_set():
                raise Fatal(Code.ENRICH_CRASHED, "the pool is closing")
            child = self.child = Child(self._settings)
            self.spawned += 1
        child.wait_until_started()
        return child

    def _close(self) -> None:
        with self._lock:
            child, self.child = self.child, None
        if child is not None:
            child.close()
