"""spaCy's tokenizer in linear time: unspaced runs are cut before it sees them.

spaCy peels prefixes and suffixes off an unspaced run one at a time and searches what is left each time, so its time
grows with the square of the run: 20,000 opening brackets take 47 s. Here a run of marks is cut after every
`LONGEST_MARKS` characters, any unspaced run after every `LONGEST_RUN`: 16 microseconds a character at worst. Texts
without such runs, all ordinary ones, are tokenized by spaCy as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import registry

from pipeline.enrich.package import data_folder

LONGEST_RUN = 400  # characters; a web address may be long, and is one token
LONGEST_MARKS = 100  # a ruled line of hyphens is shorter


class CappedTokenizer:
    """A tokenizer whose `Doc.text` is the text, code point for code point, in time linear in its length."""

    def __init__(
        self, inner: Tokenizer, *, longest_run: int = LONGEST_RUN, longest_marks: int = LONGEST_MARKS
    ) -> None:
        self.inner = inner
        self.vocab = inner.vocab
        # a run is looked for at its beginning only, so the search is linear too
        self._runs = (
            (re.compile(rf"(?<!\S)\S{{{longest_run + 1},}}"), longest_run),
            (re.compile(rf"(?<![^\w\s])[^\w\s]{{{longest_marks + 1},}}"), longest_marks),
        )

    def __call__(self, text: str) -> Doc:
        """Tokenize a text."""
        cuts = sorted(self._cuts(text))
        return self._joined(text, cuts) if cuts else self.inner(text)

    def pipe(self, texts: Any, batch_size: int = 1000) -> Iterator[Doc]:
        """Tokenize a stream of texts."""
        for text in texts:
            yield self(text)

    @contextmanager
    def memory_zone(self, mem: Any = None) -> Iterator[Any]:
        """See `Language.memory_zone`."""
        if hasattr(self.inner, "memory_zone"):
            with self.inner.memory_zone(mem) as zone:
                yield zone
        else:
            yield mem

    def _cuts(self, text: str) -> set[int]:
        return {
            cut
            for pattern, longest in self._runs
            for run in pattern.finditer(text)
            for cut in range(run.start() + longest, run.end(), longest)
        }

    def _joined(self, text: str, cuts: list[int]) -> Doc:
        # spaCy tokenizes the text with a space at every cut; those spaces are then taken out again
        bounds = [0, *cuts, len(text)]
        tokens = list(self.inner(" ".join(text[start:end] for start, end in pairwise(bounds))))
        inserted = {cut + number for number, cut in enumerate(cuts)}
        spaces = [bool(token.whitespace_) and token.idx + len(token) not in inserted for token in tokens]
        doc = Doc(self.vocab, words=[token.text for token in tokens], spaces=spaces)
        for token, own in zip(tokens, doc, strict=True):
            if token.norm != own.norm:  # of special cases: n't is not
                own.norm_ = token.norm_
        return doc


@registry.tokenizers("newswire.Tokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer(
    package: str | None = None, longest_run: int = LONGEST_RUN, longest_marks: int = LONGEST_MARKS
) -> Callable[[Language], CappedTokenizer]:
    """`[nlp.tokenizer]`: the tokenizer of a package, or of the language where `package` is null, capped."""

    def tokenizer_of(nlp: Language) -> CappedTokenizer:
        if package is None:
            inner = registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
        else:
            inner = Tokenizer(nlp.vocab).from_disk(data_folder(package) / "tokenizer")
        return CappedTokenizer(inner, longest_run=longest_run, longest_marks=longest_marks)

    return tokenizer_of
