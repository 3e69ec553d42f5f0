"""The bulk writer: documents into Elasticsearch, each answered for, with retries in place.

`helpers.streaming_bulk` of the client does not retry an item's 429 by default and never a lost connection, so this
works on `client.bulk` itself. A document that Elasticsearch cannot take now is sent again until it can, it alone;
writing the same document twice is harmless, since its external version orders it (`version_type=external_gte`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec
from elastic_transport import ApiError, SerializationError, TransportError
from elasticsearch import AsyncElasticsearch

from pipeline import identity
from pipeline.errors import Code, Fatal, NewswireError, Poison, Transient
from pipeline.index.classify import Kind, Verdict, classify, never_fits
from pipeline.index.client import cause, explain, reason_of
from pipeline.index.document import Action
from pipeline.settings import Settings
from pipeline.stream.retry import Backoff

REQUESTS_AT_ONCE: Final = 4  # of one writer; `parallel_bulk` of the client has as many threads
LARGE: Final = 1_000_000  # bytes; such a document travels alone, so that its refusal costs no other
SUSPECT_TRIES: Final = 8  # server errors over one document, while others succeed, until it is poison
CROWDED_TRIES: Final = 20  # the same for a large document that the server has no memory for

OnRetry = Callable[[Code, int, float], None]  # code, documents, pause in seconds
OnRequest = Callable[[int, int, float], None]  # documents, bytes, seconds until the answer


class Written(StrEnum):
    """What became of a document that is no poison."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"  # the index, or this very call, holds a higher version of it


Outcome = Written | Poison


class _Answer(NamedTuple):
    verdict: Verdict
    message: str


class _Task(NamedTuple):
    """A document on its way, and where its outcome belongs."""

    position: int
    action: Action
    lines: bytes  # as they stand in the body of a bulk request


class _Trial(NamedTuple):
    """How many documents had succeeded when one first met an error that may be its own fault, and how often it met it
    since another one did."""

    succeeded: int
    tries: int = 0


class BulkWriter:
    """Writes documents to the alias `news-write`. One writer serves any number of concurrent calls."""

    def __init__(
        self,
        client: AsyncElasticsearch,
        settings: Settings,
        *,
        on_retry: OnRetry = lambda code, count, seconds: None,
        on_request: OnRequest = lambda documents, size, seconds: None,
        index: str = identity.WRITE_ALIAS,
    ) -> None:
        """Nothing is sent yet.

        Args:
            client: must not retry by itself (`pipeline.index.client.connect`).
            on_retry: is told of each pause.
            on_request: is told of each request that was answered.
            index: another index than the alias, for `newswire reindex`.
        """
        self._client = client
        self._on_request = on_request
        self._index = index
        self._documents = settings.index.bulk_documents
        self._bytes = settings.index.bulk_bytes
        self._backoff = Backoff(longest=settings.worker.retry_backoff_max)
        self._on_retry = on_retry
        self._requests = asyncio.Semaphore(REQUESTS_AT_ONCE)
        self._succeeded = 0

    async def write(self, actions: Sequence[Action]) -> list[Outcome]:
        """Write documents and return what became of each, in the same order.

        Blocks for as long as Elasticsearch is away or busy; cancelling it is safe. Of several versions of one
        document only the highest is written, unless it is poison: then the next.

        Raises:
            Fatal: `elasticsearch.refused`, `.index-missing`, `.mapping`, `.bad-request`: somebody must act. Some of
                the documents may have been written; writing them again changes nothing.
        """
        outcomes: list[Outcome] = [Written.UNCHANGED] * len(actions)
        versions: dict[str, list[int]] = {}  # of each document its positions, the highest version last
        for position, action in enumerate(actions):
            versions.setdefault(action.document_id, []).append(position)
        for positions in versions.values():
            positions.sort(key=lambda position: (actions[position].version, position))
        while versions:
            highest = [positions.pop() for positions in versions.values()]
            results = await self._write_all([_task(position, actions[position]) for position in highest])
            for position, outcome in results:
                outcomes[position] = outcome
                if not isinstance(outcome, Poison) or not versions[actions[position].document_id]:
                    del versions[actions[position].document_id]
        return outcomes

    async def _write_all(self, tasks: Sequence[_Task]) -> list[tuple[int, Outcome]]:
        chunks = list(self._chunks(tasks))
        if len(chunks) == 1:
            return await self._write_chunk(chunks[0])
        try:
            async with asyncio.TaskGroup() as group:
                running = [group.create_task(self._write_chunk(chunk)) for chunk in chunks]
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [result for chunk in running for result in chunk.result()]

    def _chunks(self, tasks: Sequence[_Task]) -> Iterator[list[_Task]]:
        """As few requests as the limits allow, of about one size: a last one of few documents costs as a full one."""
        small = [task for task in tasks if len(task.lines) < LARGE]
        yield from ([task] for task in tasks if len(task.lines) >= LARGE)
        whole = sum(len(task.lines) for task in small)
        requests = max(-(-len(small) // self._documents), -(-whole // self._bytes))
        even = whole / max(1, requests)
        chunk: list[_Task] = []
        size = 0
        for task in small:
            if chunk and (size >= even or len(chunk) >= self._documents or size + len(task.lines) > self._bytes):
                yield chunk
                chunk, size = [], 0
            chunk.append(task)
            size += len(task.lines)
        if chunk:
            yield chunk

    async def _write_chunk(self, tasks: list[_Task]) -> list[tuple[int, Outcome]]:
        done: list[tuple[int, Outcome]] = []
        pauses = self._backoff.pauses()
        trials: dict[int, _Trial] = {}
        while tasks:
            answers = await self._request(tasks)
            retry: list[_Task] = []
            split: list[_Task] = []
            code = Code.ELASTICSEARCH_BUSY
            for task, (verdict, message) in zip(tasks, answers, strict=True):
                kind = verdict.kind
                if kind in (Kind.SUSPECT, Kind.CROWDED):
                    kind = self._try(kind, task, message, trials)
                if kind is Kind.DONE:
                    done.append((task.position, Written.INDEXED))
                elif kind is Kind.UNCHANGED:
                    done.append((task.position, Written.UNCHANGED))
                elif kind is Kind.RETRY:
                    retry.append(task)
                    code = verdict.code or code
                elif kind is Kind.SPLIT and len(tasks) > 1:
                    split.append(task)
                elif kind is Kind.FATAL:
                    raise _fatal(verdict.code or Code.ELASTICSEARCH_BAD_REQUEST, message)
                else:
                    rejected = Code.INDEX_TOO_LARGE if kind is Kind.SPLIT else Code.INDEX_REJECTED
                    done.append((task.position, Poison(rejected, f"{task.action.document_id[:200]}: {message}")))
            for part in _parts(split, whole=len(split) == len(tasks)):
                done.extend(await self._write_chunk(part))
            if retry:
                pause = next(pauses)
                self._on_retry(code, len(retry), pause)
                await asyncio.sleep(pause)
            tasks = retry
        return done

    def _try(self, kind: Kind, task: _Task, message: str, trials: dict[int, _Trial]) -> Kind:
        """Whether an error is the server's state (retry) or the document's own fault: only while others succeed."""
        large = len(task.lines) >= LARGE
        if kind is Kind.CROWDED and not large:
            return Kind.RETRY
        if kind is Kind.CROWDED and never_fits(message, len(task.lines)):
            return Kind.SPLIT  # it is alone in its request: there is nothing to split
        trial = trials.get(task.position, _Trial(self._succeeded))
        if self._succeeded > trial.succeeded:  # what failed before, everything did: it is no sign against this one
            trial = trial._replace(tries=trial.tries + 1)
        trials[task.position] = trial
        if kind is Kind.CROWDED:
            return Kind.SPLIT if trial.tries >= CROWDED_TRIES else Kind.RETRY
        return Kind.POISON if trial.tries >= SUSPECT_TRIES else Kind.RETRY

    async def _request(self, tasks: Sequence[_Task]) -> list[_Answer]:
        """One bulk request; its answers are in the order of the tasks. A failure of the whole is one of each."""
        async with self._requests:
            began = time.monotonic()
            body = b"".join([task.lines for task in tasks])
            try:
                response = await self._client.bulk(
                    operations=body,  # type: ignore[arg-type]  # bytes pass as they are
                    index=self._index,
                    require_alias=self._index == identity.WRITE_ALIAS,
                    include_source_on_error=False,
                    filter_path="items.*.status,items.*.error",
                )
            except (ApiError, TransportError) as error:
                return [_whole(error)] * len(tasks)
            self._on_request(len(tasks), len(body), time.monotonic() - began)
        answers = [_answer(item) for item in response.body.get("items", ())]
        if len(answers) != len(tasks):
            raise Fatal(
                Code.ELASTICSEARCH_BAD_REQUEST, f"a bulk request of {len(tasks)} documents had {len(answers)} answers"
            )
        self._succeeded += sum(answer.verdict.kind in (Kind.DONE, Kind.UNCHANGED) for answer in answers)
        return answers


_DONE: Final = _Answer(Verdict(Kind.DONE), "")


def _task(position: int, action: Action) -> _Task:
    header = b'{"index":{"_id":%b,"version":%d,"version_type":"external_gte"}}\n' % (
        msgspec.json.encode(action.document_id),
        action.version,
    )
    return _Task(position, action, b"%b%b\n" % (header, action.source))


def _parts(tasks: list[_Task], *, whole: bool) -> list[list[_Task]]:
    if not tasks:
        return []
    middle = len(tasks) // 2
    return [tasks[:middle], tasks[middle:]] if whole else [tasks]


def _answer(item: dict[str, Any]) -> _Answer:
    result = next(iter(item.values()))
    error = result.get("error")
    if error is None and result["status"] in (200, 201):
        return _DONE
    kind, reason = (error.get("type"), reason_of(error)) if isinstance(error, dict) else (None, str(error))
    return _Answer(classify(result["status"], kind, reason), f"{kind}: {reason}")


def _whole(error: ApiError | TransportError) -> _Answer:
    """What the failure of a whole request means for each of its documents: never that one of them is poison."""
    meant = explain(error, doing="write to the index")
    if isinstance(error, SerializationError):  # an answer cut short, or a proxy's page
        return _Answer(Verdict(Kind.RETRY, Code.ELASTICSEARCH_UNREACHABLE), str(meant))
    if isinstance(error, ApiError):
        verdict = classify(error.meta.status, *cause(error.body))
        if verdict.kind in (Kind.SPLIT, Kind.CROWDED):
            return _Answer(verdict, str(meant))
    return _Answer(Verdict(Kind.RETRY if isinstance(meant, Transient) else Kind.FATAL, meant.code), str(meant))


def _fatal(code: Code, message: str) -> NewswireError:
    hints = {
        Code.ELASTICSEARCH_MAPPING: "newswire setup (the index template is older than this worker)",
        Code.ELASTICSEARCH_INDEX_MISSING: "newswire setup",
        Code.ELASTICSEARCH_REFUSED: "check elasticsearch.api_key_file, or username and password_file",
    }
    return Fatal(code, f"Elasticsearch refused to write: {message}", hint=hints.get(code))
