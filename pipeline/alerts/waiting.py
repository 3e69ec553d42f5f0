"""The records that are not told of yet, and how far each partition is done: in memory alone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from pipeline import identity
from pipeline.log import get_logger

GIVE_UP_AFTER: Final = 120.0  # seconds that an article may be missing in the index while later ones are there

log = get_logger(__name__)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the topic: which article, and what the index must hold of it to include it."""

    uri: str
    partition: int
    offset: int
    version: int  # external
    settles: bool  # a kill or its lifting: its version alone decides
    since: float

    def included(self, version: int) -> bool:
        """Whether an article of this external version in the index is the result of this record or of a later one."""
        if self.settles:
            return version >= self.version
        return identity.is_kill(version) or identity.rank_of(version) >= identity.rank_of(self.version)


class Waiting:
    """Records by partition and offset. Not for several threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records: dict[int, dict[int, Record]] = defaultdict(dict)
        self._looked: dict[tuple[int, int], float] = {}  # when a record was last handed out
        self._done: dict[int, int] = {}  # the highest offset that was looked at, by partition

    def __len__(self) -> int:
        return sum(len(records) for records in self._records.values())

    def add(self, record: Record) -> None:
        """Take a record in."""
        self._records[record.partition][record.offset] = record

    def pass_over(self, partition: int, offset: int) -> None:
        """There is nothing to tell at this offset, nor before it but what was added."""
        self._done[partition] = max(offset, self._done.get(partition, -1))

    def next(self, count: int) -> list[Record]:
        """That many of them, those first that were not looked at for longest: what never gets into the index is
        looked for again in turn, and keeps nothing waiting that came after it.
        """
        every = [record for records in self._records.values() for record in records.values()]
        every.sort(key=lambda each: self._looked.get((each.partition, each.offset), each.since))
        now = self._clock()
        self._looked |= {(each.partition, each.offset): now for each in every[:count]}
        return every[:count]

    def looked_at(self, records: Iterable[Record]) -> None:
        """What there was to tell of these is written down."""
        for record in records:
            self._drop(record)
            self.pass_over(record.partition, record.offset)

    def give_up(self) -> None:
        """Pass over records that never got into the index: a later one of their partition did long ago."""
        late = self._clock() - GIVE_UP_AFTER
        for partition, records in self._records.items():
            done = self._done.get(partition, -1)
            for record in [each for each in records.values() if each.offset < done and each.since < late]:
                log.warning("%s is not in the index, though later articles are: passed over", record.uri)
                self._drop(record)

    def forget(self, partition: int) -> None:
        """Another runner has this partition."""
        for record in list(self._records.pop(partition, {}).values()):
            self._looked.pop((partition, record.offset), None)
        self._done.pop(partition, None)

    def positions(self) -> dict[int, int]:
        """The first offset of each partition that is not done; nothing of those in which nothing is done."""
        return {
            partition: min(self._records.get(partition) or (), default=done + 1)
            for partition, done in self._done.items()
        }

    def _drop(self, record: Record) -> None:
        self._records[record.partition].pop(record.offset, None)
        self._looked.pop((record.partition, record.offset), None)
