"""Reindexing while articles are written and searched: nothing lost, nothing stale, no search without its answer."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from pipeline import codec, identity
from pipeline.article import WireArticle
from pipeline.errors import Code, Fatal, UserError
from pipeline.index import reindex as reindexing
from pipeline.index import setup as index_setup
from pipeline.index.bulk import BulkWriter, Written
from pipeline.index.client import connect, connect_sync
from pipeline.index.definitions import definition
from pipeline.index.document import action
from pipeline.index.reindex import Origin, Reindexed, reindex
from pipeline.index.reindex_plan import abort, in_use, left_over, plan, under_way
from pipeline.index.setup import setup
from pipeline.stream.topics import create_topics
from tests.integration.index.conftest import Index
from tests.support.ledger import wait_for
from tests.support.steps import config

pytestmark = pytest.mark.servers

ARTICLES = 800
PUSHED = "2022-03-09T06:29:58Z"
STILL = 200  # articles that are never written again: every search must find exactly these


@pytest.fixture
def moving(index: Index) -> Iterator[Index]:
    """The index, which goes back to where the other tests want it."""
    yield index
    for name in index.client.indices.get(index=f"{identity.INDEX_PREFIX}-v*"):
        index.client.indices.delete(index=name)
    setup(index.client, index.settings)


class Traffic(threading.Thread):
    """Writes corrections and kills of random articles all the time, and keeps the ledger of what was acknowledged."""

    def __init__(self, index: Index) -> None:
        super().__init__(daemon=True)
        self.index = index
        self.versions: dict[str, int] = {}  # the highest external version of each that the index has confirmed
        self.killed: set[str] = set()
        self.failure: BaseException | None = None
        self.batches = 0
        self.ended = threading.Event()

    def run(self) -> None:
        try:
            asyncio.run(self._write())
        except BaseException as error:  # noqa: BLE001 - told where it is joined
            self.failure = error

    async def _write(self) -> None:
        client = connect(self.index.settings)
        writer = BulkWriter(client, self.index.settings)
        chance = random.Random(11)
        number = 1
        try:
            while not self.ended.is_set():
                number += 1
                batch = []
                for chosen in chance.sample(range(ARTICLES), 40):
                    killed = chance.random() < 0.02
                    late = chance.random() < 0.2  # an older version that comes late
                    batch.append(
                        self.index.article(
                            chosen,
                            versionCreated=f"2022-03-09T{8 + (0 if late else 1):02}:{number % 60:02}:00+02:00",
                            version=str(min(number, 99)),
                            headline=f"Round {number}",
                            pubStatus="canceled" if killed else "usable",
                        )
                    )
                actions = [action(article) for article in batch]
                outcomes = await writer.write(actions)
                assert set(outcomes) <= set(Written)
                for article, each in zip(batch, actions, strict=True):
                    self.versions[each.document_id] = max(self.versions.get(each.document_id, 0), each.version)
                    if article.pubStatus == "canceled":
                        self.killed.add(each.document_id)
                self.batches += 1
        finally:
            await client.close()

    def wait_for_more(self) -> None:
        so_far = self.batches
        wait_for(lambda: self.batches > so_far + 1 or self.failure, timeout=200, what="traffic")

    def end(self) -> None:
        self.ended.set()
        self.join(120)
        assert not self.is_alive()
        if self.failure is not None:
            raise self.failure


class Readers(threading.Thread):
    """Searches all the time; each answer must be complete."""

    def __init__(self, index: Index) -> None:
        super().__init__(daemon=True)
        self.index = index
        self.wrong: list[Any] = []
        self.answers = 0
        self.ended = threading.Event()

    def run(self) -> None:
        query = {"prefix": {"uri": f"{self.index.name}:still:"}}
        with connect_sync(self.index.settings) as client:
            while not self.ended.is_set():
                try:
                    found = client.count(index=identity.READ_ALIAS, query=query)["count"]
                except Exception as error:  # noqa: BLE001 - any error is one too many
                    found = error
                if found != STILL:
                    self.wrong.append(found)
                self.answers += 1

    def end(self) -> None:
        wait_for(lambda: self.answers > 5, timeout=200, what="answers")
        self.ended.set()
        self.join(120)
        assert not self.is_alive()
        assert self.wrong == []


def fill(index: Index) -> dict[str, int]:
    """Articles of every kind; returns what the index must hold, by id."""
    still = [index.article(number, uri=f"{index.name}:still:{number}") for number in range(STILL)]
    rest = [index.article(number) for number in range(ARTICLES)]
    special = [
        index.article(9001, pubStatus="canceled"),
        index.article(9002, pubStatus="withheld"),
        index.article(9003, embargoed="2999-01-01T00:00:00Z"),
    ]
    actions = [action(article) for article in (*still, *rest, *special)]
    index.write(*actions)
    return {each.document_id: each.version for each in actions}


def held(index: Index, name: str) -> dict[str, int]:
    """The external version of each of this test's documents in an index, visible to readers or not."""
    index.client.indices.refresh(index=name)
    found: dict[str, int] = {}
    after: list[Any] | None = None
    while True:
        hits = index.client.search(
            index=name,
            query={"prefix": {"uri": f"{index.name}:"}},
            sort=[{"uri": "asc"}],
            size=2000,
            version=True,
            source=False,
            search_after=after,
        )["hits"]["hits"]
        if not hits:
            return found
        found |= {hit["_id"]: hit["_version"] for hit in hits}
        after = hits[-1]["sort"]


def with_shards(index: Index, shards: int) -> None:
    changed = index.settings.elasticsearch.model_copy(update={"shards": shards})
    index.settings = index.settings.model_copy(update={"elasticsearch": changed})


def run(index: Index, *, origin: Origin = "index", rebuild: bool = False, enrich: bool = False) -> Reindexed:
    setup(index.client, index.settings)
    planned = plan(index.client, origin=origin, rebuild=rebuild, enrich=enrich)
    return asyncio.run(reindex(index.settings, planned, on_progress=lambda what, done, total: None))


def test_articles_move_while_they_are_written_and_searched(moving: Index) -> None:
    wanted = fill(moving)
    traffic, readers = Traffic(moving), Readers(moving)
    traffic.start()
    readers.start()
    try:
        for shards, rebuild in ((3, False), (1, True)):  # to three shards, and back to one
            traffic.wait_for_more()
            with_shards(moving, shards)
            source = in_use(moving.client)
            done = run(moving, rebuild=rebuild)
            assert (done.source, done.target) == (source, in_use(moving.client))
            assert done.closed_seconds < 100  # a second; the rest is for a machine that stands still
            settings = moving.client.indices.get_settings(index=done.target, flat_settings=True)
            assert settings[done.target]["settings"]["index.number_of_shards"] == str(shards)
            traffic.wait_for_more()
    finally:
        traffic.end()
        readers.end()
    for document, version in traffic.versions.items():
        wanted[document] = max(wanted[document], version)
    now = in_use(moving.client)
    assert identity.index_name(identity.MAPPING_REVISION + 2) == now
    assert held(moving, now) == wanted  # nothing lost, nothing stale, nothing double
    assert len(traffic.killed) > 3
    visible = moving.client.count(index=identity.READ_ALIAS, query={"prefix": {"uri": f"{moving.name}:"}})["count"]
    assert visible == len(wanted) - len(traffic.killed) - 3
    assert {step.done for step in setup(moving.client, moving.settings)} == {"unchanged"}
    assert left_over(moving.client) == [identity.index_name(), identity.index_name(identity.MAPPING_REVISION + 1)]


def cli(stack: Any, index: Index, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "reindex", *arguments],
        env=os.environ | stack.environment(index.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.chaos
def test_a_run_that_is_killed_goes_on_and_old_indices_are_deleted_on_request(stack: Any, moving: Index) -> None:
    wanted = fill(moving)
    target = identity.index_name(identity.MAPPING_REVISION + 1)
    killed = cli(stack, moving)
    wait_for(lambda: moving.client.indices.exists(index=target), timeout=120, what="the new index")
    time.sleep(0.3)  # somewhere in the copying; wherever that is, the outcome must be the same
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    # and it might have been ended in the moment in which nothing could be written
    if in_use(moving.client) != target:
        assert list(under_way(moving.client)) == [target]
        moving.client.indices.add_block(index=identity.index_name(), block="write")
        out, error = (again := cli(stack, moving, "--json")).communicate(timeout=200)
        assert again.returncode == 0, error
        assert json.loads(out)["target"] == target
    assert in_use(moving.client) == target
    assert held(moving, target) == wanted
    assert under_way(moving.client) == {}

    refused = cli(stack, moving, "--delete-old")
    assert refused.wait(60) == 2  # it asks, and there is nobody
    deleted = cli(stack, moving, "--delete-old", "--yes", "--json")
    assert json.loads(deleted.communicate(timeout=60)[0]) == {"deleted": [identity.index_name()]}
    assert held(moving, identity.READ_ALIAS)


def test_a_mapping_that_refuses_a_document_switches_nothing(moving: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    moving.write(moving.article(1), moving.article(2, urgency=3))

    def narrower(name: str) -> dict[str, Any]:
        read = definition(name)
        if name == "fields":
            read["template"]["mappings"]["properties"]["urgency"] = {"type": "boolean"}
        return read

    with monkeypatch.context() as patch:
        patch.setattr(index_setup, "definition", narrower)
        target = identity.MAPPING_REVISION + 1  # as a release would
        patch.setattr(identity, "MAPPING_REVISION", target)
        patch.setattr(identity.index_name, "__defaults__", (target,))
        with pytest.raises(Fatal, match="refuses 1 documents") as fatal:
            run(moving)
        assert fatal.value.code is Code.INDEX_REJECTED
        assert in_use(moving.client) == identity.index_name(target - 1)
        with pytest.raises(UserError, match="other options"):
            run(moving, rebuild=True)
        assert abort(moving.client) == [identity.index_name(target)]
    moving.write(moving.article(3))
    assert sorted(moving.numbers()) == [1, 2, 3]


def test_when_the_switch_fails_the_old_index_is_open_again(moving: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    moving.write(moving.article(1))

    async def fails(self: Any) -> None:
        raise RuntimeError("in the last moment")

    with monkeypatch.context() as patch:
        patch.setattr(reindexing._Run, "_switch", fails)
        with pytest.raises(RuntimeError, match="last moment"):
            run(moving)
    moving.write(moving.article(2))  # blocks for ever where the index is closed
    assert run(moving).documents >= 2
    assert sorted(moving.numbers()) == [1, 2]


def test_what_comes_into_the_old_index_in_the_moment_of_the_switch_is_not_lost(
    moving: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving.write(moving.article(1))
    switch = reindexing._Run._switch

    async def late(self: Any) -> None:
        await self._open(self._plan.source)  # as a second run does when it begins
        await asyncio.to_thread(moving.write, moving.article(2))
        await switch(self)

    with monkeypatch.context() as patch:
        patch.setattr(reindexing._Run, "_switch", late)
        run(moving)
    moving.client.indices.refresh(index=identity.READ_ALIAS)
    assert sorted(moving.numbers()) == [1, 2]


def push_enriched(index: Index, *articles: Any) -> None:
    producer: Any = KafkaProducer(bootstrap_servers=index.settings.kafka.bootstrap_servers, acks="all")
    for article in articles:
        headers = [*codec.enriched_headers(article, time="2022-03-09T06:30:00Z"), (codec.PUSHED, PUSHED.encode())]
        topic = index.settings.topics.enriched
        producer.send(topic, key=article.uri.encode(), value=codec.encode(article), headers=headers).get(timeout=120)
    producer.close()


def push_wire(index: Index, *articles: Any) -> None:
    producer: Any = KafkaProducer(bootstrap_servers=index.settings.kafka.bootstrap_servers, acks="all")
    for article in articles:
        wire = WireArticle(**{name: getattr(article, name) for name in WireArticle.__struct_fields__})
        headers = codec.wire_headers(wire, time=PUSHED)
        topic = index.settings.topics.wire
        producer.send(topic, key=wire.uri.encode(), value=codec.encode(wire), headers=headers).get(timeout=120)
    producer.close()


def with_steps(index: Index, folder: Path) -> None:
    """Enrich by the step of the tests: it gives every article one date, whose value is the length of its text."""
    enrichment = index.settings.enrichment.model_copy(update={"config": str(config(folder))})
    index.settings = index.settings.model_copy(update={"enrichment": enrichment})


def dates(index: Index, *numbers: int) -> list[list[str]]:
    """The values of the dates that readers find in these articles, in the order of their numbers."""
    found = index.client.search(
        index=identity.READ_ALIAS,
        query={"terms": {"uri": [f"{index.name}:{number}" for number in numbers]}},
        sort=["uri"],
        size=len(numbers),
    )
    return [[date["value"] for date in hit["_source"].get("dates", ())] for hit in found["hits"]["hits"]]


def test_from_the_enriched_topic_documents_get_back_what_the_index_has_lost(moving: Index) -> None:
    create_topics(moving.settings)
    whole, killed = moving.article(1), moving.article(2)
    poorer = moving.article(1, quotations=(), dates=())
    correction = moving.article(3, version="2", headline="Corrected")
    moving.write(poorer, killed, moving.article(2, version="2", pubStatus="canceled"), correction)
    push_enriched(moving, whole, killed, moving.article(3, version="1", headline="Late"))
    done = run(moving, origin="enriched")
    assert done.from_topic == 3
    assert sorted(moving.numbers()) == [1, 3]
    assert sorted(moving.numbers("", quote="negotiated")) == [1, 3]
    assert [hit.headline[0].text for hit in moving.found(f'id:"{moving.name}:3"').hits] == ["Corrected"]
    event = moving.client.get(index=identity.WRITE_ALIAS, id=whole.uri, source_includes=["event"])["_source"]["event"]
    assert event["created"] == PUSHED, "or alerts would take it for new"


def test_from_the_wire_topic_documents_are_enriched_anew(moving: Index, tmp_path: Any) -> None:
    create_topics(moving.settings)
    with_steps(moving, tmp_path)
    stale, killed = moving.article(1, dates=()), moving.article(2)
    correction = moving.article(3, version="2", headline="Corrected")
    moving.write(stale, killed, moving.article(2, version="2", pubStatus="canceled"), correction)
    push_wire(
        moving,
        stale,
        moving.article(4, body="KILL the process that works on it"),  # a dead letter of the worker's
        killed,
        moving.article(3, version="1", headline="Late"),
    )
    done = run(moving, origin="wire")
    assert done.from_topic == 4
    assert sorted(moving.numbers()) == [1, 3]
    assert dates(moving, 1) == [[str(len(stale.body))]]
    assert [hit.headline[0].text for hit in moving.found(f'id:"{moving.name}:3"').hits] == ["Corrected"]


def test_enriched_again_is_every_article_of_an_earlier_revision_and_no_stub(moving: Index, tmp_path: Any) -> None:
    with_steps(moving, tmp_path)
    old = [moving.article(number, enrichment=0) for number in range(30)]
    same = moving.article(31, enrichment=identity.ENRICHMENT_REVISION)
    fails = moving.article(32, enrichment=0, body="RAISE an error in the step")
    killed = moving.article(33, enrichment=0, pubStatus="canceled")
    moving.write(*old, same, fails, killed)
    before = held(moving, in_use(moving.client))
    run(moving, enrich=True)
    after = held(moving, in_use(moving.client))
    renewed = {action(article).document_id for article in old}
    assert {document for document in after if after[document] != before[document]} == renewed
    assert all(after[each] - before[each] == identity.ENRICHMENT_REVISION for each in renewed)
    assert dates(moving, *range(30)) == [[str(len(old[0].body))]] * 30
    assert len(moving.numbers()) == 32


def test_a_plan_needs_both_aliases_on_one_index(moving: Index) -> None:
    moving.client.indices.delete_alias(index=identity.index_name(), name=identity.READ_ALIAS)
    with pytest.raises(Fatal) as fatal:
        in_use(moving.client)
    assert fatal.value.hint == "newswire setup"
