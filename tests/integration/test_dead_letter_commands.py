"""`newswire dead-letters` on the real Kafka: whatever a record was, it comes back byte for byte, once."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.errors import Code, Poison, Transient
from pipeline.settings import Settings
from pipeline.stream import replay as replay_module
from pipeline.stream.dead_letter_topic import DeadLetterTopic, LetterId
from pipeline.stream.dead_letters import REASON, dead_letter_headers, sendable_key
from pipeline.stream.replay import Outcome, replay
from pipeline.stream.topics import create_topics
from tests.support.cli import Cli, Done
from tests.support.ledger import records
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Failed:
    """A record that failed."""

    key: bytes | None
    value: bytes | None
    headers: Headers = field(default_factory=list)
    code: Code = Code.RECORD_UNREADABLE
    stage: str = "enrich"
    partition: int = 1


# every shape that a record may have on a topic
SHAPES = [
    Failed(b"k", b"plain text"),
    Failed(b"\xff\x00k", b"\x00\xfe\xff{\x1b[31m\r\n\x00"),
    Failed(b"empty", b""),
    Failed(b"null", None),
    Failed(b"", b"\x80 empty key"),
    Failed(None, b"no key"),
    Failed(None, None, [("only", b"headers")]),
    Failed(b"", None),
    Failed(b"twice", b"x", [("a", b"1"), ("b", b""), ("a", b"1"), ("A", b"2")]),
    Failed(b"odd", b"x", [("no value", None), ("", b"\x00\xff"), ("é\n", b"\xc3")]),
    Failed(b"copied", b"x", [(REASON, b"theirs"), ("dl_topic", b"elsewhere"), ("dl_replayed", b"0-0")]),
    Failed(b"looks replayed", None, [("dl_replayed", b"0-0")]),
    Failed(b"large", os.urandom(1_500_000) * 3),
    Failed(b"enriched", b"{}", code=Code.INDEX_REJECTED, stage="index", partition=3),
]


def bury(settings: Settings, failed: Sequence[Failed]) -> None:
    """Write dead letters as a worker does, with the client that Faust uses."""

    async def send() -> None:
        async with replay_module._producer(settings) as producer:
            for offset, record in enumerate(failed):
                topic = settings.topics.wire if record.stage == "enrich" else settings.topics.enriched
                headers = dead_letter_headers(
                    error=Poison(record.code, f"number {offset} \x1b[2J"),
                    stage=record.stage,
                    topic=topic,
                    partition=record.partition,
                    offset=offset,
                    timestamp_ms=1_000,
                    worker="worker-1",
                    time="2022-02-26T00:00:00+00:00",
                    headers=record.headers,
                    null_record=record.key is None and record.value is None,
                )
                key = sendable_key(record.key, record.value)
                await producer.send_and_wait(settings.topics.dead_letter, record.value, key, headers=headers)

    asyncio.run(send())


@pytest.fixture
def settings(stack: Stack) -> Settings:
    made = stack.settings()
    create_topics(made)
    return made


class DeadLetters:
    """`newswire dead-letters` on one test's own topics."""

    def __init__(self, cli: Cli) -> None:
        self._cli = cli

    def __call__(self, *arguments: str, status: int = 0) -> Done:
        return self._cli("dead-letters", *arguments, status=status)

    def listed(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self("list", "--json", *arguments).stdout.splitlines()]


@pytest.fixture
def cli(
    stack: Stack, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> DeadLetters:
    return DeadLetters(Cli(monkeypatch, capsysbinary, stack.environment(settings)))


def content(record: Any) -> tuple[bytes | None, bytes | None, Headers]:
    return record.key, record.value, list(record.headers)


def back(settings: Settings, topic: str) -> list[tuple[bytes | None, bytes | None, Headers]]:
    return sorted(map(content, records(settings, topic)), key=repr)


def replay_all(settings: Settings) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with DeadLetterTopic(settings) as topic:
        done = topic.replayed()
        replay(settings, (letter for letter in topic.letters() if letter.id not in done), on_outcome=outcomes.append)
    return outcomes


def test_every_shape_of_record_is_read_and_replayed_byte_for_byte(settings: Settings) -> None:
    bury(settings, SHAPES)
    with DeadLetterTopic(settings) as topic:
        assert topic.replayed() == set()
        letters = list(topic.letters())
        assert [topic.get(letter.id) for letter in letters] == letters
    found = {int(letter.origin.offset or 0): letter for letter in letters if letter.origin}
    assert len(found) == len(letters) == len(SHAPES)
    for number, shape in enumerate(SHAPES):
        letter = found[number]
        assert (letter.key, letter.value, letter.headers) == (shape.key, shape.value, shape.headers)
        assert letter.reason == shape.code
    outcomes = replay_all(settings)
    assert [outcome.error for outcome in outcomes] == [None] * len(SHAPES)
    for topic_name, stage in ((settings.topics.wire, "enrich"), (settings.topics.enriched, "index")):
        expected = [(shape.key, shape.value, shape.headers) for shape in SHAPES if shape.stage == stage]
        assert back(settings, topic_name) == sorted(expected, key=repr)
        assert {record.partition for record in records(settings, topic_name)} == {1 if stage == "enrich" else 3}
    # all are marked, the dead letters themselves are as they were, and nothing is replayed twice
    assert replay_all(settings) == []
    with DeadLetterTopic(settings) as topic:
        assert topic.replayed() == {letter.id for letter in letters}
        assert list(topic.letters()) == letters


def test_a_crash_before_the_mark_replays_again_and_never_loses(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bury(settings, [Failed(b"%d" % number, b"v%d" % number) for number in range(5)])

    async def crash(*_: Any) -> None:
        raise Transient(Code.KAFKA_UNREACHABLE, "crash between replay and mark")

    with monkeypatch.context() as patch:
        patch.setattr(replay_module, "_mark", crash)
        with pytest.raises(Transient):
            replay_all(settings)
    assert len(replay_all(settings)) == 5
    assert len(back(settings, settings.topics.wire)) == 10
    assert replay_all(settings) == []


def test_a_letter_from_elsewhere_is_not_sent_anywhere(settings: Settings) -> None:
    bury(settings, [Failed(b"k", b"v")])
    others = settings.model_copy(update={"topics": settings.topics.model_copy(update={"wire": "renamed"})})
    (outcome,) = replay_all(others)
    assert isinstance(outcome.error, Poison)
    assert settings.topics.wire in outcome.error.message
    assert back(settings, settings.topics.wire) == []
    assert len(replay_all(settings)) == 1


def test_more_letters_than_go_at_once(settings: Settings) -> None:
    number = replay_module.LETTERS_AT_ONCE * 2 + 7
    bury(settings, [Failed(b"%d" % index, b"v", partition=index % 4) for index in range(number)])
    assert len(replay_all(settings)) == number
    assert {key for key, _, _ in back(settings, settings.topics.wire)} == {b"%d" % index for index in range(number)}
    with DeadLetterTopic(settings) as topic:
        assert len(topic.replayed()) == number


def test_list(cli: DeadLetters, settings: Settings) -> None:
    bury(settings, [Failed(b"%d" % number, b"v", code=Code.WIRE_EMPTY) for number in range(8)] + SHAPES[:2])
    rows = cli.listed()
    assert len(rows) == 10
    assert [row["arrived_ms"] for row in rows] == sorted((row["arrived_ms"] for row in rows), reverse=True)
    assert {row["state"] for row in rows} == {"pending"}
    row = next(row for row in rows if row["key"] == "3")
    assert (row["reason"], row["stage"], row["topic"]) == ("wire.empty", "enrich", settings.topics.wire)
    assert (row["partition"], row["offset"], row["worker"], row["value_bytes"]) == (1, 3, "worker-1", 1)
    assert len(cli.listed("--reason", "wire.empty")) == 8
    assert cli.listed("--limit", "3") == rows[:3]
    assert len(cli.listed("--limit", "0")) == 10
    text = cli("list", "--limit", "1")
    assert b"10 dead letters: 8 wire.empty, 2 record.unreadable" in text.stderr
    assert b"\x1b" not in text.stdout
    assert b"\\x1b[2J" in text.stdout


def test_show(cli: DeadLetters, settings: Settings) -> None:
    bury(settings, [SHAPES[1]])
    (row,) = cli.listed()
    assert cli("show", row["id"], "--raw").stdout == SHAPES[1].value
    text = cli("show", row["id"]).stdout.decode()
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "record.unreadable" in text
    assert r"\x1b[31m" in text
    shown = json.loads(cli("show", row["id"], "--json").stdout)
    assert base64.b64decode(shown["value_base64"]) == SHAPES[1].value
    assert base64.b64decode(shown["key_base64"]) == SHAPES[1].key
    missing = LetterId(0, 10**6)
    assert b"no dead letter" in cli("show", str(missing), status=2).stderr
    assert b"is not the id" in cli("show", "first", status=2).stderr


def test_replay_asks_and_hides_what_it_replayed(cli: DeadLetters, settings: Settings) -> None:
    bury(settings, [Failed(b"a", b"1", code=Code.WIRE_EMPTY), Failed(b"b", b"2"), Failed(b"c", b"3")])
    assert b"--yes" in cli("replay", "--all", status=2).stderr
    assert back(settings, settings.topics.wire) == []
    cli("replay", status=2)
    cli("replay", "--all", "--reason", "wire.empty", status=2)
    assert b"replayed 1 dead letters" in cli("replay", "--reason", "wire.empty", "--yes").stdout
    rows = cli.listed()
    assert {row["key"] for row in rows} == {"b", "c"}
    everything = cli.listed("--all-states")
    assert {row["key"]: row["state"] for row in everything} == {"a": "replayed", "b": "pending", "c": "pending"}
    one = next(row["id"] for row in rows if row["key"] == "b")
    assert json.loads(cli("replay", one, "--json").stdout)["replayed"] == 1
    assert b"replayed already" in cli("replay", one).stderr
    assert b"replayed 1" in cli("replay", one, "--again").stdout
    assert b"replayed 1" in cli("replay", "--all", "--yes").stdout
    assert [value for _, value, _ in back(settings, settings.topics.wire)] == [b"1", b"2", b"2", b"3"]
    assert cli.listed() == []
