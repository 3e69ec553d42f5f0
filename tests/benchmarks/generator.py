"""News that never happened, in any number, with the statistics that cost depends on: length, names, dates.

Seeded: the same number is the same article everywhere. Lengths are log-normal between 100 and 1,500 words with a
median of 350; names of people, organizations and places follow Zipf's law (the n-th most frequent has a share in
proportion to 1/n), as names in news do.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.article import WireArticle

SHORTEST: Final = 100  # words
MEDIAN: Final = 350
LONGEST: Final = 1_500
SPREAD: Final = 0.7  # standard deviation of the logarithm
FIRST_DAY: Final = datetime(2022, 3, 1, 6, tzinfo=UTC)


def _words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES: Final = _words(
    "Ingrid Tomasz Amara Luis Mei Anneke Rashid Claire Oleh Sipho Elena Hugh Yuki Pavel Fatima Dmitri Leila Bjorn "
    "Carmen Ade Noor Viktor Hanna Diego Priya Marek Sofia Kwame Astrid Emre Irina Paolo Zanele Henrik Aiko Rosa "
    "Stefan Naledi Omar Greta"
)
LAST_NAMES: Final = _words(
    "Halvorsen Wierzbicki Okonjo Delgado Zhao Visser Mansour Delacroix Marchenko Dlamini Petrescu Ashdown Tanaka "
    "Novak Rahimi Volkov Haddad Lindqvist Ortega Mensah Siddiqui Horvat Keller Moreno Raman Kowal Rossi Boateng "
    "Nygaard Yilmaz Sokolova Ferrari Nkosi Berg Mori Castillo Weber Khumalo Farouk Brandt Ilves Quispe Tremblay "
    "Papadaki Oyelaran Szabo Thorne Ibarra Lund Cazalet Verhoeven Aydin Kaplan Duarte Engstrom Falk Gruber Hoxha "
    "Jansen Kral Lemaire Matos Nieminen Osei Pietersen Ruiz Sandoval Teixeira Ueda Vasquez Wolff Xu Yamada Zielinski"
)
PLACES: Final = _words(
    "London Washington Kyiv Paris Berlin Brussels Beijing Tokyo Geneva Warsaw Ankara Nairobi Lagos Cairo Madrid Rome "
    "Vienna Oslo Stockholm Helsinki Lisbon Athens Dublin Ottawa Canberra Jakarta Manila Seoul Delhi Dhaka Karachi "
    "Tehran Baghdad Amman Beirut Tunis Rabat Accra Dakar Kampala Pretoria Lima Bogota Quito Santiago Montevideo"
)
KINDS: Final = ("University", "Chamber of Commerce", "Port Authority", "Central Bank", "Medical Council")
BODIES: Final = (
    "the European Union", "the United Nations", "NATO", "the World Bank", "the Red Cross", "the African Union",
    "the World Trade Organization", "the European Commission", "the International Monetary Fund", "UNICEF",
    *(f"the {place} {kind}" for place in PLACES[:30] for kind in KINDS),
)  # fmt: skip
ROLES: Final = ("President", "Minister", "Governor", "Senator", "Dr", "Mr", "Ms", "Commissioner", "Ambassador")
DAYS: Final = (
    "on Monday", "late on Tuesday", "on Wednesday", "on Thursday", "earlier in the day", "last month",
    "two weeks ago", "in the fiscal second quarter", "at 5:38 a.m.", "on March 3", "next year", "in the early 1990s",
    "over the weekend", "for three days", "every year",
)  # fmt: skip
SUBJECTS: Final = (
    "the harvest", "the ferry accident", "the new port", "a ceasefire", "water rights", "the grain quota",
    "interest rates", "the pension reform", "the power grid", "school meals", "the border crossing", "fishing rights",
)  # fmt: skip
VERBS: Final = ("said", "told reporters", "announced", "warned", "added", "argued")
TEMPLATES: Final = (
    "{role} {person} {verb} {day} in {place} that {body} would discuss {subject} again.",
    "“We will not wait for ever for {subject},” {last} {verb} {day}.",
    "According to {body}, about {number} people in {place} have been affected by {subject} since January.",
    "The talks between {person} and {other} about {subject} began {day} and were to go on in {place}.",
    "“Nobody in {place} expected this,” {other} {verb}, “and nobody was asked about {subject}.”",
    "Prices rose by {small} percent {day}, the sharpest increase that {body} has recorded in {small} years.",
    "{last}, who has led {body} for {small} years, declined to comment on {subject}.",
    "Residents of {place} described long queues, closed shops and a night without sleep.",
    "A spokesman for {body} said the decision on {subject} had been postponed until Friday.",
    "The road from {place} to {town} was open again {day}, the police said.",
    "In {place}, {other} {verb} that talks on {subject} were “ready to start” and that {body} had been informed.",
    "It was the second such agreement this year, after the one that {person} signed in {town} {day}.",
    "Analysts were divided: some saw a lasting change, others a pause before the elections.",
    "Shares of companies trading with {place} fell, while the currency gained against the dollar.",
)


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / rank for rank in range(1, count + 1)))


_PEOPLE: Final = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
random.Random(0).shuffle(_PEOPLE)
_WEIGHTS: Final = {len(names): _zipf(len(names)) for names in (_PEOPLE, PLACES, BODIES)}


def _pick(chance: random.Random, names: Sequence[str]) -> str:
    return chance.choices(names, cum_weights=_WEIGHTS[len(names)])[0]


def length(chance: random.Random) -> int:
    """Words of an article."""
    return round(min(max(chance.lognormvariate(math.log(MEDIAN), SPREAD), SHORTEST), LONGEST))


def article(number: int, *, prefix: str, words: int | None = None, seed: int = 0) -> WireArticle:
    """Article `number`; `words` sets its length instead of the distribution (to about a sentence)."""
    chance = random.Random(f"{seed}/{number}")
    wanted = words or length(chance)
    cast = [_pick(chance, _PEOPLE) for _ in range(2 + wanted // 150)]  # the same people all through a story
    created = FIRST_DAY + timedelta(minutes=number % 500_000)
    subject = chance.choice(SUBJECTS)
    paragraphs = [
        f"{_pick(chance, PLACES).upper()}, {created:%B} {created.day} (NWT) - {cast[0]} spoke of {subject}."
    ]
    written = len(paragraphs[0].split())
    while written < wanted:
        sentence = chance.choice(TEMPLATES).format(
            role=chance.choice(ROLES),
            person=chance.choice(cast),
            other=chance.choice(cast),
            last=chance.choice(cast).split()[-1],
            verb=chance.choice(VERBS),
            day=chance.choice(DAYS),
            place=_pick(chance, PLACES),
            town=_pick(chance, PLACES),
            body=_pick(chance, BODIES),
            subject=chance.choice(SUBJECTS),
            number=f"{chance.randrange(2, 900) * 100:,}",
            small=chance.randrange(2, 20),
        )
        written += len(sentence.split())
        if chance.random() < 0.5:
            paragraphs[-1] += " " + sentence
        else:
            paragraphs.append(sentence)
    return WireArticle(
        uri=f"{prefix}{number}",
        versionCreated=created.isoformat(),
        version="1",
        headline=f"{cast[0]} on {subject}, no. {number}",
        body="\n\n".join(paragraphs),
        language="en",
        source="NWT",
    )


def articles(count: int, *, prefix: str, words: int | None = None, seed: int = 0) -> Iterator[WireArticle]:
    """The first `count` articles."""
    return (article(number, prefix=prefix, words=words, seed=seed) for number in range(count))
