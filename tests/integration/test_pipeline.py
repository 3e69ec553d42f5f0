"""The whole way on real servers: wire topic, Faust workers, Elasticsearch (what faults do to it: tests/chaos)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from pipeline import codec
from pipeline.article import EnrichedArticle, WireArticle
from tests.support.bench import GUARD, Bench
from tests.support.ledger import push, shown, wait_for, wait_until_counted
from tests.support.news import article, articles
from tests.support.offsets import Offsets
from tests.support.stack import Stack, unique

__all__ = ["GUARD", "Bench"]  # other tests take them from here

pytestmark = pytest.mark.servers


@pytest.fixture
def bench(stack: Stack, tmp_path: Path) -> Iterator[Bench]:
    with Bench(stack, tmp_path) as prepared:
        yield prepared


def test_an_article_is_found_by_words_by_entity_and_by_the_date_it_speaks_of(bench: Bench, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    marker = f"Quillfeather{bench.name}"
    story.write_text(
        f" date 2023-11-18 The Norwegian foreign minister, Ingrid Halvorsen, met fishermen in Tromsø late Thursday, "
        f"her office said. {marker} was there.\n\n“The cod belongs to nobody,” Ms Halvorsen said on Friday.\n",
        encoding="utf-8",
    )
    bench.crew.start()
    bench.cli("push", "--no-progress", str(story))
    hits = wait_for(lambda: bench.search(marker), timeout=GUARD, what="the article in the search")
    uri = hits[0]["uri"]
    for question in (
        ["--person", "Halvorsen", marker],
        ["--person", "ingrid halvorsen", marker],
        ["--about", "2023-11-16..2023-11-16", marker],
        ["--about", "2023-11-17", marker],
        ["--published", "2023-11-18", marker],
    ):
        assert [hit["uri"] for hit in bench.search(*question)] == [uri], question
    for question in (["--person", "Quisling", marker], ["--about", "2023-11-19", marker]):
        assert bench.search(*question) == [], question
    bench.cli("push", "--no-progress", str(story))  # the same file again is the same article
    assert len(bench.search(marker)) == 1


def test_corrections_kills_and_late_versions(bench: Bench) -> None:
    ledger = bench.ledger()
    first, second, third = (article(0, prefix=ledger.prefix, version=version) for version in (1, 2, 3))
    killed = article(1, prefix=ledger.prefix, version=1)
    kill = WireArticle(
        uri=killed.uri, versionCreated=killed.versionCreated, version="2", body="", pubStatus="canceled"
    )
    late = article(1, prefix=ledger.prefix, version=5)
    withheld = WireArticle(uri=f"{ledger.prefix}w", versionCreated="2022-03-01", body="Hold.", pubStatus="withheld")
    embargoed = WireArticle(
        uri=f"{ledger.prefix}e", versionCreated="2022-03-01", body="Later.", embargoed="2999-01-01T00:00:00Z"
    )
    marker = article(2, prefix=ledger.prefix)
    bench.crew.start()
    push(bench.settings, [third, first, killed, second, kill, late, withheld, embargoed, marker], bench.ledger())
    with closing(Offsets(bench.settings)) as offsets:
        wait_for(lambda: offsets.left() == 0, timeout=GUARD, what="nothing left to do")
    seen = {document["uri"]: document["version"] for document in shown(bench.client, ledger.prefix)}
    assert seen == {third.uri: "3", marker.uri: "1"}, "exactly the highest version of the living"
    stub = bench.client.get(index="news-articles-v1", id=kill.uri)["_source"]  # not as a reader
    assert stub["pubStatus"] == "canceled"
    assert "body" not in stub


def test_foreign_producers_may_put_any_wire_format_on_the_topic(bench: Bench) -> None:
    ledger = bench.ledger()
    ninjs = {
        "uri": f"{ledger.prefix}ninjs",
        "versionCreated": "2022-03-01T10:00:00+01:00",
        "headlines": [{"role": "main", "value": "Ferry sails"}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>The ferry sailed on Monday.</p>"}],
    }
    producer: Any = KafkaProducer(bootstrap_servers=bench.stack.bootstrap, acks="all")
    producer.send(
        bench.settings.topics.wire,
        key=b"any",
        value=json.dumps(ninjs).encode(),
        headers=[("content-type", b"application/json")],
    )
    producer.close()
    bench.crew.start()
    document = wait_for(lambda: shown(bench.client, ledger.prefix), timeout=GUARD, what="the ninjs item")[0]
    assert document["headline"] == "Ferry sails"


def test_workers_may_have_one_agent_each(bench: Bench) -> None:
    ledger = bench.ledger()
    bench.crew.start("--agents", "index")
    bench.crew.start("--agents", "enrich")
    push(bench.settings, articles(100, prefix=ledger.prefix, sentences=2), ledger)
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result


def test_a_worker_that_comes_back_with_other_agents_reads_their_topics(bench: Bench) -> None:
    first, ledger = bench.ledger(), bench.ledger()
    worker = bench.crew.start("--agents", "index")
    only = article(0, prefix=first.prefix)
    enriched = EnrichedArticle(**{name: getattr(only, name) for name in only.__struct_fields__})
    producer: Any = KafkaProducer(bootstrap_servers=bench.settings.kafka.bootstrap_servers)
    producer.send(bench.settings.topics.enriched, key=only.uri.encode(), value=codec.encode(enriched))
    producer.close()
    wait_for(lambda: shown(bench.client, first.prefix), timeout=GUARD, what="the worker has its partitions")
    worker.kill()  # its place in the group stays, with what it was given
    push(bench.settings, articles(20, prefix=ledger.prefix), ledger)
    bench.crew.start()
    result = wait_until_counted(bench.client, ledger, timeout=GUARD)
    assert result.clean, result


def test_a_worker_without_topics_says_what_to_do(stack: Stack) -> None:
    environment = os.environ | stack.environment() | {"NEWSWIRE__TOPICS__WIRE": unique("missing")}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "worker"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=GUARD,
    )
    assert done.returncode == 78
    assert "newswire setup" in done.stderr
