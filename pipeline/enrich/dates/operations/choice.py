"""Which of several like places of the calendar is meant: last Friday or next, this October or the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipeline.enrich.dates.calendar import Granule
from pipeline.enrich.dates.context import Context, Direction, Match

# A reading of the verb is not certain: a place this near on the other side beats one that is this far on its own.
_NEAR_DAYS: Final = 62
_FAR_DAYS: Final = 240
_BACK: Final = 6  # a tale goes on: a day before the one in view counts as that many times as far off as one after it
_RECENT_DAYS: Final = 31
_CLOSE: Final = 25  # tokens
_REACH: Final = 60  # tokens within which a time of day belongs to the day named last


def direction_of(match: Match) -> Direction:
    """Where the verb that governs the match points; what was intended was ahead."""
    found = reading_of(match)
    return Direction.FUTURE if found is Direction.INTENDED else found


def reading_of(match: Match) -> Direction:
    """As `direction_of`, with what was only intended told apart."""
    context = match.context
    if match.option("ahead"):
        return Direction.FUTURE
    if match.word(-1) in context.language.attributive and match.word(0).isalpha():
        return Direction.PAST  # "the June agreement": no verb governs it, and news looks back
    return context.language.read_direction(context.tokens, match.start, match.stop)


def is_past(match: Match) -> bool:
    """Whether the word before the match allows the past alone: since March."""
    return match.word(-1) in match.context.language.since


def choose(
    candidates: Sequence[Granule | None], now: date, direction: Direction, *, sure: bool = False
) -> tuple[Granule, ...]:
    """The candidates, best first. A place that holds `now` lies in both directions; `sure` is more than a verb's."""
    valid = [place for place in candidates if place is not None and place.valid]
    today = now.toordinal()

    def distance(place: Granule) -> int:
        first, after = place.first.toordinal(), place.next_first.toordinal()
        return first - today if first > today else (after - 1 - today if after - 1 < today else 0)

    past = sorted((place for place in valid if distance(place) <= 0), key=lambda place: -distance(place))
    future = sorted((place for place in valid if distance(place) >= 0), key=distance)
    if direction is Direction.PAST:
        order = past + future
    elif direction is Direction.FUTURE:
        order = future + past
    else:
        order = sorted(valid, key=lambda place: (abs(distance(place)), distance(place)))
    if direction is not Direction.UNKNOWN and past and future and not sure:
        own, other = (past[0], future[0]) if direction is Direction.PAST else (future[0], past[0])
        if abs(distance(own)) >= _FAR_DAYS and abs(distance(other)) <= _NEAR_DAYS:
            order.insert(0, other)
    return tuple(dict.fromkeys(order))


def choose_in(
    context: Context, candidates: Sequence[Granule | None], direction: Direction, *, sure: bool = False
) -> tuple[Granule, ...]:
    """As `choose`; in a text that tells of other years, the candidate in the year in view, or the nearest to it."""
    view = context.view
    if view is None or not view.valid:
        return choose(candidates, context.now, direction, sure=sure)
    if view.unit == "year":
        valid = [place for place in candidates if place is not None and place.valid]
        return tuple(sorted(valid, key=lambda place: abs(place.first.year - view.number)))
    first, after = view.first.toordinal(), view.next_first.toordinal()

    def away(place: Granule) -> int:
        start = place.first.toordinal()
        return max(0, start - after + 1) if start >= first else _BACK * (first - start)

    valid = [place for place in candidates if place is not None and place.valid]
    past = [place for place in valid if place.first <= context.reference.day]  # a tale is told when it is over
    return tuple(sorted(past or valid, key=away))


def day_in_view(match: Match, *, reach: int = _REACH) -> Granule | None:
    """The day named last, of which a time of day is a part; a past verb has none to come, nor the other way round."""
    context = match.context
    today = context.this("day")
    direction: Direction | None = None
    for item in reversed(context.narrative.seen[-40:]):
        if item.token < match.start - reach:
            break
        if item.place.unit != "day" or item.bound:
            continue
        if context.narrating or item.place == today:
            return item.place
        far = abs(item.place.number - today.number) > _RECENT_DAYS
        if far and item.token < match.start - _CLOSE:
            continue  # of a day long ago, a time is told at once
        direction = direction or direction_of(match)
        if direction is not (Direction.FUTURE if item.place.number < today.number else Direction.PAST):
            return item.place
    return None


def years_in_view(context: Context) -> range:
    """The years among which an incomplete date may lie."""
    view = context.view
    year = view.first.year if view is not None and view.valid else context.now.year
    return range(year - 1, year + 2)


def around(place: Granule, cycle: int) -> tuple[Granule, Granule, Granule]:
    """The place and its like one cycle before and after."""
    return place.shift(-cycle), place, place.shift(cycle)
