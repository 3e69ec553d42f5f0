"""`newswire status`, `doctor` and `health` on real servers, also on those that are down or not as they should be."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from pipeline import identity
from pipeline.index.setup import setup
from pipeline.local import ports
from pipeline.operations import check_index, check_kafka
from pipeline.operations.findings import Severity, run
from pipeline.operations.kafka_view import KafkaView, TopicView, catch_up
from pipeline.stream.topics import create_topics
from tests.support.cli import Cli
from tests.support.ledger import Ledger, push, wait_for
from tests.support.monitor import wait_until_ready
from tests.support.news import articles
from tests.support.stack import Stack, unique
from tests.support.workers import workers

pytestmark = pytest.mark.servers

GUARD = 200.0  # seconds: against hanging, not a measurement


@pytest.fixture
def settings(stack: Stack) -> Any:
    # ports of our own: workers of other tests take the usual ones, also ours as soon as its worker has ended
    metrics = {"port": ports.choose(avoid=set())}
    worker = {"name": "", "session_timeout": 120.0}  # nobody is to be taken for dead where records are counted
    found = stack.settings(kafka={"request_timeout": 30.0}, worker=worker, metrics=metrics)
    create_topics(found)
    return found


@pytest.fixture
def client(stack: Stack, settings: Any) -> Iterator[Elasticsearch]:
    with Elasticsearch(stack.url, request_timeout=60) as found:
        setup(found, settings)
        yield found
        setup(found, settings)


@pytest.fixture
def cli(
    stack: Stack,
    settings: Any,
    client: Any,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Cli:
    return Cli(monkeypatch, capfdbinary, stack.environment(settings))


def told(cli: Cli, *arguments: str, status: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(cli(*arguments, "--json", status=status).stdout)
    return answer


def test_status_tells_lag_pace_indices_dead_letters_and_workers(
    cli: Cli, stack: Stack, settings: Any, tmp_path: Path
) -> None:
    ledger = Ledger(f"urn:newswire:test:{unique()}:")
    push(settings, articles(40, prefix=ledger.prefix, sentences=1), ledger)
    producer: Any = KafkaProducer(bootstrap_servers=stack.bootstrap, acks="all")
    producer.send(settings.topics.wire, key=b"x", value=b"no article", headers=[("content-type", b"text/x-none")])
    producer.close()

    before = told(cli, "status")
    wire, enriched, letters = before["topics"]["topics"]
    assert (wire["name"], wire["behind"], wire["records"]) == (settings.topics.wire, 41, 41)
    assert (enriched["behind"], letters["behind"], before["topics"]["members"]) == (0, None, 0)
    assert before["topics"]["seconds_to_catch_up"] == {settings.topics.wire: None}  # nobody works
    with workers(stack.environment(settings), tmp_path) as crew:
        worker = crew.start()

        def all_is_done() -> Any:  # the sections are looked at one beside the other
            view = told(cli, "status")
            topics = view["topics"]["topics"]
            done = topics[1]["done"] == 40 and [topic["behind"] for topic in topics] == [0, 0, None]
            ready = any(each["ready"] for each in view["workers"] if each["pid"] == worker.process.pid)
            visible = view["indices"]["visible"] >= 40  # once the index was refreshed
            return done and ready and visible and view["dead_letters"]["pending"] and view

        found = wait_for(all_is_done, timeout=GUARD, what="no lag, and a worker that is ready")
        assert found["topics"]["members"] == 1
        mine = next(each for each in found["workers"] if each["pid"] == worker.process.pid)
        assert (mine["ready"], mine["group"]) == (True, settings.worker.group)
        assert found["dead_letters"]["pending"] == 1
        assert found["dead_letters"]["reasons"] == {"wire.format-unknown": 1}
        assert "text/x-none" in found["dead_letters"]["last_message"]
        wait_until_ready(f"http://127.0.0.1:{mine['port']}")
        assert cli("health", "--port", str(mine["port"])).stdout.strip() == b"ready"
        assert cli("health", "--live", "--port", str(mine["port"])).stdout.strip() == b"live"
    index = next(each for each in found["indices"]["indices"] if identity.WRITE_ALIAS in each["aliases"])
    assert index["documents"] >= 40
    assert index["bytes"] > 0
    assert found["indices"]["visible"] >= 40
    shown = cli("status").stdout.decode()
    for words in (settings.topics.wire, index["name"], "1 wire.format-unknown", "1 dead letters pending"):
        assert words in shown
    cli("health", "--port", str(mine["port"]), status=75)


def test_status_and_doctor_answer_while_elasticsearch_is_down(cli: Cli, stack: Stack) -> None:
    stack.elasticsearch.kill()
    try:
        began = time.monotonic()
        found = told(cli, "status", status=1)
        assert time.monotonic() - began < 60
        findings = told(cli, "doctor", status=1)["findings"]
    finally:
        stack.elasticsearch.start()
    assert found["indices"]["error"]["code"] == "elasticsearch.unreachable"
    assert found["topics"]["topics"][0]["behind"] == 0
    assert found["dead_letters"]["pending"] == 0
    wrong = {each["check"] for each in findings if each["severity"] == "error"}
    assert {"elasticsearch", "indices"} <= wrong
    assert any(each["check"] == "topics" and each["severity"] == "ok" for each in findings)


def test_doctor_finds_nothing_wrong_with_what_is_right(cli: Cli) -> None:
    report = told(cli, "doctor")
    assert report["healthy"] is True
    found = {(each["check"], each["severity"]) for each in report["findings"]}
    for check in ("versions", "kafka", "topics", "group", "templates", "aliases", "indices", "enrichment", "files"):
        assert (check, "ok") in found, check
    assert [each for each in report["findings"] if each["severity"] == "error"] == []
    clocks = [each["message"] for each in report["findings"] if each["check"] == "clocks"]
    assert len(clocks) == 2
    for message in clocks:  # one machine has one clock
        assert re.search(r"clock is as ours, within \d+\.\d\d s", message)
    assert any("without security" in each["message"] for each in report["findings"] if each["check"] == "rights")


def problems(checks: Any, settings: Any) -> dict[str, tuple[Severity, str]]:
    bad = (Severity.ERROR, Severity.WARNING)
    found = {each.check: (each.severity, each.next) for each in run(checks, settings) if each.severity in bad}
    found.pop("kafka", None)  # there is one broker, which it warns of
    found.pop("disk", None)  # of whatever machine this is
    return found


def test_doctor_names_what_differs_and_the_command_that_mends_it(
    settings: Any, stack: Stack, client: Elasticsearch
) -> None:
    admin: Any = KafkaAdminClient(bootstrap_servers=stack.bootstrap)
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, settings.topics.wire, {"retention.ms": "60000"})])
    admin.close()
    # the broker takes over a moment later what its controller has noted
    for wrong in ({"topics": (Severity.WARNING, "newswire setup")}, {}):
        wait_for(
            lambda wrong=wrong: problems(check_kafka.CHECKS, settings) == wrong,  # type: ignore[misc]
            timeout=GUARD,
            what=f"{wrong} told of Kafka",
        )
        create_topics(settings)

    client.indices.put_alias(index=identity.index_name(), name=identity.READ_ALIAS)  # without its filter
    client.indices.add_block(index=identity.index_name(), block="write")
    try:
        found = problems(check_index.CHECKS, settings)
        assert found["aliases"] == (Severity.ERROR, "newswire setup")
        assert found["indices"] == (Severity.ERROR, "newswire reindex, or --abort")
    finally:
        client.indices.put_settings(index=identity.index_name(), settings={"index.blocks.write": None})
    setup(client, settings)
    assert not {"aliases", "indices"} & set(problems(check_index.CHECKS, settings))


def test_a_group_that_grows_behind_never_catches_up() -> None:
    def view(behind: int, at: float) -> KafkaView:
        topic = TopicView(name="t", partitions=1, behind=behind)
        return KafkaView(group="g", members=1, topics=(topic,), at=at)

    assert catch_up(view(1000, 0.0), view(700, 3.0)) == {"t": 7.0}
    assert catch_up(view(1000, 0.0), view(1000, 3.0)) == {"t": None}
    assert catch_up(view(1000, 0.0), view(0, 3.0)) == {}


def test_a_clock_that_is_off_is_told_with_how_far() -> None:
    assert check_kafka.skew("X", 100.5, before=100.0, after=101.0).severity is Severity.OK
    ahead = check_kafka.skew("X", 110.0, before=100.0, after=101.0)
    assert (ahead.severity, "ahead by 9.0 s" in ahead.message) == (Severity.WARNING, True)
    behind = check_kafka.skew("X", 10.0, before=100.0, after=101.0)
    assert (behind.severity, "behind by 90.0 s" in behind.message) == (Severity.ERROR, True)


@pytest.mark.parametrize(
    ("mark", "total", "needed"),
    [("85%", 1000, 150), ("0.85", 1000, 150), ("200gb", 10**12, 200 * 1024**3), ("100b", 5, 100), ("", 5, None)],
)
def test_watermarks_are_shares_or_sizes(mark: str, total: int, needed: int | None) -> None:
    assert check_index._needed(mark, total) == needed
