"""Every version of one article that is still in Kafka, read from the enriched topic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.article import EnrichedArticle
from pipeline.codec import decode_enriched
from pipeline.errors import Poison
from pipeline.settings import Settings
from pipeline.stream.reader import read_topic

DOING: Final = "read the versions of an article"


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it went to the index agent."""

    article: EnrichedArticle
    partition: int
    offset: int
    arrived_ms: int  # since the epoch, when Kafka took it


def versions(settings: Settings, uri: str) -> Iterator[Version]:
    """The versions of the article `uri`, in the order of arrival within a partition.

    Reads the whole topic as it is now: a key may lie in any partition where a foreign producer chose it, and there is
    no index by key in Kafka.

    Raises:
        Transient: `kafka.unreachable`, also where the brokers stop answering for `kafka.request_timeout`.
        Fatal: `kafka.refused`, `kafka.topic-missing`.
    """
    key = uri.encode("utf-8", "surrogatepass")
    for record in read_topic(settings, settings.topics.enriched, doing=DOING):
        if record.key != key or record.value is None:
            continue
        try:
            article = decode_enriched(record.value)
        except Poison:  # the index agent has told of it
            continue
        yield Version(article, record.partition, record.offset, record.timestamp)
