"""An NLP process: `python -m pipeline.enrich.process FD PARENT`, started by the pool and by nobody else.

It speaks MessagePack over the socket of its parent (messages.py): first `Started`, then an `Answer` for each
`Request`, until the socket closes. It ignores SIGINT and SIGTERM, since its parent decides when it ends, and it dies
with its parent: by the kernel's order on Linux, by the closed socket elsewhere.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import Connection
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from pipeline import codec, identity
from pipeline.article import WireArticle
from pipeline.enrich.messages import (
    Answer,
    Done,
    EnrichedRecord,
    Refusal,
    Request,
    Started,
    WireRecord,
    decode_request,
    encode,
)
from pipeline.errors import Code, NewswireError, Poison
from pipeline.settings import Enrichment

if TYPE_CHECKING:
    from pipeline.enrich.enricher import Enricher

_PR_SET_PDEATHSIG = 1  # prctl(2)


def main(descriptor: int, parent: int) -> None:
    """Serve the parent until it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with(parent)
    os.dup2(2, 1)  # what a library prints is not a result
    connection = Connection(descriptor)
    try:
        enricher = _start(connection)
        while enricher is not None:
            connection.send_bytes(encode(answer(decode_request(connection.recv_bytes()), enricher)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the parent is gone or has closed


def _start(connection: Connection) -> Enricher | None:
    settings = msgspec.json.decode(connection.recv_bytes())
    try:
        _import_spacy()
        from pipeline.enrich.enricher import Enricher

        enricher = Enricher(Enrichment(**settings))
        enricher.enrich([WireArticle(uri="urn:newswire:warm-up", versionCreated="2020-01-01", body="Warm-up.")])
    except NewswireError as error:
        connection.send_bytes(encode(Started(error.code, error.message, error.hint)))
        return None
    except Exception as error:  # noqa: BLE001 - the parent must learn of whatever it is
        connection.send_bytes(encode(Started(Code.WORKER_BUG, f"{type(error).__name__}: {error}")))
        return None
    connection.send_bytes(encode(Started()))
    return enricher


def _import_spacy() -> None:
    # `import spacy` imports spaCy's command line with its HTTP clients for the one function `spacy.info`, which takes
    # as long as loading our pipeline: two empty modules stand in its place meanwhile, and are then taken away again.
    if "spacy" in sys.modules:
        return
    package, module = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    module.info = lambda: None  # type: ignore[attr-defined]
    sys.modules |= {package.__name__: package, module.__name__: module}
    try:
        importlib.import_module("spacy")
    finally:
        del sys.modules[package.__name__], sys.modules[module.__name__]


def answer(request: Request, enricher: Enricher) -> Answer:
    """Decode, enrich and encode the records of a request."""
    now = datetime.fromisoformat(request.now)
    decoded = [_decode(record, now=now) for record in request.records]
    flat = [article for articles in decoded if not isinstance(articles, Poison) for article in articles]
    outcomes = iter(enricher.enrich(flat))
    results: list[Done | Refusal] = []
    for articles in decoded:
        if isinstance(articles, Poison):
            results.append(_refusal(articles))
            continue
        records: list[EnrichedRecord] = []
        failed: Poison | None = None
        for _, outcome in zip(articles, outcomes, strict=False):
            if isinstance(outcome, Poison):
                failed = failed or outcome
            else:
                headers = codec.enriched_headers(outcome, time=request.now)
                records.append(EnrichedRecord(outcome.uri, codec.encode(outcome), headers))
        results.append(_refusal(failed) if failed else Done(tuple(records)))
    return Answer(results)


def _decode(record: WireRecord, *, now: datetime) -> Sequence[WireArticle] | Poison:
    try:
        if record.content_type in (None, codec.WIRE_CONTENT_TYPE):
            article = codec.decode_wire(record.value)
            identity.check_version_created(article, now=now)
            return (article,)
        from pipeline import wire

        named = wire.format_of_content_type(record.content_type)
        if named is None:
            raise Poison(Code.WIRE_FORMAT_UNKNOWN, f"content-type: {record.content_type[:200]!r} is not one we read")
        return wire.parse(record.value, format=named, now=now)
    except Poison as poison:
        return poison


def _refusal(poison: Poison) -> Refusal:
    return Refusal(poison.code, poison.message, poison.hint)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
