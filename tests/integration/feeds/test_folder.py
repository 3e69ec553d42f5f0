"""Drop folders into the real Kafka: finished files alone, nothing lost, killed or not."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.codec import decode_wire
from pipeline.feeds.definition import Folder
from pipeline.feeds.folder import FolderWatch
from pipeline.feeds.publisher import Publisher
from pipeline.feeds.state import State
from pipeline.feeds.tools import Outcome
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support.ledger import records, wait_for
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

GUARD = 120.0  # seconds: against hanging, not a measurement


@pytest.fixture
def settings(stack: Stack, tmp_path: Path) -> Settings:
    made = stack.settings(feeds={"state_dir": str(tmp_path / "state"), "kafka_timeout": GUARD})
    create_topics(made)
    return made


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def article(uri: str, **changes: Any) -> bytes:
    return json.dumps({"uri": uri, "versionCreated": "2022-02-26", "body": f"It rained on {uri}."} | changes).encode()


def uris(settings: Settings) -> Counter[str]:
    return Counter(decode_wire(record.value).uri for record in records(settings, settings.topics.wire))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def wait_for_files(folder: Path, wanted: int) -> None:
    wait_for(lambda: len(names(folder)) >= wanted, timeout=GUARD, what=f"{wanted} files", every=0.01)


class Watch:
    """A folder under watch, with a clock of its own; `look` is one look."""

    def __init__(self, settings: Settings, inbox: Path, **changes: Any) -> None:
        given: dict[str, Any] = {"name": "drop", "path": str(inbox), "settle": 5.0}
        self._folder = Folder(**given | changes)
        self._settings = settings
        self.now = 0.0

    def looks(self, *seconds: float, between: Callable[[], object] | None = None) -> list[Outcome]:
        """Looks in the life of one process, so many seconds after each other."""

        async def run() -> list[Outcome]:
            state = State(Path(self._settings.feeds.state_dir))
            publisher = Publisher(self._settings, timeout=GUARD, source="newswire/test")
            watch = FolderWatch(self._folder, state=state, publisher=publisher, monotonic=lambda: self.now)
            outcomes = []
            for number, passed in enumerate(seconds):
                self.now += passed
                outcomes.append(await watch.look())
                if between is not None and number == 0:
                    between()
            await publisher.close()
            state.close()
            return outcomes

        return asyncio.run(run())


def test_files_go_to_done_or_to_refused_with_the_reason_beside(settings: Settings, inbox: Path) -> None:
    (inbox / "good.json").write_bytes(article("good"))
    (inbox / "lines.jsonl").write_bytes(b"\n".join(article(f"line-{number}") for number in range(150)))
    (inbox / "packed.json.gz").write_bytes(gzip.compress(article("packed")))
    (inbox / "broken.xml").write_bytes(b"<nitf><body>")
    (inbox / "undated.txt").write_bytes(b"No date at all.")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("1.json", article("zip-1"))
        made.writestr("2.json", article("zip-2", versionCreated="the other day"))
        made.writestr("3.json", article("zip-3"))
    (inbox / "some.zip").write_bytes(archive.getvalue())

    first, second, third = Watch(settings, inbox).looks(0, 5, 5)
    assert (first.pushed, second.pushed, third.pushed) == (0, 154, 0)
    assert second.refused == 3
    expected = {"good", "packed", "zip-1", "zip-3"} | {f"line-{number}" for number in range(150)}
    assert uris(settings) == dict.fromkeys(expected, 1)
    assert names(inbox) == ["done", "refused"]
    assert names(inbox / "done") == ["good.json", "lines.jsonl", "packed.json.gz"]
    refused = ["broken.xml", "some.zip", "undated.txt"]
    assert names(inbox / "refused") == sorted([*refused, *(f"{name}.reason.json" for name in refused)])
    reasons = {name: json.loads((inbox / "refused" / f"{name}.reason.json").read_text()) for name in refused}
    assert [reasons[name]["refused"][0]["code"] for name in refused] == [
        "wire.unreadable",
        "wire.field",
        "wire.no-date",
    ]
    assert [reasons[name]["articles_pushed"] for name in refused] == [0, 2, 0]
    assert "2.json" in reasons["some.zip"]["refused"][0]["message"]
    assert (inbox / "refused" / "some.zip").read_bytes() == archive.getvalue()

    # the same name again, and the same file again
    (inbox / "good.json").write_bytes(article("good"))
    Watch(settings, inbox, settle=0).looks(0)
    assert names(inbox / "done") == ["good.2.json", "good.json", "lines.jsonl", "packed.json.gz"]


def test_half_written_files_are_left_until_they_are_whole(settings: Settings, inbox: Path) -> None:
    text = b"date 2022-02-26 The ferry sailed.\n\nThe second half of it.\n"
    (inbox / "slow.txt").write_bytes(text[:30])
    watch = Watch(settings, inbox)
    with (inbox / "open.txt").open("wb") as writer:
        writer.write(text[:30])
        writer.flush()

        def more() -> None:
            with (inbox / "slow.txt").open("ab") as again:
                again.write(text[30:])

        watch.looks(0, 4, 4, between=more)
        assert uris(settings) == {}
        watch.looks(0, 9)
        assert names(inbox) == ["done", "open.txt"], "one has not changed for long, and is still open"
        writer.write(text[30:])
    outcomes = watch.looks(0, 9)
    assert outcomes[-1].pushed == 1
    found = {decode_wire(record.value).body for record in records(settings, settings.topics.wire)}
    assert len(found) == 1
    assert "The second half" in found.pop()


def test_options(settings: Settings, inbox: Path) -> None:
    for name in ("a.txt", "b.xml", "c.txt.tmp"):
        (inbox / name).write_bytes(b"No date at all.")
        os.utime(inbox / name, (1645880400, 1645880400))
    watch = Watch(settings, inbox, settle=0, pattern="*.txt", after="delete", undated="arrival")
    assert watch.looks(0)[0].pushed == 1
    assert names(inbox) == ["b.xml", "c.txt.tmp"]
    (record,) = records(settings, settings.topics.wire)
    assert decode_wire(record.value).versionCreated == "2022-02-26T13:00:00+00:00"


def test_what_cannot_be_moved_is_told_and_not_pushed_again(settings: Settings, inbox: Path) -> None:
    (inbox / "done").write_text("in the way")
    (inbox / "a.json").write_bytes(article("a"))
    (inbox / "b.json").write_bytes(article("b", body=7))

    def make_way() -> None:
        (inbox / "done").unlink()

    watch = Watch(settings, inbox, settle=0, pattern="*.json")
    first, second = watch.looks(0, 1, between=make_way)
    assert first.error is not None
    assert "a.json" in first.error.message
    assert names(inbox / "refused") == ["b.json", "b.json.reason.json"], "it stopped no other"
    assert second.error is None
    assert names(inbox / "done") == ["a.json"]
    assert uris(settings) == {"a": 1}


def test_killed_again_and_again_it_loses_no_file(
    stack: Stack, settings: Settings, inbox: Path, tmp_path: Path
) -> None:
    total = 400
    for number in range(total):
        (inbox / f"{number:03}.json").write_bytes(article(f"u{number}"))
    (inbox / "half.part").write_bytes(article("half"))
    path = tmp_path / "feeds.toml"
    path.write_text(f'[[folder]]\nname = "drop"\npath = "{inbox}"\nsettle = 0\ninterval = 0.1\n', encoding="utf-8")
    for kill in range(4):
        before = len(names(inbox / "done"))
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "feed", "--feeds", str(path)],
            env=os.environ | stack.environment(settings),
            stderr=subprocess.DEVNULL,
        )
        try:
            wanted = total if kill == 3 else min(total, before + 20)
            wait_for_files(inbox / "done", wanted)
        finally:
            process.kill()
            process.wait()
        left = {path.name for path in inbox.glob("*.json")}
        assert {name.replace(".2.", ".") for name in [*names(inbox / "done"), *left]} == {
            f"{number:03}.json" for number in range(total)
        }
    assert names(inbox / "done") == [f"{number:03}.json" for number in range(total)]
    assert set(uris(settings)) == {f"u{number}" for number in range(total)}
    assert names(inbox) == ["done", "half.part"]
