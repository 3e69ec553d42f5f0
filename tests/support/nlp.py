"""The enrichment as shipped, loaded once for all tests of a process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from spacy.language import Language

from pipeline.article import EnrichedArticle, Entity, WireArticle
from pipeline.enrich.enricher import Enricher
from pipeline.errors import Poison
from pipeline.settings import Enrichment


@lru_cache(maxsize=1)
def enricher() -> Enricher:
    """The pipeline of config/enrichment.cfg."""
    return Enricher(Enrichment())


def nlp() -> Language:
    """Its spaCy pipeline."""
    return enricher().nlp


def enrich(body: str, **fields: Any) -> EnrichedArticle:
    """A body as an enriched article of 2022-02-26."""
    fields = {"uri": "urn:newswire:test", "versionCreated": "2022-02-26", "body": body} | fields
    result = enricher().enrich([WireArticle(**fields)])[0]
    assert not isinstance(result, Poison), result
    return result


def entity(article: EnrichedArticle, canonical: str) -> Entity:
    """The one entity of that name."""
    found = [one for one in article.entities if one.canonical == canonical]
    assert len(found) == 1, [one.canonical for one in article.entities]
    return found[0]


def named(article: EnrichedArticle, canonical: str) -> list[str]:
    """What the text calls it, mention by mention."""
    return [mention.text for mention in entity(article, canonical).mentions]
