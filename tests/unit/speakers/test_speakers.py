"""Who said it: one test a way of saying so."""

from __future__ import annotations

import pytest

from pipeline.article import EnrichedArticle
from tests.support.nlp import enrich

TELLER = "Minister Jana Holub met the farmers in Brno on Friday. Her deputy, Petr Malik, was there too. "


def _said(article: EnrichedArticle, *, direct: bool = True) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            one.text,
            one.speaker.canonical or one.speaker.text if one.speaker else None,
            one.cue.text if one.cue else None,
        )
        for one in article.quotations
        if one.direct == direct
    ]


@pytest.mark.parametrize(
    ("text", "quotation", "speaker", "cue"),
    [
        ("“We will pay,” Jana Holub said.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” said Jana Holub.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” said minister Jana Holub, who came by train.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” Petr Malik, the deputy minister, said.", "“We will pay,”", "Petr Malik", "said"),
        ("“We will pay,” she said.", "“We will pay,”", "Jana Holub", "said"),
        ("“We will pay,” he told reporters.", "“We will pay,”", "Petr Malik", "told"),
        ("“We will pay,” the minister said.", "“We will pay,”", "Jana Holub", "said"),
        ("“Shall we pay?” asked Petr Malik.", "“Shall we pay?”", "Petr Malik", "asked"),
        ("Petr Malik said: “We will pay.”", "“We will pay.”", "Petr Malik", "said"),
        ("Petr Malik, speaking in Brno, said, “We will pay.”", "“We will pay.”", "Petr Malik", "said"),
        ("Holub, he said, “will pay.”", "“will pay.”", "Petr Malik", "said"),
        (
            "According to Petr Malik, the farmers are “angry and tired.”",
            "“angry and tired.”",
            "Petr Malik",
            "According to",
        ),
        ("Petr Malik called the offer “a joke.”", "“a joke.”", "Petr Malik", "called"),
        ('"We will pay," Jana Holub said.', '"We will pay,"', "Jana Holub", "said"),
        ("''We will pay,'' Jana Holub said.", "''We will pay,''", "Jana Holub", "said"),
        ("``We will pay,'' Jana Holub said.", "``We will pay,''", "Jana Holub", "said"),
        ("‘We will pay,’ Jana Holub said.", "‘We will pay,’", "Jana Holub", "said"),
        ("“We will pay,” officials said.", "“We will pay,”", "officials", "said"),
        ("“We will pay.” — Petr Malik", "“We will pay.”", "Petr Malik", None),
    ],
)
def test_ways_of_attribution(text: str, quotation: str, speaker: str, cue: str | None) -> None:
    assert _said(enrich(TELLER + "\n\n" + text)) == [(quotation, speaker, cue)]


def test_a_split_quotation_has_one_speaker() -> None:
    article = enrich(TELLER + "\n\n“We will pay,” said Holub, “and we will pay now.”")
    assert [speaker for _, speaker, _ in _said(article)] == ["Jana Holub", "Jana Holub"]
    assert len({one.group for one in article.quotations if one.direct}) == 1


def test_a_quotation_goes_on_after_its_attribution() -> None:
    article = enrich(TELLER + "\n\n“We will pay,” said Petr Malik. “It takes a week. Perhaps two.”")
    assert [speaker for _, speaker, _ in _said(article)] == ["Petr Malik", "Petr Malik"]


def test_a_quotation_over_paragraphs_has_one_speaker() -> None:
    article = enrich(TELLER + "\n\nHolub said: “We will pay.\n\n“It takes a week.\n\n“Perhaps two.”")
    assert [speaker for _, speaker, _ in _said(article)] == ["Jana Holub"] * 3


def test_the_nearer_speaker_of_two() -> None:
    article = enrich(TELLER + "\n\nHolub said Petr Malik, her deputy, told her that he would “mend the fence”.")
    assert _said(article) == [("“mend the fence”", "Petr Malik", "told")]


def test_titles_and_nicknames_are_no_speech() -> None:
    article = enrich(
        "Petr Malik read from “The Farmers of Moravia” on the programme “Morning Talk”. He likes “Rusty” Novak."
    )
    assert _said(article) == []


def test_indirect_speech() -> None:
    article = enrich(
        TELLER + "\n\nMalik said on Friday that the ministry would pay the farmers. Prices fell, Holub said."
    )
    assert _said(article, direct=False) == [
        ("the ministry would pay the farmers", "Petr Malik", "said"),
        ("Prices fell", "Jana Holub", "said"),
    ]


def test_who_is_spoken_to_is_not_who_speaks() -> None:
    article = enrich(TELLER + "\n\n“We will pay,” Holub told Malik.")
    assert _said(article) == [("“We will pay,”", "Jana Holub", "told")]
