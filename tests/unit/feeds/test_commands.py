"""`newswire feed` and `newswire listen` on the command line, as far as they go without a broker."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Cli
from tests.support.feed_server import FeedServer, Item, Trouble, feed_server

HEAD = '[http]\ncontact = "newsdesk@example.org"\nlongest_pause = 1.0\n'


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as started:
        yield started


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Iterator[Cli]:
    environment = {
        "NEWSWIRE__KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "NEWSWIRE__FEEDS__STATE_DIR": str(tmp_path / "state"),
        "NEWSWIRE__FEEDS__KAFKA_TIMEOUT": "0.5",
    }
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Cli(monkeypatch, capfdbinary, environment)
    root.handlers[:] = handlers  # the command has set its own
    root.setLevel(level)


def listed(folder: Path, text: str) -> str:
    path = folder / "feeds.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


def feed(server: FeedServer, name: str = "one", more: str = "") -> str:
    return (
        f'[[feed]]\nname = "{name}"\nurl = "{server.url}/{name}"\nprivate_addresses = true\nrobots = false\n{more}\n'
    )


def test_a_fresh_clone_does_nothing_and_says_what_to_do(cli: Cli, tmp_path: Path) -> None:
    told = cli("feed", status=2).stderr
    assert b"enables no feed" in told
    assert b"newswire feed --feeds FILE" in told
    assert b"no feed and no folder" in cli("feed", "--list").stdout
    assert json.loads(cli("feed", "--list", "--json").stdout) == {"feeds": []}
    assert not (tmp_path / "state").exists()


def test_mistakes_are_named(cli: Cli, server: FeedServer, tmp_path: Path) -> None:
    path = listed(tmp_path, feed(server))
    assert b"--once or --list" in cli("feed", "--json", status=2).stderr
    assert b"'two'" in cli("feed", "--feeds", path, "two", status=2).stderr
    folder = listed(tmp_path, '[[folder]]\nname = "drop"\npath = "nowhere"\n')
    told = cli("feed", "--feeds", folder, "--once", status=2).stderr
    assert b"'drop'" in told
    assert b"mkdir -p" in told
    off = tmp_path / "off.toml"
    off.write_text(feed(server, more="enabled = false"), encoding="utf-8")
    assert b"contact" in cli("feed", "--feeds", str(off), "one", status=2).stderr
    assert server.requests == []
    assert b"--port" in cli("listen", "--port", "70000", status=2).stderr
    assert b"token" in cli("listen", "--host", "0.0.0.0", status=2).stderr


def test_once_without_a_broker_and_the_list_afterwards(cli: Cli, server: FeedServer, tmp_path: Path) -> None:
    server.feed("/one", [Item(guid="a")])
    server.feed("/empty", [])
    server.trouble["/gone"].append(Trouble(410))
    text = feed(server) + feed(server, "empty") + feed(server, "gone") + feed(server, "off", "enabled = false")
    path = listed(tmp_path, text)
    told = json.loads(cli("feed", "--feeds", path, "--once", "--json", status=75).stdout)["feeds"]
    assert [(row["name"], row["pushed"], row["error"] and row["error"]["code"]) for row in told] == [
        ("one", 0, "kafka.unreachable"),
        ("empty", 0, None),
        ("gone", 0, "feed.gone"),
    ]
    rows = json.loads(cli("feed", "--feeds", path, "--list", "--json").stdout)["feeds"]
    assert [row["state"] for row in rows] == ["failing", "well", "gone", "off"]
    assert [row["items"] for row in rows] == [0, 0, 0, 0], "nothing is claimed"
    assert rows[0]["next_poll"] is not None
    assert rows[2]["next_poll"] is None
    table = cli("feed", "--feeds", path, "--list").stdout.decode()
    assert "kafka.unreachable" in table
    assert "HTTP 410" in table
    assert cli("feed", "--feeds", path, "--once", "empty").stdout == b"empty: nothing new\n"
    assert b"gone: failed" in cli("feed", "--feeds", path, "--once", "gone", status=1).stdout
    assert server.count("/gone") == 1
