"""The spaCy component `newswire_dates`: time expressions, and the days on which quotations were said."""

from __future__ import annotations

from datetime import UTC, datetime

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrich import state
from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag_all


@Language.factory("newswire_dates")
class DatesComponent:
    """Fills `Doc._.dates`, and `said` of `Doc._.quotations`. It reads the text alone: no tagger, no parser."""

    def __init__(self, nlp: Language, name: str) -> None:
        """As spaCy makes it; the grammar is compiled at the first article."""
        state.register()

    def __call__(self, doc: Doc) -> Doc:
        """Replace the dates of a document; without an article the text speaks from today, in UTC."""
        article = doc._.article
        reference = Reference(day=datetime.now(UTC).date(), zone=UTC) if article is None else Reference.of(article)
        tagged = tag_all(doc.text, reference=reference, quotations=doc._.quotations)
        doc._.dates = tagged.dates
        doc._.quotations = tagged.quotations
        return doc
