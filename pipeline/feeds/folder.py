"""A drop folder: finished files are pushed, and moved away once Kafka has all of them.

A file of which an item is refused goes to `refused` as it came, with the reason beside it; its other items are
pushed nevertheless, since they are news. The corrected file may be put into the folder again: what Kafka has already
is the same article.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pipeline.article import WireArticle
from pipeline.errors import Code, NewswireError, Poison, Transient, UserError
from pipeline.feeds.definition import Folder
from pipeline.feeds.drop import Drop, Form, is_open_for_writing, move
from pipeline.feeds.files import Delivery, Refused, Source, deliveries, shown
from pipeline.feeds.publisher import Publisher
from pipeline.feeds.state import Source as Known
from pipeline.feeds.state import State
from pipeline.feeds.tools import Outcome
from pipeline.log import get_logger
from pipeline.wire import parse_each
from pipeline.wire.context import Result

KIND: Final = "folder"
CHUNK: Final = 100  # articles between two waits for Kafka
TOLD_EVERY: Final = 30.0  # seconds between two entries in the state while nothing happens
REASONS_KEPT: Final = 1000  # of one file
REFUSALS_KEPT: Final = 20  # in the state

log = get_logger("newswire.feeds")


class _Changed(Exception):
    """The file is not what it was when it counted as finished."""


@dataclass(slots=True)
class _File:
    """A file under way, and what was found in it."""

    path: Path
    form: Form
    pushed: int = 0
    refusals: list[tuple[str, NewswireError]] = field(default_factory=list)

    def refuse(self, name: str, error: NewswireError) -> None:
        if len(self.refusals) < REASONS_KEPT:
            self.refusals.append((name, error))

    def reason(self, *, now: datetime) -> dict[str, Any]:
        return {
            "file": shown(self.path.name),
            "refused_at": now.isoformat(timespec="seconds"),
            "articles_pushed": self.pushed,
            "refused": [{"code": str(error.code), "message": error.message} for _, error in self.refusals],
        }


class FolderWatch:
    """Looks into one folder, as often as it is called."""

    def __init__(
        self,
        folder: Folder,
        *,
        state: State,
        publisher: Publisher,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args: `clock` gives the time with its offset, `monotonic` seconds."""
        self.folder = folder
        self._path = Path(folder.path)
        self._state = state
        self._publisher = publisher
        self._clock = clock
        self._drop = Drop(self._path, pattern=folder.pattern, settle=folder.settle, clock=monotonic)
        self._stuck: dict[Path, _File] = {}  # that Kafka has, and that could not be moved

    @property
    def waiting(self) -> int:
        """Files in the folder at the last look."""
        return self._drop.waiting

    async def look(self) -> Outcome:
        """Push the files that are finished. What fails is in the outcome and in the state, not raised."""
        outcome = Outcome(self.folder.name)
        known = self._state.source(self.folder.name, KIND, str(self._path))
        refusals = list(known.refusals)
        try:
            for path, form in await asyncio.to_thread(self._drop.finished):
                file = await self._push(path, form)
                if file is None or not await self._put_away(file, outcome):
                    continue
                outcome.pushed += file.pushed
                if file.refusals:
                    outcome.refused += 1
                    name, error = file.refusals[0]
                    refusals.append({"code": str(error.code), "message": f"{name}: {error.message}"[:500]})
        except NewswireError as error:
            outcome.error = error
            log.warning("%s: %s", self.folder.name, error, extra={"error.code": str(error.code)})
        except Exception as error:
            log.exception("%s: a bug of ours", self.folder.name)  # which must not end the other folders
            outcome.error = Transient(Code.WORKER_BUG, f"{type(error).__name__}: {error}")
        self._remember(known, outcome, refusals)
        return outcome

    def _remember(self, known: Known, outcome: Outcome, refusals: list[dict[str, str]]) -> None:
        now, error = self._clock().timestamp(), outcome.error
        idle = not (outcome.pushed or outcome.refused or error or known.failures)
        if idle and known.last_poll is not None and 0 <= now - known.last_poll < TOLD_EVERY:
            return
        self._state.conclude(
            replace(
                known,
                last_poll=now,
                last_success=known.last_success if error else now,
                next_poll=now + self.folder.interval,
                failures=known.failures + 1 if error else 0,
                code=str(error.code) if error else None,
                message=error.message[:500] if error else None,
                pushed=known.pushed + outcome.pushed,
                refused=known.refused + outcome.refused,
                refusals=tuple(refusals[-REFUSALS_KEPT:]),
            ),
            now=now,
        )

    async def _push(self, path: Path, form: Form) -> _File | None:
        """Push what a file holds; None where it is not finished after all, or stands still where it is."""
        file = _File(path, form)
        stuck = self._stuck.get(path)
        if stuck is not None and stuck.form == form:
            return stuck  # only the move is left to do
        if await asyncio.to_thread(is_open_for_writing, path):
            return None
        articles = self._articles(file)
        try:
            while some := await asyncio.to_thread(lambda: list(islice(articles, CHUNK))):
                for article, error in zip(some, await self._publisher.publish(some), strict=True):
                    if error is None:
                        file.pushed += 1
                    elif isinstance(error, Poison):
                        file.refuse(article.uri, Poison(error.code, f"{article.uri[:200]}: {error.message}"))
                    else:
                        raise error
        except _Changed:
            return None
        return file

    def _articles(self, file: _File) -> Iterator[WireArticle]:
        """The articles of a file; what is refused is noted in it. Each piece is checked to be of that file."""
        source = Source(shown(file.path), file.path)
        for delivery in deliveries(source, format=self.folder.format, limit=self.folder.max_bytes):
            if Form.of(file.path) != file.form:
                raise _Changed
            if isinstance(delivery, Refused):
                file.refuse(delivery.name, delivery.error)
                continue
            for result in self._parsed(delivery, file):
                if isinstance(result, Poison):
                    file.refuse(delivery.name, result)
                else:
                    yield result
        if Form.of(file.path) != file.form:
            raise _Changed

    def _parsed(self, delivery: Delivery, file: _File) -> Iterator[Result]:
        arrived = datetime.fromtimestamp(file.form.modified, UTC).isoformat(timespec="seconds")
        return parse_each(
            delivery.data,
            format=delivery.format,
            default_date=arrived if self.folder.undated == "arrival" else None,
            now=self._clock(),
        )

    async def _put_away(self, file: _File, outcome: Outcome) -> bool:
        """Take the file out of the folder; whether it is. Where that fails only the move is tried again."""
        try:
            taken = await asyncio.to_thread(self._take_away, file)
        except OSError as error:
            self._stuck[file.path] = file
            message = f"{shown(file.path)}: Kafka has it, but it cannot be moved away: {error.strerror}"
            outcome.error = UserError(Code.FILE_UNREADABLE, message, hint="check the folder's rights and its disk")
            log.warning("%s: %s", self.folder.name, message)
            return False
        self._stuck.pop(file.path, None)
        return taken

    def _take_away(self, file: _File) -> bool:
        if Form.of(file.path) != file.form:
            return False  # written to again: the next look begins anew
        if file.refusals:
            target = move(file.path, self._path / self.folder.refused, reason=file.reason(now=self._clock()))
            log.warning("%s: refused, see %s: %s", self.folder.name, shown(target), file.refusals[0][1])
        elif self.folder.after == "delete":
            file.path.unlink()
        else:
            move(file.path, self._path / self.folder.done)
        return True


def check(folder: Folder) -> None:
    """Refuse a folder that is not there.

    Raises:
        UserError: `settings`, naming it.
    """
    if not Path(folder.path).is_dir():
        message = f"[[folder]] {folder.name!r} path is {shown(folder.path)!r}: no such folder"
        raise UserError(Code.SETTINGS, message, hint=f"mkdir -p {shown(folder.path)}")
