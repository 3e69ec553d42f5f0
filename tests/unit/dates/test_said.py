"""Quotations: where they stand, on which day they were said, and what "today" is inside them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import Tagged, tag_all
from pipeline.enrich.quotations import find_quotations

SATURDAY = Reference(day=date(2022, 2, 26))

SPANS = {
    "“Yes,” she said.": ["“Yes,”"],
    '"Yes," she said. "No."': ['"Yes,"', '"No."'],
    "``It was definitely a bomb,'' he said.": ["``It was definitely a bomb,''"],
    "«Oui», dit-il, und „nein“ sagte sie.": ["«Oui»", "„nein“"],
    "‘I don’t know the bosses’ plan,’ she said.": ["‘I don’t know the bosses’ plan,’"],
    "He said 'I won't go,' and the workers' rights 'matter'.": ["'I won't go,'", "'matter'"],
    "“He told me ‘no’ twice,” she said.": ["“He told me ‘no’ twice,”"],
    "A 6\" pipe and the '80s and rock 'n' roll.": ["'n'"],
    "An “opened one that never ends.": [],
    "“”": [],
}


@pytest.mark.parametrize("text", SPANS)
def test_spans(text: str) -> None:
    found = find_quotations(text)
    assert [quotation.text for quotation in found] == SPANS[text]
    assert all(text[quotation.start : quotation.end] == quotation.text for quotation in found)


def test_a_split_quotation_is_one_group() -> None:
    found = find_quotations("“We are ready,” he said on Friday, “to talk.” Later: “No.”")
    assert [quotation.group for quotation in found] == [1, 1, None]


def test_a_quotation_over_paragraphs_is_one_group() -> None:
    found = find_quotations('He said:\n\n"One thing.\n\n"Another.\n\n"The last."\n\nThen "no".')
    assert [quotation.text for quotation in found] == ['"One thing.', '"Another.', '"The last."', '"no"']
    assert [quotation.group for quotation in found] == [1, 1, 1, None]


def _tag(text: str) -> Tagged:
    return tag_all(text, reference=SATURDAY, quotations=find_quotations(text))


SAID = {
    "“We meet today,” she said on Thursday.": ("2022-02-24", "2022-02-24"),
    "On Thursday, the minister said: “We meet today.”": ("2022-02-24", "2022-02-24"),
    "“We meet tomorrow,” he told reporters late Wednesday.": ("2022-02-23", "2022-02-24"),
    "In a speech on Wednesday he called for talks.\n\nHe said at the time: “Today we talk.”": (
        "2022-02-23",
        "2022-02-23",
    ),
    "The bridge fell on Wednesday. “We are ready today,” he said.": (None, "2022-02-26"),
    "“We will vote today,” she said.": (None, "2022-02-26"),
}


@pytest.mark.parametrize("text", SAID)
def test_the_day_it_was_said_is_today_inside_it(text: str) -> None:
    tagged = _tag(text)
    (quotation,) = tagged.quotations
    inside = [timex for timex in tagged.dates if quotation.start <= timex.start < quotation.end]
    said, today = SAID[text]
    assert quotation.said == said
    assert [timex.value for timex in inside] == [today]


def test_parts_of_one_quotation_share_the_day() -> None:
    tagged = _tag("“We are ready,” he said on Tuesday, “and we meet tomorrow.”")
    assert [quotation.said for quotation in tagged.quotations] == ["2022-02-22", "2022-02-22"]
    assert tagged.dates[-1].value == "2022-02-23"


def test_what_is_announced_for_later_was_not_said_then() -> None:
    tagged = _tag("“We are ready,” said the minister, who will speak on Tuesday.")
    assert tagged.quotations[0].said is None
