"""spaCy's entity recogniser, evaluated for whole batches at once: the same model and the same entities, faster.

Outside an entity its state is one token (`StateC.set_context_tokens`: the token, and two blanks), so what it would do
at every token of a batch is one matrix product; only inside entities does it go on step by step, and there for all
entities at once. spaCy steps through every token, taking the interpreter's lock several times a step. The matrix
products are done by numpy's OpenBLAS: the BLIS that spaCy ships does not know newer processors (AMD's of 2020 and
later) and computes without vector instructions there. tests/integration/enrich/test_recogniser.py holds it to spaCy's
own results. What is not built like `spacy.TransitionBasedParser.v2` is left to spaCy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE  # type: ignore[import-not-found]
from spacy.tokens import Doc, Span
from thinc.api import NumpyOps

from pipeline.enrich.encoder import Encoder, Floats

Ints = NDArray[np.int64]

_TOGETHER: Final = 12  # steps inside entities that are made for all candidates; longer entities go on alone


@dataclass(frozen=True)
class Weights:
    """The layers after the encoder, by what the actions are. Labels are numbered here; -1 is none."""

    token: Floats  # (hidden * pieces, width), one for each of the three tokens of a state
    first: Floats
    previous: Floats
    bias_outside: Floats  # with the blanks for the two tokens that are missing outside an entity
    bias_inside: Floats
    pieces: int
    outside: Floats  # (actions possible outside, hidden)
    outside_bias: Floats
    outside_label: Ints
    outside_begins: NDArray[np.bool_]
    stay: Floats  # (labels, hidden): the entity goes on
    stay_bias: Floats
    close: Floats  # (labels, hidden): its last token
    close_bias: Floats
    close_first: NDArray[np.bool_]  # spaCy takes the lower number where scores are equal
    names: tuple[str, ...]  # of the labels

    def hidden(self, summed: Floats) -> Floats:
        """Maxout."""
        result: Floats = summed.reshape(len(summed), -1, self.pieces).max(axis=2)
        return result


class Recogniser:
    """Predicts as an `EntityRecognizer` does, and sets the same entities."""

    def __init__(self, pipe: Any) -> None:
        """Around a loaded `EntityRecognizer`; numpy does its matrix products from now on."""
        self.pipe = pipe
        self.labels: tuple[str, ...] = tuple(pipe.labels)
        self._weights = _weights(pipe)
        self._encode = Encoder(pipe.model.get_ref("tok2vec")) if self._weights is not None else None
        if self._weights is not None:
            ops = NumpyOps(use_blis=False)
            for layer in pipe.model.walk():
                layer.ops = ops

    def predict(self, docs: Sequence[Doc]) -> Sequence[Any]:
        """What is to be set on each document."""
        if self._weights is None or self._encode is None or not all(map(_is_bare, docs)):
            return list(self.pipe.predict(docs))
        if not any(map(len, docs)):
            return [[] for _ in docs]
        return _Batch(docs, self._encode(docs), self._weights).entities()

    def set_annotations(self, docs: Sequence[Doc], found: Sequence[Any]) -> None:
        """Set the entities that `predict` found."""
        for doc, entities in zip(docs, found, strict=True):
            if isinstance(entities, list):
                doc.set_ents([Span(doc, start, end, label=label) for start, end, label in entities])
            else:
                self.pipe.set_annotations([doc], [entities])


class _Batch:
    """The tokens of several documents, below one another."""

    def __init__(self, docs: Sequence[Doc], vectors: Floats, weights: Weights) -> None:
        self._vectors, self._weights = vectors, weights
        self._bounds = np.cumsum([0, *(len(doc) for doc in docs)]).tolist()
        self._space = np.concatenate([doc.to_array(IS_SPACE) for doc in docs]).astype(bool)
        self._last = np.zeros(len(vectors) + 1, dtype=bool)
        self._last[[end - 1 for start, end in zip(self._bounds, self._bounds[1:], strict=False) if end > start]] = (
            True
        )
        self._tokens: Floats = vectors @ weights.token.T

    def entities(self) -> list[list[tuple[int, int, str]]]:
        """First token, token after the last, label; for each document, in order."""
        weights = self._weights
        labels, begins = self._outside()
        candidates = np.flatnonzero(begins)
        ends = dict(zip(candidates.tolist(), self._inside(candidates, labels[candidates]), strict=True))
        marked = np.flatnonzero(labels >= 0).tolist()
        found: list[list[tuple[int, int, str]]] = [[] for _ in self._bounds[1:]]
        number = position = 0
        for index in marked:
            if index < position:
                continue  # inside the entity before
            while index >= self._bounds[number + 1]:
                number += 1
            end = index + 1
            if index in ends:
                end = ends[index] if ends[index] > 0 else self._alone(index, int(labels[index]))
            start = self._bounds[number]
            found[number].append((index - start, end - start, weights.names[labels[index]]))
            position = end
        return found

    def _outside(self) -> tuple[Ints, NDArray[np.bool_]]:
        # what the recogniser does at each token when no entity is open: its label or -1, and whether more may follow
        weights = self._weights
        scores = weights.hidden(self._tokens + weights.bias_outside) @ weights.outside.T + weights.outside_bias
        no_entity = int(np.flatnonzero(weights.outside_label < 0)[0])
        # an entity cannot begin at white space, nor have a second token after the last one of the document
        scores[self._last[:-1][:, None] & weights.outside_begins] = -np.inf
        chosen = scores.argmax(axis=1)
        chosen[self._space] = no_entity
        return weights.outside_label[chosen], weights.outside_begins[chosen]

    def _inside(self, starts: Ints, labels: Ints) -> list[int]:
        # where the entities that begin at `starts` end; 0 for those that are longer than `_TOGETHER`
        ends = np.zeros(len(starts), dtype=np.int64)
        weights = self._weights
        of_first = self._vectors[starts] @ weights.first.T + weights.bias_inside
        active, at = np.arange(len(starts)), starts + 1
        for _ in range(_TOGETHER):
            if not len(active):
                break
            closed = self._closes(at, of_first[active], labels[active])
            ends[active[closed]] = at[closed] + 1
            active, at = active[~closed], at[~closed] + 1
        return list(map(int, ends))

    def _alone(self, start: int, label: int) -> int:
        weights = self._weights
        of_first = self._vectors[start : start + 1] @ weights.first.T + weights.bias_inside
        at = np.array([start + 1])
        while not self._closes(at, of_first, np.array([label]))[0]:
            at += 1
        return int(at[0]) + 1

    def _closes(self, at: Ints, of_first: Floats, labels: Ints) -> NDArray[np.bool_]:
        # whether the entities that are open with these labels have their last token at `at`
        weights = self._weights
        hidden = weights.hidden(self._tokens[at] + of_first + self._vectors[at - 1] @ weights.previous.T)
        stay = np.einsum("ij,ij->i", hidden, weights.stay[labels]) + weights.stay_bias[labels]
        close = np.einsum("ij,ij->i", hidden, weights.close[labels]) + weights.close_bias[labels]
        result: NDArray[np.bool_] = self._last[at] | (close > stay) | ((close == stay) & weights.close_first[labels])
        return result


def _is_bare(doc: Doc) -> bool:
    # entities that are there already, and the ends of sentences, bind the recogniser: spaCy knows how
    return not doc.has_annotation("ENT_IOB") and not doc.has_annotation("SENT_START")


def _weights(pipe: Any) -> Weights | None:
    model = pipe.model
    plain = (
        {"tok2vec", "lower", "upper"} <= set(model.ref_names)
        and model.attrs.get("has_upper")
        and pipe.cfg.get("beam_width", 1) == 1
        and isinstance(model.ops, NumpyOps)
    )
    if not plain:
        return None
    lower, upper = model.get_ref("lower"), model.get_ref("upper")
    if lower.get_dim("nF") != 3 or lower.get_dim("nP") < 2:
        return None
    width, pieces = lower.get_dim("nI"), lower.get_dim("nP")
    token, first, previous = lower.get_param("W").reshape(3, -1, width)
    bias = lower.get_param("b").reshape(-1)
    blanks = lower.get_param("pad").reshape(3, -1)
    out, out_bias = upper.get_param("W"), upper.get_param("b")
    unseen = set(model.attrs.get("unseen_classes") or ())
    actions = {
        pipe.moves.get_class_name(number): number for number in range(pipe.moves.n_moves) if number not in unseen
    }
    names = tuple(sorted({name[2:] for name in actions if name[:2] in ("B-", "U-") and name[2:]}))
    if "O" not in actions or not all(f"{move}-{name}" in actions for move in "BILU" for name in names):
        return None
    outside = sorted([actions["O"], *(actions[f"{move}-{name}"] for move in "BU" for name in names)])
    by_number = {number: name for name, number in actions.items()}
    stay = [actions[f"I-{name}"] for name in names]
    close = [actions[f"L-{name}"] for name in names]
    return Weights(
        token=np.ascontiguousarray(token),
        first=np.ascontiguousarray(first),
        previous=np.ascontiguousarray(previous),
        bias_outside=bias + blanks[1] + blanks[2],
        bias_inside=bias,
        pieces=pieces,
        outside=out[outside],
        outside_bias=out_bias[outside],
        outside_label=np.array([names.index(by_number[n][2:]) if by_number[n] != "O" else -1 for n in outside]),
        outside_begins=np.array([by_number[number].startswith("B-") for number in outside]),
        stay=out[stay],
        stay_bias=out_bias[stay],
        close=out[close],
        close_bias=out_bias[close],
        close_first=np.array(close) < np.array(stay),
        names=names,
    )
