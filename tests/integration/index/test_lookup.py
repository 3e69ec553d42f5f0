"""One article by its id, as readers may see it, and as `newswire show` prints it."""

from __future__ import annotations

import msgspec
import pytest

from pipeline.commands.show import lines
from pipeline.errors import Code, UserError
from pipeline.index.lookup import lookup
from tests.integration.index.conftest import Index

pytestmark = pytest.mark.servers


def test_an_article_comes_back_as_it_was_enriched(index: Index) -> None:
    article = index.article(1)
    index.write(article)
    found = lookup(index.client, article.uri)
    # the index keeps the bounds of times of day in local time
    assert [(date.text, date.value) for date in found.dates] == [(date.text, date.value) for date in article.dates]
    assert msgspec.structs.replace(found, dates=article.dates) == article


def test_what_readers_may_not_see_is_not_found(index: Index) -> None:
    index.write(
        index.article(1),
        index.article(1, pubStatus="canceled", versionCreated="2022-03-09T09:00:00Z"),
        index.article(2, pubStatus="withheld"),
        index.article(3, embargoed="2199-01-01T00:00:00Z"),
    )
    for number in (1, 2, 3, 4):
        with pytest.raises(UserError) as refused:
            lookup(index.client, index.article(number).uri)
        assert refused.value.code == Code.NOT_FOUND


def test_it_is_shown_with_its_entities_dates_and_speakers(index: Index) -> None:
    article = index.article(1)
    index.write(article)
    shown = "\n".join(line.plain for line in lines(lookup(index.client, article.uri)))
    assert article.body in shown
    assert "Jüri Põldmaa (Poldmaa)" in shown
    assert "late on Tuesday = 2022-03-08TEV" in shown
