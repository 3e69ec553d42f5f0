"""How fast the time tagger is, without any model: beside plain splitting of the same text, measured in turns.

What a second of CPU is worth differs from machine to machine, and with what else runs on the same core. Measured on
the machine of docs/speed.md: tagging a text once, which is 100,000 words a second, takes as long as splitting it ten
to twelve times. The floor is half of that speed, 50,000 words a second.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pipeline.enrich.dates.reference import Reference
from pipeline.enrich.dates.tagger import tag_all
from pipeline.enrich.quotations import find_quotations
from pipeline.evaluation.timex import documents

OWN = Path(__file__).parents[1] / "quality" / "dates"
ROUNDS = 8
SPLITTINGS = 11  # take as long as tagging once
TOKEN = re.compile(r"\w+|[^\w\s]")


def tag(texts: list[str]) -> None:
    """What is measured."""
    reference = Reference(day=date(2013, 3, 20))
    for text in texts:
        tag_all(text, reference=reference, quotations=find_quotations(text))


def split(texts: list[str]) -> None:
    """What it is measured by: a pattern over every text, and each word in small letters into a dictionary."""
    for _ in range(SPLITTINGS):
        seen: dict[str, int] = {}
        for text in texts:
            for token in TOKEN.finditer(text):
                word = token.group().lower()
                seen[word] = seen.get(word, 0) + token.end()


def cost(done: Callable[[list[str]], None], texts: list[str]) -> float:
    """Seconds of CPU."""
    start = time.process_time()
    done(texts)
    return time.process_time() - start


def test_the_tagger_takes_at_most_twice_as_long_as_splitting_the_text_eleven_times() -> None:
    # ordinary paragraphs between the dated ones: our own articles have four times the times of a newspaper
    plain = (
        "\n\nThe committee heard from engineers, teachers and people who live near the plant. Most of them asked for"
        " better roads and a hospital. The chairman thanked the witnesses and said that their words would be weighed."
        " Members of both parties called the hearing useful, and the company promised to answer every letter it got."
        " Its lawyers, who sat in the second row, took notes and left without a word to the reporters at the door."
    )
    texts = [document.text + 4 * plain for document in documents(OWN)]
    tagging, splitting = [], []
    for _ in range(ROUNDS):  # other work on the machine only slows a round: the best of each counts
        tagging.append(cost(tag, texts))
        splitting.append(cost(split, texts))
    assert min(tagging) < 2 * min(splitting), (tagging, splitting)
