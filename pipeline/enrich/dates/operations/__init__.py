"""What the matches of rules mean: operations on the calendar, independent of the language.

An operation takes a `Match` and gives its `Meaning`, several where a match holds several expressions, or None where
the words turn out to be no time expression after all: the next shorter match is tried then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pipeline.enrich.dates.context import Match, Meaning
from pipeline.enrich.dates.operations import (
    amounts,
    anaphora,
    clocks,
    deictic,
    hours,
    narrated,
    numeric,
    periods,
    points,
    seasons,
)

Operation = Callable[[Match], Meaning | list[Meaning] | None]

OPERATIONS: Final[Mapping[str, Operation]] = {
    operation.__name__: operation
    for module in (points, clocks, hours, numeric, periods, seasons, deictic, amounts, anaphora, narrated)
    for operation in module.OPERATIONS
}
