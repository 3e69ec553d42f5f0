"""Places seen from what the text has named before: that day, the following year, two days later, the quarter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from pipeline.enrich.dates.calendar import ORDER, Granule, granule, month_granule
from pipeline.enrich.dates.context import Context, Direction, Match, Meaning, dated
from pipeline.enrich.dates.operations.amounts import amount_of, duration, unit_of, whole
from pipeline.enrich.dates.operations.captures import heads_clause, month_of, shift_of
from pipeline.enrich.dates.operations.choice import around, choose, day_in_view, direction_of
from pipeline.enrich.dates.operations.clocks import at
from pipeline.enrich.dates.operations.deictic import PARTS, REPORT, YEARLY, move, near
from pipeline.enrich.dates.operations.periods import quarter_in_view

_COARSE: Final = frozenset(ORDER[ORDER.index("month") :])
_PHRASE: Final = 9  # tokens that may name an event after "of"
_RECENT: Final = 150  # tokens within which "the day" is the one named last
_NAMED: Final = 5  # tokens between an event and the verb that says it began
_ENDS_PHRASE: Final = frozenset({".", ";", ":", "!", "?", "“", "”", '"'})


def place_in_view(context: Context, unit: str) -> Granule:
    """The unit of that kind that the narrative is in: of the last place named that is as fine, else the anchor's."""
    finer = ORDER[: ORDER.index(unit) + 1] if unit in ORDER else ("day",)
    last = context.narrative.last(*finer)
    return last.to(unit) if last is not None else context.this(unit)


def same(match: Match) -> Meaning | None:
    """That day, the same week, the day, the quarter."""
    unit = unit_of(match)
    if unit is None:
        return None
    if unit in PARTS:
        return at(place_in_view(match.context, "day"), PARTS[unit])
    return dated(place_in_view(match.context, unit)) if unit in ORDER else None


def following(match: Match) -> Meaning | None:
    """The next day, the following month, the previous year, the next morning."""
    unit, shift = unit_of(match), shift_of(match)
    if shift is None:
        shift = match.option("shift")
    if unit is None or shift is None:
        return None
    context = match.context
    if shift > 0 and unit in ("day", *PARTS) and not context.narrating and context.narrative.last("day") is None:
        # no day was named: what has happened was at the latest today
        shift = 0 if direction_of(match) is Direction.PAST else shift
    if unit in PARTS:
        day = place_in_view(match.context, "day").shift(shift)
        return at(day, PARTS[unit]) if day.valid else None
    found = dated(place_in_view(match.context, unit).shift(shift)) if unit in ORDER else None
    aside = shift < 0 and _compares(match)  # "up from the previous month"
    return replace(found, focus=False) if found is not None and aside else found


def the_unit(match: Match) -> Meaning | None:
    """The day, the quarter: those in view; the week, the month, the year: those of the anchor."""
    unit = unit_of(match)
    context = match.context
    if heads_clause(match):
        return None
    if unit == "quarter":
        return dated(quarter_in_view(context))
    if unit == "day":
        return dated(day_in_view(match, reach=_RECENT) or context.this("day"))
    if unit == "weekend":
        here = context.this("weekend")
        direction = direction_of(match)
        places = choose(
            (here.shift(-1), here), context.now, Direction.PAST if direction is Direction.UNKNOWN else direction
        )
        return dated(places[0]) if places else None
    return dated(context.here(unit)) if unit in ("week", "month", "year", "century", "decade") else None


def near_or_view(match: Match) -> Meaning | None:
    """The next day, the next morning: after the one in view; the next week, the past year: seen from now."""
    unit = unit_of(match)
    ahead = "next" in match and (unit in ("day", *PARTS) or match.context.narrating)
    return following(match) if ahead else near(match)


def beside_view(match: Match) -> Meaning | None:
    """The following Friday, the previous Monday, the next Tuesday: from the day in view."""
    weekday, shift = match.get("wd", "WEEKDAY"), shift_of(match)
    if weekday is None or shift is None:
        return None
    day = place_in_view(match.context, "day")
    if not day.valid:
        return None
    ahead = (int(weekday) - day.first.weekday()) % 7
    return dated(day.shift((ahead or 7) if shift > 0 else ahead - 7))


def ended(match: Match) -> Meaning | None:
    """The quarter ended Sept. 30; the year ending June 30 is a length, as it need not be one of the calendar."""
    unit, month = unit_of(match), month_of(match)
    stop = match.stop - 1
    if month is not None:
        stop = min(match.captured[name] for name in ("dn", "mo", "ms") if name in match.captured) - 1
    if unit == "year":
        return Meaning(type="DURATION", value="P1Y", stop=stop)
    if unit != "quarter":
        return None
    if month is not None and month % 3 == 0:
        months = choose(around(month_granule(match.context.now.year, month), 12), match.context.now, Direction.PAST)
        found = dated(months[0].to("quarter"))
    else:
        found = dated(quarter_in_view(match.context))
    return None if found is None else replace(found, stop=stop)


def beside_unit(match: Match) -> Meaning | None:
    """The night before, the year after, where nothing follows that they would be before or after."""
    unit, shift = unit_of(match), int(match.option("shift"))
    if unit is None or match.word(0).isalnum() or match.word(0) in ("$", "“", '"'):
        return None
    if unit in PARTS:
        day = place_in_view(match.context, "day").shift(shift)
        return replace(at(day, PARTS[unit]), focus=shift > 0) if day.valid else None
    found = dated(place_in_view(match.context, unit).shift(shift)) if unit in ORDER else None
    return None if found is None else replace(found, focus=shift > 0)  # a look back leaves the tale where it was


def later(match: Match) -> Meaning | None:
    """Two days later, a year earlier: from the last place named, at its granularity where that is the finer one."""
    unit, amount = unit_of(match), amount_of(match)
    sign = int(match.option("sign") or 1)
    if unit is None or amount is None or unit in ("hour", "minute", "second"):
        return None
    if amount != "X" and not ("n" in match and unit == "year"):
        unit, amount = whole(unit, amount)
    if amount == "X" or float(amount) != int(amount):
        return duration(match)
    context = match.context
    seen = context.narrative.last_seen()
    last = None if seen is None else seen.place
    if unit == "year" and sign < 0 and _compares(match) and last is not None and last.unit == "day":
        # the day of a report is not its topic
        last = context.narrative.last("quarter", "half", after=match.start - REPORT) or last
    if unit == "year" and last is not None and last.unit in YEARLY:
        found = dated(last.shift(sign * int(amount) * YEARLY[last.unit]))
        return None if found is None else replace(found, focus=False)
    if unit == "day" and sign < 0 and last is not None and last.unit in _COARSE and not context.narrating:
        seen = context.narrative.last_seen("day", after=match.start - REPORT)  # "a day earlier": than the news
    start = seen.day if seen is not None and seen.place.valid else context.now
    found = dated(move(start, unit, sign * int(amount)))
    # a look back leaves the tale where it was, and so does the year that a report compares with
    aside = sign < 0 or (unit == "year" and amount == 1)
    return replace(found, focus=False) if found is not None and aside else found


def _compares(match: Match) -> bool:
    """Whether an amount or "from", "than" stands before: what follows is compared with."""
    before = match.word(-1)
    return before in match.context.language.compared or match.start - 1 in match.context.tokens.numbers


def ordinal(match: Match) -> Meaning | None:
    """The second day of the invasion: counted from the event's first day; else as the narrative has it."""
    unit, number = unit_of(match), match.get("o", "ORD") or match.get("n", "NUM")
    if unit not in ("day", "night", "week", "month", "year") or number is None or int(number) < 1:
        return None
    context = match.context
    start = event_after(context, match.stop)
    if start is None:
        # "On Friday, the third day of the trial"; "It is the second day of an offensive"
        return (
            dated(context.narrative.last("day", after=match.start - 12) or context.this("day"))
            if unit == "day"
            else None
        )
    place = granule("day" if unit == "night" else unit, start).shift(int(number) - 1)
    if unit in ("month", "year", "week") and start != granule(unit, start).first:
        return None  # the second week of a war is no week of the calendar
    return dated(place)


def since_event(match: Match) -> Meaning | None:
    """Two weeks after the election: a day where the event is dated, else a length of time."""
    unit, amount = unit_of(match), amount_of(match)
    if unit is None or amount is None or (unit == "quarter" and "n" not in match and amount == 1):
        return None  # "shrunk by a quarter since"
    length = duration(match)
    start = event_after(match.context, match.stop)
    if length is None:
        return None
    place = None
    if start is not None and amount != "X" and float(amount) == int(amount):
        place = move(start, unit, int(match.option("sign") or 1) * int(amount))
    found = dated(place) or length
    return replace(found, stop=match.stop - 1)  # the preposition is no part of the expression


def event_after(context: Context, token: int) -> date | None:
    """The first day of the event that the words from a token on name: "of Moscow's invasion"."""
    tokens = context.tokens
    for index in range(token, min(len(tokens), token + _PHRASE)):
        word = tokens.words[index]
        if word in _ENDS_PHRASE or word[:1] == "\n":
            return None
        if word in context.narrative.events and not _dates_itself(context, token, index):
            return context.narrative.events[word]
        if word in context.events.by_head:
            last = min(len(tokens), index + _PHRASE)
            phrase = tokens.text[tokens.starts[token] : tokens.ends[last - 1]].lower()
            now = context.reference.day
            start = context.events.start_in_phrase(word, phrase, now=now)
            if start is None and not _dates_itself(context, token, index):
                start = context.event_in_text(word)
            if start is not None:
                return start
    return None


def _dates_itself(context: Context, start: int, event: int) -> bool:
    """Whether a phrase names a month or a year of its own: "the bombings of March 2004"."""
    tokens, grammar = context.tokens, context.language.grammar
    dates = grammar.members("MONTH") + grammar.members("SHORTMONTH") + grammar.members("YEAR4")
    for index in range(start, min(len(tokens), event + _NAMED)):
        if index > event and tokens.words[index] in (*_ENDS_PHRASE, ","):
            return False
        if tokens.codes[index] in dates:
            return True
    return False


def note_event(context: Context, start: int, stop: int, place: Granule) -> None:
    """Remember the event that a day stands beside: "the Nov. 3 election", "the invasion began on Thursday"."""
    if place.unit != "day":
        return
    words, nouns = context.tokens.words, context.language.event_nouns
    for index in range(stop, min(len(words), stop + 4)):
        if words[index] in nouns:
            context.narrative.events.setdefault(words[index], place.first)
            return
        if not (words[index].isalpha() or words[index] in ("'", "’")) or words[index] in context.language.begins:
            break
    index = start - 1
    while index > start - 5 and index >= 0 and words[index] in context.language.begins:
        index -= 1
    if index == start - 1:
        return
    # "the invasion of Freedonia began on Wednesday"
    reach = _NAMED if any(word in context.language.starts for word in words[index + 1 : start]) else 0
    for back in range(index, max(-1, index - 1 - reach), -1):
        if back >= 0 and words[back] in nouns:
            context.narrative.events.setdefault(words[back], place.first)
            return


OPERATIONS: Final[tuple[Callable[[Match], Meaning | list[Meaning] | None], ...]] = (
    same,
    following,
    the_unit,
    near_or_view,
    beside_view,
    later,
    beside_unit,
    ended,
    ordinal,
    since_event,
)
