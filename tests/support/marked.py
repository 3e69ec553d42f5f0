"""Articles of our own with their mentions and quotations marked (tests/fixtures/quality/README.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "quality"
_MARK = re.compile(r"\[\[(?P<label>[A-Z]+)\||\{\{(?P<speaker>[^|{}]+)\||\]\]|\}\}")


@dataclass(frozen=True)
class Marked:
    """A text without its marks; mentions as (start, end, label), quotations as (start, end, speaker)."""

    name: str
    text: str
    mentions: tuple[tuple[int, int, str], ...]
    quotations: tuple[tuple[int, int, str], ...]


def articles() -> list[Marked]:
    """All of them."""
    return [_read(path) for path in sorted(FOLDER.glob("*.txt"))]


def _read(path: Path) -> Marked:
    source = path.read_text("utf-8")
    text = ""
    mentions: list[tuple[int, int, str]] = []
    quotations: list[tuple[int, int, str]] = []
    opened: list[tuple[int, str, bool]] = []
    last = 0
    for mark in _MARK.finditer(source):
        text += source[last : mark.start()]
        last = mark.end()
        if mark["label"] or mark["speaker"]:
            opened.append((len(text), mark["label"] or mark["speaker"], bool(mark["label"])))
            continue
        start, what, is_mention = opened.pop()
        (mentions if is_mention else quotations).append((start, len(text), what))
    assert not opened, path
    return Marked(path.stem, text + source[last:], tuple(mentions), tuple(sorted(quotations)))
