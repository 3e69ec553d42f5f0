"""The moment from which an article speaks: the anchor of "today", "last month" and "Friday"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from pipeline.article import WireArticle

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
# a dateline's day further from the version's than this is a slip of the keyboard or an old story delivered again
_DATELINE_LAG = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The day an article was written, in its own time zone, and that zone where it is known."""

    day: date
    zone: tzinfo | None = None

    @classmethod
    def of(cls, article: WireArticle) -> Reference:
        """The day of `versionCreated` in its own offset, or the dateline's where that is up to a week before it.

        A story is corrected and sent again days after it was written; its dateline stays. Raises ValueError
        where `versionCreated` begins with no date of the calendar, which the wire parsers refuse.
        """
        created = _read(article.versionCreated)
        if created is None:
            raise ValueError(f"versionCreated: {article.versionCreated!r} has no day")
        zone: tzinfo | None = None
        if "T" in article.versionCreated:
            try:
                zone = datetime.fromisoformat(article.versionCreated).tzinfo
            except ValueError:
                zone = None
        day = created
        written = _read(article.dateline.date) if article.dateline and article.dateline.date else None
        if written is not None and timedelta(0) <= created - written <= _DATELINE_LAG:
            day = written
        return cls(day=day, zone=zone)


def _read(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
