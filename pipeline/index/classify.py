"""What Elasticsearch's answer to one document means: a pure function with a table of its own.

A bulk request answers each document by itself. Whoever must act decides the verdict: nobody (done), we a little later
(retry), we with a smaller request (split), whoever reads the dead letters (poison), or an operator (fatal).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from pipeline.errors import Code


class Kind(StrEnum):
    """What to do with a document after an answer."""

    DONE = "done"
    UNCHANGED = "unchanged"  # the index holds a higher version: nothing to do, and no error
    RETRY = "retry"
    CROWDED = "crowded"  # no memory for it now: retried; a large document may never fit
    SUSPECT = "suspect"  # a server error that this very document may cause: retried, but not for ever
    SPLIT = "split"
    POISON = "poison"
    FATAL = "fatal"


class Verdict(NamedTuple):
    """What to do, and the code of the error where it is one."""

    kind: Kind
    code: Code | None = None


_BUSY: Final = Verdict(Kind.RETRY, Code.ELASTICSEARCH_BUSY)
_CROWDED: Final = Verdict(Kind.CROWDED, Code.ELASTICSEARCH_BUSY)
_INDEX_MISSING: Final = Verdict(Kind.FATAL, Code.ELASTICSEARCH_INDEX_MISSING)
_REFUSED: Final = Verdict(Kind.FATAL, Code.ELASTICSEARCH_REFUSED)

# errors whose name says more than their status
_BY_TYPE: Final = {
    "version_conflict_engine_exception": Verdict(Kind.UNCHANGED),
    "strict_dynamic_mapping_exception": Verdict(Kind.FATAL, Code.ELASTICSEARCH_MAPPING),
    "index_not_found_exception": _INDEX_MISSING,
    "index_closed_exception": _INDEX_MISSING,
    # an operator's write block, or the flood stage of a full disk: both pass (403 or 429, by version)
    "cluster_block_exception": _BUSY,
    "es_rejected_execution_exception": _CROWDED,
    "circuit_breaking_exception": _CROWDED,
    "unavailable_shards_exception": _BUSY,
    "no_shard_available_action_exception": _BUSY,
    "primary_missing_action_exception": _BUSY,
    "process_cluster_event_timeout_exception": _BUSY,
    "node_closed_exception": _BUSY,
    "node_not_connected_exception": _BUSY,
    "already_closed_exception": _BUSY,
    "index_shard_closed_exception": _BUSY,
    "security_exception": _REFUSED,
}
_BY_STATUS: Final = {
    200: Verdict(Kind.DONE),
    201: Verdict(Kind.DONE),
    401: _REFUSED,
    403: _REFUSED,
    404: _INDEX_MISSING,
    408: _BUSY,
    409: Verdict(Kind.UNCHANGED),
    413: Verdict(Kind.SPLIT, Code.INDEX_TOO_LARGE),
    429: _BUSY,
    502: _BUSY,
    503: _BUSY,
    504: _BUSY,
}
# an alias without an index to write to is answered as if the document were wrong
_ALIAS_REASONS: Final = ("no write index is defined", "is not an alias", "require_alias")


# indexing pressure, as its refusal tells: what this operation needs, and the most that all of them may
_PRESSURE: Final = re.compile(r"(primary|coordinating)_operation_bytes=(\d+), max_\w+=(\d+)")


def never_fits(reason: str, size: int) -> bool:
    """Whether a document of `size` bytes, alone in its request, can never be indexed by the server that said so.

    Elasticsearch reserves memory for each operation (measured with 9.5: four times the document, besides the bytes
    of the request) out of a tenth of its heap; what exceeds that is refused with 429, however idle the server is.
    """
    found = _PRESSURE.search(reason)
    if not found:
        return False
    needed, most = int(found[2]), int(found[3])
    return needed + (size if found[1] == "primary" else 0) > most


def classify(status: int, error_type: str | None = None, reason: str | None = None) -> Verdict:
    """What an answer means for the document it answers.

    Args:
        status: of the item in a bulk answer.
        error_type: `error.type` of the item, or None where it has no error.
        reason: `error.reason`.
    """
    if error_type in _BY_TYPE:
        return _BY_TYPE[error_type]
    if status == 400 and any(words in (reason or "") for words in _ALIAS_REASONS):
        return _INDEX_MISSING
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 400 <= status < 500:
        return Verdict(Kind.POISON, Code.INDEX_REJECTED)
    return Verdict(Kind.SUSPECT, Code.ELASTICSEARCH_BUSY)
