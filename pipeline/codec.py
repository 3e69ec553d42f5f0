"""Articles to and from the bytes of the topics (JSON, UTF-8), and the headers that travel with them.

Headers follow the Kafka binding of CloudEvents 1.0 in binary mode: attributes as `ce_*`, the data's media type as
`content-type`. The record's key is the article id in UTF-8, so all versions of an item share a partition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from pipeline.article import EnrichedArticle, WireArticle
from pipeline.errors import Code, Poison

WIRE_CONTENT_TYPE: Final = "application/vnd.newswire.wire-article.v1+json"
ENRICHED_CONTENT_TYPE: Final = "application/vnd.newswire.enriched-article.v1+json"
WIRE_EVENT: Final = "newswire.wire-article.v1"
ENRICHED_EVENT: Final = "newswire.enriched-article.v1"
PUSHED: Final = "ce_pushed"  # of a record on the enriched topic: when its article was pushed, an extension attribute
TIME_CHARACTERS: Final = 40

T = TypeVar("T")
Headers = Sequence[tuple[str, bytes]]
AnyHeaders = Sequence[tuple[str, bytes | None]] | None

_encoder = msgspec.json.Encoder()
_wire = msgspec.json.Decoder(WireArticle)
_enriched = msgspec.json.Decoder(EnrichedArticle)


def encode(article: WireArticle | EnrichedArticle) -> bytes:
    """The JSON of an article as it stands on its topic."""
    return _encoder.encode(article)


def decode_wire(value: bytes) -> WireArticle:
    """A wire article from the JSON of the wire topic.

    Raises:
        Poison: `record.unreadable` where it is no JSON, `record.schema` naming the field that does not fit.
    """
    return _decode(_wire, value)


def decode_enriched(value: bytes) -> EnrichedArticle:
    """An enriched article from the JSON of the enriched topic; raises as `decode_wire`."""
    return _decode(_enriched, value)


def _decode(decoder: msgspec.json.Decoder[T], value: bytes) -> T:
    try:
        return decoder.decode(value)
    except msgspec.ValidationError as error:
        raise Poison(Code.RECORD_SCHEMA, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Poison(Code.RECORD_UNREADABLE, str(error)) from error
    except RecursionError as error:
        raise Poison(Code.RECORD_UNREADABLE, "JSON nested too deeply") from error


def wire_headers(article: WireArticle, *, time: str, source: str = "newswire/push") -> list[tuple[str, bytes]]:
    """CloudEvents headers of a record on the wire topic; `time` is the moment of the push, RFC 3339."""
    return _headers(article, WIRE_EVENT, WIRE_CONTENT_TYPE, time=time, source=source)


def enriched_headers(
    article: EnrichedArticle, *, time: str, source: str = "newswire/enrich"
) -> list[tuple[str, bytes]]:
    """CloudEvents headers of a record on the enriched topic."""
    return _headers(article, ENRICHED_EVENT, ENRICHED_CONTENT_TYPE, time=time, source=source)


def _headers(
    article: WireArticle, event: str, content_type: str, *, time: str, source: str
) -> list[tuple[str, bytes]]:
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": f"{article.uri}#{article.versionCreated}#{article.version or ''}",
        "ce_source": source,
        "ce_type": event,
        "ce_subject": article.uri,
        "ce_time": time,
        "content-type": content_type,
    }
    return [(name, value.encode("utf-8")) for name, value in attributes.items()]


def pushed_header(headers: AnyHeaders) -> list[tuple[str, bytes]]:
    """What an enriched record tells of the push, from the headers of its wire record; nothing where they don't."""
    time = header(headers, "ce_time")
    return [(PUSHED, time[:TIME_CHARACTERS].encode("utf-8"))] if time else []


def pushed(headers: AnyHeaders) -> str | None:
    """When the article of an enriched record was pushed, or None where it is not told."""
    return header(headers, PUSHED)


def header(headers: AnyHeaders, name: str) -> str | None:
    """The value of the first header of that name (names compare without case), or None."""
    for key, value in headers or ():
        if key.lower() == name and value is not None:
            return value.decode("utf-8", "replace")
    return None
