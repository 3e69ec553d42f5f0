"""What each answer of Elasticsearch means: the whole table."""

from __future__ import annotations

import pytest

from pipeline.errors import Code
from pipeline.index.classify import Kind, Verdict, classify, never_fits

CROWDED = Verdict(Kind.CROWDED, Code.ELASTICSEARCH_BUSY)
BUSY = Verdict(Kind.RETRY, Code.ELASTICSEARCH_BUSY)
REFUSED = Verdict(Kind.FATAL, Code.ELASTICSEARCH_REFUSED)
MISSING = Verdict(Kind.FATAL, Code.ELASTICSEARCH_INDEX_MISSING)
POISON = Verdict(Kind.POISON, Code.INDEX_REJECTED)

TABLE = [
    (200, None, None, Verdict(Kind.DONE)),
    (201, None, None, Verdict(Kind.DONE)),
    (409, "version_conflict_engine_exception", "current version [8] is higher", Verdict(Kind.UNCHANGED)),
    (429, "es_rejected_execution_exception", "rejected execution of primary operation", CROWDED),
    (429, "circuit_breaking_exception", "[parent] Data too large", CROWDED),
    (
        429,
        "cluster_block_exception",
        "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage]",
        BUSY,
    ),
    (403, "cluster_block_exception", "index [x] blocked by: [FORBIDDEN/8/index write (api)];", BUSY),
    (408, None, None, BUSY),
    (502, None, None, BUSY),
    (503, "unavailable_shards_exception", "primary shard is not active Timeout: [1m]", BUSY),
    (503, "process_cluster_event_timeout_exception", "failed to process cluster event", BUSY),
    (504, None, None, BUSY),
    (500, "node_closed_exception", "node closed", BUSY),
    (500, "already_closed_exception", "this IndexWriter is closed", BUSY),
    (500, "null_pointer_exception", None, Verdict(Kind.SUSPECT, Code.ELASTICSEARCH_BUSY)),
    (507, None, None, Verdict(Kind.SUSPECT, Code.ELASTICSEARCH_BUSY)),
    (413, None, None, Verdict(Kind.SPLIT, Code.INDEX_TOO_LARGE)),
    (400, "document_parsing_exception", "failed to parse field [embargoed] of type [date]", POISON),
    (400, "mapper_parsing_exception", "failed to parse", POISON),
    (400, "illegal_argument_exception", "Document contains at least one immense term", POISON),
    (400, "max_bytes_length_exceeded_exception", "bytes can be at most 32766 in length", POISON),
    (422, None, None, POISON),
    (
        400,
        "strict_dynamic_mapping_exception",
        "mapping set to strict",
        Verdict(Kind.FATAL, Code.ELASTICSEARCH_MAPPING),
    ),
    (401, "security_exception", "missing authentication credentials", REFUSED),
    (403, "security_exception", "action [indices:data/write/bulk[s]] is unauthorized", REFUSED),
    (401, None, None, REFUSED),
    (403, None, None, REFUSED),
    (
        404,
        "index_not_found_exception",
        "no such index [news-write] and [require_alias] request flag is [true]",
        MISSING,
    ),
    (404, None, None, MISSING),
    (400, "index_closed_exception", "closed", MISSING),
    (400, "illegal_argument_exception", "no write index is defined for alias [news-write].", MISSING),
]


@pytest.mark.parametrize(("status", "error_type", "reason", "verdict"), TABLE)
def test_an_answer_has_one_meaning(status: int, error_type: str | None, reason: str | None, verdict: Verdict) -> None:
    assert classify(status, error_type, reason) == verdict


def test_no_status_is_without_a_meaning() -> None:
    assert {classify(status).kind for status in range(400, 600)} <= set(Kind) - {Kind.DONE}
    # only what Elasticsearch says of the document itself may cost the document
    assert {status for status in range(100, 600) if classify(status).kind is Kind.POISON} == {
        status for status in range(400, 500) if status not in (401, 403, 404, 408, 409, 413, 429)
    }


@pytest.mark.parametrize(
    ("operation", "needed", "most", "size", "never"),
    [
        ("primary", 96_000_040, 107_374_182, 24_000_100, True),  # as 9.5 with a heap of 1 GB answers 24 MB
        ("primary", 80_000_040, 107_374_182, 20_000_100, False),
        ("coordinating", 101_000_000, 107_374_182, 101_000_000, False),
        ("coordinating", 108_000_000, 107_374_182, 108_000_000, True),
    ],
)
def test_a_document_that_can_never_fit_is_told_from_a_crowded_server(
    operation: str, needed: int, most: int, size: int, never: bool
) -> None:
    reason = (
        f"rejected execution of {operation} operation [coordinating_and_primary_bytes=24003586, replica_bytes=0, "
        f"all_bytes=24003586, {operation}_operation_bytes={needed}, max_{operation}_bytes={most}]"
    )
    assert never_fits(reason, size) is never
    assert not never_fits("rejected execution: queue capacity 10000", size)
