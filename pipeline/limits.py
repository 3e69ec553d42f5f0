"""How large a thing may be on its way: one consistent set of limits, all derived from `kafka.max_article_bytes`.

An article is measured twice: its bytes as a feed delivers them, and its JSON, the value on the wire topic (line
breaks and quotation marks are escaped there). Both must be within the limit. Kafka measures batches with keys and
headers, hence the allowance. Enrichment adds to an article: a mention takes about 100 bytes of JSON, so that even a
list of names of 14 letters each stays within eight times its size; what does not becomes a dead letter.
Brokers take requests of up to
100 MiB (`socket.request.max.bytes`), which caps everything. Consumers need no setting: a broker always delivers the
first batch of a fetch whole, however large (KIP-74).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.settings import Settings

RECORD_ALLOWANCE: Final = 1_000_000  # key and headers of a record, and what Kafka adds to a batch
OWN_HEADERS: Final = 100_000  # the most that our own producer writes of key and headers
DEAD_LETTER_ALLOWANCE: Final = 20_000  # the headers that a dead letter has besides its own
ENRICHMENT_FACTOR: Final = 8
ENRICHED_MOST: Final = 90_000_000


@dataclass(frozen=True)
class Limits:
    """All in bytes. `*_value`: of a record's value; `*_batch`: `max.message.bytes` of a topic."""

    article: int  # of a wire article as delivered
    wire_value: int
    wire_batch: int
    enriched_value: int
    enriched_batch: int
    dead_letter_batch: int
    request: int  # `max_request_size` of producers: a client checks it before it compresses


def limits(settings: Settings) -> Limits:
    """The limits that follow from the settings."""
    article = settings.kafka.max_article_bytes
    enriched = max(article, min(article * ENRICHMENT_FACTOR, ENRICHED_MOST))
    dead_letter = enriched + RECORD_ALLOWANCE + DEAD_LETTER_ALLOWANCE
    return Limits(
        article=article,
        wire_value=article,
        wire_batch=article + RECORD_ALLOWANCE,
        enriched_value=enriched,
        enriched_batch=enriched + RECORD_ALLOWANCE,
        dead_letter_batch=dead_letter,
        request=dead_letter,
    )
