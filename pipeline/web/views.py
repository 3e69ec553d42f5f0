"""What an article looks like to the page: the enriched article, and the addresses of its days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from pipeline.article import EnrichedArticle, Interval


def article(found: EnrichedArticle) -> dict[str, Any]:
    """The enriched article as JSON types; each date has `about`, the days to ask for, or null off the calendar."""
    made: dict[str, Any] = msgspec.to_builtins(found)
    for shown, timex in zip(made["dates"], found.dates, strict=True):
        shown["about"] = days(timex.interval)
    return made


def days(interval: Interval | None) -> str | None:
    """An interval as a range of dates that a search takes: `2022-02-25`, `2022-02-21..2022-02-27`."""
    if interval is None:
        return None
    try:
        first, end = date.fromisoformat(interval.gte[:10]), date.fromisoformat(interval.lt[:10])
    except ValueError:
        return None
    midnight = len(interval.lt) == len("YYYY-MM-DD") or interval.lt[10:].startswith(
        ("T00:00:00", "T00:00+", "T00:00-")
    )
    last = end - timedelta(days=1) if midnight and end > first else end
    return first.isoformat() if last <= first else f"{first.isoformat()}..{last.isoformat()}"
