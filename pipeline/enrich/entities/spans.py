"""A candidate mention while it is worked on: a range of tokens with a label."""

from __future__ import annotations

from dataclasses import dataclass

# OntoNotes 5 label of the model -> label of a mention; numbers, dates, money and languages are not entities here
LABELS = {
    "PERSON": "PERSON",
    "ORG": "ORG",
    "GPE": "GPE",
    "LOC": "LOC",
    "FAC": "FAC",
    "NORP": "NORP",
    "EVENT": "EVENT",
    "PRODUCT": "OTHER",
    "WORK_OF_ART": "OTHER",
    "LAW": "OTHER",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `first` up to, not including, `last`; `source` tells who found it: model, gazetteer, alias, article."""

    first: int
    last: int
    label: str
    source: str = "model"
