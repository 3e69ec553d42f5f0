"""An entity recogniser over documents of any length, with memory bounded by the tokens that it works on at once.

A document longer than `piece_tokens` is cut at the ends of paragraphs, else of sentences, else of words; the
recogniser sees each piece as a document of its own, and what it finds is put back in its place. Its view reaches four
tokens to each side, so a cut between paragraphs changes next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from spacy.tokens import Doc, Span

_SENTENCE_ENDS = frozenset({".", "!", "?", "…", "”", '"'})


class Pieces:
    """A spaCy component around an `EntityRecognizer`."""

    def __init__(self, recogniser: Any, *, batch_tokens: int, piece_tokens: int) -> None:
        self.recogniser = recogniser
        self.batch_tokens = max(1, batch_tokens)
        self.piece_tokens = max(16, piece_tokens)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the recogniser."""
        return tuple(self.recogniser.labels)

    def __call__(self, doc: Doc) -> Doc:
        """Set the entities of one document."""
        self._recognise([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 16) -> Iterator[Doc]:
        """Set the entities of each document; at most `batch_size` documents and `batch_tokens` tokens are held."""
        batch: list[Doc] = []
        tokens = 0
        for doc in stream:
            if batch and (len(batch) >= batch_size or tokens + len(doc) > self.batch_tokens):
                self._recognise(batch)
                yield from batch
                batch, tokens = [], 0
            batch.append(doc)
            tokens += len(doc)
        if batch:
            self._recognise(batch)
            yield from batch

    def _recognise(self, docs: Sequence[Doc]) -> None:
        whole = [doc for doc in docs if len(doc) <= self.piece_tokens]
        if whole:
            self._annotate(whole)
        for doc in docs:
            if len(doc) > self.piece_tokens:
                self._in_pieces(doc)

    def _annotate(self, docs: Sequence[Doc]) -> None:
        # by length, as spaCy does it: documents of a batch are parsed in step
        docs = sorted(docs, key=len)
        self.recogniser.set_annotations(docs, self.recogniser.predict(docs))

    def _in_pieces(self, doc: Doc) -> None:
        found: list[Span] = []
        start = 0
        for end in cuts(doc, self.piece_tokens):
            piece = _piece(doc, start, end)
            self._annotate([piece])
            found += [Span(doc, start + span.start, start + span.end, label=span.label) for span in piece.ents]
            start = end
        doc.set_ents(found)


def cuts(doc: Doc, most: int) -> Iterator[int]:
    """The token indices at which the pieces end, the last being the length of the document."""
    start = 0
    while len(doc) - start > most:
        end = _cut(doc, start, start + most)
        yield end
        start = end
    yield len(doc)


def _cut(doc: Doc, start: int, limit: int) -> int:
    # the last paragraph end in the second half of the piece, else the last sentence end there, else the limit
    sentence = limit
    for index in range(limit - 1, start + (limit - start) // 2, -1):
        text = doc[index].text
        if text.isspace() and text.count("\n") > 1:
            return index + 1
        if sentence == limit and text in _SENTENCE_ENDS and doc[index].whitespace_:
            sentence = index + 1
    return sentence


def _piece(doc: Doc, start: int, end: int) -> Doc:
    tokens = [doc[index] for index in range(start, end)]
    piece = Doc(
        doc.vocab, words=[token.text for token in tokens], spaces=[bool(token.whitespace_) for token in tokens]
    )
    # norms that the tokenizer gave (n't: not) are features of the recogniser
    for token, own in zip(tokens, piece, strict=True):
        if token.norm != own.norm:
            own.norm_ = token.norm_
    return piece
