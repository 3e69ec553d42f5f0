"""A wire of 200 items in 2,000 articles, with what readers must see of it written down as it is planned.

What is expected comes from the plan alone: no version is compared and no rule of the pipeline is used to find it out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from pipeline import codec
from pipeline.article import Link, WireArticle
from pipeline.wire import article_json
from pipeline.wire.registry import parse

BASE = datetime(2024, 5, 28, 4, tzinfo=UTC)
VERSIONS = 10
NEVER = "2999-01-01T00:00:00+05:30"
KINDS = {
    "plain": 90,
    "withheld at last": 10,
    "withheld for a while": 10,
    "embargo one": 20,
    "embargo two": 20,
    "embargo lifted": 8,
    "embargo over": 7,
    "killed": 10,
    "killed by slug": 5,
    "killed by number": 5,
    "killed by link": 5,
    "killed by id": 5,
    "killed by headline": 5,
}
UNMATCHED = 3  # advisories that name nothing that ever comes
DECOYS = 5  # plain items of another agency under the slugs of killed ones
REPEATED = 100  # articles that are delivered twice


@dataclass
class Plan:
    """What is pushed, in this order, and what must be seen of it."""

    prefix: str
    articles: list[WireArticle] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)  # article id -> version, before any embargo ends
    embargoed: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    killed_by: dict[str, str] = field(default_factory=dict)  # advisory -> item
    unmatched: list[str] = field(default_factory=list)
    decoys: list[str] = field(default_factory=list)  # items of another agency under the slug of a killed one

    @property
    def word(self) -> str:
        """A word that every article has, and no other test's."""
        return "zyx" + "".join(sign for sign in self.prefix if sign.isalnum())


def plan(prefix: str, *, seed: int) -> Plan:
    """The wire of a test whose article ids begin with `prefix`."""
    chance = random.Random(seed)
    made = Plan(prefix)
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    chance.shuffle(kinds)
    slugged = [number for number, kind in enumerate(kinds) if kind == "killed by slug"]
    decoys = dict(zip([n for n, kind in enumerate(kinds) if kind == "plain"], slugged[:DECOYS], strict=False))
    made.decoys = [f"{prefix}{number}" for number in decoys]
    for number, kind in enumerate(kinds):
        made.articles += _item(made, number, kind, chance, slug_of=decoys.get(number))
    for number in range(UNMATCHED):
        uri = f"{prefix}unmatched-{number}"
        made.unmatched.append(uri)
        text = f"Please kill the story slugged BC-Nobody-{number}--{made.word}, transmission V9{number}99999."
        made.articles.append(advisory(uri, text, at=BASE + timedelta(hours=30)))
    made.articles += chance.sample(made.articles, REPEATED)
    chance.shuffle(made.articles)
    return made


def version(made: Plan, number: int, of: int, **changes: object) -> WireArticle:
    """Version `of` of item `number`; every version has a transmission number and a headline of its own."""
    article = WireArticle(
        uri=f"{made.prefix}{number}",
        versionCreated=(BASE + timedelta(minutes=number, hours=of)).isoformat(),
        version=str(of),
        headline=f"Ferry {number} sails, edition {of} {made.word}",
        slugline=slug(made, number) + (f", {of}th Ld" if of > 3 else ""),
        body=f"The ferry sailed, said the {made.word}.",
        altIds=(transmission(made, number, of),),
        links=(Link(rel="alternate", href=link(made, number)), Link(rel="related", href="https://nwt.example/front")),
        signals=("correction",) if of % 4 == 0 else (),
        source="NWT",
    )
    return msgspec.structs.replace(article, **changes)


def slug(made: Plan, number: int) -> str:
    return f"BC-{number}--{made.word}"


def transmission(made: Plan, number: int, of: int) -> str:
    return f"V{number:03}{of:02}{made.word[-6:]}"


def link(made: Plan, number: int) -> str:
    return f"https://nwt.example/{made.word}/{number}"


def advisory(uri: str, text: str, *, at: datetime) -> WireArticle:
    """A kill advisory as the wire's parsers read it: only words say what it is and what it means."""
    written = WireArticle(
        uri=uri, versionCreated=at.isoformat(), headline="KILL: Ferry", body=f"EDITORS: {text}", source="NWT"
    )
    (read,) = parse(codec.encode(written), format=article_json.FORMAT, now=datetime.now(UTC))
    assert read.pubStatus == "canceled", text
    return read


def naming(made: Plan, number: int, way: str, of: int) -> str:
    """The words by which an advisory names item `number`, or its version `of` where those differ."""
    return {
        "slug": f"Please kill the story slugged {slug(made, number)}. A substitute will be filed.",
        "number": f"Please kill transmission {transmission(made, number, of)}.",
        "link": f"Please kill the story at {link(made, number)} at once.",
        "id": f"Please kill {made.prefix}{number} and all of its versions.",
        "headline": f"Please kill the story headlined “Ferry {number} sails, edition {of} {made.word}”.",
    }[way]


def _item(made: Plan, number: int, kind: str, chance: random.Random, *, slug_of: int | None) -> Iterator[WireArticle]:
    uri = f"{made.prefix}{number}"
    kind, _, way = kind.partition(" by ")
    at = chance.randint(3, VERSIONS - 1)  # where in its life something happens
    count = VERSIONS - 1 if way else VERSIONS
    for of in range(1, count + 1):
        changes: dict[str, object] = {}
        if kind == "killed" and not way and of == at:
            changes = {"pubStatus": "canceled", "body": ""}
        elif (kind == "withheld at last" and of == count) or (kind == "withheld for a while" and of == at):
            changes = {"pubStatus": "withheld"}
        elif (kind in ("embargo one", "embargo two") and of >= at) or (kind == "embargo lifted" and of == at):
            changes = {"embargoed": NEVER}
        elif kind == "embargo over" and of == count:
            changes = {"embargoed": "2024-05-30T00:00:00-04:00"}
        if slug_of is not None:
            changes |= {"slugline": slug(made, slug_of), "source": "Another Agency"}
        yield version(made, number, of, **changes)
    if way:
        killing = f"{made.prefix}kill-{number}"
        made.killed_by[killing] = uri
        # between two versions: those after it must not come back
        when = BASE + timedelta(minutes=number + 30, hours=at)
        yield advisory(killing, naming(made, number, way, chance.randint(1, at)), at=when)
    elif kind in ("embargo one", "embargo two"):
        made.embargoed[kind == "embargo two"].append(uri)
    elif kind not in ("killed", "withheld at last"):
        made.shown[uri] = str(VERSIONS)


def under_embargo(made: Plan, untils: Sequence[datetime], *, of: int, chance: random.Random) -> list[WireArticle]:
    """A further version of what is under embargo, of each of the two groups until its own moment."""
    found = []
    for uris, until in zip(made.embargoed, untils, strict=True):
        for uri in uris:
            number = int(uri.removeprefix(made.prefix))
            zone = timedelta(hours=chance.choice((-8, 0, 2)), minutes=chance.choice((0, 30)))
            local = until.astimezone(timezone(zone)).isoformat(timespec="milliseconds")
            found.append(version(made, number, of, embargoed=local))
    chance.shuffle(found)
    return found
