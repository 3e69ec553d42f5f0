"""From `config/enrichment.cfg` to a spaCy pipeline, in spaCy's own config system.

Every step of ours is a file or folder of this package that registers its factory when it is imported; only the steps
that the config names are imported. Steps of others come by spaCy's entry points (`spacy_factories`), or from modules
that the config names:

    [nlp.before_creation]
    @callbacks = "newswire.Modules.v1"
    modules = ["my_newsroom.steps"]
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.util import registry

from pipeline.errors import Code, UserError
from pipeline.resources import resource

LONGEST_TEXT = 5_000_000  # code points; memory is bounded by pieces (pieces.py), not by this

# factory: the module that registers it
STEPS = {
    "newswire_ner": "pipeline.enrich.package",
    "newswire_entities": "pipeline.enrich.entities.component",
    "newswire_quotations": "pipeline.enrich.quotations",
    "newswire_dates": "pipeline.enrich.dates.component",
    "newswire_speakers": "pipeline.enrich.speakers",
    "newswire_places": "pipeline.enrich.places.component",
}


@registry.callbacks("newswire.Modules.v1")  # type: ignore[untyped-decorator]
def create_modules(modules: list[str]) -> Callable[[type[Language]], type[Language]]:
    """`[nlp.before_creation]`: import modules that register factories."""

    def load(language: type[Language]) -> type[Language]:
        for module in modules:
            try:
                importlib.import_module(module)
            except ImportError as error:
                raise UserError(Code.SETTINGS, f"newswire.Modules.v1: cannot import {module!r}: {error}") from error
        return language

    return load


def load(path: Path | None = None) -> Language:
    """The pipeline of a config file; `config/enrichment.cfg` where none is given. Blocks for about a second.

    Raises:
        UserError: `settings` for a file, model, step or parameter that does not exist, naming it.
    """
    path = path or resource("config/enrichment.cfg")
    importlib.import_module("pipeline.enrich.state")
    importlib.import_module("pipeline.enrich.tokenizer")
    try:
        config = util.load_config(path, interpolate=True)
        for factory in _factories(config):
            if factory in STEPS:
                importlib.import_module(STEPS[factory])
        nlp = util.load_model_from_config(config, auto_fill=True)
    except UserError as error:
        raise UserError(error.code, f"{path}: {error.message}", hint=error.hint) from error
    except (OSError, ValueError, ImportError, KeyError) as error:  # what spaCy and confection raise for a bad config
        raise UserError(
            Code.SETTINGS, f"{path}: {_plain(error)}", hint="compare it with config/enrichment.cfg as shipped"
        ) from error
    nlp.max_length = LONGEST_TEXT
    return nlp


def _factories(config: Any) -> list[str]:
    sections = config.get("components", {})
    return [sections.get(name, {}).get("factory", "") for name in config.get("nlp", {}).get("pipeline", [])]


def _plain(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines)[:1000] or type(error).__name__
