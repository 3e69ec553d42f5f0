"""Named days of the year, computed for any year.

Sources: United States Code, title 5, section 6103 (federal holidays); the Gregorian computus for Easter (Meeus,
Astronomical Algorithms, chapter 8); the customary dates of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

from pipeline.enrich.dates.calendar import Granule, make_day, nth_weekday

DayOf = Callable[[int], Granule | None]


def easter(year: int) -> Granule | None:
    """Easter Sunday, western churches."""
    if not 1 <= year <= 9998:
        return None
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    last = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * last) // 451
    month, day = divmod(h + last - 7 * m + 114, 31)
    return Granule("day", date(year, month, day + 1).toordinal())


def _fixed(month: int, day: int) -> DayOf:
    return lambda year: make_day(year, month, day)


def _nth(month: int, weekday: int, nth: int, *, plus: int = 0) -> DayOf:
    def found(year: int) -> Granule | None:
        day = nth_weekday(year, month, weekday, nth)
        return None if day is None else day.shift(plus)

    return found


def _from_easter(days: int, year: int) -> Granule | None:
    sunday = easter(year)
    return None if sunday is None else sunday.shift(days)


KNOWN: Final[Mapping[str, DayOf]] = {
    "new-year": _fixed(1, 1),
    "new-year-eve": _fixed(12, 31),
    "epiphany": _fixed(1, 6),
    "king": _nth(1, 0, 3),
    "inauguration": _fixed(1, 20),
    "groundhog": _fixed(2, 2),
    "valentine": _fixed(2, 14),
    "presidents": _nth(2, 0, 3),
    "patrick": _fixed(3, 17),
    "april-fools": _fixed(4, 1),
    "earth": _fixed(4, 22),
    "anzac": _fixed(4, 25),
    "may-day": _fixed(5, 1),
    "mother": _nth(5, 6, 2),
    "memorial": _nth(5, 0, -1),
    "juneteenth": _fixed(6, 19),
    "father": _nth(6, 6, 3),
    "canada": _fixed(7, 1),
    "independence": _fixed(7, 4),
    "bastille": _fixed(7, 14),
    "labor": _nth(9, 0, 1),
    "columbus": _nth(10, 0, 2),
    "halloween": _fixed(10, 31),
    "guy-fawkes": _fixed(11, 5),
    "election": _nth(11, 0, 1, plus=1),
    "veterans": _fixed(11, 11),
    "thanksgiving": _nth(11, 3, 4),
    "black-friday": _nth(11, 3, 4, plus=1),
    "cyber-monday": _nth(11, 3, 4, plus=4),
    "christmas-eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "boxing": _fixed(12, 26),
    "patriots": _nth(4, 0, 3),
    "all-saints": _fixed(11, 1),
    "shrove-tuesday": partial(_from_easter, -47),
    "whit-monday": partial(_from_easter, 50),
    "ash-wednesday": partial(_from_easter, -46),
    "palm-sunday": partial(_from_easter, -7),
    "maundy-thursday": partial(_from_easter, -3),
    "good-friday": partial(_from_easter, -2),
    "easter": easter,
    "easter-monday": partial(_from_easter, 1),
    "ascension": partial(_from_easter, 39),
    "pentecost": partial(_from_easter, 49),
}
