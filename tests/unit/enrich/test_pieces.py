from __future__ import annotations

from typing import Any

import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from pipeline.enrich.pieces import Pieces, cuts

NLP = spacy.blank("en")


class Capitals:
    """A recogniser as simple as can be: capitalised words are entities. It notes how much it is given at once."""

    labels = ("NAME",)

    def __init__(self) -> None:
        self.calls: list[int] = []

    def predict(self, docs: list[Doc]) -> list[list[int]]:
        self.calls.append(sum(map(len, docs)))
        return [[token.i for token in doc if token.is_title] for doc in docs]

    def set_annotations(self, docs: list[Doc], found: list[list[int]]) -> None:
        for doc, indices in zip(docs, found, strict=True):
            doc.set_ents([Span(doc, index, index + 1, label="NAME") for index in indices])


def names(doc: Doc) -> list[tuple[int, str]]:
    return [(entity.start_char, entity.text) for entity in doc.ents]


PARAGRAPH = "Anna met Ben in the old town. They can't recall when, “Carla” said.\n\n"


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(16, 60), st.integers(1, 200))
def test_pieces_find_the_same_at_the_same_place(paragraphs: int, piece: int, batch: int) -> None:
    texts = [PARAGRAPH * paragraphs, "Dora left.", "", "word " * 100 + "Emil"]
    whole, cut = Capitals(), Capitals()
    plain = list(Pieces(whole, batch_tokens=10**6, piece_tokens=10**6).pipe(map(NLP.make_doc, texts), batch_size=99))
    found = list(Pieces(cut, batch_tokens=batch, piece_tokens=piece).pipe(map(NLP.make_doc, texts), batch_size=3))
    assert [doc.text for doc in found] == texts
    assert [names(doc) for doc in found] == [names(doc) for doc in plain]
    assert max(cut.calls) <= max(piece, batch)


def test_cuts_are_at_paragraphs_else_sentences_else_anywhere() -> None:
    def ends(text: str) -> list[str]:
        doc: Any = NLP.make_doc(text)
        return [doc[end - 1].text for end in list(cuts(doc, 20))[:-1]]

    assert set(ends(PARAGRAPH * 9)) == {"\n\n"}
    assert set(ends("A sentence of some eight words stands here. " * 9)) == {"."}
    assert set(ends("word " * 100)) == {"word"}
    assert ends("word " * 5) == []
