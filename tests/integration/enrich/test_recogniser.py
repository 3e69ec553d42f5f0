"""Our evaluation of the recogniser against spaCy's own, on the real model and on wild ones."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from thinc.util import fix_random_seed

from pipeline.enrich import encoder, frame
from pipeline.enrich.recogniser import Recogniser
from tests.integration.enrich.test_enricher import MODEL, ner_alone
from tests.support.news import articles

EDGES = ["", " ", "\n\n", "Oslo", "Oslo ", " \n Oslo\n\n \nKyiv ", "Angela Merkel", "( ( (", "😀 Zoë"]
TEXTS = EDGES + [article.body for article in articles(40, prefix="r", seed=9)]


def entities(docs: list[Doc]) -> list[list[tuple[int, int, str]]]:
    return [[(entity.start, entity.end, entity.label_) for entity in doc.ents] for doc in docs]


def spacys(pipe: Any, docs: list[Doc]) -> list[list[tuple[int, int, str]]]:
    pipe.set_annotations(docs, pipe.predict(docs))
    return entities(docs)


def ours(recogniser: Recogniser, docs: list[Doc]) -> list[list[tuple[int, int, str]]]:
    recogniser.set_annotations(docs, recogniser.predict(docs))
    return entities(docs)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Language:
    return frame.load(ner_alone(tmp_path_factory.mktemp("model"), MODEL))


def test_the_real_model_finds_the_same_entities(real: Language) -> None:
    recogniser = real.get_pipe("ner").recogniser  # type: ignore[attr-defined]
    expected = spacys(recogniser.pipe, [real.make_doc(text) for text in TEXTS])
    for size in (1, 7, 64):  # the second time all words are known
        found = []
        for start in range(0, len(TEXTS), size):
            found += ours(recogniser, [real.make_doc(text) for text in TEXTS[start : start + size]])
        assert found == expected
    assert sum(map(len, expected)) > 300


def test_words_beyond_those_it_keeps_change_nothing(real: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser = real.get_pipe("ner").recogniser  # type: ignore[attr-defined]
    expected = ours(recogniser, [real.make_doc(text) for text in TEXTS])
    monkeypatch.setattr(encoder, "KNOWN_WORDS", 50)
    assert [ours(recogniser, [real.make_doc(text)])[0] for text in TEXTS] == expected


def wild(seed: int, labels: list[str]) -> tuple[Language, Any]:
    """A recogniser with weights by chance: entities everywhere, long ones, at white space if it could."""
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    pipe: Any = nlp.add_pipe("ner")
    for label in labels:
        pipe.add_label(label)
    nlp.initialize()
    chance = np.random.default_rng(seed)
    for name in ("lower", "upper"):
        layer = pipe.model.get_ref(name)
        for parameter in layer.param_names:
            layer.set_param(parameter, chance.normal(size=layer.get_param(parameter).shape).astype("f"))
    stay = [number for number in range(pipe.moves.n_moves) if pipe.moves.get_class_name(number)[:2] == "I-"]
    upper = pipe.model.get_ref("upper")
    bias = upper.get_param("b")
    bias[stay] += chance.choice([0, 8, 40])  # entities of some words, of many, to the end
    upper.set_param("b", bias)
    return nlp, pipe


@pytest.mark.parametrize("seed", range(12))
def test_wild_models_find_the_same_entities(seed: int) -> None:
    nlp, pipe = wild(seed, ["A", "B", "C"][: 1 + seed % 3])
    chance = random.Random(seed)
    words = ["Oslo", "the", "\n\n", "can't", "  ", "7", "“", "B.", "of"]
    texts = [" ".join(chance.choices(words, k=chance.randrange(60))) for _ in range(30)] + EDGES
    expected = spacys(copy.deepcopy(pipe), [nlp.make_doc(text) for text in texts])
    recogniser = Recogniser(pipe)
    assert recogniser._weights is not None
    assert ours(recogniser, [nlp.make_doc(text) for text in texts]) == expected
    assert any(expected)


def test_equal_scores_are_decided_as_spacy_decides_them() -> None:
    nlp, pipe = wild(1, ["A", "B"])
    for name in ("lower", "upper"):
        layer = pipe.model.get_ref(name)
        for parameter in layer.param_names:
            layer.set_param(parameter, np.zeros_like(layer.get_param(parameter)))
    docs = [nlp.make_doc(text) for text in TEXTS]
    expected = spacys(pipe, [nlp.make_doc(text) for text in TEXTS])
    assert ours(Recogniser(pipe), docs) == expected


def test_entities_and_sentences_that_are_there_bind_it_as_they_bind_spacy() -> None:
    nlp, pipe = wild(3, ["A", "B"])

    def docs() -> list[Doc]:
        made = [nlp.make_doc(text) for text in TEXTS]
        made[-1].set_ents([Span(made[-1], 2, 5, label="OWN")], default="missing")
        for token in made[-2]:
            token.is_sent_start = token.i % 4 == 0
        return made

    expected = spacys(copy.deepcopy(pipe), docs())
    assert ours(Recogniser(pipe), docs()) == expected
    assert any(label == "OWN" for _, _, label in expected[-1])


def test_a_recogniser_of_another_build_is_left_to_spacy(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    tok2vec = nlp.add_pipe("tok2vec")
    pipe: Any = nlp.add_pipe("ner", config={"model": {"@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner", "extra_state_tokens": True, "hidden_width": 16, "maxout_pieces": 2,
        "tok2vec": {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 16, "depth": 1,
                    "embed_size": 50, "window_size": 1, "maxout_pieces": 2, "subword_features": True}}})  # fmt: skip
    pipe.add_label("A")
    nlp.initialize()
    assert tok2vec is not None
    recogniser = Recogniser(pipe)
    assert recogniser._weights is None
    texts = [text for text in TEXTS if text]
    assert ours(recogniser, [nlp.make_doc(text) for text in texts]) == spacys(pipe, [nlp.make_doc(t) for t in texts])
