"""The questions of docs/kibana.md, as the page has them: a heading, the KQL, and the command that asks the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "kibana.md"


@dataclass(frozen=True)
class Question:
    """One question; `command` is empty where `newswire search` has no equivalent."""

    question: str
    kql: str
    command: str


def questions() -> list[Question]:
    """In the order of the page."""
    part = PAGE.read_text("utf-8").partition("## Questions that newsrooms ask")[2].partition("\n## ")[0]
    found = []
    for section in part.split("\n### ")[1:]:
        heading, _, text = section.partition("\n")
        blocks = ["\n".join(block) for block in _blocks(text)]
        command = next((block for block in blocks if block.startswith("newswire ")), "")
        found.append(Question(heading.strip(), next(block for block in blocks if block != command), command))
    return found


def _blocks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = []
    before = ""
    for line in text.splitlines():
        if re.match(r"    \S", line):
            if not before.startswith("    "):
                blocks.append([])
            blocks[-1].append(line.strip())
        before = line
    return blocks
