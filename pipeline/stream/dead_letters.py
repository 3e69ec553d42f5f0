"""What a dead letter looks like: pure functions between a failed record and its headers.

The value of a dead letter is the failed record's value and its key the failed record's key, byte for byte (null stays
null). Its headers are the failed record's headers, unchanged, in order, duplicates included, and after them ours:
`dl_reason` first, then where the record came from. So the last `dl_reason` marks where ours begin, and a record whose
own headers are called `dl_*` (a dead letter that somebody copied) comes back whole.

Kafka clients refuse to send a record without key and value, though a topic may hold one. Its dead letter has an empty
key (`sendable_key`) and the header `dl_null_record`, by which the replay makes it null again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.errors import NewswireError

Stage = Literal["enrich", "index"]
RawHeaders = Sequence[tuple[str, bytes | None]]  # as on the topic: Kafka allows a header without a value

REASON: Final = "dl_reason"
REPLAYED: Final = "dl_replayed"  # of a marker record: `partition-offset` of the dead letter that was replayed
NULL_RECORD: Final = "dl_null_record"
MESSAGE_CHARACTERS: Final = 1000
HEADERS_BYTES: Final = 16_000  # bound of our own headers together: a message in UTF-8, topic and worker names


@dataclass(frozen=True)
class Origin:
    """Why a record is a dead letter and where it came from, as its headers tell."""

    reason: str
    message: str
    stage: str
    topic: str
    partition: int | None
    offset: int | None
    timestamp_ms: int | None  # of the failed record
    time: str  # when it failed, RFC 3339
    worker: str
    null_record: bool  # key and value of the failed record were both null


def sendable_key(key: bytes | None, value: bytes | None) -> bytes | None:
    """The key to write a dead letter with: the record's own, but empty where key and value are both null."""
    return b"" if key is None and value is None else key


def dead_letter_headers(
    *,
    error: NewswireError,
    stage: str,
    topic: str,
    partition: int,
    offset: int,
    timestamp_ms: int | None,
    worker: str,
    time: str,
    headers: RawHeaders | None,
    null_record: bool = False,
) -> list[tuple[str, bytes | None]]:
    """The headers of a dead letter: those of the failed record first and unchanged, then ours.

    Args:
        error: what went wrong; its code becomes the reason, its message is cut after 1,000 characters.
        stage: the agent that gave up, `enrich` or `index`.
        topic: where the record was, with `partition`, `offset` and `timestamp_ms` (its own, in ms since 1970).
        worker: the name of the worker.
        time: when it failed, RFC 3339.
        headers: the failed record's own.
        null_record: that key and value of the failed record are both null.
    """
    ours = {
        REASON: str(error.code),
        "dl_message": shorten(error.message),
        "dl_stage": stage,
        "dl_topic": topic,
        "dl_partition": str(partition),
        "dl_offset": str(offset),
        "dl_timestamp": "" if timestamp_ms is None else str(timestamp_ms),
        "dl_time": time,
        "dl_worker": worker[:250],
    }
    if null_record:
        ours[NULL_RECORD] = "true"
    # a message may quote text with lone surrogates, which UTF-8 cannot carry
    return [*(headers or ()), *((name, value.encode("utf-8", "backslashreplace")) for name, value in ours.items())]


def split_headers(headers: RawHeaders) -> tuple[list[tuple[str, bytes | None]], Origin | None]:
    """The failed record's own headers, and the origin; without a `dl_reason` it is no dead letter: (all, None)."""
    begins = max((place for place, (name, _) in enumerate(headers) if name == REASON), default=None)
    if begins is None:
        return list(headers), None
    ours = {name: (value or b"").decode("utf-8", "replace") for name, value in headers[begins:]}
    origin = Origin(
        reason=ours[REASON],
        message=ours.get("dl_message", ""),
        stage=ours.get("dl_stage", ""),
        topic=ours.get("dl_topic", ""),
        partition=_number(ours.get("dl_partition")),
        offset=_number(ours.get("dl_offset")),
        timestamp_ms=_number(ours.get("dl_timestamp")),
        time=ours.get("dl_time", ""),
        worker=ours.get("dl_worker", ""),
        null_record=NULL_RECORD in ours,
    )
    return list(headers[:begins]), origin


def shorten(message: str) -> str:
    """The message, cut after 1,000 characters with an ellipsis as the last."""
    return message if len(message) <= MESSAGE_CHARACTERS else message[: MESSAGE_CHARACTERS - 1] + "…"


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None
