from __future__ import annotations

import time

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.enrich.tokenizer import LONGEST_MARKS, LONGEST_RUN, CappedTokenizer
from tests.support.news import articles

RUN = st.builds(lambda unit, times: unit * times, st.text("(a.5%'s-€😀", min_size=1, max_size=4), st.integers(1, 300))
HOSTILE = st.lists(st.one_of(RUN, st.text(max_size=5), st.sampled_from([" ", "\n\n", "\t", "don't", "U.S."]))).map(
    "".join
)
WORDS = st.sampled_from(
    [
        "can't",
        "U.S.",
        "“We're”",
        "e.g.",
        "5km",
        "$3.5m",
        "(e-mail)",
        "https://example.org/a_b?c=d",
        "Jan.",
        "3rd...",
        "well-known",
        "it's",
        "x@y.org",
        "😀",
        "naïve",
        "Kyiv’s",
        "rock'n'roll",
        "9.30am",
        "--",
        "’tis",
    ]
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("en")


@pytest.fixture(scope="module")
def capped(nlp: Language) -> CappedTokenizer:
    return CappedTokenizer(nlp.tokenizer)


def tokens(doc: Doc) -> list[tuple[str, str, str, int]]:
    return [(token.text, token.whitespace_, token.norm_, token.idx) for token in doc]


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
@example("")
@example(" ")
@example("\n\n  x")
@example("(" * (LONGEST_MARKS + 1))
@example("a" * LONGEST_RUN + "b")
def test_the_text_is_kept_code_point_for_code_point(capped: CappedTokenizer, text: str) -> None:
    doc = capped(text)
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\n\n", ", ", ". "]))))
def test_ordinary_text_has_the_tokens_that_spacy_gives_it(
    nlp: Language, capped: CappedTokenizer, parts: list[tuple[str, str]]
) -> None:
    text = "".join(word + gap for word, gap in parts)
    assert tokens(capped(text)) == tokens(nlp.tokenizer(text))


def test_articles_have_the_tokens_that_spacy_gives_them(nlp: Language, capped: CappedTokenizer) -> None:
    for article in articles(20, prefix="t"):
        assert tokens(capped(article.body)) == tokens(nlp.tokenizer(article.body))


def test_a_cut_leaves_the_rest_of_the_text_as_spacy_has_it(nlp: Language, capped: CappedTokenizer) -> None:
    before, after = "They can't say “no” in the U.S. ", " and won't, e.g. on Jan. 3rd."
    doc = capped(before + "(" * 1000 + after)
    plain = tokens(nlp.tokenizer(before + "x" + after))
    middle = next(index for index, token in enumerate(plain) if token[0] == "x")
    got = tokens(doc)
    assert [t[:3] for t in got[:middle]] == [t[:3] for t in plain[:middle]]
    rest = plain[middle + 1 :]
    assert [t[:3] for t in got[-len(rest) :]] == [t[:3] for t in rest]


@pytest.mark.parametrize("unit", ["(", "'s", "a(", "€", "...", "-", "x", ")]", "5km", "a.b,"])
def test_time_grows_with_the_length_alone(capped: CappedTokenizer, unit: str) -> None:
    text = unit * (20_000 // len(unit))
    began = time.process_time()
    doc = capped(text)
    took = time.process_time() - began
    assert doc.text == text
    assert took < 10, f"{took:.1f} s of CPU for 20,000 characters; spaCy alone takes 47 s for brackets"
