"""`newswire push` as a process on the real Kafka: every file is answered for, also when it is interrupted."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.codec import decode_wire
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support.cli import Cli
from tests.support.ledger import records, wait_for
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

GUARD = 120.0  # seconds: against hanging, not a measurement


class Push:
    """The command on one test's own topic."""

    def __init__(self, stack: Stack, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[bytes]) -> None:
        self.settings: Settings = stack.settings(kafka={"max_article_bytes": 100_000})
        self._cli = Cli(monkeypatch, capture, stack.environment(self.settings))
        create_topics(self.settings)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "push", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str, stdin: bytes = b"", status: int = 0) -> str:
        return self._cli("push", *arguments, stdin=stdin, status=status).stdout.decode()

    def report(self, *arguments: str, stdin: bytes = b"", status: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("--json", *arguments, stdin=stdin, status=status))
        return found

    def bodies(self) -> Counter[str]:
        return Counter(decode_wire(record.value).body for record in records(self.settings, self.settings.topics.wire))


@pytest.fixture
def push(stack: Stack, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Push:
    return Push(stack, monkeypatch, capsysbinary)


def write(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.txt").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_every_file_is_answered_for(push: Push, tmp_path: Path) -> None:
    write(tmp_path, a=" date 2022-02-26 One.", z=" date 2022-02-26 Two.", bad="no date", empty=b"", latin=b"caf\xe9")
    write(tmp_path / "sub", big="x" * 100_001)
    (tmp_path / "sub" / "broken").symlink_to("nowhere")
    (tmp_path / "some.jsonl").write_text(
        '{"uri":"urn:a","versionCreated":"2022-02-26","body":"Three."}\n{"uri":"urn:b"}\n'
        '{"uri":"urn:c","versionCreated":"2022-02-26","body":"Four."}\n'
    )
    found = push.report(str(tmp_path), str(tmp_path / "missing"), status=1)
    reasons = {re.sub(f"^{re.escape(str(tmp_path))}/", "", item["name"]): item["code"] for item in found["refused"]}
    assert reasons == {
        "bad.txt": "wire.no-date",
        "empty.txt": "wire.empty",
        "latin.txt": "wire.encoding",
        "missing": "not-found",
        "some.jsonl:2": reasons["some.jsonl:2"],
        "sub/big.txt": "wire.too-large",
        "sub/broken": "not-found",
    }
    assert (found["files"], found["files_pushed"], found["articles_pushed"]) == (9, 2, 4)
    assert found["unacknowledged"] == []
    assert found["stopped"] is None
    assert push.bodies() == Counter(["One.", "Two.", "Three.", "Four."])
    text = push.run(str(tmp_path), status=1)
    assert f"{tmp_path / 'bad.txt'}\twire.no-date\t" in text
    assert "pushed 4 articles from 2 of 8 files" in text


def test_the_same_file_twice_is_one_article(push: Push, tmp_path: Path) -> None:
    write(tmp_path, a=" date 2022-02-26 One.")
    push.run(str(tmp_path))
    push.run(str(tmp_path / "a.txt"))
    assert len({record.key for record in records(push.settings, push.settings.topics.wire)}) == 1


def test_standard_input_and_a_date(push: Push) -> None:
    assert push.report("-", "--date", "2022-02-26", stdin=b"From a pipe.")["articles_pushed"] == 1
    (record,) = records(push.settings, push.settings.topics.wire)
    assert decode_wire(record.value).versionCreated == "2022-02-26"
    assert push.report("-", stdin=b"No date.", status=1)["refused"][0]["name"] == "standard input"


@pytest.mark.parametrize("arguments", [["--date", "26.2.2022"], ["--date", "2022-02-30"], ["--format", "word"]])
def test_mistakes_are_told_before_anything_is_sent(push: Push, tmp_path: Path, arguments: list[str]) -> None:
    write(tmp_path, a="One.")
    push.run(str(tmp_path), *arguments, status=2)
    assert push.bodies() == Counter()


class Stories:
    """Many files, and then a pipe that nobody writes into: however fast a push is, it is under way until `go_on`."""

    def __init__(self, folder: Path) -> None:
        count = 20_000
        self.total = count + 2  # with the pipe and one file behind it
        files, self._pipe, behind = folder / "1", folder / "2.txt", folder / "3.txt"
        files.mkdir()
        for number in range(count):
            (files / f"{number:05}.txt").write_text(f" date 2022-02-26 Story {number}.")
        os.mkfifo(self._pipe)
        behind.write_text(" date 2022-02-26 Behind.")
        self.arguments = [str(files), str(self._pipe), str(behind)]

    def go_on(self, process: subprocess.Popen[bytes]) -> None:
        """Write a story into the pipe, unless the push ends before it reads there."""
        while process.poll() is None:
            try:
                writing = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                assert error.errno == errno.ENXIO  # nobody reads it
                time.sleep(0.1)
                continue
            os.write(writing, b" date 2022-02-26 Piped.")
            os.close(writing)
            return


def test_ctrl_c_flushes_and_tells_where_it_stopped(push: Push, tmp_path: Path) -> None:
    stories = Stories(tmp_path)
    process = push.start("--json", *stories.arguments)
    try:
        wait_for(lambda: sum(push.bodies().values()) > 100, timeout=GUARD, what="the first articles in Kafka")
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=GUARD)
    finally:
        process.kill()
    assert process.returncode == 130, errors
    found = json.loads(out)
    assert found["interrupted"]
    assert found["files"] == stories.total
    assert found["unacknowledged"] == []
    assert 0 < found["files_pushed"] == stories.total - found["files_not_tried"] < stories.total
    # all before the first that was not tried, and none twice
    first = Path(found["first_not_tried"])
    assert found["files_pushed"] == (stories.total - 2 if first.name == "2.txt" else int(first.stem))
    assert Counter({f"Story {number}.": 1 for number in range(found["files_pushed"])}) <= push.bodies()


def test_a_broker_that_stays_away_stops_the_push_with_75(stack: Stack, push: Push, tmp_path: Path) -> None:
    stories = Stories(tmp_path)
    process = push.start("--json", *stories.arguments, "--timeout", "5")
    try:
        wait_for(lambda: sum(push.bodies().values()) > 100, timeout=GUARD, what="the first articles in Kafka")
        stack.kafka.kill()
        going_on = threading.Thread(target=stories.go_on, args=(process,))
        going_on.start()
        out, errors = process.communicate(timeout=GUARD)
    finally:
        process.kill()
        stack.kafka.start()
    going_on.join()
    assert process.returncode == 75, errors
    found = json.loads(out)
    assert found["stopped"]["code"] == "kafka.unreachable"
    assert found["files_pushed"] + len(found["unacknowledged"]) + found["files_not_tried"] == found["files"]
    assert found["files"] == stories.total
    there = push.bodies()
    assert max(there.values()) == 1
    assert found["articles_pushed"] <= len(there) <= found["articles_pushed"] + len(found["unacknowledged"])
