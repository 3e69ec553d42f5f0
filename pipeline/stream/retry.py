"""How long to wait between tries: capped exponential back-off with jitter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Pauses that double from `first` to `longest` seconds, each spread over its upper half.

    The jitter keeps many workers from coming back in the same instant (Brooker, "Exponential Backoff And Jitter",
    AWS Architecture Blog, 2015: "equal jitter").
    """

    first: float = 0.2
    longest: float = 10.0

    def pauses(self) -> Iterator[float]:
        """Endless pauses in seconds."""
        pause = min(self.first, self.longest)
        while True:
            yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it
            pause = min(pause * 2, self.longest)
