"""News that never happened, in any number: seeded, with names, dates and quotations for the enrichment to find."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pipeline.article import WireArticle

PEOPLE = [
    "Ingrid Halvorsen", "Tomasz Wierzbicki", "Amara Okonjo", "Luis Echeverría", "Mei-Ling Zhao", "Anneke de Wit",
    "Rashid al-Mansour", "Claire Delacroix", "Oleh Marchenko", "Sipho Dlamini", "Elena Petrescu", "Hugh Ashdown",
]  # fmt: skip
ROLES = ["Minister", "President", "Dr", "Governor", "Commissioner", "Senator"]
PLACES = ["Kyiv", "Oslo", "Warsaw", "Nairobi", "Lisbon", "Bucharest", "Cape Town", "Geneva", "Ottawa", "Jakarta"]
BODIES = ["the European Union", "the United Nations", "NATO", "the World Bank", "the Red Cross", "the African Union"]
DAYS = ["on Monday", "late on Tuesday", "on Wednesday", "earlier in the day", "last month", "two weeks ago"]
SUBJECTS = ["the harvest", "the ferry accident", "the new port", "a ceasefire", "water rights", "the grain quota"]
VERBS = ["said", "told reporters", "announced", "warned"]
FIRST_DAY = datetime(2022, 3, 1, 6, tzinfo=UTC)


def article(number: int, *, prefix: str, version: int = 1, sentences: int = 4, seed: int = 0) -> WireArticle:
    """Article `number` in its `version`; the version is told in the headline, so that a search can count it."""
    chance = random.Random(f"{seed}/{prefix}/{number}")
    created = FIRST_DAY + timedelta(minutes=7 * number, hours=version - 1)
    name = chance.choice(PEOPLE)
    text = [f"{chance.choice(PLACES).upper()}, {created:%B} {created.day} (NWT) - {name} spoke about the talks."]
    for _ in range(sentences):
        person, place = chance.choice(PEOPLE), chance.choice(PLACES)
        text.append(
            f"{chance.choice(ROLES)} {person} {chance.choice(VERBS)} {chance.choice(DAYS)} in {place} that "
            f"{chance.choice(BODIES)} would discuss {chance.choice(SUBJECTS)}. “We will not wait for ever,” "
            f"{person.split()[-1]} said."
        )
    return WireArticle(
        uri=f"{prefix}{number}",
        versionCreated=created.isoformat(),
        version=str(version),
        headline=f"{name} on {chance.choice(SUBJECTS)} (version {version})",
        body="\n\n".join(text),
        language="en",
        source="NWT",
    )


def articles(
    count: int, *, prefix: str, versions: int = 1, sentences: int = 4, seed: int = 0
) -> Iterator[WireArticle]:
    """`count` articles in each of their versions, oldest version first."""
    for number in range(count):
        for version in range(1, versions + 1):
            yield article(number, prefix=prefix, version=version, sentences=sentences, seed=seed)
