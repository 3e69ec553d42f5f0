"""Legal erasure: nothing of the article is left in an index, and nothing brings it back."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from kafka import KafkaProducer

from pipeline import codec, identity
from pipeline.alerts.coverage import Coverage
from pipeline.alerts.feed import group as alerts_group
from pipeline.article import EnrichedArticle, Link
from pipeline.errors import Code, Transient, UserError
from pipeline.index.advisories import listed
from pipeline.index.articles import ArticleWriter, prepare
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect
from pipeline.index.forget import SIGNAL, forget, tombstone
from pipeline.index.names import digest
from pipeline.index.reinstate import lifted, reinstate
from pipeline.index.unregister import BLANK
from pipeline.stream.dead_letter_topic import DeadLetterTopic
from pipeline.stream.dead_letters import dead_letter_headers, split_headers
from pipeline.stream.topics import create_topics
from pipeline.stream.traces import erase, mentions, traces
from tests.integration.index.conftest import Index
from tests.support.cli import Cli
from tests.support.ledger import records

pytestmark = pytest.mark.servers

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def known(index: Index) -> Index:
    create_topics(index.settings)
    return index


def stored(index: Index, uri: str, name: str | None = None) -> dict[str, Any]:
    found = index.client.get(index=name or identity.index_name(), id=identity.document_id(uri))
    return {"version": found["_version"], **found["_source"]}


def through_the_worker(index: Index, *articles: EnrichedArticle) -> None:
    """As the index agent writes: with kills, lives and the register."""

    async def write() -> None:
        client = connect(index.settings)
        try:
            writer = ArticleWriter(client, index.settings, writer=BulkWriter(client, index.settings))
            await writer.write([prepare(article, ingested="2025-03-01T12:00:00Z") for article in articles])
        finally:
            await client.close()

    index.written |= {identity.document_id(article.uri) for article in articles}
    asyncio.run(write())
    index.client.indices.refresh(index=identity.index_name())


def test_the_content_goes_and_neither_versions_kills_nor_reinstatements_bring_it_back(known: Index) -> None:
    article = known.article(1)
    through_the_worker(known, article, known.article(2))
    assert sorted(known.numbers()) == [1, 2]
    done = forget(known.client, article.uri, clock=lambda: NOW)
    assert done.erased_from == (identity.index_name(),)
    assert known.numbers() == [2]

    left = stored(known, article.uri)
    assert left.pop("version") == identity.FORGOTTEN
    assert left == tombstone(article.uri, now=NOW)
    assert set(left) == {"@timestamp", "event", "uri", "versionCreated", "pubStatus", "signals"}

    later = known.article(1, version="99", versionCreated="2199-01-01")
    lifting = lifted(article.uri, identity.external_version(known.article(1, pubStatus="canceled")))
    lifts = EnrichedArticle(**{name: getattr(lifting, name) for name in lifting.__struct_fields__})
    through_the_worker(known, article, known.article(1, pubStatus="canceled", version="3"), lifts, later)
    assert stored(known, article.uri)["signals"] == [SIGNAL]
    assert known.numbers() == [2]
    with pytest.raises(UserError, match="was forgotten") as refused:
        reinstate(known.settings, known.client, article.uri)
    assert refused.value.code is Code.NOT_FOUND
    assert forget(known.client, article.uri).erased_from == ()  # again is nothing new
    assert stored(known, article.uri)["@timestamp"] == "2025-03-01T12:00:00Z"


def test_what_was_killed_or_never_came_is_forgotten_too(known: Index) -> None:
    killed, never = known.article(1, pubStatus="canceled"), known.article(2)
    through_the_worker(known, killed)
    assert forget(known.client, killed.uri).erased_from == (identity.index_name(),)
    assert forget(known.client, never.uri).erased_from == ()
    through_the_worker(known, never)
    assert known.numbers() == []
    long = known.article(3, uri=f"{known.name}:{'x' * 600}")
    through_the_worker(known, long)
    forget(known.client, long.uri)
    assert stored(known, long.uri)["uri"].startswith("sha256:")  # nor is the id kept where it need not be


def test_an_old_index_that_is_closed_for_writing_forgets_and_stays_closed(known: Index) -> None:
    article = known.article(1)
    through_the_worker(known, article)
    old = f"{identity.INDEX_PREFIX}-v0"
    known.client.indices.create(index=old)
    try:
        known.client.index(index=old, id=article.uri, document={"uri": article.uri, "body": "text"}, refresh=True)
        known.client.indices.add_block(index=old, block="write")
        assert set(forget(known.client, article.uri).erased_from) == {old, identity.index_name()}
        assert "body" not in stored(known, article.uri, old)
        settings = known.client.indices.get_settings(index=old, flat_settings=True)[old]["settings"]
        assert settings["index.blocks.write"] == "true"
    finally:
        known.client.indices.delete(index=old)


def test_while_a_reindex_switches_it_waits_and_the_index_stays_closed(known: Index) -> None:
    article = known.article(1)
    through_the_worker(known, article)
    name = identity.index_name()
    known.client.indices.add_block(index=name, block="write")
    try:
        with pytest.raises(Transient, match="reindex"):
            forget(known.client, article.uri)
        settings = known.client.indices.get_settings(index=name, flat_settings=True)[name]["settings"]
        assert settings["index.blocks.write"] == "true"
    finally:
        known.client.indices.put_settings(index=name, settings={"index.blocks.write": None})
    assert forget(known.client, article.uri).erased_from == (name,)


def test_the_alerts_find_what_was_forgotten(known: Index) -> None:
    article = known.article(1)
    through_the_worker(known, article)
    began = datetime.now(UTC)
    forget(known.client, article.uri)
    coverage = Coverage(known.client)
    assert coverage.swept(began)[article.uri] == identity.FORGOTTEN
    (gone,) = coverage.articles([article.uri], coverage.states([article.uri]))
    assert (gone.killed, gone.shown, gone.source) == (True, False, {})


def test_its_names_leave_the_register(known: Index) -> None:
    article = known.article(1, slugline=f"slug-{known.name}", headline="A headline of its own")
    through_the_worker(known, article, known.article(2))
    known.client.indices.refresh(index=identity.REGISTER)
    uris = {"terms": {"item": [digest(article.uri), digest(known.article(2).uri)]}}
    assert known.client.count(index=identity.REGISTER, query=uris)["count"] == 2
    assert forget(known.client, article.uri).names == 1
    assert known.client.count(index=identity.REGISTER, query=uris)["count"] == 1


def test_the_kill_advisories_name_it_no_more_and_still_kill_the_others(known: Index) -> None:
    headlines = [f"Minister {known.name} took the money", f"Another matter {known.name}"]
    meant, other = (
        known.article(number, headline=text, versionCreated="2022-03-09T08:00:00Z")
        for number, text in enumerate(headlines, start=1)
    )
    spared = known.article(3, headline=headlines[0], versionCreated="2022-03-09T07:00:00Z")
    advisory = known.article(
        9,
        pubStatus="canceled",
        versionCreated="2022-03-09T12:00:00Z",
        links=tuple(Link(rel="kills", title=text) for text in headlines),
    )
    through_the_worker(known, meant, spared, advisory)
    (told,) = listed(known.client, uri=meant.uri)
    assert (told.names, told.killed, told.spared) == (tuple(headlines), (meant.uri,), (spared.uri,))
    assert forget(known.client, spared.uri).names == 1
    (told,) = listed(known.client, uri=meant.uri)
    assert (told.names, told.spared) == ((BLANK, headlines[1]), ())

    through_the_worker(known, advisory)  # delivered again: it restores nothing
    assert forget(known.client, meant.uri).names == 2
    assert listed(known.client, uri=meant.uri) == []
    through_the_worker(known, other)
    (told,) = listed(known.client, uri=other.uri)
    assert (told.names, told.killed) == ((BLANK, headlines[1]), (other.uri,))
    forget(known.client, advisory.uri)
    (told,) = listed(known.client, uri=other.uri)
    assert told.names == (BLANK, BLANK)


def test_a_record_is_of_the_article_by_key_or_by_its_id_in_the_value() -> None:
    uri = "urn:x:é"
    assert mentions(uri, uri.encode(), None)
    assert mentions(uri, b"other", json.dumps({"uri": uri}).encode())
    assert mentions(uri, b"other", json.dumps({"uri": uri}, ensure_ascii=False).encode())
    assert mentions(uri, None, f"<guid>{uri}</guid>".encode())
    assert not mentions(uri, b"urn:x:\xc3\xa92", json.dumps({"uri": uri + "2"}).encode())
    assert not mentions(uri, None, None)


@pytest.mark.parametrize(
    "value",
    [
        b"<guid> https://nwt.example/?a=1&amp;b=&#233;\n</guid>",
        b"<link href='https://nwt.example/?a=1&#38;b=\xc3\xa9'/>",
        rb'{"uri": "https:\/\/nwt.example\/?a=1&b=\u00E9"}',
    ],
)
def test_an_id_is_seen_where_it_is_escaped_or_packed(value: bytes) -> None:
    uri = "https://nwt.example/?a=1&b=é"
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("other.xml", "<guid>other</guid>")
        file.writestr("article.xml", value)
    for record in (value, gzip.compress(value), zipped.getvalue()):
        assert mentions(uri, b"other", record)
        assert not mentions(uri + "2", b"other", record)
        assert not mentions("nwt.example", b"other", record)
    assert not mentions(uri, b"other", gzip.compress(value)[:-9])  # broken: nobody can read it
    assert not mentions(uri, b"other", gzip.compress(b" " * 10_000_000 + value))  # a bomb is not unpacked


def push_everywhere(known: Index, uri: str) -> list[tuple[bytes, list[tuple[str, bytes | None]]]]:
    """The article and others on all three topics; returns the other dead letters, byte for byte."""
    producer: Any = KafkaProducer(bootstrap_servers=known.settings.kafka.bootstrap_servers, acks="all")
    others = []
    for number in range(6):
        for topic in (known.settings.topics.wire, known.settings.topics.enriched):
            name = uri if number == 3 else f"{known.name}:other:{number}"
            article = known.article(0, uri=name)
            value = codec.encode(article)
            producer.send(topic, key=name.encode(), value=value, partition=1).get(timeout=120)
        value = codec.encode(known.article(0, uri=uri)) if number == 3 else b"broken \xff %d" % number
        headers = dead_letter_headers(
            error=UserError(Code.RECORD_SCHEMA, "broken"),
            stage="index",
            topic=known.settings.topics.enriched,
            partition=1,
            offset=number,
            timestamp_ms=1,
            worker="w",
            time="2025-03-01T12:00:00Z",
            headers=[("a", b"1")],
        )
        letters = known.settings.topics.dead_letter
        producer.send(letters, key=b"k%d" % number, value=value, headers=headers, partition=1).get(timeout=120)
        if number != 3:
            others.append((value, headers))
    producer.close()
    return others


def committed(known: Index, offset: int, group: str | None = None) -> None:
    """What the workers do, or another group: say that all up to there is done."""
    from kafka import KafkaConsumer, TopicPartition
    from kafka.structs import OffsetAndMetadata

    consumer: Any = KafkaConsumer(
        bootstrap_servers=known.settings.kafka.bootstrap_servers,
        group_id=group or known.settings.worker.group,
        enable_auto_commit=False,
    )
    places = [TopicPartition(t, 1) for t in (known.settings.topics.wire, known.settings.topics.enriched)]
    consumer.assign(places)
    consumer.commit({place: OffsetAndMetadata(offset, "", -1) for place in places})
    consumer.close()


def test_kafka_is_told_of_and_erased_on_request_with_the_other_dead_letters_kept(known: Index) -> None:
    uri = f"{known.name}:erased"
    others = push_everywhere(known, uri)
    topics = known.settings.topics
    found = traces(known.settings, uri)
    assert {(t.topic, t.partition, t.records, t.last_offset) for t in found} == {
        (topic, 1, 1, 3) for topic in (topics.wire, topics.enriched, topics.dead_letter)
    }
    committed(known, 2)
    with pytest.raises(UserError, match="workers have done records up to 2"):
        erase(known.settings, uri, found)
    assert len(traces(known.settings, uri)) == 3  # nothing was deleted

    committed(known, 6)
    alerts = alerts_group(known.settings)
    committed(known, 3, alerts)
    with pytest.raises(UserError, match="alerts have told of records up to 3"):
        erase(known.settings, uri, found)
    assert len(traces(known.settings, uri)) == 3

    committed(known, 4, alerts)
    assert erase(known.settings, uri, found) == 12
    assert traces(known.settings, uri) == []
    for topic in (topics.wire, topics.enriched):
        assert [record.offset for record in records(known.settings, topic)] == [4, 5]
    with DeadLetterTopic(known.settings) as letters:
        kept = [letter.value for letter in letters.letters()]
    assert sorted(kept, key=str) == sorted((value for value, _ in others), key=str)
    left = {record.value: split_headers(record.headers) for record in records(known.settings, topics.dead_letter)}
    assert left == {value: split_headers(headers) for value, headers in others}


def test_the_command_asks_reports_and_says_what_stays(
    stack: Any, known: Index, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    cli = Cli(monkeypatch, capfdbinary, stack.environment(known.settings))
    uri = f"{known.name}:erased"
    push_everywhere(known, uri)
    through_the_worker(known, known.article(1, uri=uri))
    refused = cli("forget", uri, status=2)
    assert b"--yes" in refused.stderr
    report = json.loads(cli("forget", uri, "--yes", "--json").stdout)
    assert report["erased_from"] == [identity.index_name()]
    gone = {row["topic"]: row["gone_by"] for row in report["kafka"]}
    assert gone[known.settings.topics.dead_letter] is None
    assert gone[known.settings.topics.wire] > "2025-03-01"
    shown = cli("forget", uri, "--yes")
    assert b"kept until --erase-kafka" in shown.stderr
    assert known.found(f'id:"{uri}"').total == 0
