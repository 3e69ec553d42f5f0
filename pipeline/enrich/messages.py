"""What goes between the worker and its NLP processes, as MessagePack."""

from __future__ import annotations

import msgspec

from pipeline.errors import Code, Poison


class WireRecord(msgspec.Struct, frozen=True, array_like=True):
    """A record of the wire topic: its value, and the media type of its `content-type` header."""

    value: bytes
    content_type: str | None = None


class EnrichedRecord(msgspec.Struct, frozen=True, array_like=True):
    """A record for the enriched topic; `uri` is the article id, its key."""

    uri: str
    value: bytes
    headers: list[tuple[str, bytes]]


class Refusal(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Why a record cannot be processed."""

    code: Code
    message: str
    hint: str | None = None

    def poison(self) -> Poison:
        """As the error that the agents expect."""
        return Poison(self.code, self.message, hint=self.hint)


class Done(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What became of a record: one article, or several where it was a feed."""

    records: tuple[EnrichedRecord, ...]


class Request(msgspec.Struct, frozen=True, array_like=True):
    """Work for an NLP process."""

    now: str  # ISO 8601 with offset: the moment by which an article's date counts as in the future
    records: list[WireRecord]


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One result a record, in order."""

    results: list[Done | Refusal]


class Started(msgspec.Struct, frozen=True, array_like=True):
    """What an NLP process says first: that it is ready (`code` null), or why it cannot be."""

    code: Code | None = None
    message: str = ""
    hint: str | None = None


_encoder = msgspec.msgpack.Encoder()
_request = msgspec.msgpack.Decoder(Request)
_answer = msgspec.msgpack.Decoder(Answer)
_started = msgspec.msgpack.Decoder(Started)

encode = _encoder.encode
decode_request = _request.decode
decode_answer = _answer.decode
decode_started = _started.decode
