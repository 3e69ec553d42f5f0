"""Whatever the text: no exception, spans that hold, no overlaps, and time that grows with the length alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.article import EnrichedArticle
from tests.support.nlp import enrich, nlp

_WORDS = """
Putin President Mr said told “Yes,” " “ ” '' `` 's ’s . , ( ) Kyiv Paris Texas U.S. NATO he I the of according to - —
van der Jr. LONDON CUP é İ ß 𝔘 😀 中国 1996 spokesman John Smith Smyth & Inc.
"""
_PIECES = [*_WORDS.split(), "\n\n", "\n", "\xa0", "\u0301", "\u2028", "\u202e"]
_STEPS = ("newswire_entities", "newswire_quotations", "newswire_speakers", "newswire_places")


def _check(article: EnrichedArticle) -> None:
    body = article.body
    mentions = sorted((m.start, m.end, m.text) for e in article.entities for m in e.mentions)
    assert all(body[start:end] == text and text for start, end, text in mentions)
    assert all(one[1] <= other[0] for one, other in pairwise(mentions))
    firsts = [entity.mentions[0].start for entity in article.entities]
    assert firsts == sorted(firsts)
    ids = {entity.id for entity in article.entities}
    starts = [quotation.start for quotation in article.quotations]
    assert starts == sorted(starts)
    for quotation in article.quotations:
        assert body[quotation.start : quotation.end] == quotation.text
        for part in (quotation.speaker, quotation.cue):
            assert part is None or body[part.start : part.end] == part.text
        assert quotation.speaker is None or quotation.speaker.entity is None or quotation.speaker.entity in ids
    assert {place.entity for place in article.places} <= ids


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from(["", " ", " "])), max_size=50))
def test_pieces_of_news_in_any_order(pieces: list[tuple[str, str]]) -> None:
    _check(enrich("".join(word + space for word, space in pieces)))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_characters(text: str) -> None:
    _check(enrich(text.encode("utf-8", "replace").decode("utf-8")))


@pytest.mark.parametrize(
    "piece",
    [
        '"a" ',
        "Smith\n",
        "Smith, ",
        "said ",
        "“",
        '"Yes," he said. ',
        "President 's ",
        "Paris, ",
        "Smith (",
        '"Yes\n\n',
        "Mr ",
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """Eight times the text may not take forty times as long: quadratic would be sixty-four."""
    pipeline = nlp()
    steps = [step for name, step in pipeline.pipeline if name in _STEPS]

    def seconds(repeats: int) -> float:
        doc = pipeline.make_doc(piece * repeats)
        begun = time.process_time()
        for step in steps:
            doc = step(doc)
        return time.process_time() - begun

    seconds(100)
    tries = []
    for _ in range(4):  # other work on the machine can slow one measurement, never speed it up
        tries.append((seconds(8000), seconds(1000)))
        if tries[-1][0] < 40 * max(tries[-1][1], 0.01):
            return
    pytest.fail(f"{piece!r}: {tries}")
