"""An article's text once more under its language, for the endings that this language has: pure.

The fields of an article are analysed as English, whatever the language: that finds the exact words of any, and other
forms of English ones. What is in another language that Elasticsearch knows the endings of has its headline and body
as `stemmed.de` (`fr`, `ru`, ...) besides, so that Verhandlung finds Verhandlungen. An English article has none of
these fields, and a search asks only those that an index has something in: Elasticsearch expands the `*` of
`ranking.STEMMED` to them alone, so that coverage in English alone pays nothing.

Each has a field `exact` beneath it without anything in it. Words between quotation marks are looked for in fields of
that name (`quote_field_suffix`), and must not be found by their stems.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipeline.article import WireArticle
from pipeline.enrich.language import primary
from pipeline.index.definitions import definition

_SAME_ENDINGS: Final = {"nb": "no", "nn": "no"}  # Bokmål and Nynorsk


def stemmed(article: WireArticle) -> dict[str, tuple[str, ...]]:
    """Headline and body under the article's language; nothing where that is English, unknown or without stemmer."""
    language = _field(article.language) if article.language else None
    if language is None:
        return {}
    return {language: tuple(filter(None, (article.headline, article.body)))}


@lru_cache(maxsize=1024)
def _field(tag: str) -> str | None:
    language = primary(tag)
    language = _SAME_ENDINGS.get(language, language)
    return language if language in _languages() else None


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    return frozenset(definition("fields")["template"]["mappings"]["properties"]["stemmed"]["properties"])
