"""A `Doc` as plain lists: reading spaCy's token objects once is what makes the steps after the model fast."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from spacy.tokens import Doc

_ENDS = frozenset({".", "!", "?", "...", "…", "?!", "!!"})
_CLOSERS = frozenset({'"', "'", "''", "”", "’", ")", "]", "»"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text: their words, and their offsets in code points."""

    text: str
    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    first: list[bool]  # the first word of a sentence, and the marks before it
    blank: list[bool]  # white space alone, such as a paragraph break
    paragraph: list[int]  # number of the paragraph, from 0
    sentence: list[int]  # number of the sentence, from 1

    def __len__(self) -> int:
        return len(self.words)

    def at(self, offset: int) -> int:
        """The index of the first token that ends after `offset` (the number of tokens where none does)."""
        return bisect_right(self.ends, offset)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of tokens that touch the characters from `start` to `end`."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` up to, not including, token `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]] if last > first else ""


_latest: tuple[Doc, Tokens] | None = None  # the steps work on one document after the other


def read(doc: Doc) -> Tokens:
    """The tokens of a `Doc`. A sentence ends at . ! ? (with closing marks) and at a paragraph break. Linear time.

    The last document's are kept for the next step.
    """
    global _latest
    if _latest is None or _latest[0] is not doc:
        _latest = (doc, _read(doc))
    return _latest[1]


def _read(doc: Doc) -> Tokens:
    words: list[str] = []
    starts: list[int] = []
    spaced: list[str] = []  # `Doc.text` would go over all tokens once more
    for token in doc:
        word = token.text_with_ws
        spaced.append(word)
        starts.append(token.idx)
        words.append(word[:-1] if token.whitespace_ else word)
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    first: list[bool] = []
    blank: list[bool] = []
    paragraphs: list[int] = []
    sentences: list[int] = []
    paragraph = sentence = previous_end = 0
    boundary, waiting, ended = True, False, False
    for word, start, end in zip(words, starts, ends, strict=True):
        space = word.isspace()
        blank.append(space)
        if space:
            if word.count("\n") > 1:
                paragraph += 1
                boundary, ended = True, False
            first.append(False)
        else:
            closer = word in _CLOSERS and start == previous_end
            if ended and not closer:
                boundary = True
            if boundary:
                sentence += 1
                boundary, waiting = False, True
            first.append(waiting)
            waiting = waiting and not word[0].isalnum()
            ended = word in _ENDS or (ended and closer)
            previous_end = end
        paragraphs.append(paragraph)
        sentences.append(sentence)
    lower = [word.lower() for word in words]
    return Tokens("".join(spaced), words, lower, starts, ends, first, blank, paragraphs, sentences)
