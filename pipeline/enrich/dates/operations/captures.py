"""What a match captured: months, weekdays, years, and which way they are shifted."""

from __future__ import annotations

from pipeline.enrich.dates.context import Match


def month_of(match: Match) -> int | None:
    """The captured month, 1 to 12."""
    found = match.get("mo", "MONTH") or match.get("ms", "SHORTMONTH")
    return int(found) if found else None


def weekday_of(match: Match) -> int | None:
    """The captured weekday, 0 Monday."""
    found = match.get("wd", "WEEKDAY")
    if found is None:
        found = match.get("ws", "SHORTDAY")
    return None if found is None else int(found)


def year_of(match: Match) -> int | None:
    """The captured year, also of two figures, or the anchor's with "this", "last" or "next"."""
    year = match.get("y", "YEAR4")
    if year is not None:
        return int(year)
    short = match.get("yy", "TWODIGITS")
    if short is not None:
        if not _is_short_year(match, match.captured["yy"]):
            return None
        return full_year(int(short), match.context.now.year)
    shift = shift_of(match, "y")
    return None if shift is None else match.context.now.year + shift


def _is_short_year(match: Match, index: int) -> bool:
    """Whether an apostrophe and two figures are a year: "in '98", "May '98", but not "the workers' 15 percent"."""
    tokens, language = match.context.tokens, match.context.language
    mark = index - 1
    if mark < 1 or tokens.ends[mark] != tokens.starts[index] or tokens.ends[mark - 1] == tokens.starts[mark]:
        return False
    return mark > match.start or tokens.words[mark - 1] in language.before_year


def full_year(short: int, now: int, *, ahead: int = 20) -> int:
    """Two figures as the last such year that is not more than so many years ahead."""
    return now + ahead - (now + ahead - short) % 100


def shift_of(match: Match, prefix: str = "") -> int | None:
    """-1, 0 or 1 for last, this, next, captured as `last`, `this` or `next` with the prefix; None without one."""
    # "this past spring", "this coming Sunday": the second word says which way
    for name, kinds in (("last", ("LAST", "LASTVIEW")), ("next", ("NEXT", "NEXTVIEW")), ("this", ("THIS",))):
        for kind in kinds:
            found = match.get(prefix + name, kind)
            if found is not None:
                return int(found)
    return None


def heads_clause(match: Match) -> bool:
    """Whether a clause says which one it is: "the day he left", but not "in the morning he left"."""
    language = match.context.language
    return match.word(0) in language.clause and match.word(-1) not in language.during


def day_number_of(match: Match) -> int | None:
    """The captured day of a month."""
    number = match.get("dn", "DAYNUM")
    if number is None:
        number = match.get("do", "DAYORD")
    return None if number is None else int(number)
