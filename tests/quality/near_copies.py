"""Copies of our own articles as agencies and newspapers make them, and pairs that only look like copies: seeded.

Used to choose the size of shingles and bands (docs/decisions.md), and by `test_near_duplicates.py`.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from tests.support import news

ROOT = Path(__file__).parents[2]
SHORTEST = 80  # words of an article that is copied
PLACES = ("LONDON", "PARIS", "NEW YORK", "JOHANNESBURG", "SYDNEY")
AGENCIES = ("Exa", "Nordpress", "UPW", "Meridian News")
NOTES = (
    "(Reporting by Ann Writer and Tom Scribe; Editing by Eve Desk)",
    "Copyright 2024 Meridian News. All rights reserved. This material may not be published or redistributed.",
    "This story was corrected in its second paragraph.",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bodies and in which way the second was made."""

    kind: str
    first: str
    second: str


@lru_cache(maxsize=1)
def articles() -> tuple[str, ...]:
    """Bodies of the demo, one a story (the longest of its versions), and of the texts that quality is measured on."""
    stories: dict[str, str] = {}
    for path in sorted((ROOT / "config/demo/articles").glob("*.json")):
        item = json.loads(path.read_text("utf-8"))
        body = next(each["value"] for each in item["bodies"] if each.get("value"))
        uri = item["uri"]
        stories[uri] = max(stories.get(uri, ""), body, key=len)
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "tests/fixtures/quality").glob("*.txt"))]
    return tuple(body for body in (*stories.values(), *texts) if len(body.split()) >= SHORTEST)


def _paragraphs(body: str) -> list[str]:
    return [part for part in body.split("\n\n") if part.strip()]


def new_head(body: str, chance: random.Random) -> str:
    """Another place, day and agency at the head, and notes of another agency at the end."""
    rest = re.sub(r"\A[^\n]{0,60}? (?:-|--|–|—) ", "", body)
    head = f"{chance.choice(PLACES)}, May {chance.randint(1, 30)} ({chance.choice(AGENCIES)}) - "
    return f"By Pat Reporter\n\n{head}{rest}\n\n{chance.choice(NOTES)}"


def cut(share: float) -> Callable[[str, random.Random], str]:
    """Only the first paragraphs, about this share of the words; the last of them cut within."""

    def make(body: str, chance: random.Random) -> str:
        left = int(len(body.split()) * share)
        kept = []
        for paragraph in _paragraphs(body):
            words = paragraph.split()
            kept.append(" ".join(words[:left]))
            left -= len(words)
            if left <= 0:
                break
        return "\n\n".join(kept)

    return make


def reordered(body: str, chance: random.Random) -> str:
    """The paragraphs in another order."""
    parts = _paragraphs(body)
    chance.shuffle(parts)
    return "\n\n".join(parts)


def reworded(share: float) -> Callable[[str, random.Random], str]:
    """This share of the words replaced by words of other articles."""

    def make(body: str, chance: random.Random) -> str:
        others = [word for other in articles() for word in other.split()]
        pieces = re.split(r"(\s+)", body)
        places = [index for index, piece in enumerate(pieces) if piece.strip()]
        for index in chance.sample(places, int(len(places) * share)):
            pieces[index] = chance.choice(others)
        return "".join(pieces)

    return make


def with_background(body: str, chance: random.Random) -> str:
    """Merged with three quarters of its length of another story."""
    other = chance.choice([each for each in articles() if each != body])
    words = int(len(body.split()) * 0.75)
    return body + "\n\n" + " ".join(other.split()[:words])


COPIES: dict[str, Callable[[str, random.Random], str]] = {
    "new head": new_head,
    "cut to 70 %": cut(0.7),
    "cut to 50 %": cut(0.5),
    "reordered": reordered,
    "5 % reworded": reworded(0.05),
    "10 % reworded": reworded(0.10),
    "20 % reworded": reworded(0.20),
    "with background": with_background,
    "new head, cut to 50 %": lambda body, chance: new_head(cut(0.5)(body, chance), chance),
    "new head, 10 % reworded, cut to 70 %": lambda body, chance: new_head(
        cut(0.7)(reworded(0.10)(body, chance), chance), chance
    ),
}


def copies(*, seed: int = 1) -> Iterator[Pair]:
    """Each article beside each kind of copy of it."""
    chance = random.Random(seed)
    for kind, make in COPIES.items():
        for body in articles():
            yield Pair(kind, body, make(body, chance))


# One form, other contents: what machines write of weather, results and markets.
FORMS = (
    "{place}, May {n} (Exa) - {company} reported net profit of {a} million euros for the quarter, compared with {b} "
    "million a year earlier.\n\nRevenue rose {c} percent to {d} million euros, the {place}-based company said in a "
    "statement. Analysts had expected {e} million.\n\nChief Executive {person} said demand had been strong in "
    "{region} while costs for energy fell.\n\nShares in {company} closed at {f} euros on Thursday, and have gained "
    "{c} percent since the beginning of the year. It expects revenue of {g} million euros for the full year.",
    "{place}, May {n} (Exa) - A quake of magnitude {h} struck {region} at {i} on Thursday, the institute of "
    "seismology in {place} said.\n\nThe epicentre lay {b} kilometres from {company}, at a depth of {e} kilometres. "
    "There were no immediate reports of casualties or damage, and no warning of a tsunami was issued.\n\n"
    "{person}, a resident of {place}, said that houses shook for some seconds. A quake of magnitude {j} killed {a} "
    "people in {region} in {k}.",
    "{place}, May {n} (Exa) - {person} scored twice as {company} beat {region} {l}-1 on Thursday to stay {m} points "
    "clear at the top of the table.\n\nThe first goal came after {b} minutes, when {person} headed in a corner, and "
    "the second from a penalty. {region} had {e} shots on target but could not find a way past the keeper.\n\n"
    "{company} play in {place} next week, while {region}, who have lost {m} of their last {n} matches, are at home.",
)
COMPANIES = ("Halvorsen", "Kestrel", "Nordkap", "Belmonte", "Ostrava United", "Lindqvist", "Arden Rovers", "Tivoli")
REGIONS = ("Asia", "the north", "Anatolia", "Hokkaido", "Galicia", "Bohemia", "Skane", "Patagonia")


def _of_form(form: str, chance: random.Random) -> str:
    numbers = {name: chance.randint(11, 989) for name in "abcdefg"}
    return form.format(
        place=chance.choice(news.PLACES),
        company=chance.choice(COMPANIES),
        region=chance.choice(REGIONS),
        person=chance.choice(news.PEOPLE),
        **numbers,
        h=f"{chance.randint(3, 8)}.{chance.randint(0, 9)}",
        i=f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
        j=f"{chance.randint(5, 8)}.{chance.randint(0, 9)}",
        k=chance.randint(1950, 2020),
        l=chance.randint(2, 6),
        m=chance.randint(2, 12),
        n=chance.randint(5, 30),
    )


def different(*, seed: int = 2) -> Iterator[Pair]:
    """Pairs of different stories: all of ours, those that follow one event among them; and those of one form."""
    for first, second in combinations(articles(), 2):
        yield Pair("other story", first, second)
    for first, second in combinations([news.article(n, prefix="t", sentences=6).body for n in range(25)], 2):
        yield Pair("same phrases", first, second)
    for number, form in enumerate(FORMS):
        chance = random.Random(seed + number)
        for first, second in combinations([_of_form(form, chance) for _ in range(20)], 2):
            yield Pair("same form", first, second)
