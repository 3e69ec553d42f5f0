"""Dead letters by their reason, and the last of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

from pipeline.settings import Settings
from pipeline.stream.dead_letter_topic import DeadLetterTopic
from pipeline.stream.dead_letters import REASON

READ_FOR: Final = 10.0  # seconds; of a very long topic only the beginning is counted


class LettersView(msgspec.Struct, frozen=True, kw_only=True):
    """Dead letters that were not replayed. `complete` is false where the time was over before all were read."""

    pending: int
    reasons: dict[str, int]
    complete: bool
    last_reason: str | None = None
    last_message: str | None = None
    last_id: str | None = None
    last_arrived_ms: int | None = None


def look(settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> LettersView:
    """Read the topic; raises as `DeadLetterTopic`."""
    end = clock() + READ_FOR
    reasons: Counter[str] = Counter()
    last = None
    complete = True
    with DeadLetterTopic(settings) as topic:
        replayed = topic.replayed()
        for letter in topic.letters():
            if clock() > end:
                complete = False
                break
            if letter.id in replayed:
                continue
            reasons[letter.reason or f"without {REASON}"] += 1
            if last is None or letter.arrived_ms >= last[0]:  # never a value in memory but this moment's
                message = letter.origin.message if letter.origin else ""
                last = (letter.arrived_ms, str(letter.id), letter.reason, message)
    counted = {"pending": sum(reasons.values()), "reasons": dict(reasons.most_common()), "complete": complete}
    if last is None:
        return LettersView(**counted)  # type: ignore[arg-type]  # as they are named
    return LettersView(
        **counted,  # type: ignore[arg-type]
        last_arrived_ms=last[0],
        last_id=last[1],
        last_reason=last[2],
        last_message=last[3],
    )
