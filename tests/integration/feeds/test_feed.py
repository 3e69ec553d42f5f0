"""`newswire feed` on real servers: feeds over HTTP with all their trouble, drop folders, restarts by SIGKILL."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.article import WireArticle
from pipeline.codec import decode_wire, header
from pipeline.feeds.definition import Feed, Feeds, Folder, Http
from pipeline.feeds.service import service
from pipeline.feeds.state import State, folder_of
from pipeline.feeds.tools import Outcome
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support.feed_server import FeedServer, Item, Trouble, feed_server
from tests.support.ledger import records, wait_for
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

CONTACT = "newsdesk@example.org"
GUARD = 60.0  # seconds: against hanging, not a measurement


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as started:
        yield started


@pytest.fixture
def settings(stack: Stack, tmp_path: Path) -> Settings:
    made = stack.settings(feeds={"state_dir": str(tmp_path / "state"), "kafka_timeout": GUARD})
    create_topics(made)
    return made


def feed(server: FeedServer, path: str = "/rss", **changes: Any) -> Feed:
    given: dict[str, Any] = {
        "name": "one",
        "url": server.url + path,
        "private_addresses": True,
        "interval": 1.0,
        "timeout": GUARD,
    }
    return Feed(**given | changes)


def pushed(settings: Settings) -> list[WireArticle]:
    return [decode_wire(record.value) for record in records(settings, settings.topics.wire)]


def poll(settings: Settings, *feeds: Feed, times: int = 1, folders: tuple[Folder, ...] = ()) -> list[Outcome]:
    """Poll once each in a process's life of its own, `times` over; what the last one said."""

    async def run() -> list[Outcome]:
        listed = Feeds(http=Http(contact=CONTACT, longest_pause=2.0), feed=feeds, folder=folders)
        async with service(settings, listed) as running:
            return await running.once(asyncio.Event())

    outcomes: list[Outcome] = []
    for _ in range(times):
        outcomes = asyncio.run(run())
    return outcomes


def test_items_are_pushed_once_and_again_when_they_change(settings: Settings, server: FeedServer) -> None:
    items = [Item(guid=f"g{number}", title=f"Title {number}") for number in range(5)]
    server.feed("/rss", items)
    assert poll(settings, feed(server))[0].pushed == 5
    assert poll(settings, feed(server), times=2)[0].not_modified
    assert server.statuses["/rss"] == {200: 1, 304: 2}, "conditional GET"

    # one changes without any new date, one with a date of before; the feed itself is built anew each time
    items[0] = Item(guid="g0", title="Title 0, corrected")
    items[1] = Item(guid="g1", title="Title 1", published="Fri, 25 Feb 2022 10:00:00 GMT")
    server.feed("/rss", items, built="Sat, 26 Feb 2022 13:00:00 GMT")
    assert poll(settings, feed(server))[0].pushed == 2
    versions = [
        article for article in pushed(settings) if article.headline and article.headline.startswith("Title 0")
    ]
    assert [article.headline for article in versions] == ["Title 0", "Title 0, corrected"]
    assert versions[1].versionCreated > "2026", "the time at which we first saw the change"
    assert versions[1].firstCreated == versions[0].versionCreated == "2022-02-26T10:00:00Z"
    server.validators = False
    assert poll(settings, feed(server), times=2)[0].pushed == 0
    assert len(pushed(settings)) == 7
    assert [header(record.headers, "ce_source") for record in records(settings, settings.topics.wire)] == [
        "newswire/feed"
    ] * 7
    agent = dict(server.requests)["/rss"]["User-Agent"]
    assert agent.startswith("newswire/")
    assert CONTACT in agent


def test_items_without_id_or_date_are_stable(settings: Settings, server: FeedServer) -> None:
    bare = [Item(title="Bare", published=None), Item(title="Linked", published=None, link="https://example.org/a")]
    server.feed("/rss", bare)
    assert poll(settings, feed(server))[0].pushed == 2
    server.feed("/rss", [*bare, Item(guid="new")], built="Sun, 27 Feb 2022 13:00:00 GMT")
    assert poll(settings, feed(server))[0].pushed == 1
    assert Counter(article.uri for article in pushed(settings)).most_common(1)[0][1] == 1


TROUBLE = {
    "429": (Trouble(429, {"Retry-After": "1"}), "feed.unreachable"),
    "500": (Trouble(500), "feed.unreachable"),
    "404": (Trouble(404), "feed.refused"),
    "slow": (Trouble(delay=10 * GUARD), "feed.unreachable"),
    "drip": (Trouble(drip=True), "feed.unreachable"),
    "cut": (Trouble(cut=True), "feed.unreachable"),
    "broken": (Trouble(body=b"<rss><channel><item><title>Half"), "wire.unreadable"),
    "empty": (Trouble(body=b" \n"), "wire.empty"),
    "html": (Trouble(body=b"<!DOCTYPE html><html><body>Log in first"), "wire."),
    "text": (Trouble(body=b"date 2022-02-26 Service unavailable, says the proxy."), "wire."),
    "bomb": (
        Trouble(body=gzip.compress(b" " * 30_000_000), headers={"Content-Encoding": "gzip"}),
        "feed.too-large",
    ),
    "half gzip": (
        Trouble(body=gzip.compress(b"<rss/>" * 99)[:-6], headers={"Content-Encoding": "gzip"}),
        "feed.unreachable",
    ),
    "brotli": (Trouble(headers={"Content-Encoding": "br"}), "feed.refused"),
}


def test_trouble_is_told_loses_nothing_and_is_over_when_it_is_over(settings: Settings, server: FeedServer) -> None:
    feeds = []
    for number, (name, (trouble, _)) in enumerate(TROUBLE.items()):
        path = f"/{number}"
        server.feed(path, [Item(guid=f"{name}-1"), Item(guid=f"{name}-2")])
        server.trouble[path].append(trouble)
        feeds.append(feed(server, path, name=f"f{number}"))
    # each in a life of its own, since all are on one host
    for each, (name, (trouble, code)) in zip(feeds, TROUBLE.items(), strict=True):
        endless = trouble.delay or trouble.drip
        outcome = poll(settings, each.model_copy(update={"timeout": 1.5}) if endless else each)[0]
        assert outcome.error is not None, name
        assert str(outcome.error.code).startswith(code), (name, outcome.error)
    assert pushed(settings) == []
    assert sum(outcome.pushed for outcome in poll(settings, *feeds)) == 2 * len(TROUBLE)
    uris = Counter(article.uri for article in pushed(settings))
    assert len(uris) == 2 * len(TROUBLE)
    assert set(uris.values()) == {1}


def test_a_bad_item_is_named_and_stops_no_other(settings: Settings, server: FeedServer) -> None:
    server.feed("/rss", [Item(guid="good"), Item(guid="bad", published="the other day"), Item(guid="good 2")])
    outcome = poll(settings, feed(server))[0]
    assert (outcome.pushed, outcome.refused, outcome.error) == (2, 1, None)
    state = State(folder_of(settings), read_only=True)
    known = state.source("one", "feed", server.url + "/rss")
    state.close()
    assert known.refusals[0]["code"] == "wire.field"
    assert "bad" in known.refusals[0]["message"]


def test_moved_and_gone(settings: Settings, server: FeedServer) -> None:
    server.feed("/new", [Item(guid="a")])
    for _ in range(2):
        server.trouble["/rss"].append(Trouble(301, {"Location": "/new"}))
    assert poll(settings, feed(server))[0].pushed == 1
    assert poll(settings, feed(server))[0].not_modified
    assert (server.count("/rss"), server.count("/new")) == (1, 2), "the new address is remembered"
    server.pages["/login"] = b"<!DOCTYPE html><html><body>Log in first</body></html>"
    server.trouble["/new"].append(Trouble(301, {"Location": "/login"}))
    assert poll(settings, feed(server))[0].error is not None
    assert poll(settings, feed(server))[0].not_modified, "what is no feed is not where it has moved to"
    del server.pages["/new"]
    server.feed("/rss", [Item(guid="b")])
    server.trouble["/rss"].clear()
    assert poll(settings, feed(server))[0].error is not None
    assert poll(settings, feed(server))[0].pushed == 1, "and forgotten, when it is no more"
    server.trouble["/rss"].append(Trouble(410))
    for _ in range(2):
        error = poll(settings, feed(server))[0].error
        assert error is not None
        assert str(error.code) == "feed.gone"
    assert server.count("/rss") == 3, "it is not asked again"
    server.feed("/third", [Item(guid="c")])
    assert poll(settings, feed(server, "/third"))[0].pushed == 1, "another url is another feed"


def test_robots_and_addresses(settings: Settings, server: FeedServer) -> None:
    server.feed("/rss", [Item(guid="a")])
    server.pages["/robots.txt"] = b"User-agent: newswire\nDisallow: /rss\n\nUser-agent: *\nAllow: /\n"

    def refused(**changes: Any) -> str:
        error = poll(settings, feed(server, **changes))[0].error
        return str(error.code) if error else ""

    assert refused() == "feed.robots"
    assert server.count("/rss") == 0
    server.trouble["/robots.txt"].append(Trouble(503))
    assert refused() == "feed.robots", "what cannot be read forbids"
    assert refused(private_addresses=False) == "feed.address"
    assert refused(private_addresses=False, robots=False) == "feed.address"
    assert server.count("/rss") == 0
    del server.pages["/robots.txt"]
    assert refused() == "", "404 allows all"
    server.trouble["/rss"].append(Trouble(302, {"Location": "file:///etc/passwd"}))
    assert refused(robots=False) == "feed.refused"
    server.trouble["/rss"].extend([Trouble(302, {"Location": "/rss"})] * 9)
    assert refused(robots=False) == "feed.refused"
    assert server.count("/rss") == 1 + 1 + 6


PAGE = """<!DOCTYPE html><html><head><title>Ferry</title></head><body><nav><a href="/">Home</a> <a href="/w">World</a>
</nav><article><h1>The ferry sails again</h1>{}</article><footer>Imprint, privacy, contact</footer></body></html>"""
PARAGRAPH = "<p>The ferry sailed again on Monday after three weeks in the dock, the harbour master {} said.</p>"


def test_full_text_or_else_the_summary(settings: Settings, server: FeedServer) -> None:
    server.pages["/page"] = PAGE.format("".join(PARAGRAPH.format(name) for name in ("Ane", "Bo", "Cy"))).encode()
    server.types["/page"] = server.types["/later"] = "text/html; charset=utf-8"
    items = [Item(guid="full", link=f"{server.url}/page"), Item(guid="later", link=f"{server.url}/later")]
    items += [Item(guid="odd", link="ftp://127.0.0.1/x")]
    server.feed("/rss", items)
    full = feed(server, full_text=True)
    outcome = poll(settings, full)[0]
    assert (outcome.pushed, outcome.summaries) == (3, 2)
    texts = {article.uri.rpartition("#")[2]: article for article in pushed(settings)}
    assert texts["full"].body.count("The ferry sailed again on Monday") == 3
    assert "\n\n" in texts["full"].body
    assert "Imprint" not in texts["full"].body
    assert texts["full"].description == "It rained."
    assert texts["later"].body == "It rained."
    server.pages["/later"] = server.pages["/page"]
    assert poll(settings, full)[0].pushed == 1, "the page can be read now"
    later = [article.body for article in pushed(settings) if article.uri.endswith("later")]
    assert [len(body) > 200 for body in later] == [False, True]
    for _ in range(3):
        assert poll(settings, full)[0].pushed == 0
    assert server.count("/page") == 1
    assert server.statuses["/rss"][304] >= 1, "after three tries the summary is left to stand"


def test_many_feeds_and_few_connections(settings: Settings, server: FeedServer) -> None:
    feeds = []
    for number in range(60):
        server.feed(f"/{number}", [Item(guid=f"{number}-{item}") for item in range(3)])
        feeds.append(feed(server, f"/{number}", name=f"f{number}", robots=False))
    assert sum(outcome.pushed for outcome in poll(settings, *feeds)) == 180
    assert server.most_at_once <= 2


@asynccontextmanager
async def running(settings: Settings, *feeds: Feed, folders: tuple[Folder, ...] = ()) -> Any:
    listed = Feeds(http=Http(contact=CONTACT, longest_pause=2.0), feed=feeds, folder=folders)
    async with service(settings, listed) as made:
        stop = asyncio.Event()
        task = asyncio.create_task(made.run(stop))
        try:
            yield made
        finally:
            stop.set()
            await task


async def until(condition: Callable[[], bool], what: str) -> None:
    await asyncio.to_thread(wait_for, condition, timeout=2 * GUARD, what=what)


def test_retry_after_is_kept_and_the_broker_away_only_delays(
    stack: Stack, settings: Settings, server: FeedServer, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"feeds": settings.feeds.model_copy(update={"kafka_timeout": 2.0})})
    server.feed("/rss", [Item(guid="a")])
    server.trouble["/rss"].append(Trouble(429, {"Retry-After": "2"}))
    inbox = tmp_path / "in"
    inbox.mkdir()
    drop = Folder(name="drop", path=str(inbox), settle=0, interval=0.2)

    async def run() -> None:
        async with running(settings, feed(server, robots=False), folders=(drop,)):
            await until(lambda: server.count("/rss") >= 2, "the second request")
            first, second = server.asked_at("/rss")[:2]
            assert second - first > 1.6
            await until(lambda: server.statuses["/rss"][304] >= 1, "a poll that finds nothing new")
            await asyncio.to_thread(stack.kafka.stop)
            server.feed("/rss", [Item(guid="a"), Item(guid="b")])
            story = inbox / "story.json"
            story.write_text('{"uri": "file#c", "versionCreated": "2022-02-26", "body": "It rained."}')
            await until(lambda: server.statuses["/rss"][200] >= 3, "polls that try again")
            assert story.exists()
            await asyncio.to_thread(stack.kafka.start)
            await until(lambda: len(pushed(settings)) >= 3, "the new item and the file in Kafka")
            await until(lambda: (inbox / "done" / "story.json").exists(), "the file in done")

    asyncio.run(run())
    assert {article.uri.rpartition("#")[2] for article in pushed(settings)} == {"a", "b", "c"}


# --- processes ---------------------------------------------------------------------------------------------------


def feeds_file(folder: Path, text: str) -> Path:
    path = folder / "feeds.toml"
    path.write_text(f'[http]\ncontact = "{CONTACT}"\nlongest_pause = 2.0\n{text}', encoding="utf-8")
    return path


@contextmanager
def process(stack: Stack, settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    started = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "feed", *arguments],
        env=os.environ | stack.environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def test_two_on_one_state_and_an_orderly_end(
    stack: Stack, settings: Settings, server: FeedServer, tmp_path: Path
) -> None:
    server.feed("/rss", [Item(guid="a")])
    path = feeds_file(
        tmp_path, f'[[feed]]\nname="one"\nurl="{server.url}/rss"\nprivate_addresses=true\ninterval=1.0\n'
    )
    with process(stack, settings, "--feeds", str(path)) as first:
        wait_for(lambda: server.count("/rss") > 1, timeout=GUARD, what="polls")
        with process(stack, settings, "--feeds", str(path), "--once") as second:
            _, told = second.communicate(timeout=GUARD)
            assert second.returncode == 2
            assert b"feed.running" in told
            assert str(first.pid).encode() in told
        with process(stack, settings, "--feeds", str(path), "--list", "--json") as listing:
            row = json.loads(listing.communicate(timeout=GUARD)[0])["feeds"][0]
            assert (row["state"], row["pushed"], row["items"]) == ("well", 1, 1)
            assert row["status"] in (200, 304)
        first.send_signal(signal.SIGTERM)
        assert first.wait(GUARD) == 0
    assert len(pushed(settings)) == 1
