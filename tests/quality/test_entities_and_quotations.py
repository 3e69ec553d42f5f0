"""Floors of quality on articles of our own: what a change may not make worse."""

from __future__ import annotations

from pipeline.article import EnrichedArticle
from tests.support.marked import Marked, articles
from tests.support.nlp import enrich

_LABELS = {"GPE": "LOC", "FAC": "LOC"}


def _f1(right: int, found: int, gold: int) -> float:
    return 2 * right / (found + gold)


def _results() -> list[tuple[Marked, EnrichedArticle]]:
    return [(marked, enrich(marked.text)) for marked in articles()]


def test_mentions_with_their_kind() -> None:
    right = found = gold = 0
    wrong = []
    for marked, article in _results():
        ours = {(m.start, m.end, _LABELS.get(m.label, m.label)) for e in article.entities for m in e.mentions}
        theirs = set(marked.mentions)
        right, found, gold = right + len(ours & theirs), found + len(ours), gold + len(theirs)
        wrong += [(marked.name, marked.text[start:end], label) for start, end, label in ours ^ theirs]
    assert gold >= 200
    assert _f1(right, found, gold) > 0.95, wrong


def test_quotations_and_who_says_them() -> None:
    found = speakers = gold = ours = 0
    wrong = []
    for marked, article in _results():
        direct = {(one.start, one.end): one for one in article.quotations if one.direct}
        ours += len(direct)
        for start, end, speaker in marked.quotations:
            gold += 1
            one = direct.get((start, end))
            said = one.speaker.canonical if one and one.speaker else None
            found += one is not None
            right = one is not None and (said or "?") == speaker
            speakers += right
            if not right:
                wrong.append((marked.name, marked.text[start:end], said))
    assert gold > 70
    assert found / gold > 0.98, wrong
    assert found / ours > 0.95
    assert speakers / gold > 0.95, wrong
