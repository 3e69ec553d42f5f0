"""What the demo's articles must have become: pure functions from their files to the last state of each item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline import identity
from pipeline.article import WireArticle
from pipeline.resources import resource
from pipeline.wire import parse

ARTICLES = "config/demo/articles"


@dataclass(frozen=True)
class Item:
    """One item, by the version of it that must win."""

    slug: str  # of its files: `oresund-crack` of `03-oresund-crack.json`
    article: WireArticle
    visible: bool  # whether readers find it: usable, and not under embargo

    @property
    def version(self) -> int:
        """The external version of its document, without the revision of the enrichment."""
        return identity.external_version(self.article)


def folder() -> Path:
    """The folder of the demo's articles."""
    return resource(ARTICLES)


def items(*, now: datetime) -> list[Item]:
    """The items of the demo's folder, in the order of their files."""
    read = [
        (_slug(path), article)
        for path in sorted(folder().iterdir())
        for article in parse(path.read_bytes(), name=path.name, now=now)
    ]
    return latest(read, now=now)


def latest(read: Iterable[tuple[str, WireArticle]], *, now: datetime) -> list[Item]:
    """The version of each item that wins, whatever the order in which they come."""
    found: dict[str, tuple[str, WireArticle]] = {}
    for slug, article in read:
        best = found.get(article.uri)
        if best is None or identity.external_version(article) > identity.external_version(best[1]):
            found[article.uri] = (slug, article)
    return [Item(slug, article, _visible(article, now)) for slug, article in found.values()]


def uris(found: Sequence[Item]) -> dict[str, str]:
    """The article id of each item by its slug."""
    return {item.slug: item.article.uri for item in found}


def _slug(path: Path) -> str:
    words = path.stem.split("-")[1:]  # the first is the number that orders the files
    if words[-1].startswith("v") and words[-1][1:].isdecimal():
        words.pop()
    return "-".join(words)


def _visible(article: WireArticle, now: datetime) -> bool:
    embargoed = article.embargoed is not None and identity.instant(article.embargoed, field="embargoed") > now
    return article.pubStatus == "usable" and not embargoed


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
