"""A kill is lifted by `reinstate` alone, and then the highest version is shown again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaProducer

from pipeline import codec, identity
from pipeline.article import EnrichedArticle
from pipeline.errors import Code, UserError
from pipeline.index.reinstate import reinstate
from pipeline.stream.history import versions
from pipeline.stream.topics import create_topics
from tests.integration.index.conftest import Index
from tests.support.ledger import records

pytestmark = pytest.mark.servers


@pytest.fixture
def quick(index: Index) -> Iterator[Index]:
    """Elasticsearch remembers what was deleted for 2 s instead of 60."""
    create_topics(index.settings)
    index.client.indices.put_settings(index=identity.index_name(), settings={"index.gc_deletes": "2s"})
    yield index
    index.client.indices.put_settings(index=identity.index_name(), settings={"index.gc_deletes": None})


def push_enriched(index: Index, *articles: EnrichedArticle) -> None:
    """What the enrich agent does."""
    producer: Any = KafkaProducer(bootstrap_servers=index.settings.kafka.bootstrap_servers, acks="all")
    for article in articles:
        headers = codec.enriched_headers(article, time="2022-03-09T06:30:00Z")
        producer.send(
            index.settings.topics.enriched, key=article.uri.encode(), value=codec.encode(article), headers=headers
        ).get(timeout=30)
    producer.close()


def test_the_highest_version_comes_back_and_may_be_corrected_and_killed_again(quick: Index) -> None:
    first = quick.article(1, version="1", headline="Edition1")
    second = quick.article(1, version="2", headline="Edition2")
    killed = quick.article(1, version="3", pubStatus="canceled")
    late = quick.article(1, version="4", headline="Edition4")
    push_enriched(quick, second, first, killed, late, quick.article(2))
    quick.write(second, first, killed, late)
    assert quick.numbers() == []
    assert [v.article.version for v in versions(quick.settings, first.uri)] == ["2", "1", "3", "4"]

    waited: list[float] = []
    done = reinstate(quick.settings, quick.client, first.uri, on_wait=waited.append)
    assert waited == [3.0]
    assert done.pushed is not None
    assert done.pushed.headline == "Edition4"
    (record,) = records(quick.settings, quick.settings.topics.wire)
    assert codec.decode_wire(record.value) == done.pushed

    quick.write(late)
    assert quick.numbers("Edition4") == [1]
    quick.write(quick.article(1, version="5", headline="Edition5"))
    assert quick.numbers("Edition5") == [1]
    quick.write(killed)
    assert quick.numbers() == []


def test_before_elasticsearch_forgets_nothing_comes_back(quick: Index) -> None:
    quick.client.indices.put_settings(index=identity.index_name(), settings={"index.gc_deletes": "60s"})
    article = quick.article(1)
    quick.write(article, quick.article(1, pubStatus="canceled"))
    reinstate(quick.settings, quick.client, article.uri, push=False, sleep=lambda seconds: None)
    quick.write(article)
    assert quick.numbers() == []


def test_what_is_not_killed_stays_as_it_is(quick: Index) -> None:
    quick.write(quick.article(1))
    for number, why in ((1, "not killed"), (7, "no such article")):
        with pytest.raises(UserError, match=why) as refused:
            reinstate(quick.settings, quick.client, f"{quick.name}:{number}")
        assert refused.value.code is Code.NOT_FOUND
    assert quick.numbers() == [1]


def test_without_a_version_left_in_kafka_the_kill_stays(quick: Index) -> None:
    killed = quick.article(1, pubStatus="canceled")
    push_enriched(quick, killed)
    quick.write(killed)
    with pytest.raises(UserError, match="no version of it any more"):
        reinstate(quick.settings, quick.client, killed.uri)
    quick.write(quick.article(1, version="9"))
    assert quick.numbers() == []
    done = reinstate(quick.settings, quick.client, killed.uri, push=False)
    assert done.pushed is None
    quick.write(quick.article(1, version="9"))
    assert quick.numbers() == [1]
