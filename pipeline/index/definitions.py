"""The files of `config/elasticsearch/`: what the index is made of."""

from __future__ import annotations

import json
from typing import Any, Final

from pipeline.resources import resource

FOLDER: Final = "config/elasticsearch"


def definition(name: str) -> dict[str, Any]:
    """A file of `config/elasticsearch/`, by its name without `.json`; a new copy with every call."""
    read: dict[str, Any] = json.loads(resource(f"{FOLDER}/{name}.json").read_text(encoding="utf-8"))
    return read
