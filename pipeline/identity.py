"""Who an article is: pure functions from an article to its id, its external version, its document and its index.

The external version orders everything that was ever said of one article id:
`killed * 2^62 + rank`, where the rank is
`versionCreated in ms * 10^4 + min(version number, 99) * 100 + min(enrichment revision, 99)`.
A kill outranks every version; a later revision of the enrichment outranks an earlier one of the same version.

An item that was reinstated has a further *life*, and what is said of it from then on stands above the kill: life 1
begins at 2^62 + 2^56 with its versions, its kills follow 2^56 above them, and so on for each life. Nothing has to be
deleted for that, and what was said in an earlier life stays outranked whenever it comes again.
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
# Above every version, kill and life: the tombstone of an article that `newswire forget` erased.
FORGOTTEN = (1 << 63) - 1

INDEX_PREFIX = "news-articles"
READ_ALIAS = "news"
WRITE_ALIAS = "news-write"
REGISTER = "news-register-v1"  # the index of pipeline/index/register.py

REINSTATED = "reinstated"  # the signal of an article that does nothing but lift a kill

KILLED = 1 << 62
LIFE = 1 << 56  # room for the ranks of one life; a rank reaches it in the year 2198
MOST_LIVES = ((1 << 62) // LIFE - 1) // 2  # an external version is below 2^63
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
    alone = _DATE_ALONE.match(value)
    if not (alone or _DATE_TIME.match(value)):
        raise Poison(Code.WIRE_FIELD, f"{field}: {value[:80]!r} is not an ISO 8601 date, or date-time with offset")
    try:
        return datetime.fromisoformat(f"{value}T00:00:00+00:00" if alone else value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Poison(Code.WIRE_FIELD, f"{field}: {value[:80]!r} is not a date of the calendar") from error


def version_number(version: str | None) -> int:
    """The provider's version as a number from 0 to 99: the first digits of its label, 0 where it has none."""
    found = _LEADING_NUMBER.search(version) if version else None
    return min(int(found.group()), 99) if found else 0


def rank(article: WireArticle, *, enrichment: int = 0) -> int:
    """What orders the versions of an item among themselves, and its kills among themselves (module docstring).

    Raises:
        Poison: `wire.field` or `wire.date-range` for a versionCreated that cannot be ordered.
    """
    created = instant(article.versionCreated)
    if created < _EPOCH:
        raise Poison(Code.WIRE_DATE_RANGE, f"versionCreated: {article.versionCreated!r} is before 1970")
    milliseconds = (created - _EPOCH) // timedelta(milliseconds=1)
    return milliseconds * 10_000 + version_number(article.version) * 100 + min(enrichment, 99)


def external_version(article: WireArticle, *, enrichment: int = 0, life: int = 0) -> int:
    """The external version of an article in a life of its item, a signed 64-bit number; raises as `rank`."""
    own = rank(article, enrichment=enrichment)
    killed = article.pubStatus == "canceled"
    if life == 0 and not killed:
        return own
    return KILLED + (2 * life - (not killed)) * LIFE + min(own, LIFE - 1)


def is_kill(version: int) -> bool:
    """Whether an external version is that of a kill."""
    return version >= KILLED and (version - KILLED) // LIFE % 2 == 0


def life_of(version: int) -> int:
    """The life of the item to which an external version belongs: 0 until it is reinstated for the first time."""
    return 0 if version < KILLED else ((version - KILLED) // LIFE + 1) // 2


def rank_of(version: int) -> int:
    """The rank in an external version."""
    return version if version < KILLED else (version - KILLED) % LIFE


def is_newer_kill(article: WireArticle, than: int) -> bool:
    """Whether a kill was said after another, of which `than` is the external version; raises as `rank`.

    The revision of the enrichment does not count: an old kill is not news because it was enriched again.
    """
    return rank(article) // 100 > rank_of(than) // 100


def lifted_kill(article: WireArticle) -> int | None:
    """The external version of the kill that `newswire reinstate` lifts with this article, None for every other.

    Raises:
        Poison: `wire.field`, where it is not that of a kill, or of the last life that an item can have.
    """
    if article.lifts is None:
        return None
    version = int(article.lifts) if re.fullmatch(r"[0-9]{1,19}", article.lifts) else 0
    if not is_kill(version) or not version < 1 << 63 or life_of(version) >= MOST_LIVES:
        raise Poison(Code.WIRE_FIELD, f"lifts: {article.lifts[:80]!r} is not the external version of a kill")
    return version


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
