"""What every parser is told besides the bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pipeline.article import WireArticle
from pipeline.errors import Poison

Result = WireArticle | Poison  # an item of a delivery: an article, or why it is refused

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of a delivery."""

    now: datetime  # with offset; the moment of the delivery, never read from a clock here
    name: str | None = None  # of the file or record, for messages
    default_date: str | None = None  # ISO 8601, of articles that carry no date themselves


def each(
    things: Iterable[T], make: Callable[[T], WireArticle], *, named: Callable[[T], str | None] | None = None
) -> Iterator[Result]:
    """`make` of each thing; one that is refused does not stop the others. `named` says which it was."""
    for thing in things:
        try:
            yield make(thing)
        except Poison as refusal:
            name = named(thing) if named else None
            yield Poison(refusal.code, f"{name[:120]}: {refusal.message}", hint=refusal.hint) if name else refusal
