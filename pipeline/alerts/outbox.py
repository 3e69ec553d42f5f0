"""Sends what is on its way: one thread a target, so that a webhook that is away keeps nobody else waiting.

A thread ends when its target was told nothing for a while.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.alerts.model import Queued, Target
from pipeline.alerts.targets import Sender
from pipeline.errors import NewswireError
from pipeline.log import get_logger
from pipeline.stream.retry import Backoff

BACKOFF: Final = Backoff(first=0.5, longest=60.0)
REMEMBERED: Final = 20_000  # tellings of a target that this process settled
IDLE: Final = 120.0  # seconds after which a thread without work ends

log = get_logger(__name__)

OnSettled = Callable[[Queued], None]


class Outbox:
    """Queues, one a target, each in order. What is settled is told to `on_settled`, in the target's thread.

    Settled is what was sent, what the target refused for good, and what could not be sent for `give_up`.
    """

    def __init__(
        self,
        make: Callable[[Target], Sender],
        *,
        on_settled: OnSettled,
        give_up: timedelta,
        backoff: Backoff = BACKOFF,
        idle: float = IDLE,
    ) -> None:
        self._make = make
        self._on_settled = on_settled
        self._give_up = give_up
        self._backoff = backoff
        self._idle = idle
        self._lock = threading.Lock()
        self._lanes: dict[Target, _Lane] = {}

    def put(self, queued: Sequence[Queued], *, uncertain: bool = False) -> None:
        """Send them, each after what is queued for its target already. Does not block.

        Args:
            queued: in order.
            uncertain: a runner was killed while it had them: those that arrived are not sent again.
        """
        with self._lock:
            for each in queued:
                lane = self._lanes.get(each.to)
                if lane is None:
                    lane = self._lanes[each.to] = _Lane(each.to, self)
                lane.add(each, uncertain=uncertain)

    def __len__(self) -> int:
        with self._lock:
            return sum(lane.waiting for lane in self._lanes.values())

    def slowest(self) -> Target | None:
        """The target for which most is on its way."""
        with self._lock:
            return max(self._lanes, key=lambda target: self._lanes[target].waiting, default=None)

    def drop(self, unwanted: Callable[[Queued], bool]) -> None:
        """Forget what another runner sends from now on."""
        with self._lock:
            for lane in self._lanes.values():
                lane.drop(unwanted)

    def close(self, timeout: float) -> None:
        """Stop sending; waits that long for what is being sent."""
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.stop()
        for lane in lanes:
            lane.join(timeout)

    def sender(self, target: Target) -> Sender:
        """A new sender to a target."""
        return self._make(target)

    def settled(self, queued: Queued) -> None:
        """It is done with."""
        self._on_settled(queued)

    def overdue(self, queued: Queued) -> bool:
        """Whether it was tried for so long that it is given up."""
        return datetime.now(UTC) - datetime.fromisoformat(queued.telling.time) > self._give_up

    def retire(self, lane: _Lane) -> bool:
        """Whether this thread may end: nothing has come for it meanwhile, and nothing will."""
        with self._lock:
            if lane.waiting:
                return False
            del self._lanes[lane.target]
            return True

    @property
    def backoff(self) -> Backoff:
        """The pauses between two tries."""
        return self._backoff

    @property
    def idle(self) -> float:
        """Seconds after which a thread without work ends."""
        return self._idle


class _Lane(threading.Thread):
    def __init__(self, target: Target, outbox: Outbox) -> None:
        super().__init__(name=f"alerts to {target}"[:60], daemon=True)
        self.target = target
        self._outbox = outbox
        self._changed = threading.Condition()
        self._queue: deque[Queued] = deque()
        self._uncertain: set[str] = set()
        self._settled: dict[str, None] = {}  # ids, the oldest first
        self._stopping = False
        self.start()

    @property
    def waiting(self) -> int:
        with self._changed:
            return len(self._queue)

    def add(self, queued: Queued, *, uncertain: bool) -> None:
        with self._changed:
            self._queue.append(queued)
            if uncertain:
                self._uncertain.add(queued.telling.id)
            self._changed.notify()

    def drop(self, unwanted: Callable[[Queued], bool]) -> None:
        with self._changed:
            self._queue = deque(each for each in self._queue if not unwanted(each))

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def run(self) -> None:
        sender: Sender | None = None
        pauses = self._outbox.backoff.pauses()
        try:
            while not self._stopping:
                batch = self._next(getattr(sender, "at_once", 1))
                if not batch:
                    if self._stopping or self._outbox.retire(self):
                        return
                    continue
                try:
                    sender = sender or self._outbox.sender(self.target)
                    self._send(sender, batch)
                    pauses = self._outbox.backoff.pauses()
                except Exception as error:  # whatever it is, what comes after it is still to be told
                    known = isinstance(error, NewswireError)
                    late = [each for each in batch if self._outbox.overdue(each)]
                    if late:
                        log.error("given up to tell %d to %s: %s", len(late), self.target, error)
                        self._settle(late)
                    log.warning("cannot tell to %s, trying again: %s", self.target, error, exc_info=not known)
                    with self._changed:
                        self._changed.wait_for(lambda: self._stopping, timeout=next(pauses))
        finally:
            if sender is not None:
                sender.close()

    def _next(self, most: int) -> list[Queued]:
        """What comes next, left in the queue until it is settled; nothing when it is time to stop, or was idle."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopping, timeout=self._outbox.idle)
            return [] if self._stopping else [self._queue[index] for index in range(min(most, len(self._queue)))]

    def _send(self, sender: Sender, batch: list[Queued]) -> None:
        unsure = [each for each in batch if each.telling.id in self._uncertain]
        if unsure:
            with self._changed:
                everything = [each for each in self._queue if each.telling.id in self._uncertain]
                # its partition went and came back: the target need not be asked
                arrived = self._settled.keys() & {each.telling.id for each in everything}
            asked = [each for each in everything if each.telling.id not in arrived]
            arrived |= sender.sent(asked) if asked else frozenset()
            with self._changed:  # more may have come meanwhile
                self._uncertain -= {each.telling.id for each in everything}
            self._settle([each for each in everything if each.telling.id in arrived])
            batch = [each for each in batch if each.telling.id not in arrived]
        refused = sender.send([each.telling for each in batch])
        for telling in (each.telling for each in batch if each.telling.id in refused):
            why = refused[telling.id]
            log.error(
                "never told by alert %s: %s of %s: %s: %s", telling.alert, telling.kind, telling.uri, why.code, why
            )
        self._settle(batch)

    def _settle(self, batch: Sequence[Queued]) -> None:
        ids = {each.telling.id for each in batch}
        with self._changed:
            self._queue = deque(each for each in self._queue if each.telling.id not in ids)
            self._settled |= dict.fromkeys(ids)
            while len(self._settled) > REMEMBERED:
                del self._settled[next(iter(self._settled))]
        for each in batch:
            self._outbox.settled(each)
