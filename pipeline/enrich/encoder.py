"""The encoder of a spaCy recogniser, with the first layer's result kept for each word.

That layer embeds one word by its norm, prefix, suffix, shape and vector, without its neighbours: a third of the
encoder's work, and the same for every "the". What is not built like `spacy.Tok2Vec.v2` goes through spaCy's layers
as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH, intify_attr  # type: ignore[import-not-found]
from spacy.tokens import Doc

Floats = NDArray[np.float32]

# features that depend on neither the neighbours of a word nor the space after it
_OF_THE_WORD: Final = frozenset(intify_attr(name) for name in ("ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE"))
KNOWN_WORDS: Final = 50_000  # words whose embedding is kept: 20 MB at 96 numbers a word


class Encoder:
    """Documents to one vector a token, all documents below one another."""

    def __init__(self, tok2vec: Any) -> None:
        """Around the `tok2vec` layer of a transition-based recogniser."""
        self._tok2vec = tok2vec
        self._layers = _layers(tok2vec)
        self._rows: dict[int, int] = {}
        self._table: Floats | None = None

    def __call__(self, docs: Sequence[Doc]) -> Floats:
        """The vectors; at least one token must be there."""
        if self._layers is None:
            return np.asarray(self._tok2vec.predict(docs))
        _, encode, rest = self._layers
        embedded = self._embed(docs)
        bounds = np.cumsum([len(doc) for doc in docs])[:-1]
        encoded: Any = encode.predict(np.split(embedded, bounds))
        for layer in rest:
            encoded = layer.predict(encoded)
        return np.asarray(encoded)

    def _embed(self, docs: Sequence[Doc]) -> Floats:
        words = np.concatenate([doc.to_array([ORTH, NORM]).reshape(-1, 2) for doc in docs])
        keys = words[:, 0] ^ (words[:, 1] * np.uint64(0x9E3779B97F4A7C15))
        unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        if len(self._rows) + len(unique) > KNOWN_WORDS:
            self._rows.clear()
        rows = [self._rows.get(key, -1) for key in unique.tolist()]
        missing = [number for number, row in enumerate(rows) if row < 0]
        if missing:
            known = len(self._rows)
            self._learn(docs, unique[missing].tolist(), first[missing].tolist())
            for number, index in enumerate(missing):
                rows[index] = known + number
        assert self._table is not None
        table: Floats = self._table[np.array(rows)[inverse.reshape(-1)]]
        return table

    def _learn(self, docs: Sequence[Doc], keys: list[int], positions: list[int]) -> None:
        assert self._layers is not None
        starts = np.cumsum([0, *(len(doc) for doc in docs)])
        places = np.searchsorted(starts, positions, side="right") - 1
        tokens = [docs[at][position - int(starts[at])] for at, position in zip(places, positions, strict=True)]
        words = Doc(docs[0].vocab, words=[token.text for token in tokens])
        for token, word in zip(tokens, words, strict=True):
            if token.norm != word.norm:
                word.norm_ = token.norm_
        (vectors,) = self._layers[0].predict([words])
        known = len(self._rows)
        if self._table is None or known + len(keys) > len(self._table):
            larger = np.empty((max(2 * known, known + len(keys), 4096), vectors.shape[1]), dtype=np.float32)
            if self._table is not None:
                larger[:known] = self._table[:known]
            self._table = larger
        self._table[known : known + len(keys)] = vectors
        self._rows.update(zip(keys, range(known, known + len(keys)), strict=True))


def _layers(tok2vec: Any) -> tuple[Any, Any, list[Any]] | None:
    """The embedding, the encoding and what comes after, or None where the layers are other ones."""
    inner = tok2vec.layers[0] if tok2vec.layers else None
    if inner is None or len(inner.layers) != 2 or any(layer.name == "transformer" for layer in tok2vec.walk()):
        return None
    embed, encode = inner.layers
    extractors = [layer for layer in embed.walk() if layer.name == "extract_features"]
    features = {intify_attr(feature) for layer in extractors for feature in layer.attrs["columns"]}
    if not extractors or not features <= _OF_THE_WORD or not embed.name.endswith(">>ragged2list"):
        return None
    return embed, encode, tok2vec.layers[1:]
