"""The alias file: what it does, and how a mistake in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.enrich.entities import Entities
from pipeline.enrich.entities import aliases as alias_file
from pipeline.errors import Code, UserError
from pipeline.resources import resource
from tests.support.nlp import nlp


def _file(folder: Path, text: str) -> Path:
    path = folder / "aliases.toml"
    path.write_text(text, "utf-8")
    return path


GOOD = """
[[alias]]
canonical = "Harbour Board of Vellmark"
type = "ORGANIZATION"
aliases = ["Vellmark Board", "the HBV"]
id = "desk:17"

[[alias]]
canonical = "Tessa Quillfeather"
type = "PERSON"
"""


def test_the_shipped_file_can_be_read() -> None:
    assert isinstance(alias_file.load(resource("config/aliases.toml")), tuple)


def test_an_alias_wins_over_the_model(tmp_path: Path) -> None:
    entities = Entities(aliases=str(_file(tmp_path, GOOD)))
    doc = nlp()("Washington met the Vellmark Board. The Harbour Board of Vellmark asked Tessa Quillfeather to speak.")
    entities(doc)
    found = {entity.id: entity for entity in doc._.entities}
    assert found["desk:17"].canonical == "Harbour Board of Vellmark"
    assert [mention.text for mention in found["desk:17"].mentions] == ["Vellmark Board", "Harbour Board of Vellmark"]
    assert found["name:tessa quillfeather"].type == "PERSON"


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ('[[alias]]\ncanonical = "A B"\n', 1, "type"),
        ('[[alias]]\ncanonical = "A B"\ntype = "PLACE"\n', 3, "PLACE"),
        ('[[alias]]\ntype = "PERSON"\ncanonical = ""\n', 3, "canonical"),
        ('[[alias]]\ncanonical = "A B"\ntype = "PERSON"\naliasses = []\n', 4, "aliasses"),
        ('[[alias]]\ncanonical = "A B"\ntype = "PERSON"\naliases = "AB"\n', 4, "aliases"),
        ('[[alias]]\ncanonical = "A B"\ntype = "PERSON"\nid = "Q 42"\n', 4, "id"),
        (GOOD + '\n[[alias]]\ncanonical = "Other"\ntype = "PERSON"\naliases = ["Vellmark Board"]\n', 15, "Vellmark"),
        ("[aliases]\nx = 1\n", 1, "aliases"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, field: str) -> None:
    with pytest.raises(UserError) as refused:
        alias_file.load(_file(tmp_path, text))
    assert refused.value.code == Code.SETTINGS
    assert f"line {line}:" in refused.value.message
    assert field in refused.value.message


def test_toml_that_is_none_is_told_with_its_line_too(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="line 2"):
        alias_file.load(_file(tmp_path, '[[alias]]\ncanonical = "A\n'))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        alias_file.load(tmp_path / "none.toml")
    assert refused.value.code == Code.SETTINGS
