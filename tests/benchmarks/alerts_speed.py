"""What 1,000 alerts cost a turn, by how many articles came in: python -m tests.benchmarks.alerts_speed

On a real Elasticsearch of its own with 3,000 articles. A turn asks all alerts of the new articles
(`pipeline.alerts.coverage`); it must take less than the 5 s within which an article is to be told of.
"""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from typing import Any

import msgspec

from pipeline import identity
from pipeline.alerts.coverage import Coverage
from pipeline.alerts.model import Alert, Target
from pipeline.article import EnrichedArticle
from pipeline.index.client import connect_sync
from pipeline.index.document import action
from pipeline.index.query import SearchRequest
from pipeline.index.setup import setup
from tests.support import news
from tests.support import stack as support

ALERTS = 1_000
ARTICLES = 3_000
ROUNDS = 5


def alert(number: int, chance: random.Random) -> Alert:
    """One of several kinds: a person, two words, a place and a word, alternatives, a word that hardly occurs."""
    words = ["harvest", "ferry", "port", "ceasefire", "water", "grain", "minister", "talks", "quota", "union"]
    requests = (
        SearchRequest(query=chance.choice(news.PEOPLE)),
        SearchRequest(query=" ".join(chance.sample(words, 2))),
        SearchRequest(people=(chance.choice(news.PEOPLE),)),
        SearchRequest(query=f"{chance.choice(news.PLACES)} {chance.choice(words)}"),
        SearchRequest(query=f'"{chance.choice(news.SUBJECTS)}" OR (word{number} AND {chance.choice(words)})'),
        SearchRequest(query=f"company{number} {chance.choice(words)} -{chance.choice(words)}"),
    )
    target = Target(kind="terminal")
    now = datetime.now(UTC).isoformat()
    return Alert(id=str(number), name=str(number), request=requests[number % len(requests)], to=target, created=now)


def main() -> None:
    """Measure and print."""
    chance = random.Random(1)
    with support.running() as stack, connect_sync(stack.settings()) as client:
        setup(client, stack.settings())
        articles = [
            EnrichedArticle(**msgspec.structs.asdict(each))
            for each in news.articles(ARTICLES, prefix="bench:", sentences=8)
        ]
        operations: list[dict[str, Any]] = []
        for document in map(action, articles):
            operations += [{"index": {"_id": document.document_id}}, json.loads(document.source)]
        for at in range(0, len(operations), 2_000):
            client.bulk(index=identity.WRITE_ALIAS, operations=operations[at : at + 2_000])
        client.indices.refresh(index=identity.WRITE_ALIAS)
        coverage = Coverage(client)
        coverage.use([alert(number, chance) for number in range(ALERTS)])
        for count in (10, 50, 100, 250):
            uris = [each.uri for each in articles[:count]]
            taken = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                found = coverage.articles(uris, coverage.states(uris))
                taken.append(time.perf_counter() - began)
            matches = sum(len(each.matching) for each in found)
            print(f"{ALERTS} alerts, {count} articles, {matches} matches: {sorted(taken)[ROUNDS // 2]:.2f} s a turn")


if __name__ == "__main__":
    main()
