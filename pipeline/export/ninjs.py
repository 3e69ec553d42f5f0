"""An article as ninjs 3 (https://iptc.org/std/ninjs/): what `pipeline.wire.ninjs` reads back as the same article."""

from __future__ import annotations

from typing import Any

from pipeline.article import Concept, Link, WireArticle

STANDARD = {"name": "ninjs", "version": "3.0", "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json"}


def item(article: WireArticle) -> dict[str, Any]:
    """The ninjs object of an article as it was delivered, without what the enrichment found."""
    found: dict[str, Any] = {
        "standard": STANDARD,
        "uri": article.uri,
        "type": article.type,
        "version": article.version,
        "versionCreated": article.versionCreated,
        "firstCreated": article.firstCreated,
        "contentCreated": article.contentCreated,
        "pubStatus": article.pubStatus,
        "embargoed": article.embargoed,
        "urgency": article.urgency,
        "language": article.language,
        "headlines": _values(article.headline, role="main"),
        "descriptions": _values(article.description, role="summary", contentType="text/plain"),
        "bodies": _values(article.body, contentType="text/plain"),
        "slugline": article.slugline,
        "by": article.by,
        "located": article.located,
        "edNote": article.edNote,
        "infoSources": [{"name": article.source}] if article.source else None,
        "copyrightHolder": article.copyrightHolder,
        "copyrightNotice": article.copyrightNotice,
        "usageTerms": article.usageTerms,
        "signals": list(article.signals),
        "subjects": _concepts(article.subjects),
        "genres": _concepts(article.genres),
        "keywords": list(article.keywords),
        "people": _concepts(article.markedPeople),
        "organisations": _concepts(article.markedOrganisations),
        "places": _concepts(article.markedPlaces),
        "altIds": [{"value": each} for each in article.altIds],
        "associations": [_link(link) for link in article.links],
    }
    return {key: value for key, value in found.items() if value not in (None, [], "")}


def _values(text: str | None, **labels: str) -> list[dict[str, str]] | None:
    return [{**labels, "value": text}] if text else None


def _concepts(concepts: tuple[Concept, ...]) -> list[dict[str, str]]:
    return [
        {
            name: value
            for name, value in (
                ("name", each.name),
                ("uri", each.uri),
                ("literal", each.code),
                ("scheme", each.scheme),
            )
            if value
        }
        for each in concepts
    ]


def _link(link: Link) -> dict[str, str]:
    named = (
        ("name", link.rel),
        ("rel", link.rel),
        ("uri", link.href),
        ("title", link.title),
        ("mimetype", link.type),
    )
    return {key: value for key, value in named if value}
