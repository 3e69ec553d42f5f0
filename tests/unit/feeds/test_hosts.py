"""Rest for a host in trouble, and what its headers ask for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from pipeline.feeds.hosts import Hosts, Resting, max_age, retry_after

NOW = datetime(2022, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_pause_doubles_to_its_bound_and_ends_with_an_answer() -> None:
    clock = Clock()
    hosts = Hosts(connections=1, longest_pause=60, clock=clock)
    host = hosts.of("https://Example.org/a")
    assert hosts.of("https://example.org/b") is host
    assert hosts.of("https://example.org:8443/") is not host
    for longest in (5, 10, 20, 40, 60, 60):
        host.failed()
        assert longest / 2 <= host.wait <= longest
        clock.now += host.wait
    for _ in range(2000):
        host.failed()
    assert host.wait <= 60
    clock.now += 60
    host.answered()
    assert host.wait == 0
    host.failed()
    assert host.wait <= 5


def test_retry_after_is_kept_within_the_longest_pause() -> None:
    clock = Clock()
    host = Hosts(connections=1, longest_pause=600, clock=clock).of("https://example.org/")
    host.failed(retry_after=120)
    assert host.wait == 120

    async def turn() -> None:
        async with host.turn():
            raise AssertionError("the host rests")

    with pytest.raises(Resting) as caught:
        asyncio.run(turn())
    assert caught.value.seconds == 120
    host.failed(retry_after=1e9)
    assert host.wait == 600


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), ("0", 0), ("Tue, 01 Mar 2022 12:02:00 GMT", 120), ("Tue, 01 Mar 2022 11:00:00 GMT", 0),
        ("soon", None), ("", None), ("-5", None), ("٣", None), ("9" * 400, 1e9),
        ("Fri, 99 Mar 2022 12:00:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, now=NOW) == seconds


def test_max_age() -> None:
    assert max_age({"Cache-Control": "public, max-age=900"}) == 900
    assert max_age({"Cache-Control": 'MAX-AGE="60"'}) == 60
    for value in ("no-cache, max-age=900", "no-store,max-age=9", "s-maxage=900", "max-age=soon", ""):
        assert max_age({"Cache-Control": value}) == 0
    assert max_age({}) == 0
