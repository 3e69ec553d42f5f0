"""What an alert is, where it tells, and what it tells: frozen data, and the pure decision between two states."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec

from pipeline.errors import Code, UserError
from pipeline.index.query import SearchRequest

TargetKind = Literal["terminal", "webhook", "topic"]
Kind = Literal["new", "correction", "kill", "withdrawn"]

REVISIONS: Final = 100  # of the enrichment in an external version: the same article enriched again is no correction
LONGEST_NAME: Final = 200
_NAME = re.compile(r"[^\s\x00-\x1f/\\][^\x00-\x1f/\\]*\Z")
_TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,249}\Z")  # what Kafka allows


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where an alert tells. `address`: the URL of a webhook, the name of a topic, empty for the terminal."""

    kind: TargetKind
    address: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.address}".strip()


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A saved search. `id` differs for two alerts that had the same name one after the other."""

    id: str
    name: str
    request: SearchRequest
    to: Target
    created: str  # RFC 3339


class Telling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing told to one target: `id` is the same however often it is sent.

    Of a kill and of what was withdrawn, nothing is told but which article it is.
    """

    id: str
    alert: str  # its name
    kind: Kind
    uri: str
    time: str  # when it was found, RFC 3339
    versionCreated: str | None = None
    version: str | None = None
    headline: str | None = None
    description: str | None = None
    source: str | None = None
    language: str | None = None
    located: str | None = None
    urgency: int | None = None
    signals: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """A telling that is on its way."""

    telling: Telling
    to: Target


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What one alert was told of one article: as of which version, and whether that it is gone."""

    version: int  # external, without the revision of the enrichment
    gone: bool = False


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article as readers see it at this moment: nothing of it where they don't see it."""

    uri: str
    version: int  # external
    shown: bool
    killed: bool = False
    matching: frozenset[str] = frozenset()  # ids of alerts
    source: Mapping[str, Any] = {}
    arrived: datetime | None = None  # when readers could first have seen it, where that is known


def decide(article: Article, told: Mapping[str, Entry]) -> Iterator[tuple[str, Kind, Entry]]:
    """What is to be told of an article: for which alert, what, and what is then told of it.

    It compares states, so that it may be asked again at any time: what was told is not told again.
    """
    version = article.version // REVISIONS
    if article.shown:
        for alert in sorted(article.matching):
            before = told.get(alert)
            if before is None or (before.gone and version >= before.version):
                yield alert, "new", Entry(version=version)
            elif not before.gone and version > before.version:
                yield alert, "correction", Entry(version=version)
    for alert, before in told.items():
        if not before.gone and (not article.shown or alert not in article.matching):
            yield alert, "kill" if article.killed else "withdrawn", Entry(version=version, gone=True)


def concerns(alert: Alert, article: Article) -> bool:
    """Whether an article is new to an alert: one that was there before it, and is only indexed again, is not."""
    return article.arrived is None or article.arrived >= datetime.fromisoformat(alert.created)


def telling(alert: Alert, kind: Kind, article: Article, *, time: str) -> Telling:
    """What is told of an article to an alert."""
    identity = f"{alert.id}\0{article.uri}\0{article.version // REVISIONS}\0{kind}"
    named = [name for name in Telling.__struct_fields__ if name in article.source] if kind in _WITH_CONTENT else []
    fields = {name: article.source[name] for name in named if name != "uri"}
    given = {"id": hashlib.sha256(identity.encode()).hexdigest()[:32], "alert": alert.name, "kind": kind}
    return msgspec.convert(fields | given | {"uri": article.uri, "time": time}, Telling, strict=False)


_WITH_CONTENT: Final = ("new", "correction")


def check_name(name: str) -> str:
    """A name that an alert may have.

    Raises:
        UserError: `usage`.
    """
    if not _NAME.match(name) or len(name.encode()) > LONGEST_NAME:
        raise UserError(
            Code.USAGE, f"{name[:80]!r} cannot name an alert: up to {LONGEST_NAME} bytes, without / or \\"
        )
    return name


def target(words: tuple[str, ...] | list[str], *, forbidden: tuple[str, ...] = ()) -> Target:
    """The target that was typed: terminal, webhook URL, topic NAME.

    Args:
        words: as typed.
        forbidden: topics of the pipeline itself.

    Raises:
        UserError: `usage`.
    """
    kind, address = (words[0], " ".join(words[1:])) if words else ("terminal", "")
    if kind == "terminal" and not address:
        return Target(kind="terminal")
    if kind == "webhook" and _is_url(address):
        return Target(kind="webhook", address=address)
    if kind == "topic" and _TOPIC.match(address) and address not in (".", ".."):
        if address in forbidden:
            raise UserError(Code.USAGE, f"topic {address}: is one of the pipeline's own", hint="name another topic")
        return Target(kind="topic", address=address)
    raise UserError(
        Code.USAGE,
        f"cannot tell to {' '.join(words)[:200]!r}",
        hint="--to terminal, --to 'webhook https://host/path' or --to 'topic NAME'",
    )


def _is_url(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
