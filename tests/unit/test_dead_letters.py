"""The headers of a dead letter: the failed record's own come back exactly, ours say why and where from."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Code, Poison
from pipeline.stream.dead_letters import (
    HEADERS_BYTES,
    MESSAGE_CHARACTERS,
    REASON,
    dead_letter_headers,
    sendable_key,
    split_headers,
)

RECORD: dict[str, Any] = {
    "stage": "enrich",
    "topic": "news.wire.v1",
    "partition": 3,
    "offset": 41,
    "timestamp_ms": 1_645_833_600_000,
    "worker": "worker-1",
    "time": "2022-02-26T00:00:00+00:00",
}
own_headers = st.lists(
    st.tuples(st.one_of(st.text(max_size=5), st.just(REASON), st.just("dl_topic")), st.none() | st.binary(max_size=9))
)


@given(own_headers, st.booleans())
def test_own_headers_come_back_exactly(own: list[tuple[str, bytes | None]], null_record: bool) -> None:
    error = Poison(Code.WIRE_EMPTY, "no body")
    headers = dead_letter_headers(error=error, headers=own, null_record=null_record, **RECORD)
    assert headers[: len(own)] == own
    back, origin = split_headers(headers)
    assert back == own
    assert origin is not None
    assert (origin.reason, origin.message) == ("wire.empty", "no body")
    assert (origin.stage, origin.topic, origin.partition, origin.offset) == ("enrich", "news.wire.v1", 3, 41)
    assert (origin.timestamp_ms, origin.worker) == (1_645_833_600_000, "worker-1")
    assert origin.time == "2022-02-26T00:00:00+00:00"
    assert origin.null_record is null_record


@given(st.text(alphabet=st.characters(), max_size=3000))
def test_any_message_is_bounded_and_encodable(message: str) -> None:
    headers = dead_letter_headers(error=Poison(Code.WIRE_FIELD, message), headers=None, **RECORD)
    assert sum(len(name) + len(value or b"") for name, value in headers) <= HEADERS_BYTES
    _, origin = split_headers(headers)
    assert origin is not None
    if not any("\ud800" <= character <= "\udfff" for character in message):
        assert len(origin.message) <= MESSAGE_CHARACTERS
        assert origin.message == message or (origin.message[:-1] == message[:999] and origin.message[-1] == "…")


def test_no_timestamp() -> None:
    headers = dead_letter_headers(error=Poison(Code.WIRE_EMPTY, ""), headers=(), **(RECORD | {"timestamp_ms": None}))
    _, origin = split_headers(headers)
    assert origin is not None
    assert origin.timestamp_ms is None


def test_a_record_without_our_headers_is_no_dead_letter() -> None:
    own = [("dl_replayed", b"0-1"), ("a", None)]
    assert split_headers(own) == (own, None)


def test_foreign_dead_letter_with_broken_numbers() -> None:
    back, origin = split_headers([("x", b"1"), (REASON, b"odd"), ("dl_partition", b"three"), ("dl_offset", None)])
    assert back == [("x", b"1")]
    assert origin is not None
    assert (origin.reason, origin.partition, origin.offset) == ("odd", None, None)


def test_only_a_record_without_key_and_value_needs_another_key() -> None:
    assert sendable_key(None, None) == b""
    assert sendable_key(None, b"") is None
    assert sendable_key(b"", None) == b""
    assert sendable_key(b"\x00\xff", None) == b"\x00\xff"
