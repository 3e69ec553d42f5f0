"""The fetcher and robots.txt over real HTTP: redirects, secrets, bounds, and the hosts' rest."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from pipeline.errors import NewswireError
from pipeline.feeds.hosts import Hosts, Resting
from pipeline.feeds.http import Answer, Fetcher, Request
from pipeline.feeds.robots import TRIED_AGAIN, Robots
from tests.support.feed_server import FeedServer, Trouble, feed_server

GUARD = 60.0  # seconds: against hanging, not a measurement


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as started:
        yield started


def fetching(
    use: Callable[[Fetcher], Awaitable[None]],
    *,
    longest_pause: float = 0.01,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    async def run() -> None:
        hosts = Hosts(connections=2, longest_pause=longest_pause, clock=clock)
        async with Fetcher(hosts, contact="newsdesk@example.org") as fetcher:
            await use(fetcher)

    asyncio.run(run())


def request(url: str, **changes: object) -> Request:
    given: dict[str, object] = {"timeout": GUARD, "max_bytes": 100_000, "private": True}
    return Request(url, **given | changes)  # type: ignore[arg-type]


async def refusal(fetcher: Fetcher, asked: Request) -> str:
    with pytest.raises(NewswireError) as caught:
        await fetcher.get(asked)
    await asyncio.sleep(0.02)  # longer than a host rests here
    return f"{caught.value.code}: {caught.value.message}"


def test_redirects_are_followed_and_only_those_for_good_remembered(server: FeedServer) -> None:
    server.pages["/end"] = b"the end"

    async def use(fetcher: Fetcher) -> None:
        async def go(*statuses: int) -> Answer:
            for number, status in enumerate(statuses):
                target = "/end" if number == len(statuses) - 1 else f"/{number + 1}"
                server.trouble[f"/{number}"].append(Trouble(status, {"Location": target}))
            return await fetcher.get(request(f"{server.url}/0"))

        for statuses, remembered in (
            ((301,), True), ((308, 301), True), ((302,), False), ((307, 301), False), ((301, 303), False),
        ):  # fmt: skip
            answer = await go(*statuses)
            assert answer.body == b"the end"
            assert answer.url == f"{server.url}/end"
            assert answer.moved_to == (answer.url if remembered else None), statuses
        for location in ("ftp://127.0.0.1/", "file:///etc/passwd", "http://me:secret@127.0.0.1/", "http://[bad/"):
            server.trouble["/0"].append(Trouble(301, {"Location": location}))
            assert "feed.refused" in await refusal(fetcher, request(f"{server.url}/0"))

    fetching(use)


def test_the_secret_goes_to_its_own_origin_alone(server: FeedServer) -> None:
    async def use(fetcher: Fetcher) -> None:
        with feed_server() as other:
            for each in (server, other):
                each.pages["/end"] = b"the end"
            for target in (f"{server.url}/end", f"{other.url}/end"):
                server.trouble["/rss"].append(Trouble(302, {"Location": target}))
                await fetcher.get(request(f"{server.url}/rss", authorization="Basic abc"))
            assert [headers.get("Authorization") for _, headers in server.requests] == ["Basic abc"] * 3
            assert [headers.get("Authorization") for _, headers in other.requests] == [None]

    fetching(use)


def test_answers_are_bounded_in_bytes_and_time(server: FeedServer) -> None:
    packed = {"Content-Encoding": "gzip"}
    cases: list[tuple[Trouble, str]] = [
        (Trouble(body=b"x" * 100_001), "feed.too-large"),
        (Trouble(body=gzip.compress(b"x" * 20_000_000), headers=packed), "feed.too-large"),
        (Trouble(body=gzip.compress(b"x" * 50_000)[:-9], headers=packed), "feed.unreachable"),
        (Trouble(body=b"not gzip", headers=packed), "feed.unreachable"),
        (Trouble(headers={"Content-Encoding": "zstd"}, body=b"x"), "feed.refused"),
        (Trouble(cut=True, body=b"x" * 1000), "feed.unreachable"),
        (Trouble(drip=True), "feed.unreachable: "),
        (Trouble(delay=10 * GUARD), "no whole answer within 0.5 s"),
    ]

    async def use(fetcher: Fetcher) -> None:
        for trouble, told in cases:
            server.trouble["/rss"].append(trouble)
            began = time.monotonic()
            endless = trouble.drip or trouble.delay
            asked = request(f"{server.url}/rss", timeout=0.5 if endless else GUARD)
            assert told in await refusal(fetcher, asked), trouble
            assert time.monotonic() - began < GUARD
        server.pages["/rss"] = b"x" * 100_000
        assert len((await fetcher.get(request(f"{server.url}/rss"))).body) == 100_000

    fetching(use)


def test_no_redirect_and_no_name_leads_to_a_private_address(server: FeedServer) -> None:
    server.pages["/rss"] = b"inner"

    async def use(fetcher: Fetcher) -> None:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"):
            told = await refusal(fetcher, request(f"http://{host}:{server.port}/rss", private=False))
            assert told.startswith(("feed.address", "feed.unreachable")), told
        assert server.requests == []
        assert "feed.address" in await refusal(fetcher, request(f"{server.url}/rss", private=False))

    fetching(use)


def test_a_host_in_trouble_rests_for_all_that_is_on_it(server: FeedServer) -> None:
    server.trouble["/a"].append(Trouble(503, {"Retry-After": "30"}))

    async def use(fetcher: Fetcher) -> None:
        assert (await fetcher.get(request(f"{server.url}/a"))).status == 503
        with pytest.raises(Resting) as caught:
            await fetcher.get(request(f"{server.url}/b"))
        assert caught.value.seconds == 30
        assert server.count("/b") == 0

    fetching(use, longest_pause=600, clock=Clock())


def test_waiting_for_a_busy_host_is_no_time_out() -> None:
    async def use(fetcher: Fetcher) -> None:
        asked = (fetcher.get(request(f"{server.url}/{number}", timeout=patience)) for number in range(12))
        assert [answer.body for answer in await asyncio.gather(*asked)] == [b"x"] * 12
        assert server.most_at_once == 2

    for patience in (0.8, 8.0, 80.0):  # a machine that stood still for a while is asked more patiently
        with feed_server() as server:
            for number in range(12):
                server.trouble[f"/{number}"].append(Trouble(delay=patience / 4, body=b"x"))
            try:
                fetching(use)
            except NewswireError:
                if patience == 80.0:
                    raise
            else:
                break


def test_robots_are_asked_before_each_redirect(server: FeedServer) -> None:
    async def use(fetcher: Fetcher) -> None:
        robots = Robots(fetcher)
        with feed_server() as other:
            other.pages["/robots.txt"] = b"User-agent: *\nDisallow: /rss"
            other.pages["/rss"] = b"not for us"
            server.trouble["/rss"].append(Trouble(302, {"Location": f"{other.url}/rss"}))
            asked = request(f"{server.url}/rss", permit=robots.permit(private=True))
            assert "feed.robots" in await refusal(fetcher, asked)
            assert other.count("/rss") == 0

    fetching(use)


def test_robots_as_rfc_9309_reads_them(server: FeedServer) -> None:
    clock, day = Clock(), 86_400.0

    async def use(fetcher: Fetcher) -> None:
        robots = Robots(fetcher, clock=clock)

        async def allowed(path: str = "/rss") -> bool:
            await asyncio.sleep(0.02)
            try:
                await robots.check(server.url + path, private=True)
            except NewswireError as error:
                assert str(error.code) == "feed.robots"
                return False
            return True

        assert await allowed(), "404: there are no rules"
        assert await allowed()
        assert server.count("/robots.txt") == 1, "asked once"
        clock.now += day
        server.pages["/robots.txt"] = b"User-agent: *\nDisallow: /private\nUser-agent: newswire\nDisallow: /rss\n"
        assert (await allowed(), await allowed("/private")) == (False, True), "the group that names us"
        clock.now += day
        server.trouble["/robots.txt"].extend([Trouble(500)] * 2)
        assert (await allowed(), await allowed("/private")) == (False, True), "what it said before holds on"
        clock.now += TRIED_AGAIN
        assert not await allowed()
        clock.now += TRIED_AGAIN
        server.pages["/robots.txt"] = b"\xef\xbb\xbfUser-agent: newswire\nDisallow:\n"
        assert await allowed(), "and then what it says now"
        assert server.count("/robots.txt") == 5

        fresh = Robots(fetcher, clock=clock)
        server.trouble["/robots.txt"].extend([Trouble(503), Trouble(429), Trouble(302, {"Location": "/robots.txt"})])
        for expected in (False, False, True):
            robots = fresh
            assert await allowed() is expected
            clock.now += TRIED_AGAIN

    fetching(use)
