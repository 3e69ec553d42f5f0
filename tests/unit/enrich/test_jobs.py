from __future__ import annotations

import asyncio

from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.enrich.jobs import CHUNK_BYTES, Call, Job, Queue, chunks
from pipeline.enrich.messages import WireRecord


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=60), st.integers(1, 8), st.integers(1, 40))
@example([0, 0], 2, 2)
def test_every_record_is_in_one_chunk(sizes: list[int], processes: int, most: int) -> None:
    found = chunks(sizes, processes, most)
    assert sorted(index for chunk in found for index in chunk) == list(range(len(sizes)))
    assert all(0 < len(chunk) <= most and list(chunk) == sorted(chunk) for chunk in found)
    assert len(found) >= min(processes, len(sizes))


@given(st.lists(st.integers(1000, 9000), min_size=8, max_size=32), st.integers(1, 4))
def test_chunks_are_even(sizes: list[int], processes: int) -> None:
    loads = [sum(sizes[index] for index in chunk) for chunk in chunks(sizes, processes, 100)]
    assert max(loads) - min(loads) <= max(sizes)


def test_a_long_article_is_alone() -> None:
    assert (0,) in chunks([3 * CHUNK_BYTES, 1000, 1000, 1000], 1, 16)


def test_jobs_that_are_tried_again_go_first_and_a_stopped_queue_gives_nothing() -> None:
    async def scenario() -> None:
        call = Call([None], asyncio.get_running_loop().create_future())
        first, second, third = (Job(call, (0,), (WireRecord(b""),), failures=number) for number in range(3))
        queue = Queue()
        queue.put([first])
        queue.put([second, third], first=True)
        assert [queue.get(), queue.get(), queue.get()] == [second, third, first]
        queue.put([first])
        queue.stop()
        assert queue.get() is None

    asyncio.run(scenario())
