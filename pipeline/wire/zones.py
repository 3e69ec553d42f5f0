"""Time zones by the letters that news agencies write, as offsets from UTC."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Final

# in hours; where letters are ambiguous, what agencies mean by them (IST: India, BST: Britain, CST: Chicago)
_HOURS: Final[dict[str, float]] = {
    "GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1,
    "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3,
    "SAST": 2, "CAT": 2, "EAT": 3, "WAT": 1, "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75,
    "ICT": 7, "WIB": 7, "SGT": 8, "HKT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9,
    "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3,
}  # fmt: skip


def zone(letters: str) -> timezone | None:
    """The zone of an abbreviation (points and case do not matter), or None for one that we don't know."""
    hours = _HOURS.get(letters.replace(".", "").upper())
    return None if hours is None else timezone(timedelta(hours=hours))
