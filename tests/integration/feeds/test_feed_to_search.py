"""From feeds over real HTTP to the search: each item once, in its latest words, over five SIGKILLs of the poller."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bench import Bench
from tests.support.feed_server import FeedServer, Item, Trouble, feed_server
from tests.support.ledger import shown, wait_for
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

GUARD = 120.0  # seconds: against hanging, not a measurement
FEEDS = 4
KILLS = 5
PER_ROUND = 12  # new items of a feed
TROUBLE = (
    Trouble(429, {"Retry-After": "1"}),
    Trouble(500),
    Trouble(delay=3.0),
    Trouble(cut=True),
    Trouble(body=b"<rss><channel><item><title>Half"),
)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as started:
        yield started


class Newsroom:
    """What the feeds say, and what the search must show: uri and headline of each item."""

    def __init__(self, server: FeedServer, prefix: str, inbox: Path) -> None:
        self.server, self.prefix, self.inbox = server, prefix, inbox
        self.items: list[dict[str, Item]] = [{} for _ in range(FEEDS)]
        self.files: dict[str, str] = {}

    @property
    def expected(self) -> dict[str, str]:
        return self.files | {guid: item.title for feed in self.items for guid, item in feed.items()}

    def publish(self, kill: int) -> None:
        """New items in each feed and in the folder, and changes of old ones without any new date."""
        for feed, items in enumerate(self.items):
            for guid in list(items)[kill::5]:
                items[guid] = Item(guid=guid, title=f"{items[guid].title}, changed {kill}")
            for number in range(len(items), len(items) + PER_ROUND):
                guid = f"{self.prefix}{feed}-{number}"
                items[guid] = Item(guid=guid, title=f"Item {number} of feed {feed}")
            self.server.feed(f"/{feed}", list(items.values()), built=f"Sat, 26 Feb 2022 {12 + kill}:00:00 GMT")
            self.server.trouble[f"/{feed}"].append(TROUBLE[(feed + kill) % len(TROUBLE)])
        for number in range(len(self.files), len(self.files) + PER_ROUND):
            uri = f"{self.prefix}file-{number}"
            story = {"uri": uri, "versionCreated": "2022-02-26", "body": "It rained.", "headline": f"File {number}"}
            draft = self.inbox / f"{number}.json.tmp"
            draft.write_text(json.dumps(story))
            draft.rename(self.inbox / f"{number}.json")
            self.files[uri] = f"File {number}"


def test_each_item_is_searchable_once_over_five_kills(stack: Stack, server: FeedServer, tmp_path: Path) -> None:
    bench = Bench(stack, tmp_path, light=True, feeds={"state_dir": str(tmp_path / "state")})
    inbox = tmp_path / "in"
    inbox.mkdir()
    newsroom = Newsroom(server, bench.ledger().prefix, inbox)
    listed = '[http]\ncontact = "newsdesk@example.org"\nlongest_pause = 1.0\n'
    for feed in range(FEEDS):
        listed += f'[[feed]]\nname = "f{feed}"\nurl = "{server.url}/{feed}"\ninterval = 1.0\ntimeout = 2.0\n'
        listed += "private_addresses = true\n"
    listed += f'[[folder]]\nname = "drop"\npath = "{inbox}"\nsettle = 0\ninterval = 0.2\n'
    path = tmp_path / "feeds.toml"
    path.write_text(listed)
    log = tmp_path / "feed.log"

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "feed", "--feeds", str(path)],
                env=os.environ | bench.environment,
                stdout=out,
                stderr=out,
            )

    def found() -> dict[str, str]:
        return {document["uri"]: document["headline"] for document in shown(bench.client, newsroom.prefix)}

    def wait_for_more(goal: int) -> None:
        wait_for(lambda: len(found()) >= goal, timeout=GUARD, what=f"{goal} items, see {log}")

    with bench:
        bench.crew.start()
        for kill in range(KILLS):
            newsroom.publish(kill)
            goal = len(found()) + 2 * PER_ROUND  # the files and some items, and by no means all
            poller = start()
            try:
                wait_for_more(goal)
            finally:
                poller.kill()
                poller.wait()
        newsroom.publish(KILLS)
        poller = start()
        try:
            wait_for(lambda: found() == newsroom.expected, timeout=GUARD, what=f"every item, see {log}", every=1.0)
            before = Counter({feed: server.statuses[f"/{feed}"][304] for feed in range(FEEDS)})

            def asked_again() -> bool:
                return all(server.statuses[f"/{feed}"][304] > before[feed] for feed in range(FEEDS))

            wait_for(asked_again, timeout=GUARD, what="304 Not Modified for each feed")
            poller.terminate()
            assert poller.wait(GUARD) == 0
        finally:
            if poller.poll() is None:
                poller.kill()
            poller.wait()
        documents = Counter(document["uri"] for document in shown(bench.client, newsroom.prefix))
        assert set(documents.values()) == {1}
        assert len(documents) == (KILLS + 1) * PER_ROUND * (FEEDS + 1)
        assert found() == newsroom.expected
        assert bench.dead_letters() == []
        for feed in range(FEEDS):
            assert not server.trouble[f"/{feed}"], "every trouble was met"
    assert sorted(path.name for path in inbox.iterdir()) == ["done"]
