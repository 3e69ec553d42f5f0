"""Entities against CoNLL columns: exact span and type of PER, ORG and LOC, prose or all of it; the worst confusions.

Our labels as CoNLL's: PERSON is PER, ORG is ORG, GPE, LOC and FAC are LOC; NORP, EVENT and OTHER are its MISC, which
is drawn too differently to be scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.language import Language

from pipeline.article import Mention
from pipeline.evaluation.conll import ConllArticle
from pipeline.evaluation.scores import Counts

CONLL = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
SCORED = ("PER", "ORG", "LOC")
_EXAMPLES = 3


@dataclass(slots=True)
class EntityReport:
    """Counts by type; confusions as (annotated, found) -> how often, with examples."""

    by_type: dict[str, Counts] = field(default_factory=lambda: {label: Counts() for label in SCORED})
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def total(self) -> Counts:
        """All types together (micro average)."""
        total = Counts()
        for counts in self.by_type.values():
            total.add(counts)
        return total


def evaluate(
    nlp: Language, articles: list[ConllArticle], *, prose: bool = True, batch_size: int = 16
) -> EntityReport:
    """Run the pipeline over the articles and score its mentions; `prose` leaves tables and headlines out."""
    docs = nlp.pipe((article.text for article in articles), batch_size=batch_size)
    report = EntityReport()
    for article, doc in zip(articles, docs, strict=True):
        mentions = (mention for entity in doc._.entities for mention in entity.mentions)
        score(report, article, mentions, prose=prose)
    return report


def score(report: EntityReport, article: ConllArticle, mentions: Iterable[Mention], *, prose: bool = True) -> None:
    """Add one article to the report."""
    gold = {(span.start, span.end): span.label for span in article.spans if span.prose or not prose}
    found = {
        (mention.start, mention.end): CONLL.get(mention.label, "MISC")
        for mention in mentions
        if not prose or article.in_prose(mention.start)
    }
    for (start, end), label in gold.items():
        if label in SCORED:
            report.by_type[label].gold += 1
            report.by_type[label].right += found.get((start, end)) == label
    for label in found.values():
        if label in SCORED:
            report.by_type[label].found += 1
    for what, span in _confusions(gold, found):
        report.confusions[what] += 1
        shown = report.examples.setdefault(what, [])
        if len(shown) < _EXAMPLES:
            shown.append(_context(article.text, *span))


def _confusions(
    gold: dict[tuple[int, int], str], found: dict[tuple[int, int], str]
) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """What was annotated and what we said, where one of the two is scored and they differ."""
    for span, label in gold.items():
        ours = found.get(span)
        if ours == label:
            continue
        if ours is None:
            other = next((one for one in found if one[0] < span[1] and span[0] < one[1]), None)
            said = f"{found[other]} of other extent" if other else "nothing"
        else:
            said = ours
        if label in SCORED or ours in SCORED:
            yield (label, said), span
    for span, label in found.items():
        if label in SCORED and not any(one[0] < span[1] and span[0] < one[1] for one in gold):
            yield ("nothing", label), span


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 25) : start], text[end : end + 25]
    return " ".join(f"{before}[{text[start:end]}]{after}".split())
