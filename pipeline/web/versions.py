"""The history of an article as readers may see it: its versions that are still in Kafka, and what each one changed.

Only for an article that can be seen now, and only its versions that were usable and are not under embargo; of one
that was reinstated only what came from then on, since what was killed stays killed. Reading Kafka takes its time, so
it is done in a thread, for one reader after the other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from itertools import dropwhile
from typing import Final, Literal

import msgspec

from pipeline import identity
from pipeline.article import EnrichedArticle
from pipeline.errors import Code, Poison, Transient
from pipeline.settings import Settings
from pipeline.stream.history import Version, versions

LONGEST_WAIT: Final = 30.0  # seconds, waiting for the turn included
MOST_WORDS: Final = 4_000  # of each text that are compared: the comparison is quadratic
MOST_VERSIONS: Final = 50  # the last ones
CONTEXT: Final = 8  # words around a change that are told

Kind = Literal["same", "removed", "added", "left out"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a comparison; `left out` stands for words that are the same."""

    kind: Kind
    text: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A version: what it said of itself, and what it changed in the one before it. The last is `current`."""

    versionCreated: str
    version: str | None
    headline: str | None
    signals: tuple[str, ...]
    edNote: str | None
    headlineChanges: tuple[Part, ...] = ()
    bodyChanges: tuple[Part, ...] = ()
    compared: bool = True  # false where it is too long to be compared whole
    current: bool = False


class Histories:
    """Reads histories, one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()

    async def of(self, article: EnrichedArticle, *, now: datetime) -> tuple[Told, ...]:
        """The versions of an article that readers may see, the oldest first.

        Raises:
            Transient: `kafka.unreachable`, also where it takes longer than `LONGEST_WAIT`.
            Fatal: as `pipeline.stream.history.versions`.
        """
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                async with self._turn:
                    # a thread cannot be given up: it ends by itself at its own time
                    ends = time.monotonic() + LONGEST_WAIT
                    found = await asyncio.to_thread(self._read, article.uri, ends)
                return await asyncio.to_thread(history, found, article, now=now)
        except TimeoutError as error:
            raise Transient(Code.KAFKA_UNREACHABLE, f"the versions of {article.uri} took too long to read") from error

    def _read(self, uri: str, ends: float) -> list[EnrichedArticle]:
        # in the order of arrival: a foreign producer may have used several partitions
        return [
            each.article
            for each in sorted(_until(versions(self._settings, uri), ends), key=lambda version: version.arrived_ms)
        ]


def _until(found: Iterable[Version], ends: float) -> Iterable[Version]:
    for each in found:
        if time.monotonic() > ends:
            return
        yield each


def history(found: Iterable[EnrichedArticle], shown: EnrichedArticle, *, now: datetime) -> tuple[Told, ...]:
    """What readers may know of the versions of an article of which they see `shown`; pure.

    Args:
        found: its versions in the order in which they came.
        shown: what the index has, whose `lifts` tells that it was reinstated, and after which kill.
        now: by which embargoes end.
    """
    last = identity.external_version(shown)
    by_version = {
        identity.external_version(each): each
        for each in _since_lifted(found, shown.lifts)
        if _visible(each, now) and identity.external_version(each) <= last
    }
    by_version[last] = shown
    kept = [by_version[key] for key in sorted(by_version)][-MOST_VERSIONS:]
    return tuple(
        _told(each, before, current=number == len(kept))
        for number, (before, each) in enumerate(zip([None, *kept], kept, strict=False), start=1)
    )


def _since_lifted(found: Iterable[EnrichedArticle], lifts: str | None) -> Iterable[EnrichedArticle]:
    """Without what was killed: from the first record on that lifts this kill; nothing where there is none of it."""
    return found if lifts is None else dropwhile(lambda each: each.lifts != lifts, found)


def _visible(article: EnrichedArticle, now: datetime) -> bool:
    if article.pubStatus != "usable":
        return False
    try:
        return article.embargoed is None or identity.instant(article.embargoed, field="embargoed") <= now
    except Poison:  # never guessed
        return False


def _told(article: EnrichedArticle, before: EnrichedArticle | None, *, current: bool) -> Told:
    told = Told(
        versionCreated=article.versionCreated,
        version=article.version,
        headline=article.headline,
        signals=article.signals,
        edNote=article.edNote,
        current=current,
    )
    if before is None:
        return told
    long = max(len(article.body.split()), len(before.body.split())) > MOST_WORDS
    return msgspec.structs.replace(
        told,
        headlineChanges=changes(before.headline or "", article.headline or ""),
        bodyChanges=changes(before.body, article.body),
        compared=not long,
    )


def changes(before: str, after: str) -> tuple[Part, ...]:
    """What was taken out and put in, word for word, with some words around it; empty where nothing changed."""
    old, new = before.split()[:MOST_WORDS], after.split()[:MOST_WORDS]
    if old == new:
        return ()
    parts: list[Part] = []
    compared = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(compared):
        if kind == "equal":
            first, last = number == 0, number == len(compared) - 1
            parts += _same(old[a:b], first=first, last=last)
        if a < b and kind in ("delete", "replace"):
            parts.append(Part(kind="removed", text=" ".join(old[a:b])))
        if c < d and kind in ("insert", "replace"):
            parts.append(Part(kind="added", text=" ".join(new[c:d])))
    return tuple(parts)


def _same(words: list[str], *, first: bool, last: bool) -> list[Part]:
    head = [] if first else words[:CONTEXT]
    tail = [] if last else words[-CONTEXT:]
    if len(head) + len(tail) >= len(words):
        return [Part(kind="same", text=" ".join(words))]
    between = [Part(kind="left out", text="")]
    return [
        *([Part(kind="same", text=" ".join(head))] if head else []),
        *between,
        *([Part(kind="same", text=" ".join(tail))] if tail else []),
    ]
