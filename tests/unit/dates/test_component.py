from __future__ import annotations

from datetime import date, timedelta

import pytest
import spacy

import pipeline.enrich.dates.component
import pipeline.enrich.quotations  # noqa: F401
from pipeline.article import Dateline, WireArticle
from pipeline.enrich.dates.reference import Reference

BODY = "KYIV, Feb 25 – “We talk today,” the minister said on Wednesday. The second day of Russia's invasion began."


def _article(created: str, dateline: str | None = None) -> WireArticle:
    return WireArticle(uri="x", versionCreated=created, body=BODY, dateline=Dateline(date=dateline))


def test_the_components_fill_dates_and_the_days_of_quotations() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("newswire_quotations")
    nlp.add_pipe("newswire_dates")
    doc = nlp.make_doc(BODY)
    doc._.article = _article("2022-02-26T08:00:00+02:00")
    doc = nlp(doc)
    assert [(timex.text, timex.value) for timex in doc._.dates] == [
        ("Feb 25", "2022-02-25"),
        ("today", "2022-02-23"),
        ("Wednesday", "2022-02-23"),
        ("The second day", "2022-02-25"),
    ]
    assert [(quotation.text, quotation.said) for quotation in doc._.quotations] == [
        ("“We talk today,”", "2022-02-23")
    ]


def test_without_an_article_the_text_speaks_from_today() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("newswire_dates")
    doc = nlp("It rained in May 1998.")
    assert [timex.value for timex in doc._.dates] == ["1998-05"]


REFERENCES = {
    ("2022-02-26", None): date(2022, 2, 26),
    ("2022-02-26T23:30:00-05:00", None): date(2022, 2, 26),  # in its own zone, where it is the 27th in UTC
    ("2022-02-26T08:00:00Z", "2022-02-25"): date(2022, 2, 25),
    ("2022-02-26T08:00:00Z", "2022-02-19"): date(2022, 2, 19),
    ("2022-02-26T08:00:00Z", "2022-02-18"): date(2022, 2, 26),  # too far back: a slip, or an old story
    ("2022-02-26T08:00:00Z", "2022-02-27"): date(2022, 2, 26),
    ("2022-02-26T08:00:00Z", "2022-99-99"): date(2022, 2, 26),
}


@pytest.mark.parametrize("given", REFERENCES)
def test_the_day_from_which_an_article_speaks(given: tuple[str, str | None]) -> None:
    assert Reference.of(_article(*given)).day == REFERENCES[given]


def test_the_zone_of_an_article() -> None:
    zone = Reference.of(_article("2022-02-26T23:30:00-05:00")).zone
    assert zone is not None
    assert zone.utcoffset(None) == timedelta(hours=-5)
    assert Reference.of(_article("2022-02-26")).zone is None
    with pytest.raises(ValueError, match="has no day"):
        Reference.of(_article("yesterday"))
