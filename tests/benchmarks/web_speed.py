"""How long a reader waits: p50 and p95 of `newswire web` on 100,000 enriched articles.

    python -m tests.benchmarks.web_speed [--articles 100000] [--searches 320] [--documents FILE]
      [--url http://... whose articles may go] [--filled]

Articles are seeded: words, names, places, agencies and days follow Zipf's law, as they do in news; one in eight is a
rewritten copy of another. They go straight to the index in the pipeline's own form. Then the page's server runs as a
process of its own and is asked what the page asks for a search, hits and counts at the same time over two
connections, and once the hits are there, what says the same far below; once for each of the mixed searches, none of
them twice. To reach: p95 of a search below 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec
import numpy as np

from pipeline import identity
from pipeline.article import EnrichedArticle, Entity, GeoPoint, Interval, Mention, Place, Quotation, Speaker, Timex
from pipeline.enrich.near_duplicates import minhash
from pipeline.index.bulk import BulkWriter
from pipeline.index.client import connect, connect_sync
from pipeline.index.document import Action, action
from pipeline.index.setup import setup
from pipeline.settings import Settings, load

FIRST_DAY = datetime(2023, 1, 1, 5, tzinfo=UTC)
DAYS = 900
AGENCIES = ("NWT", "Meridian", "Nordpress", "Austral", "Levant Wire", "Pacifica", "Cono Sur", "Baltia")
LANGUAGES = ("en",) * 7 + ("de", "fr", "es")
SYLLABLES = (
    "ka",
    "ro",
    "mi",
    "ten",
    "sol",
    "vi",
    "an",
    "du",
    "les",
    "mor",
    "pa",
    "ter",
    "in",
    "gau",
    "be",
    "lo",
    "ris",
)
COPY_EVERY = 8
SEED = 7
BATCH = 1_000
IN_FLIGHT = 2
WARM_UP = 300  # searches that are not counted: Java's compiler takes its time


@dataclass(frozen=True)
class World:
    """What there is to speak of, the most frequent first."""

    words: list[str]
    people: list[str]
    organizations: list[str]
    places: list[tuple[str, str, float, float]]  # name, country, latitude, longitude

    @classmethod
    def made(cls, chance: np.random.Generator) -> World:
        """A world of 20,000 words, 6,000 people, 2,500 organizations and 1,500 places."""
        names = [name.capitalize() for name in _invented(chance, 6_000)]
        people = [f"{names[i]} {names[j]}" for i, j in zip(*chance.integers(0, 6_000, (2, 6_000)), strict=True)]
        bodies = [f"{names[i]} {kind}" for i, kind in zip(
            chance.integers(0, 6_000, 2_500), chance.choice(["Union", "Bank", "Party"], 2_500), strict=True
        )]  # fmt: skip
        countries = [a + b for a in "ABCDEFGH" for b in "EIORTU"]
        places = [
            (f"{names[-1 - number]}", countries[int(number**1.3) % 48], float(lat), float(lon))
            for number, (lat, lon) in enumerate(
                zip(chance.normal(35, 22, 1_500).clip(-60, 70), chance.uniform(-170, 175, 1_500), strict=True)
            )
        ]
        return cls(_invented(chance, 20_000), people, bodies, places)


def _invented(chance: np.random.Generator, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choice(SYLLABLES, int(chance.integers(2, 5))))] = None
    return list(found)


class Zipf:
    """Numbers below `size`, each as frequent as its rank says."""

    def __init__(self, chance: np.random.Generator, size: int) -> None:
        shares = 1 / np.arange(1, size + 1) ** 1.05
        self._chance, self._sums = chance, np.cumsum(shares / shares.sum())

    def __call__(self, count: int) -> list[int]:
        found: list[int] = (
            np.searchsorted(self._sums, self._chance.random(count)).clip(0, len(self._sums) - 1).tolist()
        )
        return found


def articles(count: int, world: World, chance: np.random.Generator) -> Iterator[EnrichedArticle]:
    """`count` articles with what an enrichment of them would have found."""
    word, person = Zipf(chance, len(world.words)), Zipf(chance, len(world.people))
    body_of, place = Zipf(chance, len(world.organizations)), Zipf(chance, len(world.places))
    last: EnrichedArticle | None = None
    for number in range(count):
        at = FIRST_DAY + timedelta(days=DAYS * number / count)
        if last is not None and number % COPY_EVERY == 0:
            last = _copy(last, number, at, chance)
        else:
            who = list(dict.fromkeys(person(6)))
            found = _Names(
                [world.people[i] for i in who],
                [world.organizations[i] for i in dict.fromkeys(body_of(4))],
                [world.places[i] for i in dict.fromkeys(place(5))],
            )
            last = _article(number, at, [world.words[i] for i in word(int(chance.integers(80, 260)))], found, chance)
        yield last


@dataclass(frozen=True)
class _Names:
    people: list[str]
    organizations: list[str]
    places: list[tuple[str, str, float, float]]


def _article(
    number: int, at: datetime, words: list[str], names: _Names, chance: np.random.Generator
) -> EnrichedArticle:
    said = [f"“{' '.join(words[start : start + 14])},”" for start in range(10, len(words) - 14, 60)]
    mentioned = [*names.people, *names.organizations, *(name for name, *_ in names.places)]
    parts = [
        f"{' '.join(words[i : i + 12]).capitalize()} {mentioned[(i // 12) % len(mentioned)]}."
        for i in range(0, len(words), 12)
    ]
    text = " ".join([*parts, *(f"{quote} {names.people[0]} said." for quote in said)])
    kinds = (
        ("PERSON", names.people),
        ("ORGANIZATION", names.organizations),
        ("LOCATION", [p[0] for p in names.places]),
    )
    entities = [
        Entity(id=f"name:{name.lower()}", type=kind, canonical=name, mentions=tuple(_mentions(text, name)))  # type: ignore[arg-type]
        for kind, found in kinds
        for name in found
    ]
    days = [(at + timedelta(days=int(away))).date() for away in np.rint(chance.normal(-1, 6, 7))]
    return EnrichedArticle(
        uri=f"urn:newswire:bench:{number}",
        versionCreated=at.isoformat(),
        version="1",
        headline=" ".join([names.people[0], *words[:6]]),
        body=text,
        language=LANGUAGES[number % len(LANGUAGES)],
        source=AGENCIES[int(chance.zipf(1.6)) % len(AGENCIES)],
        entities=tuple(entities),
        dates=tuple(
            Timex(text="then", start=0, end=4, type="DATE", value=day.isoformat(),
                  interval=Interval(gte=day.isoformat(), lt=(day + timedelta(days=1)).isoformat()))
            for day in days
        ),
        places=tuple(
            Place(entity=f"name:{name.lower()}", canonical=name, country=country, geonames_id=1,
                  location=GeoPoint(lat=lat, lon=lon))
            for name, country, lat, lon in names.places
        ),
        quotations=tuple(
            Quotation(text=quote, start=text.index(quote), end=text.index(quote) + len(quote), direct=True,
                      said=days[0].isoformat(),
                      speaker=Speaker(entity=entities[0].id, canonical=names.people[0], text="she", start=0, end=3))
            for quote in said
        ),
        minhash=minhash(text),
    )  # fmt: skip


def _mentions(text: str, name: str) -> Iterator[Mention]:
    start = text.find(name)
    while start >= 0:
        yield Mention(text=name, start=start, end=start + len(name), label="PERSON")
        start = text.find(name, start + len(name))


def _copy(article: EnrichedArticle, number: int, at: datetime, chance: np.random.Generator) -> EnrichedArticle:
    """The same story by another agency: its first sentence is another."""
    body = f"Reworded here {number}. " + article.body.partition(". ")[2]
    return msgspec.structs.replace(
        article,
        uri=f"urn:newswire:bench:{number}",
        versionCreated=at.isoformat(),
        body=body,
        source=AGENCIES[number % len(AGENCIES)],
        minhash=minhash(body),
    )


def documents(count: int, path: Path | None) -> Iterator[list[Action]]:
    """The articles as batches of documents; kept in a file, if one is named, for the next measurement."""
    if path is not None and path.exists():
        with path.open("rb") as kept:
            for _ in range(count // BATCH):
                if not (head := kept.read(8)):
                    break
                yield msgspec.msgpack.decode(kept.read(int.from_bytes(head)), type=list[Action])
        return
    chance = np.random.default_rng(SEED)
    every = articles(count, World.made(chance), chance)
    with nullcontext() if path is None else path.with_suffix(".part").open("wb") as kept:
        while batch := [action(each, ingested="2023-01-01T05:00:00.000Z") for each in islice(every, BATCH)]:
            if kept is not None:
                packed = msgspec.msgpack.encode(batch)
                kept.write(len(packed).to_bytes(8) + packed)
            yield batch
    if path is not None:
        path.with_suffix(".part").rename(path)


def fill(settings: Settings, batches: Iterable[list[Action]]) -> float:
    """Index them; returns articles a second."""

    async def run() -> float:
        client = connect(settings)
        writer = BulkWriter(client, settings)
        began, written = time.perf_counter(), 0
        index = identity.index_name()
        await client.indices.put_settings(index=index, settings={"index.refresh_interval": "-1"})
        under_way: set[asyncio.Task[object]] = set()
        for batch in batches:
            under_way.add(asyncio.create_task(writer.write(batch)))
            written += len(batch)
            if len(under_way) == IN_FLIGHT:
                _, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*under_way)
        usual = {"index.refresh_interval": settings.elasticsearch.refresh_interval}
        await client.indices.put_settings(index=index, settings=usual)
        await client.indices.refresh(index=index)
        await client.close()
        return written / (time.perf_counter() - began)

    return asyncio.run(run())


def searches(count: int, world: World, chance: np.random.Generator) -> Iterator[dict[str, str]]:
    """Mixed searches, of twelve kinds in turn: what newsrooms ask, from all coverage to one quotation."""
    word, person = Zipf(chance, 4_000), Zipf(chance, 2_000)
    for number in range(count):
        name, first, second = world.people[person(1)[0]], *(world.words[i] for i in word(2))
        place, _, lat, lon = world.places[person(1)[0] % len(world.places)]
        day = (FIRST_DAY + timedelta(days=int(chance.integers(30, DAYS - 30)))).date()
        week = f"{day}..{day + timedelta(days=6)}"
        kinds: list[dict[str, str]] = [
            {"page": str(1 + number // 12 % 5)},
            {"q": first},
            {"q": f"{first} {second}"},
            {"q": f"{first} OR {second}"},
            {"q": f"{name.split()[-1]} {first}"},
            {"people": name},
            {"people": name, "source": AGENCIES[number % 4]},
            {"q": first, "published": week},
            {"about": str(day), "timeline": "about"},
            {"q": f'"{name}"', "sort": "newest"},
            {"speakers": name, "quote": first},
            {"q": first[:4] + "*", "places": place,
             "area": f"{min(lat + 11, 85):.2f},{max(lon - 11, -180):.2f},{lat - 11:.2f},{min(lon + 11, 180):.2f}"},
        ]  # fmt: skip
        yield kinds[number % len(kinds)] | ({"language": "en"} if number % 5 == 4 else {})


class Times(NamedTuple):
    """Milliseconds from the question on: until the hits, until the counts too, until all that is alike too."""

    hits: float
    counts: float
    alike: float


class Page:
    """Asks what the page asks, over two connections that stay open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connections = [
            http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60) for _ in range(2)
        ]
        self._pool = ThreadPoolExecutor(2)

    def search(self, asked: dict[str, str]) -> tuple[Times, int]:
        """How long it took, and the number of articles found."""
        began = time.perf_counter()
        counting = self._pool.submit(self._get, 1, f"/api/counts?{urlencode(asked | {'map': '1'})}")
        answer, hits = self._get(0, f"/api/search?{urlencode(asked)}")
        alike = self._get(0, f"/api/alike?{urlencode(asked)}")[1] if answer["further"] else hits
        counts = max(hits, counting.result()[1])
        ends = (hits, counts, max(counts, alike))
        return Times(*((end - began) * 1000 for end in ends)), answer["answer"]["total"]

    def _get(self, number: int, path: str) -> tuple[Any, float]:
        connection = self._connections[number]
        connection.request("GET", path)
        response = connection.getresponse()
        data = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status} {data[:300]!r}")
        return json.loads(data), time.perf_counter()


def measure(
    settings: Settings, environment: dict[str, str], *, batches: Iterable[list[Action]] | None, asked: int
) -> None:
    """Fill the index unless `batches` is None, ask, and print a table."""
    chance = np.random.default_rng(SEED)
    world = World.made(chance)
    with connect_sync(settings) as client:
        if batches is not None:
            client.options(ignore_status=404).indices.delete(index=identity.index_name())
            setup(client, settings)
            print(f"indexed at {fill(settings, batches):,.0f} articles/s", flush=True)
        count = client.count(index=identity.READ_ALIAS)["count"]
        held = client.indices.stats(index=identity.index_name())["_all"]["primaries"]
        size, segments = held["store"]["size_in_bytes"], held["segments"]["count"]
        print(f"{count:,} articles, {size / 1e6:,.0f} MB on disk in {segments} segments", flush=True)
    with _server(environment) as address:
        page = Page(address)
        every = list(searches(asked + WARM_UP, world, chance))
        for one in every[:WARM_UP]:
            page.search(one)  # caches of the file system, Java's compiler
        waited = [(one, *page.search(one)) for one in every[WARM_UP:]]
    found = [total for *_, total in waited]
    print(f"{len(waited)} searches; articles found: median {int(np.median(found)):,}, most {max(found):,}")
    print(f"load of the machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    _table(waited)


def _table(waited: Sequence[tuple[dict[str, str], Times, int]]) -> None:
    print(f"{'':<40}{'searches':>9}{'p50 ms':>9}{'p95 ms':>9}{'most':>9}")
    kinds: dict[str, list[Times]] = {}
    for one, times, _ in waited:
        kinds.setdefault("+".join(sorted(set(one) - {"language", "sort", "timeline"})), []).append(times)
    for name, times_of in [("ALL", [times for _, times, _ in waited]), *sorted(kinds.items())]:
        for number, what in enumerate(("hits", "hits, counts", "hits, counts, all alike")):
            values = [times[number] for times in times_of]
            p50, p95 = np.percentile(values, [50, 95])
            print(f"{name + ': ' + what:<40}{len(values):>9}{p50:>9.0f}{p95:>9.0f}{max(values):>9.0f}")


class _server:
    """`newswire web` as a process of its own on a free port."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = os.environ | environment | {"NEWSWIRE__WEB__PORT": "0"}

    def __enter__(self) -> str:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "web"], env=self._environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return line.split()[-1]

    def __exit__(self, *raised: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--searches", type=int, default=320)
    parser.add_argument("--documents", type=Path, help="where the generated documents are kept for the next time")
    parser.add_argument("--generate", action="store_true", help="only write that file, without any server")
    parser.add_argument("--url", help="a server whose index of articles may be DELETED")
    parser.add_argument("--filled", action="store_true", help="with --url: ask its articles as they are")
    options = parser.parse_args()
    if options.filled and not options.url:
        parser.error("--filled needs --url")
    batches = documents(options.articles, options.documents)
    if options.generate:
        print(f"{sum(map(len, batches)):,} documents")
        return
    if options.url:
        base = load()
        hosts = base.elasticsearch.model_copy(update={"hosts": options.url})
        variables = {"NEWSWIRE__ELASTICSEARCH__HOSTS": options.url}
        settings = base.model_copy(update={"elasticsearch": hosts})
        measure(settings, variables, batches=None if options.filled else batches, asked=options.searches)
        return
    from pipeline.local import stack as local_stack
    from tests.support.stack import Handle, folder_for_servers, local_settings

    with folder_for_servers() as folder:
        local = local_settings(folder, elasticsearch_heap="1g", java_options="")
        server = local_stack.servers(local)[1]
        try:
            Handle(server, local_stack.programs(local)).start()
            base = load(Path(__file__).parents[2] / "config" / "newswire.toml")
            hosts = base.elasticsearch.model_copy(update={"hosts": server.address})
            measure(
                base.model_copy(update={"elasticsearch": hosts}),
                {"NEWSWIRE__ELASTICSEARCH__HOSTS": server.address},
                batches=batches,
                asked=options.searches,
            )
        finally:
            server.kill()


if __name__ == "__main__":
    main()
