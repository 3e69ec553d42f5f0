"""The text of an article once more, under its language."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from pipeline.index.copying import Stored
from pipeline.index.definitions import definition
from pipeline.index.document import action
from pipeline.index.lookup import read
from pipeline.index.renewing import rebuilt
from pipeline.index.stemmed import stemmed
from tests.support.enriched import BODY, enriched

HEADLINE = "Ferry to sail again, minister says"


@pytest.mark.parametrize(
    ("tag", "field"),
    [("de", "de"), ("de-AT", "de"), ("deu", "de"), ("fr-CA", "fr"), ("nb", "no"), ("nn-NO", "no"), ("no", "no")],
)
def test_the_text_is_under_its_language(tag: str, field: str) -> None:
    assert stemmed(enriched(language=tag)) == {field: (HEADLINE, BODY)}


@pytest.mark.parametrize("tag", ["en", "en-GB", "eng", None, "", "und", "zxx", "tlh", "ja", "not a tag"])
def test_english_and_what_has_no_endings_costs_nothing(tag: str | None) -> None:
    document = msgspec.json.decode(action(enriched(language=tag)).source)
    assert "stemmed" not in document


def test_what_is_missing_is_left_out_and_a_kill_leaves_nothing() -> None:
    assert stemmed(enriched(language="de", headline=None)) == {"de": (BODY,)}
    assert "stemmed" not in msgspec.json.decode(action(enriched(language="de", pubStatus="canceled")).source)


def test_the_article_comes_back_out_of_its_document_without_it() -> None:
    article = enriched(language="de", dates=())  # times are local in a document
    assert read(msgspec.json.decode(action(article).source)) == article


def test_reindexing_gives_it_to_what_an_earlier_release_has_written() -> None:
    article = enriched(language="de")
    made = action(article)
    now = msgspec.json.decode(made.source)
    before = {name: value for name, value in now.items() if name != "stemmed"}
    (again,) = asyncio.run(rebuilt([Stored(made.document_id, made.version, before)]))
    assert msgspec.json.decode(again.source) == now


def test_quoted_words_find_nothing_by_their_stems() -> None:
    # each field has an `exact` that nothing is ever in; without it, Elasticsearch would take the field itself
    for language, field in definition("fields")["template"]["mappings"]["properties"]["stemmed"][
        "properties"
    ].items():
        assert field["fields"] == {"exact": {"type": "keyword", "index": False, "doc_values": False}}, language
