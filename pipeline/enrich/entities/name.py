"""A name of an article while it is decided what it names: its mentions and its votes for each class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.enrich.entities.candidates import Candidate

CLASSES = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"} | {
    kind: kind for kind in ("NORP", "EVENT", "OTHER")
}


@dataclass(slots=True)
class Name:
    """One name of the article, its mentions and its votes."""

    text: str
    words: list[str]
    votes: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    mentions: list[Candidate] = field(default_factory=list)
    labels: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    seen: bool = False  # by the model, a gazetteer that is sure, or the user's aliases

    @property
    def best(self) -> str | None:
        """The class with most votes."""
        return max(self.votes, key=lambda kind: self.votes[kind]) if self.votes else None
