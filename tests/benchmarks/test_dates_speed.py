"""Words a second of the time tagger alone, on one core, without any model."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag_all
from pipeline.enrich.quotations import find_quotations
from pipeline.evaluation.timex import documents

OWN = Path(__file__).parents[1] / "quality" / "dates"


def words_per_second(texts: list[str], *, rounds: int) -> float:
    """The best of several rounds, in CPU time: other work on the machine only slows a round."""
    words = sum(len(text.split()) for text in texts)
    reference = Reference(day=date(2013, 3, 20))
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            tag_all(text, reference=reference, quotations=find_quotations(text))
        best = max(best, words / (time.process_time() - start))
    return best


def test_the_tagger_reads_fifty_thousand_words_a_second() -> None:
    # ordinary paragraphs between the dated ones: our own articles have four times the times of a newspaper
    plain = (
        "\n\nThe committee heard from engineers, teachers and people who live near the plant. Most of them asked for"
        " better roads and a hospital. The chairman thanked the witnesses and said that their words would be weighed."
        " Members of both parties called the hearing useful, and the company promised to answer every letter it got."
        " Its lawyers, who sat in the second row, took notes and left without a word to the reporters at the door."
    )
    texts = [document.text + 4 * plain for document in documents(OWN)]
    assert words_per_second(texts, rounds=8) > 50_000
