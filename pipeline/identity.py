"""Who an article is: pure functions from an article to its id, its external version, its document and its index.

The external version orders everything that was ever said of one article id (DESIGN section 2):
`killed * 2^62 + versionCreated in ms * 10^4 + min(version number, 99) * 100 + min(enrichment revision, 99)`.
A kill outranks every version; a later revision of the enrichment outranks an earlier one of the same version.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

from pipeline.article import WireArticle
from pipeline.errors import Code, Poison

MAPPING_REVISION = 1
# To be raised with every change that makes the same article come out of the enrichment otherwise, at most 99: it goes
# into `EnrichedArticle.enrichment` and the external version, so that articles enriched again replace the older form.
ENRICHMENT_REVISION = 2

INDEX_PREFIX = "news-articles"
READ_ALIAS = "news"
WRITE_ALIAS = "news-write"

KILLED = 1 << 62
ELASTICSEARCH_ID_BYTES = 512  # the limit of `_id`, Elasticsearch reference
FUTURE_TOLERANCE = timedelta(hours=24)  # more than this ahead would freeze the item

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})\Z", re.ASCII)
_LEADING_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def index_name(mapping_revision: int = MAPPING_REVISION) -> str:
    """The index that holds every article of one mapping revision."""
    return f"{INDEX_PREFIX}-v{mapping_revision}"


def text_uri(text: str) -> str:
    """A stable article id for plain text without one: the same characters are the same article."""
    return "urn:newswire:text:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def document_id(uri: str) -> str:
    """The `_id` of an article: its uri, or a digest of it where that would be longer than Elasticsearch allows."""
    raw = uri.encode("utf-8")
    return uri if len(raw) <= ELASTICSEARCH_ID_BYTES else "sha256:" + hashlib.sha256(raw).hexdigest()


def instant(value: str, *, field: str = "versionCreated") -> datetime:
    """The moment of an ISO 8601 date-time with offset; a date alone is its midnight in UTC.

    Raises:
        Poison: `wire.field` where it is neither, naming `field` and the value.
    """
    if _DATE_ALONE.match(value):
        value += "T00:00:00+00:00"
    elif not _DATE_TIME.match(value):
        raise Poison(Code.WIRE_FIELD, f"{field}: {value[:80]!r} is not an ISO 8601 date, or date-time with offset")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Poison(Code.WIRE_FIELD, f"{field}: {value[:80]!r} is not a date of the calendar") from error


def version_number(version: str | None) -> int:
    """The provider's version as a number from 0 to 99: the first digits of its label, 0 where it has none."""
    found = _LEADING_NUMBER.search(version) if version else None
    return min(int(found.group()), 99) if found else 0


def external_version(article: WireArticle, *, enrichment: int = 0) -> int:
    """The external version of an article, a signed 64-bit number (module docstring).

    Raises:
        Poison: `wire.field` or `wire.date-range` for a versionCreated that cannot be ordered.
    """
    created = instant(article.versionCreated)
    if created < _EPOCH:
        raise Poison(Code.WIRE_DATE_RANGE, f"versionCreated: {article.versionCreated!r} is before 1970")
    milliseconds = (created - _EPOCH) // timedelta(milliseconds=1)
    killed = KILLED if article.pubStatus == "canceled" else 0
    return killed + milliseconds * 10_000 + version_number(article.version) * 100 + min(enrichment, 99)


def check_version_created(article: WireArticle, *, now: datetime) -> None:
    """Refuse a versionCreated that would freeze its item: before 1970, or more than 24 h after `now`.

    Raises:
        Poison: `wire.field` or `wire.date-range`, naming the value.
    """
    external_version(article)
    if instant(article.versionCreated) > now + FUTURE_TOLERANCE:
        raise Poison(
            Code.WIRE_DATE_RANGE,
            f"versionCreated: {article.versionCreated!r} is more than 24 h in the future (now {now.isoformat()})",
        )
