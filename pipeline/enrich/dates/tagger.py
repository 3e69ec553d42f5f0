"""Time expressions of a text: found by the grammar, given a meaning one after the other, as a reader would.

Cost: one pass over the characters and one over the codes; linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from pipeline.article import Quotation, Timex
from pipeline.enrich.dates.context import Context, Match, Meaning, Narrative, Seen
from pipeline.enrich.dates.en import english
from pipeline.enrich.dates.events import Events, shipped_events
from pipeline.enrich.dates.grammar import KNOWN_WORDS, OTHER, CompiledRule
from pipeline.enrich.dates.interval import interval_of
from pipeline.enrich.dates.language import Language
from pipeline.enrich.dates.operations import OPERATIONS
from pipeline.enrich.dates.operations.anaphora import note_event
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.said import days_outside, days_said, token_spans
from pipeline.enrich.dates.tokens import Tokens, tokenize

# an article from outside these years has a wrong clock; within them "last year" and "next decade" are on the calendar
_FIRST_YEAR, _LAST_YEAR = 500, 9500
# a text that names this many years of more than so many years ago, and this many times as often as "Friday"
_HISTORY_YEARS = 4
_OLD = 10
_HISTORY_RATIO = 4
_FEW_YEARS = 2  # that show it where nothing in the text speaks from today; one of long ago will do
_LONG_AGO = 40


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """What was found in a text."""

    dates: list[Timex]
    quotations: list[Quotation]  # those given, with the day that each was said


def tag(
    text: str,
    *,
    reference: Reference,
    quotations: Sequence[Quotation] = (),
    language: Language | None = None,
    events: Events | None = None,
) -> list[Timex]:
    """The time expressions of a text, sorted, none overlapping another; arguments as for `tag_all`."""
    return tag_all(text, reference=reference, quotations=quotations, language=language, events=events).dates


def tag_all(
    text: str,
    *,
    reference: Reference,
    quotations: Sequence[Quotation] = (),
    language: Language | None = None,
    events: Events | None = None,
) -> Tagged:
    """The time expressions of a text, and the days on which its quotations were said.

    Args:
        text: any text; offsets are code points into it.
        reference: the day from which it speaks; outside the years 500 to 9500 nothing is dated.
        quotations: spans of direct speech, sorted; inside one, "today" is the day it was said.
        language: its grammar; English by default.
        events: what dates "the second day of the invasion"; `config/events.toml` by default.
    """
    if not _FIRST_YEAR <= reference.day.year <= _LAST_YEAR:
        return Tagged(dates=[], quotations=list(quotations))
    language = language or english()
    tokens = tokenize(text, language.grammar, language.read_number)
    context = Context(
        tokens=tokens,
        language=language,
        reference=reference,
        now=reference.day,
        narrative=Narrative(),
        events=events if events is not None else shipped_events(),
    )
    context.narrating = tells_of_other_years(tokens, language, reference.day.year)
    inside = token_spans(context, quotations)
    found: list[tuple[Match, Meaning]] = []
    position = 0
    for span in inside:
        found.extend(read(context, position, span.start))
        position = max(position, span.stop)
    found.extend(read(context, position, len(tokens)))
    if inside:
        days = days_said(context, quotations, inside, days_outside([(m.start, meaning) for m, meaning in found]))
        outside = context.narrative
        at = [item.token for item in outside.seen]
        for span, day in zip(inside, days, strict=True):
            context.now = day or reference.day
            before = bisect_left(at, span.start)
            context.narrative = Narrative(seen=outside.seen[max(0, before - 8) : before], events=outside.events)
            found.extend(read(context, span.start, span.stop))
        quotations = [
            msgspec.structs.replace(quotation, said=day.isoformat() if day else None)
            for quotation, day in zip(quotations, days, strict=True)
        ]
    dates = sorted((timex(context, match, meaning) for match, meaning in found), key=lambda item: item.start)
    return Tagged(dates=dates, quotations=list(quotations))


def _longest_first(item: tuple[int, CompiledRule, re.Match[str]]) -> int:
    return -item[0]


def read(context: Context, start: int, end: int) -> Iterator[tuple[Match, Meaning]]:
    """The matches among tokens `start` to `end` with their meanings, in order; the narrative moves on with each."""
    tokens, grammar = context.tokens, context.language.grammar
    codes, starters, by_first = tokens.codes, grammar.starters, grammar.by_first
    position = start
    while (found := starters.search(codes, position, end)) is not None:
        position = found.start()
        stop = position + 1
        unknown = codes.find(OTHER, position, position + KNOWN_WORDS)
        known = unknown - position if unknown >= 0 else KNOWN_WORDS
        matches = []
        for rule in by_first[codes[position]][known - 1]:
            matched = rule.regex.match(codes, position, end)
            if matched is not None:
                matches.append((matched.end(), rule, matched))
        if len(matches) > 1:
            matches.sort(key=_longest_first)
        for after, rule, matched in matches:
            captured = {
                name.rpartition("_")[0]: matched.start(name)
                for name in reversed(rule.names)
                if matched.start(name) >= 0
            }
            match = Match(rule=rule.rule, start=position, stop=after, captured=captured, context=context)
            meaning = OPERATIONS[rule.rule.operation](match)
            if meaning is None:
                continue
            stop = after  # an empty list: these words are no time, nor is any part of them
            for one in meaning if isinstance(meaning, list) else [meaning]:
                stop = after if one.stop is None else one.stop
                if one.place is not None and one.focus:
                    bound = position > 0 and tokens.words[position - 1] in context.language.bounds
                    ending = "e" in captured
                    context.narrative.seen.append(
                        Seen(place=one.place, token=position, bound=bound, clock=one.clock, ending=ending)
                    )
                    note_event(context, position, stop, one.place)
                yield match, one
            break
        position = stop


def tells_of_other_years(tokens: Tokens, language: Language, now: int) -> bool:
    """Whether a text is history rather than news: its years are long gone, and hardly a word speaks from today.

    Many years outweigh some words like "Friday" or "last week"; without any such word few will do.
    """
    grammar, words, codes = language.grammar, tokens.words, tokens.codes
    years = grammar.members("YEAR4")
    months = grammar.members("MONTH") + grammar.members("SHORTMONTH") + grammar.members("COMMA")
    dated = months + grammar.members("EARLY") + grammar.members("SEASON") + grammar.members("HYPHEN")
    old = sure = 0
    for index, value in tokens.numbers.items():
        if codes[index] in years and isinstance(value, int) and value < now - 1:
            old += value < now - _OLD
            # 1500 may be an amount; "in 1500" and "May 1500" are years
            if index and (words[index - 1] in language.before_year or codes[index - 1] in dated):
                sure += 1 + (value < now - _LONG_AGO)
    if old < _HISTORY_YEARS and sure < _FEW_YEARS:
        return False
    recent = _seen_from_today(tokens, language)
    return (old >= _HISTORY_YEARS and old > _HISTORY_RATIO * recent) or (sure >= _FEW_YEARS and not recent)


def _seen_from_today(tokens: Tokens, language: Language) -> int:
    """How many words speak from the day of writing: yesterday, Friday, last week, ten years ago."""
    grammar, codes = language.grammar, tokens.codes
    # "Today it is a museum", at the head of a sentence, ends many a tale of the past
    days = [tokens.raw(found.start()) for found in re.finditer(f"[{grammar.members('TODAY')}]", codes)]
    count = sum(not (word[0].isupper() and grammar.lexicon.words[word.lower()]["TODAY"] == 0) for word in days)
    # but "Sunday, 9 January 1905" and "a Sunday" are seen from nowhere, and "the last week" from the tale
    number, months = grammar.members("DAYNUM"), grammar.members("MONTH")
    date = f"[{grammar.members('COMMA')}]?[{number}]?[{months}]|[{grammar.members('DET')}][{number}]"
    count += len(re.findall(f"(?<![{grammar.members('DET')}])[{grammar.members('WEEKDAY')}](?!{date})", codes))
    shifts = grammar.members("THIS") + grammar.members("LAST") + grammar.members("NEXT")
    units = "".join(map(grammar.members, ("UNIT", "SEASON", "MONTH", "WEEKDAY")))
    count += len(re.findall(f"(?<![{grammar.members('DET')}])[{shifts}][{units}]", codes))
    return count + sum(word in language.deictic for word in tokens.words)


def timex(context: Context, match: Match, meaning: Meaning) -> Timex:
    """The expression as the enriched article carries it."""
    first = match.start if meaning.start is None else meaning.start
    last = (match.stop if meaning.stop is None else meaning.stop) - 1
    start, end = context.tokens.starts[first], context.tokens.ends[last]
    return Timex(
        text=context.tokens.text[start:end],
        start=start,
        end=end,
        type=meaning.type,
        value=meaning.value,
        interval=interval_of(meaning, context.reference),
        alternatives=meaning.alternatives,
    )
