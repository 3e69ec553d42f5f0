"""docker-compose.yml as Compose reads it: variables filled in, merges expanded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?P<rule>:[-?])?(?P<word>[^}]*)\}")


@dataclass(frozen=True)
class Variable:
    """A use of a variable: required with a message, or with a default."""

    name: str
    required: bool
    word: str


class MissingVariableError(Exception):
    """A required variable is not set or empty."""


def text() -> str:
    """The file as it stands."""
    return (ROOT / "docker-compose.yml").read_text("utf-8")


def variables() -> list[Variable]:
    """Every use of a variable outside comments, in order."""
    lines = [line for line in text().splitlines() if not line.lstrip().startswith("#")]
    found = []
    for match in _VARIABLE.finditer("\n".join(lines)):
        if match["name"]:
            found.append(Variable(match["name"], required=match["rule"] == ":?", word=match["word"]))
    return found


def load(environment: Mapping[str, str]) -> dict[str, Any]:
    """The file with `environment` filled in, as the Compose Specification's interpolation does."""

    def fill(match: re.Match[str]) -> str:
        if not match["name"]:
            return "$"
        value = environment.get(match["name"], "")
        if value:
            return value
        if match["rule"] == ":?":
            raise MissingVariableError(match["name"])
        return match["word"]

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value) for value in node]
        return _VARIABLE.sub(fill, node) if isinstance(node, str) else node

    filled: dict[str, Any] = walk(yaml.safe_load(text()))
    return filled


def example() -> dict[str, str]:
    """The variables that .env.example asks for, each with a made-up value."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    return {line.partition("=")[0]: "x" * 40 for line in lines if line and not line.startswith("#")}


def example_defaults() -> dict[str, str]:
    """The variables that .env.example only mentions, with their defaults."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    pairs = [line[1:].partition("=") for line in lines if re.match(r"#[A-Z_]+=", line)]
    return {name: value for name, _, value in pairs}
