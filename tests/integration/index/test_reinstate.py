"""A kill is lifted by `reinstate` alone, and then the highest version is shown again."""

from __future__ import annotations

import random
from typing import Any

import msgspec
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
def told(index: Index) -> Index:
    """With topics, so that articles are in Kafka, too."""
    create_topics(index.settings)
    return index


def push_enriched(index: Index, *articles: EnrichedArticle) -> None:
    """What the enrich agent does."""
    producer: Any = KafkaProducer(bootstrap_servers=index.settings.kafka.bootstrap_servers, acks="all")
    for article in articles:
        headers = codec.enriched_headers(article, time="2022-03-09T06:30:00Z")
        producer.send(
            index.settings.topics.enriched, key=article.uri.encode(), value=codec.encode(article), headers=headers
        ).get(timeout=120)
    producer.close()


def topic(index: Index, name: str) -> list[EnrichedArticle]:
    """What is on the wire topic, as the enrich agent makes it."""
    return [
        EnrichedArticle(**{field: getattr(wire, field) for field in wire.__struct_fields__})
        for record in records(index.settings, name)
        for wire in [codec.decode_wire(record.value)]
    ]


def test_the_highest_version_comes_back_and_may_be_corrected_and_killed_again(told: Index) -> None:
    first = told.article(1, version="1", headline="Edition1")
    second = told.article(1, version="2", headline="Edition2")
    killed = told.article(1, version="3", pubStatus="canceled")
    late = told.article(1, version="4", headline="Edition4")
    push_enriched(told, second, first, killed, late, told.article(2))
    told.say(second, first, killed)
    told.say(late)
    assert told.numbers() == []
    assert [v.article.version for v in versions(told.settings, first.uri)] == ["2", "1", "3", "4"]

    done = reinstate(told.settings, told.client, first.uri)
    assert done.pushed is not None
    assert done.pushed.headline == "Edition4"
    lifting, pushed = topic(told, told.settings.topics.wire)
    assert (lifting.uri, lifting.body, lifting.pubStatus) == (first.uri, "", "withheld")
    assert pushed.headline == "Edition4"

    told.say(lifting)
    assert told.numbers() == []
    told.say(pushed)
    assert told.numbers("Edition4") == [1]
    told.say(first, second)  # late as ever
    assert told.numbers("Edition4") == [1]
    told.say(told.article(1, version="5", headline="Edition5"))
    assert told.numbers("Edition5") == [1]
    told.say(killed)  # the kill that was lifted, again
    assert told.numbers("Edition5") == [1]
    told.say(told.article(1, version="6", pubStatus="canceled"))
    told.say(told.article(1, version="7"))
    assert told.numbers() == []


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("seed", range(3))
def test_topics_read_again_come_to_the_same(told: Index, size: int, seed: int) -> None:
    """Two reinstatements, a version while it was killed; everything again in batches, into an index without it."""
    said = [told.article(1, version=str(n), headline=f"Edition{n}") for n in (1, 2)]
    said.append(told.article(1, version="3", pubStatus="canceled"))
    said.append(told.article(1, version="4", headline="Edition4"))
    for kill in (None, told.article(1, version="5", pubStatus="canceled")):
        if kill is not None:
            said.append(kill)
        told.say(*said)
        push_enriched(told, *said)
        before = len(records(told.settings, told.settings.topics.wire))
        reinstate(told.settings, told.client, said[0].uri)
        said += topic(told, told.settings.topics.wire)[before:]
    told.say(said[-1])
    assert told.numbers("Edition4") == [1]

    again = [said[number : number + size] for number in range(0, len(said), size)]
    for batch in again:  # over what is there
        told.say(*batch)
    assert told.numbers("Edition4") == [1]
    told.client.delete(index=identity.index_name(), id=said[0].uri)
    other = [msgspec.structs.replace(article, uri=f"{told.name}:2") for article in said]
    for number in range(0, len(other), size):  # into an index that has nothing of it, once in order
        told.say(*other[number : number + size])
    assert told.numbers("Edition4") == [2]
    random.Random(seed).shuffle(other)
    for each in other:  # and once more in any order
        told.say(each)
    assert told.numbers("Edition4") == [2]
    third = [msgspec.structs.replace(article, uri=f"{told.name}:3") for article in other]
    for each in third:
        told.say(each)
    assert sorted(told.numbers("Edition4")) == [2, 3]


def test_a_kill_that_comes_while_another_is_lifted_still_kills(told: Index) -> None:
    article, first = told.article(1), told.article(1, version="2", pubStatus="canceled")
    newer = told.article(1, version="3", pubStatus="canceled")
    told.say(article, first)
    push_enriched(told, article, first, newer)  # the newer one is on its way to the index
    done = reinstate(told.settings, told.client, article.uri)
    assert done.pushed is not None
    assert (done.pushed.pubStatus, done.pushed.version) == ("canceled", "3")
    told.say(*topic(told, told.settings.topics.wire), article)
    assert told.numbers() == []
    assert identity.is_kill(told.client.get(index=identity.WRITE_ALIAS, id=article.uri)["_version"])


def test_an_old_kill_that_is_enriched_anew_is_no_news(told: Index) -> None:
    article, kill = told.article(1), told.article(1, version="2", pubStatus="canceled")
    told.say(article, kill)
    push_enriched(told, article, kill)
    reinstate(told.settings, told.client, article.uri)
    told.say(msgspec.structs.replace(article, enrichment=2), msgspec.structs.replace(kill, enrichment=2))
    assert told.numbers() == [1]


def test_what_is_not_killed_stays_as_it_is(told: Index) -> None:
    told.say(told.article(1))
    for number, why in ((1, "not killed"), (7, "no such article")):
        with pytest.raises(UserError, match=why) as refused:
            reinstate(told.settings, told.client, f"{told.name}:{number}")
        assert refused.value.code is Code.NOT_FOUND
    assert told.numbers() == [1]


def test_without_a_version_left_in_kafka_the_kill_stays(told: Index) -> None:
    killed = told.article(1, pubStatus="canceled")
    push_enriched(told, killed)
    told.say(killed)
    with pytest.raises(UserError, match="no version of it any more"):
        reinstate(told.settings, told.client, killed.uri)
    told.say(told.article(1, version="9"))
    assert told.numbers() == []
    done = reinstate(told.settings, told.client, killed.uri, push=False)
    assert done.pushed is None
    assert told.numbers() == []
    told.say(told.article(1, version="1"))
    assert told.numbers() == [1]
