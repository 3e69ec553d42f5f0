"""Judged searches: articles and questions of our own, asked of a real Elasticsearch, and nDCG over the answers."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import msgspec
from elasticsearch import Elasticsearch

from pipeline.article import EnrichedArticle, WireArticle
from pipeline.demo import expected
from pipeline.errors import Poison
from pipeline.identity import instant
from pipeline.index.definitions import definition
from pipeline.index.document import action
from pipeline.index.query import SearchRequest, body
from pipeline.index.ranking import RANKING, Ranking
from tests.support.nlp import enricher

FOLDER: Final = Path(__file__).parent
CUT: Final = 10
OURS: Final = "urn:newswire:judged:"


class Judged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question, and how well each article answers it: 3 what was looked for, 2 good, 1 touches on it."""

    judged: dict[str, int]
    query: str = ""
    person: str = ""
    place: str = ""

    @property
    def request(self) -> SearchRequest:
        """What `newswire search` would be asked."""
        people, places = (tuple(filter(None, (name,))) for name in (self.person, self.place))
        return SearchRequest(query=self.query, people=people, places=places, limit=CUT)


def questions() -> list[Judged]:
    """The questions of queries.toml."""
    read = tomllib.loads((FOLDER / "queries.toml").read_text("utf-8"))
    return msgspec.convert(read["search"], list[Judged])


def articles(now: datetime) -> dict[str, EnrichedArticle]:
    """By slug: our own, and the demo's as if they had come in during the last weeks; enriched as shipped."""
    demo = [item for item in expected.items(now=now) if item.visible]
    late = now - max(instant(item.article.versionCreated) for item in demo)
    found: dict[str, WireArticle] = {}
    for item in demo:
        moved = instant(item.article.versionCreated) + late - timedelta(days=1)
        found[item.slug] = msgspec.structs.replace(item.article, versionCreated=moved.isoformat(), embargoed=None)
    for slug, fields in tomllib.loads((FOLDER / "articles.toml").read_text("utf-8")).items():
        created = now - timedelta(days=fields.pop("days"))
        written: dict[str, Any] = {"language": "en"} | fields | {"body": fields["body"].strip()}
        found[slug] = WireArticle(uri=OURS + slug, versionCreated=created.isoformat(), **written)
    enriched = enricher().enrich(list(found.values()))
    results: dict[str, EnrichedArticle] = {}
    for slug, result in zip(found, enriched, strict=True):
        assert not isinstance(result, Poison), result
        results[slug] = result
    return results


class Site:
    """An index of the articles alone: how rare a word is must not depend on the articles of other tests."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._index = f"judged-{uuid4().hex[:10]}"
        self._slugs: dict[str, str] = {}

    def fill(self, found: dict[str, EnrichedArticle]) -> None:
        """Create the index as the template would, and write all articles."""
        template = definition("fields")["template"]
        settings = template["settings"] | {"number_of_shards": 1, "number_of_replicas": 0}
        self._client.indices.create(index=self._index, mappings=template["mappings"], settings=settings)
        self._slugs = {article.uri: slug for slug, article in found.items()}
        operations: list[dict[str, Any]] = []
        for article in found.values():
            document = action(article)
            operations += [
                {"index": {"_index": self._index, "_id": document.document_id}},
                json.loads(document.source),
            ]
        answer = self._client.bulk(operations=operations, refresh=True)
        assert not answer["errors"], answer

    def ask(self, request: SearchRequest, *, ranking: Ranking = RANKING) -> list[str]:
        """The slugs of the answer, best first."""
        asked = body(request, ranking=ranking)
        del asked["timeout"]  # what is judged is a whole answer, also where other processes share the machine
        answer = self._client.search(index=self._index, body=asked)
        return [self._slugs[hit["_source"]["uri"]] for hit in answer["hits"]["hits"]]

    def close(self) -> None:
        """Delete the index."""
        self._client.indices.delete(index=self._index)


def ndcg(judged: dict[str, int], answer: Sequence[str], *, cut: int = CUT) -> float:
    """Normalized discounted cumulative gain of an answer, 0 to 1.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002; with the
    gain 2^grade - 1 and the discount log2(1 + rank) of Burges et al., "Learning to rank", ICML 2005.
    """
    best = _gain(sorted(judged.values(), reverse=True)[:cut])
    return _gain([judged.get(slug, 0) for slug in answer[:cut]]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(1 + rank) for rank, grade in enumerate(grades, 1))


def precision(judged: dict[str, int], answer: Sequence[str]) -> float:
    """The share of the answer's first page that was judged to answer the question at all."""
    return sum(judged.get(slug, 0) > 0 for slug in answer) / len(answer) if answer else 0.0


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
