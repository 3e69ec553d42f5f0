"""What polls share, and what one comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.errors import NewswireError, Poison
from pipeline.feeds.definition import Http
from pipeline.feeds.http import Fetcher
from pipeline.feeds.pages import Pages
from pipeline.feeds.publisher import Publisher
from pipeline.feeds.robots import Robots
from pipeline.feeds.state import State


@dataclass(frozen=True, slots=True)
class Tools:
    """What a poll needs besides its feed."""

    http: Http
    state: State
    publisher: Publisher
    fetcher: Fetcher
    robots: Robots
    pages: Pages
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(slots=True)
class Outcome:
    """What one poll of a feed, or one look into a folder, came to."""

    name: str
    pushed: int = 0  # articles that Kafka acknowledged
    refused: int = 0  # items or files
    summaries: int = 0  # items pushed with the feed's own words, since their page could not be read
    not_modified: bool = False
    error: NewswireError | None = None


@dataclass(slots=True)
class Taken:
    """What became of the items of one answer."""

    seen: list[str] = field(default_factory=list)  # their article ids
    pushed: int = 0
    summaries: int = 0
    refusals: list[Poison] = field(default_factory=list)
    complete: bool = True  # nothing of it is left to do
    error: NewswireError | None = None  # why Kafka does not have the rest
