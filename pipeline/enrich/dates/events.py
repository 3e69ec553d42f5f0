"""Events of public record that date other expressions: `config/events.toml`, which users extend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pipeline.errors import Code, UserError
from pipeline.resources import resource

_KEYS: Final = {"name", "start", "end", "heads", "context", "phrase"}
_HEADER: Final = re.compile(r"\s*\[\[\s*event\s*\]\]")


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event; its words are in small letters."""

    name: str
    start: date
    end: date | None = None
    heads: tuple[str, ...]
    context: tuple[str, ...]
    phrase: bool = False  # its context word must stand in the phrase itself


@dataclass(frozen=True, kw_only=True)
class Events:
    """The events that a tagger knows, by the first word of each head."""

    events: tuple[Event, ...] = ()
    by_head: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Sequence[Event]) -> Events:
        """Put together."""
        found: dict[str, list[Event]] = {}
        for event in events:
            for head in event.heads:
                found.setdefault(head, []).append(event)
        return cls(events=tuple(events), by_head={head: tuple(listed) for head, listed in found.items()})

    def start_in_phrase(self, head: str, phrase: str, *, now: date) -> date | None:
        """The first day of the event that a phrase names with its own words, or None.

        Args:
            head: the noun, in small letters.
            phrase: the words around it, in small letters.
            now: the anchor; later events are unknown to the text.
        """
        return self._last(head, phrase, now, phrase_only=True)

    def start_in_text(self, head: str, text: str, *, now: date) -> date | None:
        """The first day of the event that the noun means in an article that has its context words, or None."""
        return self._last(head, text, now, phrase_only=False)

    def _last(self, head: str, where: str, now: date, *, phrase_only: bool) -> date | None:
        fitting = [
            event.start
            for event in self.by_head.get(head, ())
            if event.start <= now
            and (phrase_only or not event.phrase)
            and any(_has(where, word) for word in event.context)
        ]
        return max(fitting, default=None)


def _has(text: str, word: str) -> bool:
    place = text.find(word)
    while place >= 0:
        after = place + len(word)
        if (place == 0 or not text[place - 1].isalnum()) and (after >= len(text) or not text[after].isalnum()):
            return True
        place = text.find(word, after)
    return False


def load_events(path: Path) -> Events:
    """Read a file of events.

    Raises:
        UserError: `settings`, naming the file, the line and what is wrong there.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(Code.SETTINGS, f"{path}: cannot be read: {error}") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(Code.SETTINGS, f"{path}: not TOML: {error}") from error
    unknown = sorted(data.keys() - {"event"})
    if unknown:
        raise UserError(
            Code.SETTINGS, f"{path}:{_line(text, None, unknown[0])}: no key {unknown[0]!r}; only [[event]]"
        )
    tables = data.get("event", [])
    if not isinstance(tables, list):
        raise UserError(Code.SETTINGS, f"{path}:{_line(text, None, 'event')}: write [[event]], not [event]")
    events = []
    for number, table in enumerate(tables):
        problem = _problem(table)
        if problem is not None:
            key, message = problem
            raise UserError(
                Code.SETTINGS,
                f"{path}:{_line(text, number, key)}: event {table.get('name', number + 1)!r}: {message}",
                hint="the head of config/events.toml describes every key",
            )
        events.append(
            Event(
                name=table["name"],
                start=table["start"],
                end=table.get("end"),
                heads=tuple(head.lower() for head in table["heads"]),
                context=tuple(word.lower() for word in table["context"]),
                phrase=table.get("phrase", False),
            )
        )
    return Events.of(events)


def _problem(table: dict[str, Any]) -> tuple[str, str] | None:
    for key in table:
        if key not in _KEYS:
            return key, f"no key {key!r} (accepted: {', '.join(sorted(_KEYS))})"
    for key in ("name", "start", "heads", "context"):
        if key not in table:
            return "", f"{key} is missing"
    if not isinstance(table["name"], str) or not table["name"].strip():
        return "name", "name must be a text"
    for key in ("start", "end"):
        if key in table and (not isinstance(table[key], date) or isinstance(table[key], datetime)):
            return key, f"{key} must be a date without quotation marks: 2022-02-24"
    if "end" in table and table["end"] < table["start"]:
        return "end", f"end {table['end']} is before start {table['start']}"
    if not isinstance(table.get("phrase", False), bool):
        return "phrase", "phrase must be true or false"
    for key in ("heads", "context"):
        listed = table[key]
        if not isinstance(listed, list) or not listed or not all(isinstance(w, str) and w.strip() for w in listed):
            return key, f"{key} must be a list of words, one at least"
    return None


def _line(text: str, number: int | None, key: str) -> int:
    """The line of a key in the nth table (None: anywhere), or of the table's head."""
    seen, head = -1, 1
    for place, line in enumerate(text.splitlines(), 1):
        if _HEADER.match(line):
            seen += 1
            if seen == number:
                head = place
        inside = number is None or seen == number
        if inside and key and re.match(rf"\s*\[?\"?{re.escape(key)}\"?\s*[=\].]", line):
            return place
    return head


@lru_cache(maxsize=1)
def shipped_events() -> Events:
    """The events of `config/events.toml`."""
    return load_events(resource("config/events.toml"))
