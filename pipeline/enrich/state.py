"""What the enrichment steps read from and leave on a spaCy `Doc`, under `Doc._`.

`doc.text` is the article's body, code point for code point. Each step is one component that reads `Doc._.article`
and the findings of the steps before it, and replaces one or more of the lists below; it never changes the text.
"""

from __future__ import annotations

from spacy.tokens import Doc

# name of the extension: what it holds
EXTENSIONS = {
    "article": "the WireArticle that is being enriched, or None outside the pipeline",
    "entities": "list[Entity], sorted by the start of their first mention",
    "dates": "list[Timex], sorted by start",
    "places": "list[Place], one for each LOCATION entity that GeoNames knows",
    "quotations": "list[Quotation], sorted by start",
    "main_country": "ISO 3166-1 alpha-2 of the country that the article is mostly about, or None",
}

SEXES = "newswire.sexes"  # key in Doc.user_data: dict of entity id -> "male" or "female", as far as the text tells


def register() -> None:
    """Declare the extensions; calling it again changes nothing."""
    for name in EXTENSIONS:
        if Doc.has_extension(name):
            continue
        if name in ("article", "main_country"):
            Doc.set_extension(name, default=None)
        else:
            Doc.set_extension(name, default=[])


register()
