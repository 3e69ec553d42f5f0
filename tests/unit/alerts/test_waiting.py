"""Which records are looked at next, and how far a partition is done."""

from __future__ import annotations

from pipeline.alerts.waiting import GIVE_UP_AFTER, Record, Waiting


class Clock:
    """Time as a test sets it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def record(offset: int, *, partition: int = 0, since: float = 0.0) -> Record:
    uri = f"urn:{partition}:{offset}"
    return Record(uri=uri, partition=partition, offset=offset, version=1, settles=False, since=since)


def offsets(records: list[Record]) -> list[int]:
    return [each.offset for each in records]


def test_what_never_gets_into_the_index_keeps_nothing_waiting_that_came_later() -> None:
    clock = Clock()
    waiting = Waiting(clock=clock)
    for offset in range(6):
        waiting.add(record(offset))
    asked = []
    for turn in range(1, 4):
        clock.now = float(turn)
        asked.append(offsets(waiting.next(3)))
    assert asked == [[0, 1, 2], [3, 4, 5], [0, 1, 2]]
    waiting.add(record(6, since=3.5))
    clock.now = 4.0
    assert offsets(waiting.next(3)) == [3, 4, 5], "looked at longest ago"
    clock.now = 5.0
    assert 6 not in offsets(waiting.next(3)), "these were looked at before it came"
    clock.now = 6.0
    assert 6 in offsets(waiting.next(3))


def test_a_partition_is_done_up_to_the_first_record_that_waits() -> None:
    waiting = Waiting(clock=Clock())
    assert waiting.positions() == {}
    waiting.add(record(5))
    waiting.add(record(6))
    waiting.add(record(9, partition=1))
    assert waiting.positions() == {}, "nothing is done yet"
    waiting.looked_at([record(6)])
    assert waiting.positions() == {0: 5}
    waiting.looked_at([record(5)])
    waiting.pass_over(1, 8)
    assert waiting.positions() == {0: 7, 1: 9}
    assert len(waiting) == 1
    waiting.forget(1)
    assert waiting.positions() == {0: 7}
    assert len(waiting) == 0


def test_what_is_missing_is_given_up_when_later_records_are_done_and_not_before() -> None:
    clock = Clock()
    waiting = Waiting(clock=clock)
    waiting.add(record(0))
    waiting.add(record(1))
    waiting.add(record(0, partition=1))
    clock.now = GIVE_UP_AFTER + 1
    waiting.give_up()
    assert len(waiting) == 3, "the index agent may be away"
    waiting.looked_at([record(1)])
    waiting.give_up()
    assert waiting.positions() == {0: 2}
    assert [each.partition for each in waiting.next(9)] == [1]
