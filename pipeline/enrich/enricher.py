"""Wire articles to enriched articles, in this process: the spaCy pipeline over batches, its failures told apart."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import EnrichedArticle, WireArticle
from pipeline.enrich import frame, language, near_duplicates
from pipeline.errors import Code, Poison
from pipeline.identity import ENRICHMENT_REVISION
from pipeline.settings import Enrichment

# Words that stay known once seen. Beyond them a batch's new words are forgotten after it, so memory stays flat.
KNOWN_WORDS = 200_000


class Enricher:
    """The pipeline of the settings, loaded. Not for several threads at once."""

    def __init__(self, settings: Enrichment) -> None:
        """Load the pipeline; blocks for about a second.

        Raises:
            UserError: `settings`, as `frame.load`.
        """
        self._nlp = frame.load(Path(settings.config) if settings.config else None)
        self._batch_size = settings.batch_size

    @property
    def nlp(self) -> Language:
        """The spaCy pipeline."""
        return self._nlp

    def enrich(self, articles: Sequence[WireArticle]) -> list[EnrichedArticle | Poison]:
        """Each article enriched, in order, or why it cannot be (`enrich.failed`, naming the step).

        A kill passes with empty lists. So does an article in another language than the pipeline's, which says so in
        `stepsLeftOut`; its signature for near-duplicates does not depend on the language.
        """
        results: list[EnrichedArticle | Poison | None] = [None] * len(articles)
        work: list[int] = []
        articles = list(articles)
        for index, article in enumerate(articles):
            if article.pubStatus == "canceled":
                results[index] = enriched(article)
                continue
            if article.language is None or language.primary(article.language) == language.UNKNOWN:
                articles[index] = article = _Detected.of(article)
            if self._speaks(article.language):
                work.append(index)
            else:
                results[index] = enriched(article, stepsLeftOut=tuple(self._nlp.pipe_names))
        with self._memory():
            self._together(articles, work, results)
        for index in work:
            if results[index] is None:
                results[index] = self._alone(articles[index])
        return [result for result in results if result is not None]

    def _together(
        self, articles: Sequence[WireArticle], work: Sequence[int], results: list[EnrichedArticle | Poison | None]
    ) -> None:
        # a step may raise anything; what is left without a result is tried alone
        with contextlib.suppress(Exception):
            docs = self._nlp.pipe(self._docs(articles, work), batch_size=self._batch_size)
            for index, doc in zip(work, docs, strict=True):
                results[index] = _result(doc)

    def _speaks(self, tag: str | None) -> bool:
        known = language.UNKNOWN if tag is None else language.primary(tag)
        return known == language.UNKNOWN or self._nlp.lang in ("xx", known)

    def _memory(self) -> contextlib.AbstractContextManager[Any]:
        return self._nlp.memory_zone() if len(self._nlp.vocab.strings) > KNOWN_WORDS else contextlib.nullcontext()

    def _docs(self, articles: Sequence[WireArticle], work: Sequence[int]) -> Iterator[Doc]:
        for index in work:
            yield self._doc(articles[index])

    def _doc(self, article: WireArticle) -> Doc:
        doc = self._nlp.make_doc(article.body)
        doc._.article = article
        return doc

    def _alone(self, article: WireArticle) -> EnrichedArticle | Poison:
        step = "tokenizer"
        with self._memory():
            try:
                doc = self._doc(article)
                for name, component in self._nlp.pipeline:
                    step = name
                    doc = component(doc)
                return _result(doc)
            except Exception as error:  # noqa: BLE001 - whatever a step raises concerns this article alone
                return Poison(Code.ENRICH_FAILED, f"{step}: {type(error).__name__}: {error}"[:1000])


_own_fields: Callable[[WireArticle], dict[str, Any]] = msgspec.structs.asdict


class _Detected(WireArticle, frozen=True, kw_only=True):
    """A wire article whose language was detected."""

    languageDetected: bool = True

    @staticmethod
    def of(article: WireArticle) -> WireArticle:
        """The article with the language of its text; as it is where that is not clear."""
        found = language.detect(article.body or article.headline or "")
        return article if found is None else _Detected(**_own_fields(article) | {"language": found})


def enriched(article: WireArticle, **found: Any) -> EnrichedArticle:
    """The enriched form of an article with what was found; what is not given is empty."""
    signature = None if article.pubStatus == "canceled" else near_duplicates.minhash(article.body)
    return EnrichedArticle(**_own_fields(article), **found, minhash=signature, enrichment=ENRICHMENT_REVISION)


def _result(doc: Doc) -> EnrichedArticle:
    findings = doc._
    return enriched(
        findings.article,
        entities=tuple(findings.entities),
        dates=tuple(findings.dates),
        places=tuple(findings.places),
        quotations=tuple(findings.quotations),
        mainCountry=findings.main_country,
    )
