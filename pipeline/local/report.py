"""How the local stack tells what it is doing: to a terminal, or to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Report(Protocol):
    """Who hears of the progress of `newswire up` and `newswire down`."""

    def step(self, message: str) -> None:
        """One thing that begins or has been done."""

    def download(self, label: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """A download of `total` bytes; the function takes the bytes of each piece that came."""


class Silent:
    """Tells nobody."""

    def step(self, message: str) -> None:
        """Nothing."""

    @contextmanager
    def download(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Nothing."""
        yield lambda count: None
