"""The errors of the pipeline, by what whoever meets them must do, each with a code from a closed vocabulary."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Code(StrEnum):
    """What went wrong. The value goes into dead-letter headers, metrics and `--json` output: it never changes."""

    # the bytes of a wire article
    WIRE_FORMAT_UNKNOWN = "wire.format-unknown"
    WIRE_UNREADABLE = "wire.unreadable"
    WIRE_ENCODING = "wire.encoding"
    WIRE_FIELD = "wire.field"
    WIRE_NO_ID = "wire.no-id"
    WIRE_NO_DATE = "wire.no-date"
    WIRE_DATE_RANGE = "wire.date-range"
    WIRE_EMPTY = "wire.empty"
    WIRE_TOO_LARGE = "wire.too-large"
    WIRE_HOSTILE = "wire.hostile"
    # enrichment
    ENRICH_FAILED = "enrich.failed"
    ENRICH_TIMEOUT = "enrich.timeout"
    ENRICH_CRASHED = "enrich.crashed"
    # records and documents
    RECORD_UNREADABLE = "record.unreadable"
    RECORD_SCHEMA = "record.schema"
    RECORD_TOO_LARGE = "record.too-large"
    INDEX_REJECTED = "index.rejected"
    INDEX_TOO_LARGE = "index.too-large"
    # what a kill advisory means
    KILL_UNMATCHED = "kill.unmatched"
    KILL_AMBIGUOUS = "kill.ambiguous"
    # feeds and pushes over HTTP
    FEED_UNREACHABLE = "feed.unreachable"
    FEED_REFUSED = "feed.refused"
    FEED_GONE = "feed.gone"
    FEED_ROBOTS = "feed.robots"
    FEED_ADDRESS = "feed.address"
    FEED_TOO_LARGE = "feed.too-large"
    FEED_RUNNING = "feed.running"
    LISTEN_UNAUTHORIZED = "listen.unauthorized"
    LISTEN_BROWSER = "listen.browser"
    LISTEN_FORMAT = "listen.format"
    LISTEN_REQUEST = "listen.request"
    LISTEN_SLOW = "listen.slow"
    LISTEN_BUSY = "listen.busy"
    # servers
    KAFKA_UNREACHABLE = "kafka.unreachable"
    KAFKA_REFUSED = "kafka.refused"
    KAFKA_TOPIC_MISSING = "kafka.topic-missing"
    ELASTICSEARCH_UNREACHABLE = "elasticsearch.unreachable"
    ELASTICSEARCH_BUSY = "elasticsearch.busy"
    ELASTICSEARCH_REFUSED = "elasticsearch.refused"
    ELASTICSEARCH_MAPPING = "elasticsearch.mapping"
    ELASTICSEARCH_INDEX_MISSING = "elasticsearch.index-missing"
    ELASTICSEARCH_BAD_REQUEST = "elasticsearch.bad-request"
    KIBANA_UNREACHABLE = "kibana.unreachable"
    KIBANA_REFUSED = "kibana.refused"
    KIBANA_REJECTED = "kibana.rejected"
    # where alerts tell
    ALERT_UNREACHABLE = "alert.unreachable"
    ALERT_REFUSED = "alert.refused"
    # the worker
    WORKER_BRAKE = "worker.brake"
    WORKER_STALLED = "worker.stalled"
    WORKER_BUG = "worker.bug"
    # whoever typed
    SETTINGS = "settings"
    USAGE = "usage"
    NOT_FOUND = "not-found"
    FILE_UNREADABLE = "file.unreadable"
    LOCAL_MISSING = "local.missing"
    LOCAL_DOWNLOAD = "local.download"
    LOCAL_FAILED = "local.failed"


class NewswireError(Exception):
    """Base of all our errors: a `code`, and a message that names the file, field and value where there are any."""

    exit_status: ClassVar[int] = 1

    def __init__(self, code: Code, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint  # the next command to type, or what to change

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, self.message, self.hint))


def _rebuild(kind: type[NewswireError], code: Code, message: str, hint: str | None) -> NewswireError:
    return kind(code, message, hint=hint)


class Poison(NewswireError):
    """This record can never be processed: it goes to the dead letters, and the others go on."""


class Transient(NewswireError):
    """The same call may succeed later: retry in place with a capped back-off; nothing is passed over."""

    exit_status = 75  # EX_TEMPFAIL of sysexits.h


class Fatal(NewswireError):
    """Somebody must act before the worker can go on: it stops with its offsets kept."""

    exit_status = 78  # EX_CONFIG of sysexits.h


class UserError(NewswireError):
    """Whoever typed the command can mend it; `hint` says how."""

    exit_status = 2
