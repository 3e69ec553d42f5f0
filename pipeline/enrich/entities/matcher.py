"""Names that are known beforehand, found in the text: the longest match at each word, case as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.enrich.entities.aliases import Alias
from pipeline.enrich.entities.knowledge import nicknames, organizations
from pipeline.enrich.entities.spans import Span
from pipeline.enrich.lexicon import nationalities, table
from pipeline.enrich.places import geonames
from pipeline.enrich.tokens import Tokens

_FIRST_WORD = re.compile(r"[^\s\-/’']+")
_SPLITTERS = "-/'’.&,"  # characters at which the tokenizer may part a name
_HEADLINE_MINIMUM = 4  # letters of a name that a headline in capitals may hold; shorter ones are words as often


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name is, and whether that outweighs the model: a country does, a team's nickname does not."""

    label: str
    strong: bool


class Matcher:
    """Finds the names of a table in an article."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self._entries = entries
        self._longest: dict[str, int] = {}
        for name in entries:
            head = _FIRST_WORD.match(name)
            if head is None:
                continue
            size = 1 + name.count(" ") + sum(2 * name.count(mark) for mark in _SPLITTERS if mark in name)
            self._longest[head.group()] = max(size, self._longest.get(head.group(), 0))

    def find(self, tokens: Tokens, first: int, last: int) -> Iterator[tuple[Span, Entry]]:
        """The matches among the tokens from `first` up to `last`, none overlapping."""
        index = first
        words, text, starts, ends = tokens.words, tokens.text, tokens.starts, tokens.ends
        longest, entries = self._longest, self._entries
        while index < last:
            size = longest.get(words[index])
            if size is None:
                index += 1
                continue
            start = starts[index]
            for end in range(min(index + size, last), index, -1):
                name = text[start : ends[end - 1]]
                entry = entries.get(name if "\n" not in name else name.replace("\n", " "))
                if entry is not None:
                    yield Span(index, end, entry.label, "gazetteer"), entry
                    index = end
                    break
            else:
                index += 1


@lru_cache(maxsize=1)
def gazetteer() -> Matcher:
    """The matcher of the project's own gazetteers."""
    return Matcher(entries())


@lru_cache(maxsize=1)
def headlines() -> Matcher:
    """The same for text in capitals: names without a capital letter's help must be of some length."""
    teams = nicknames()
    return Matcher(
        {
            name.upper(): entry
            for name, entry in entries().items()
            if (len(name) >= _HEADLINE_MINIMUM or name.isupper()) and name not in teams and name not in _NO_HEADLINE
        }
    )


def of_aliases(aliases: Iterable[Alias]) -> Matcher:
    """The matcher of an alias file."""
    return Matcher({form: Entry(alias.label, True) for alias in aliases for form in alias.forms})


@lru_cache(maxsize=1)
def entries() -> dict[str, Entry]:
    """Every name of the gazetteers, except cities, which `geonames` knows."""
    known: dict[str, Entry] = {}
    places = table("places")
    for name, (*country,) in places["regions"].items():
        known[name] = Entry("LOC", not (len(country) == 0 and " " not in name and len(name) < 5))
    for place in geonames.load().divisions.values():
        known[place.name] = Entry("GPE", place.name not in _DOUBTFUL)
    for forms in (*places["states"].values(), *(forms[2:] for forms in places["divisions"].values())):
        known.update(dict.fromkeys(forms, Entry("GPE", False)))
    for place in geonames.load().countries.values():
        known[place.name] = Entry("GPE", place.name not in _DOUBTFUL)
    for forms in places["countries"].values():
        for name in forms:
            known[name.removeprefix("the ")] = Entry("GPE", name not in _DOUBTFUL)
    for names in places["counties"].values():
        known.update({name: Entry("GPE", False) for name in names})
    for name in organizations():
        known[name.removeprefix("The ")] = Entry("ORG", name not in _DOUBTFUL)
    for name in nicknames():
        known.setdefault(name, Entry("ORG", False))
    for name in nationalities():
        known[name] = Entry("NORP", name not in _DOUBTFUL)
    return known


# Words of headlines that are no names in capitals: "VILLENEUVE TAKES POLE".
_NO_HEADLINE = frozenset({"US", "Pole", "Poles"})
# Names that are people, words or two places as often as what the gazetteer says.
_DOUBTFUL = frozenset(
    {
        "Commonwealth",
        "Labour",
        "PGA",
        "ATP",
        "Mercedes-Benz",
        "IAAF",
        "Volvo",
        "Nike",
        "Heineken",
        "Carlsberg",
        "Iberia",
        "Maccabi",
    }
    | {
        "Jordan",
        "Chad",
        "Georgia",
        "Washington",
        "Victoria",
        "Virginia",
        "Wales",
        "Israel",
        "Cuba",
        "Turkey",
        "Guinea",
        "Dominica",
    }
    | {
        "Ford",
        "Fed",
        "Apple",
        "Amazon",
        "Shell",
        "Oracle",
        "Honda",
        "Disney",
        "Santos",
        "Hearts",
        "Rangers",
        "Chelsea",
        "Everton",
    }
    | {
        "Moody",
        "ABC",
        "ETA",
        "WHO",
        "AP",
        "RIA",
        "Congress",
        "Corinthians",
        "Barbarians",
        "Pumas",
        "Celtic",
        "Arsenal",
        "Fiat",
    }
    | {
        "Dane",
        "Finn",
        "Pole",
        "Poles",
        "Scot",
        "Turk",
        "Western",
        "English",
        "French",
        "Polish",
        "German",
        "Thai",
        "Roma",
        "Korean",
    }
    | {
        "Saudi",
        "US",
        "HK",
        "Man.",
        "Senate",
        "Barclays",
        "Siemens",
        "Renault",
        "Rangers",
        "Uber",
        "Celtic",
        "Pepsi",
        "Orthodox",
    }
    | {
        "Republican",
        "Democratic",
        "Democrat",
        "Conservative",
        "Central African",
        "Kiwi",
        "Jersey",
        "Jew",
        "Christian",
        "Roma",
        "Tatar",
    }
)
