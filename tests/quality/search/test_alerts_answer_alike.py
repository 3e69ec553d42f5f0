"""An alert matches what a search finds, no more and no less: on a real Elasticsearch, by the judged questions and by
many made up of the articles' own words in every syntax that a search has.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.alerts.coverage import Coverage
from pipeline.alerts.model import Alert, Target
from pipeline.article import EnrichedArticle
from pipeline.index.client import connect_sync
from pipeline.index.daterange import DateRange
from pipeline.index.query import LARGEST_PAGE, SearchRequest, body
from tests.quality.search.judged import Site, articles, questions, utc_now
from tests.support.stack import Stack

pytestmark = pytest.mark.servers

MADE_UP = 104


@pytest.fixture(scope="module")
def found() -> dict[str, EnrichedArticle]:
    return articles(utc_now())


@pytest.fixture(scope="module")
def site(_servers: Stack, found: dict[str, EnrichedArticle]) -> Iterator[Site]:
    with connect_sync(_servers.settings(elasticsearch={"request_timeout": 120.0})) as client:
        made = Site(client)
        try:
            made.fill(found)
            yield made
        finally:
            made.close()


def made_up(articles: list[EnrichedArticle], chance: random.Random) -> Iterator[SearchRequest]:
    """Searches for what is in the articles, in all kinds of syntax."""
    while True:
        about, other = chance.choice(articles), chance.choice(articles)
        words = [word.strip('.,:;()"“”') for word in f"{about.headline} {about.body}".split()]
        words = [word for word in words if word.isalpha()]
        one, two, three = chance.choices(words, k=3)
        strange = chance.choice([word for word in (other.body or "").split() if word.isalpha()])
        at = chance.randrange(max(1, len(words) - 3))
        phrase = " ".join(words[at : at + 3])
        day = date.fromisoformat(about.versionCreated[:10]) - timedelta(days=chance.randrange(3))
        days = DateRange(gte=day, lt=day + timedelta(days=chance.choice((1, 7))))
        people = [entity.canonical for entity in about.entities if entity.type == "PERSON"] or [one]
        yield from (
            SearchRequest(query=one),
            SearchRequest(query=f"{one} {two}"),
            SearchRequest(query=f"{one} the {two} {three}"),
            SearchRequest(query=f'"{phrase}"'),
            SearchRequest(query=f'"{phrase}" -{strange}'),
            SearchRequest(query=f"{one} OR ({two} AND {strange})"),
            SearchRequest(query=f"{one} NOT {two}"),
            SearchRequest(query=f"{one[:4]}* {strange}~1" if len(one) > 4 else f"headline:{one}"),
            SearchRequest(query=f"headline:{one} body:{two}"),
            SearchRequest(query=chance.choice(people)),
            SearchRequest(people=(chance.choice(people),), published=days),
            SearchRequest(query=one, about=days, about_widely=chance.random() < 0.5),
            SearchRequest(speakers=(chance.choice(people),), quote=chance.choice(("", two))),
        )


def searched(site: Site, alerts: list[Alert], slugs: dict[str, str]) -> dict[str, set[str]]:
    """What a search finds of each request: its very query, without what costs time (passages) or cuts it short."""
    searches: list[dict[str, Any]] = []
    for alert in alerts:
        searches += [
            {"index": site._index},
            {"query": body(alert.request)["query"], "size": LARGEST_PAGE, "_source": ["uri"]},
        ]
    responses = site._client.msearch(searches=searches)["responses"]
    return {
        alert.id: {slugs[hit["_source"]["uri"]] for hit in response["hits"]["hits"]}
        for alert, response in zip(alerts, responses, strict=True)
    }


def test_an_alert_matches_what_a_search_finds(site: Site, found: dict[str, EnrichedArticle]) -> None:
    assert len(found) <= LARGEST_PAGE, "one page has every answer"
    made = made_up(list(found.values()), random.Random(8))
    asked = [each.request for each in questions()] + [next(made) for _ in range(MADE_UP)]
    target, created = Target(kind="terminal"), utc_now().isoformat()
    alerts = [
        Alert(id=str(number), name=str(number), request=request, to=target, created=created)
        for number, request in enumerate(asked)
    ]
    coverage = Coverage(site._client, readers=site._index, everything=site._index)
    coverage.use(alerts)
    slugs = {article.uri: slug for slug, article in found.items()}
    told = coverage.articles(list(slugs), coverage.states(list(slugs)))
    matched = {alert.id: {slugs[article.uri] for article in told if alert.id in article.matching} for alert in alerts}
    answers = searched(site, alerts, slugs)
    different = {
        alert.request: (matched[alert.id] ^ answers[alert.id])
        for alert in alerts
        if matched[alert.id] != answers[alert.id]
    }
    assert not different
    counts = [len(answer) for answer in answers.values()]
    assert sum(0 < count < len(found) for count in counts) > len(asked) / 2, "most of them tell articles apart"
