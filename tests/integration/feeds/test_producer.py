"""The producer on the real Kafka: what it says is acknowledged is there, once, whatever happens to the broker."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipeline.article import WireArticle
from pipeline.codec import WIRE_CONTENT_TYPE, decode_wire, header
from pipeline.errors import Code, Fatal, NewswireError, Poison, Transient
from pipeline.feeds import producer as producer_module
from pipeline.feeds.producer import ArticleProducer
from pipeline.settings import Settings
from pipeline.stream.topics import create_topics
from tests.support.ledger import records
from tests.support.stack import Stack

pytestmark = pytest.mark.servers


class Answers:
    """What `on_delivery` said of each article; every one must be answered for exactly once."""

    def __init__(self) -> None:
        self.acknowledged: Counter[str] = Counter()
        self.failed: dict[str, NewswireError] = {}

    def push(self, producer: ArticleProducer, article: WireArticle) -> None:
        def answered(error: NewswireError | None) -> None:
            if error is None:
                self.acknowledged[article.uri] += 1
            else:
                assert article.uri not in self.failed
                self.failed[article.uri] = error

        producer.push(article, on_delivery=answered)


def article(number: int, *, body: str = "It rained.") -> WireArticle:
    return WireArticle(uri=f"urn:newswire:test:{number}", versionCreated="2022-02-26", body=body)


@pytest.fixture
def settings(stack: Stack) -> Settings:
    create_topics(made := stack.settings(kafka={"max_article_bytes": 3_000_000}))
    return made.model_copy(update={"kafka": made.kafka.model_copy(update={"request_timeout": 5.0})})


@contextmanager
def broker_away(stack: Stack, *, seconds: float, after: float) -> Iterator[None]:
    """In the background: after a while SIGKILL the broker, and start it again some seconds later."""

    def fault() -> None:
        time.sleep(after)
        stack.kafka.kill()
        time.sleep(seconds)
        stack.kafka.start()

    thread = threading.Thread(target=fault)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_records_are_as_promised(settings: Settings) -> None:
    answers = Answers()
    with ArticleProducer(settings, source="newswire/test") as producer:
        for version in ("1", "2", "3"):
            answers.push(producer, WireArticle(uri="urn:é", versionCreated="2022-02-26", version=version, body="é\n"))
    found = records(settings, settings.topics.wire)
    assert [decode_wire(record.value).version for record in found] == ["1", "2", "3"]
    assert len({record.partition for record in found}) == 1
    for record in found:
        assert record.key == "urn:é".encode()
        assert header(record.headers, "content-type") == WIRE_CONTENT_TYPE
        assert header(record.headers, "ce_subject") == "urn:é"
        assert header(record.headers, "ce_source") == "newswire/test"
    assert answers.acknowledged == {"urn:é": 3}


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_the_limit(settings: Settings, compression: str) -> None:
    limit = settings.kafka.max_article_bytes
    settings = settings.model_copy(update={"kafka": settings.kafka.model_copy(update={"compression": compression})})
    answers = Answers()
    with ArticleProducer(settings) as producer:
        room = limit - len('{"uri":"urn:newswire:test:1","versionCreated":"2022-02-26","body":""}')
        answers.push(producer, article(1, body="x" * room))
        with pytest.raises(Poison) as caught:
            answers.push(producer, article(2, body="x" * (room + 1)))
        assert caught.value.code is Code.WIRE_TOO_LARGE
        with pytest.raises(Poison) as caught:  # it is the JSON that counts
            answers.push(producer, article(3, body="\n" * (room // 2 + 1)))
        assert caught.value.code is Code.WIRE_TOO_LARGE
        with pytest.raises(Poison) as caught:
            answers.push(producer, WireArticle(uri="u" * 60_000, versionCreated="2022-02-26", body="x"))
        assert caught.value.code is Code.WIRE_FIELD
        with pytest.raises(Poison) as caught:
            answers.push(producer, article(4, body="\ud800"))
        assert caught.value.code is Code.WIRE_ENCODING
        answers.push(producer, article(5))
    assert set(answers.acknowledged) == {"urn:newswire:test:1", "urn:newswire:test:5"}
    assert sorted(len(record.value) for record in records(settings, settings.topics.wire))[-1] == limit


def test_a_topic_with_a_lower_limit_stops_the_push_and_no_article_is_blamed(settings: Settings) -> None:
    changes = {"max_article_bytes": 9_000_000, "compression": "none"}
    larger = settings.model_copy(update={"kafka": settings.kafka.model_copy(update=changes)})
    answers = Answers()
    with ArticleProducer(larger) as producer:
        answers.push(producer, article(0))
        producer.flush()
        for number in (1, 2):
            answers.push(producer, article(number, body="x" * (6_000_000 if number == 1 else 10)))
        producer.flush()
        with pytest.raises(Fatal) as caught:
            answers.push(producer, article(3))
    assert caught.value.hint == "newswire setup"
    assert all(isinstance(error, Fatal) for error in answers.failed.values())
    there = {record.key.decode() for record in records(settings, settings.topics.wire)}
    assert there == set(answers.acknowledged)
    assert "urn:newswire:test:0" in there
    assert "urn:newswire:test:1" in answers.failed


def test_a_broker_that_is_killed_only_delays_and_nothing_is_there_twice(stack: Stack, settings: Settings) -> None:
    answers = Answers()
    count = 0
    with ArticleProducer(settings, timeout=120) as producer, broker_away(stack, seconds=2, after=1.0):
        end = time.monotonic() + 2.5  # goes on into the time without a broker
        enough = producer_module.ARTICLES_IN_FLIGHT / 10
        while count <= enough or (time.monotonic() < end and count < 30_000):
            answers.push(producer, article(count, body=f"{count} It rained. " * 20))
            count += 1
        producer.flush()
    assert answers.failed == {}
    found = Counter(record.key.decode() for record in records(settings, settings.topics.wire))
    assert found == answers.acknowledged == {f"urn:newswire:test:{number}": 1 for number in range(count)}


def test_a_broker_that_stays_away_is_told_in_time_and_nothing_is_claimed(
    stack: Stack, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producer_module, "OVERDUE_SECONDS", 1.0)
    # one that has pushed before; one that has not, when kafka-python looks at no time-out (it waits for its producer
    # id); and one that is closed before its time-out
    used, unused, closed = (ArticleProducer(settings, timeout=seconds) for seconds in (6, 6, 600))
    answers = {producer: Answers() for producer in (used, unused, closed)}
    for producer in (used, closed):
        answers[producer].push(producer, article(0))
        producer.flush()
        assert answers[producer].acknowledged
    stack.kafka.kill()
    try:
        for producer, answered in answers.items():
            for number in range(1, 6):
                answered.push(producer, article(number))
            assert producer.in_flight == 5
        started = time.monotonic()
        for producer in (used, unused):
            producer.flush()
            with pytest.raises(Transient) as caught:
                answers[producer].push(producer, article(7))
            assert caught.value.code is Code.KAFKA_UNREACHABLE
        for producer in answers:
            producer.close()
            assert producer.in_flight == 0
        assert time.monotonic() - started < 60
    finally:
        stack.kafka.start()
    for producer, answered in answers.items():
        assert answered.acknowledged == ({} if producer is unused else {"urn:newswire:test:0": 1})
        assert set(answered.failed) == {f"urn:newswire:test:{number}" for number in range(1, 6)}
        assert all(isinstance(error, Transient) for error in answered.failed.values())
    assert "not acknowledged within 6 s" in answers[used].failed["urn:newswire:test:1"].message
    assert "given up" in answers[closed].failed["urn:newswire:test:1"].message


def test_in_flight_is_bounded(stack: Stack, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(producer_module, "ARTICLES_IN_FLIGHT", 5)
    monkeypatch.setattr(producer_module, "BYTES_IN_FLIGHT", 10_000)
    highest = 0
    answers = Answers()
    with ArticleProducer(settings) as producer:
        for number in range(200):
            # one that is larger than all that may be under way goes alone
            answers.push(producer, article(number, body="x" * (20_000 if number % 50 == 0 else 2_000)))
            highest = max(highest, producer.in_flight)
    assert len(answers.acknowledged) == 200
    assert highest <= 5


def test_no_topic_and_no_broker(stack: Stack) -> None:
    with pytest.raises(Fatal) as caught:
        ArticleProducer(stack.settings())
    assert (caught.value.code, caught.value.hint) == (Code.KAFKA_TOPIC_MISSING, "newswire setup")
    for patience in (1, 10, 60):  # a machine that stood still has not even tried
        with pytest.raises(Transient) as nobody:
            ArticleProducer(stack.settings(kafka={"bootstrap_servers": "127.0.0.1:1"}), timeout=patience)
        assert nobody.value.code is Code.KAFKA_UNREACHABLE
        if "ECONNREFUSED" in nobody.value.message:
            break
    assert "ECONNREFUSED" in nobody.value.message
