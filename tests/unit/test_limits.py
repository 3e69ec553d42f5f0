"""The limits agree with each other whatever the settings are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.limits import OWN_HEADERS, RECORD_ALLOWANCE, limits
from pipeline.settings import Kafka, Settings
from pipeline.stream.dead_letters import HEADERS_BYTES

BROKER_REQUEST = 104_857_600  # socket.request.max.bytes, Kafka's default


@given(st.integers(min_value=1024, max_value=50_000_000))
def test_each_stage_takes_what_the_one_before_lets_through(article: int) -> None:
    bounds = limits(Settings(kafka=Kafka(max_article_bytes=article)))
    assert bounds.wire_value == bounds.article == article
    assert bounds.wire_value + OWN_HEADERS < bounds.wire_batch
    assert bounds.enriched_value >= bounds.wire_value
    assert bounds.enriched_value + OWN_HEADERS < bounds.enriched_batch
    # a record of either topic, with all that its batch may hold, fits the dead letters with our headers
    assert max(bounds.wire_batch, bounds.enriched_batch) + HEADERS_BYTES < bounds.dead_letter_batch
    assert bounds.dead_letter_batch <= bounds.request
    assert bounds.request + RECORD_ALLOWANCE < BROKER_REQUEST
